"""How many envelopes of one drain ended how: counted while they are written and while they are sent."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass
class Tally:
    """Counts of envelopes, by the state that each ended in."""

    accepted: int = 0
    retry: int = 0
    failed: int = 0
    uncertain: int = 0
    superseded: int = 0
    withheld: int = 0
    expired: int = 0
    deferred: int = 0

    def count(self, state: str) -> None:
        setattr(self, state, getattr(self, state) + 1)

    def add(self, other: Tally) -> None:
        for one in fields(Tally):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    @property
    def empty(self) -> bool:
        return not any(getattr(self, one.name) for one in fields(Tally))
