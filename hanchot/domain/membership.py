"""What has been told of one Party member: the facts on which exemption hangs. All days are local.

An unknown day of admission is read as long ago: who is new to the Party is told, never guessed (211-KH/ĐUK II.1.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date

from hanchot.domain.eligibility import PersonFacts, Stretch

FOUNDED = date(1930, 2, 3)  # nobody was admitted to the Party before there was one
MAX_CELL_NAME = 300


@dataclass(frozen=True, slots=True)
class Membership:
    """None: nobody has told. A stretch without ``…_to`` goes on; ``temporary_cell`` in words, it may lie outside the house;
    ``comment_on``: the day on which that cell's comment came in (211-KH/ĐUK II.1.2).
    """

    admitted_on: date | None = None
    excused_from: date | None = None
    excused_to: date | None = None
    suspended_from: date | None = None
    suspended_to: date | None = None
    temporary_cell: str | None = None
    comment_on: date | None = None

    def facts(self, name: str, year: int) -> PersonFacts:
        """As the rules of exemption ask. A comment that came in before ``year`` spoke of another review."""
        comment = self.comment_on if self.comment_on and self.comment_on.year >= year else None
        return PersonFacts(
            name,
            self.admitted_on or FOUNDED,
            excused=Stretch(self.excused_from, self.excused_to) if self.excused_from else None,
            suspended=Stretch(self.suspended_from, self.suspended_to) if self.suspended_from else None,
            temporary_cell=self.temporary_cell,
            temporary_comment_on=comment,
        )

    def faults(self, today: date) -> Iterator[tuple[str, str]]:
        """What cannot be meant: the field and a sentence without its full stop."""
        if self.admitted_on and not FOUNDED <= self.admitted_on <= today:
            yield "admitted_on", f"ngày vào Đảng {self.admitted_on:%d/%m/%Y} phải từ {FOUNDED:%d/%m/%Y} đến hôm nay"
        for what, words in (("excused", "miễn sinh hoạt"), ("suspended", "đình chỉ")):
            start, end = getattr(self, f"{what}_from"), getattr(self, f"{what}_to")
            if end and not start:
                yield f"{what}_from", f"có ngày hết {words} mà chưa có ngày bắt đầu"
            elif start and end and end < start:
                yield f"{what}_to", f"ngày hết {words} {end:%d/%m/%Y} trước ngày bắt đầu {start:%d/%m/%Y}"
        if self.temporary_cell and not any(char.isalpha() for char in self.temporary_cell):
            yield "temporary_cell", f"“{self.temporary_cell}” chưa phải tên chi bộ"
        if self.comment_on and not self.temporary_cell:
            yield "temporary_cell", "có ngày nhận nhận xét mà chưa ghi sinh hoạt tạm thời ở đâu"
        elif self.comment_on and self.comment_on > today:
            yield "comment_on", f"ngày nhận nhận xét {self.comment_on:%d/%m/%Y} chưa tới"


UNTOLD = Membership()
FIELDS = tuple(one.name for one in fields(Membership))
DAYS = tuple(name for name in FIELDS if name != "temporary_cell")
