"""Subjects and bodies. The golden texts under tests/golden/letters are read like a page of the manual; change them by
running the tests with ``HANCHOT_GOLDEN=write`` and reading the difference.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import time
import unicodedata
from pathlib import Path

import pytest

from hanchot.letters.compose import FOLDER, SUBJECT_LIMIT, TemplateTrouble, compose, subject, subject_of
from hanchot.letters.view import TEMPLATES, blocks
from tests.letters import cases
from tests.letters.cases import DIGEST, ONE_OF_EACH, SCHOOL, envelope, line

GOLDEN = Path(__file__).parents[1] / "golden" / "letters"
WRITE = os.environ.get("HANCHOT_GOLDEN") == "write"  # read before the tests clear the environment


@pytest.mark.parametrize("name", [*TEMPLATES, "digest"])
def test_letters_read_as_they_should(name: str) -> None:
    made = compose(DIGEST if name == "digest" else cases.of_tone(name))
    said = f"{made.subject}\n\n{made.text}"
    file = GOLDEN / f"{name}.txt"
    if WRITE:
        file.write_text(said, "utf-8")
    assert said == file.read_text("utf-8")


@pytest.mark.parametrize("name", [*TEMPLATES, "digest"])
def test_html_says_what_the_text_says(name: str) -> None:
    made = compose(DIGEST if name == "digest" else cases.of_tone(name))
    shown = _plain(re.sub(r"<head>.*?</head>|<[^>]+>", " ", made.html, flags=re.DOTALL))
    for sentence in re.split(r"(?<=[.:])\s|\n", made.text):
        for part in re.split(r" – |: |- |^--$", sentence.strip()):
            assert _plain(part) in shown, part


def _plain(text: str) -> str:
    return " ".join(html.unescape(text).split()).replace(" .", ".").replace(" ,", ",").replace(" ;", ";").strip(".: ")


@pytest.mark.parametrize("tone", TEMPLATES)
def test_subjects_fit_and_are_composed(tone: str) -> None:
    long = unicodedata.normalize("NFD", "Đảng bộ bộ phận Trường Cao đẳng Nghề tỉnh và các đơn vị trực thuộc " * 3)
    for unit in (SCHOOL, long, "X"):
        for more in (0, 11, 1234):
            said = subject(line(tone, unit, ONE_OF_EACH[tone].days), more)
            assert len(said) <= SUBJECT_LIMIT
            assert unicodedata.is_normalized("NFC", said)
            assert "\n" not in said
            assert said.startswith("[")


def test_the_subject_of_the_design() -> None:
    assert subject_of("reminder", "Chi bộ A", "Nộp hồ sơ", 3, cases.TODAY.replace(day=19)) == (
        "[Còn 3 ngày] Chi bộ A – nộp hồ sơ, hạn 19/12"
    )
    assert subject(line("overdue", "Chi bộ A", -2, "Nộp hồ sơ"), 2) == "[Quá hạn 2 ngày] Chi bộ A – nộp hồ sơ (+2 việc)"
    assert subject(line("due", "Chi bộ A", 0, "Nộp hồ sơ")) == "[Hôm nay] Chi bộ A – nộp hồ sơ"
    # the last working day before a deadline on a Sunday
    assert subject(line("due", "Chi bộ A", 2, "Nộp hồ sơ")) == "[Còn 2 ngày] Chi bộ A – nộp hồ sơ, hạn 18/12"


def test_the_most_urgent_line_stands_first() -> None:
    made = compose(DIGEST)
    assert made.subject == "[Quá hạn 2 ngày] Chi bộ Trạm Y tế – gửi hồ sơ đề… (+2 việc)"
    assert [block.line.tone for block in blocks(DIGEST.lines)] == ["overdue", "due", "reminder"]
    places = [made.text.index(word) for word in ("Quá hạn 2 ngày", "Hôm nay –", "Còn 3 ngày")]
    assert places == sorted(places)


def test_many_units_with_the_same_duty_are_one_list() -> None:
    many = [line("escalation", f"Chi bộ thôn {n}", -3, holder_name=f"Người {n}") for n in range(1, 51)]
    made = compose(envelope(*many))
    assert len(blocks(many)) == 1
    assert "50 đơn vị: gửi hồ sơ" in made.text
    assert "và 10 đơn vị khác" in made.text and "và 10 đơn vị khác" in made.html
    assert len(blocks(many[:3])) == 3  # a few are told one by one


@pytest.mark.parametrize("tone", TEMPLATES)
def test_no_results_votes_or_faults(tone: str) -> None:
    """Not even where a person wrote them into a reason, or a remediation item is named after a fault."""
    reason = "không hoàn thành nhiệm vụ, 5 phiếu, có khuyết điểm"
    made = compose(envelope(line(tone, reason=reason), summaries=(cases.SUMMARY,) if tone == "summary" else ()))
    remedy = compose(cases.of_tone("remediation"))
    for said in (made.subject, made.text, made.html, remedy.subject, remedy.text, remedy.html):
        for word in ("không hoàn thành", "xuất sắc", "phiếu", "khuyết điểm"):
            assert word not in said.lower()


def test_names_are_text_never_markup() -> None:
    made = compose(envelope(line("reminder", 'Chi bộ A & B <thôn 2> "mới"')))
    assert "Chi bộ A &amp; B &lt;thôn 2&gt;" in made.html
    assert 'Chi bộ A & B <thôn 2> "mới"' in made.text


def test_every_line_has_its_link_and_its_reason() -> None:
    made = compose(DIGEST)
    for body in (made.text, made.html):
        assert body.count("https://hanchot.khoi.example/items/10234") >= 3
        assert body.count("mục II.4, Kế hoạch số 211-KH/ĐUK") == 3
        assert "không thay cho đăng nhập" in body


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    shutil.copytree(FOLDER, tmp_path / "letters")
    return tmp_path / "letters"


@pytest.mark.parametrize(
    ("line_of_template", "says"),
    [("{{ line.no_such }}", "no_such"), ("{% if %}", "Expected an expression"), ("{{ 1 / 0 }}", "division")],
)
def test_a_bad_template_is_named_with_file_and_line(broken: Path, line_of_template: str, says: str) -> None:
    file = broken / "reminder" / "text"
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([*lines[:2], line_of_template, *lines[2:]]), "utf-8")
    with pytest.raises(TemplateTrouble) as trouble:
        compose(cases.of_tone("reminder"), broken)
    assert (trouble.value.file, trouble.value.line) == ("reminder/text", 3)
    assert says in trouble.value.reason
    compose(cases.of_tone("overdue"), broken)  # the others are not touched by it


def test_a_bad_subject_is_named_too(broken: Path) -> None:
    (broken / "overdue" / "subject").write_text("[{{ whenever }}] {{ unit }}\n", "utf-8")
    with pytest.raises(TemplateTrouble, match=r"overdue/subject, dòng 1: .*whenever"):
        subject(ONE_OF_EACH["overdue"], folder=broken)


def test_subjects_are_quick() -> None:
    """A simulated year has 136,000 of them. The bound is loose: machines differ."""
    started = time.process_time()
    for n in range(20_000):
        subject_of("reminder", f"Chi bộ thôn {n}", cases.FILES, n % 7, cases.TODAY)
    assert time.process_time() - started < 2
