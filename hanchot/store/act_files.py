"""The register of acts: ``calendars/regulations/in-force.yaml`` to ``Acts``, with errors that a person can act on."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from hanchot.domain.acts import Act, Acts, number_key
from hanchot.domain.errors import BadPlan
from hanchot.settings import ROOT
from hanchot.store.plan_faults import problems_of
from hanchot.store.yaml_text import file_name, read_yaml

REGISTER = ROOT / "calendars" / "regulations" / "in-force.yaml"


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    acts: tuple[Act, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _hangs_together(self) -> _File:
        known = [number_key(act.number) for act in self.acts]
        if twice := {number for number in known if known.count(number) > 1}:
            raise ValueError(f"số văn bản ghi hai lần: {', '.join(sorted(twice))}; giữ một mục")
        for act in self.acts:
            if act.replaces and number_key(act.replaces) not in known:
                raise ValueError(f"“{act.number}” thay “{act.replaces}” không có trong tệp; thêm văn bản ấy")
        return self


def load_acts(calendars: Path | None = None) -> Acts:
    """The register beside the calendars in ``calendars``, or the delivered one; read once. Raises ``BadPlan``."""
    own = (calendars / "regulations" / REGISTER.name) if calendars else REGISTER
    path = own if own.is_file() else REGISTER
    return _load(path.resolve(), path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _load(path: Path, _changed: int) -> Acts:
    text = read_yaml(path)
    try:
        return Acts(_File.model_validate(text.data).acts)
    except ValidationError as wrong:
        problems = problems_of(wrong, text)
        first = problems[0]
        where = f"{file_name(path)}, dòng {first['line']}, {first['path'] or 'cả tệp'}"
        raise BadPlan(f"{where}: {first['message']}.", problems=tuple(problems)) from None
