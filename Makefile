# Hạn Chót. The two commands of the README: `make run` and `make test`. Both set up .venv by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export DO_NOT_TRACK := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Processes that the tests are shared out to. A few tests are quicker in one: make test JOBS=0 ARGS="-k ladder".
JOBS ?= 2
# Counted for the whole suite only: a part of it cannot cover everything.
COVERAGE := --cov=hanchot.domain --cov=hanchot.service --cov-report=term:skip-covered --cov-fail-under=90

.PHONY: run test lint cov bench lock schema findings catalogue screens papers clean

run: $(VENV)/run.done
	@$(BIN)/hanchot up

test: $(VENV)/dev.done
	$(BIN)/python -m pytest -n $(JOBS) $(or $(ARGS),$(COVERAGE))

lint: $(VENV)/dev.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/dev.done
	$(BIN)/python -m bench.run $(ARGS)

schema: $(VENV)/run.done
	$(BIN)/python -m hanchot.store.plan_files
	$(BIN)/python -m hanchot.store.regulation_files
	$(BIN)/python -m hanchot.store.review_files

findings: $(VENV)/run.done
	$(BIN)/python -m hanchot.service.check_report

# The English words of the board: new texts are added without a translation, which a test then asks for.
PO := hanchot/board/locale/en/LC_MESSAGES/board.po
catalogue: $(VENV)/run.done
	$(BIN)/pybabel -q extract -F babel.cfg --no-location --omit-header --sort-output -o $(PO)t .
	$(BIN)/pybabel -q update --ignore-obsolete --no-fuzzy-matching --no-wrap --omit-header -l en -i $(PO)t -o $(PO)
	@rm $(PO)t

# The pictures of README and guides, into docs/screens; all or ARGS="season". Needs a Chromium; prefect-run*.png are taken by hand.
screens: $(VENV)/dev.done
	$(BIN)/python -m tests.board.screens $(ARGS)

# The papers of the three judged years as pictures, into docs/screens. Needs LibreOffice and poppler-utils.
papers: $(VENV)/dev.done
	$(BIN)/python -m tests.story.pictures $(ARGS)

# Needs `uv` on the path. Run it when pyproject.toml changes, then read what moved.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra build --extra scan --extra oidc pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra build --extra scan --extra oidc --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Cần Python 3.11 trở lên; đang có: $$($(PYTHON) --version 2>&1). Chạy: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "Thiếu gói venv. Debian/Ubuntu: sudo apt install python3-venv"; exit 2; }

# The locks are complete, so pip resolves nothing (--no-deps): what is not in them is not installed.
$(VENV)/run.done: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.done: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --no-deps --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .coverage
