"""A rule's refusal as an error that a person can act on."""

from __future__ import annotations

from collections.abc import Sequence

from hanchot.domain.cited import Refusal
from hanchot.domain.errors import Refused


class Forbidden(Refused):
    """A rule says no. ``refusals``: each with its sentence, way out and clause; the message says all of them."""

    code = "forbidden"

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        self.refusals = tuple(refusals)
        first, *more = refusals
        message = " ".join([*(one.vi for one in more), first.message])
        super().__init__(message, way_out=f"{first.way_out} [{first.basis.vi}]")

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(one.code for one in self.refusals)


def demand(refusals: Sequence[Refusal]) -> None:
    """Raise ``Forbidden`` when there is any refusal."""
    if refusals:
        raise Forbidden(refusals)
