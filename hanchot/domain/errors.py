"""What may go wrong, said in one sentence: the thing, the value, the way out."""

from __future__ import annotations


class HanChotError(Exception):
    """A refusal that a person can act on. The command line prints it and exits with 2.

    ``message`` and ``way_out`` are read on the board as well, so neither names a command: ``command`` is the same way out
    as it is typed, and only the command line says it.
    """

    code = "error"

    def __init__(self, message: str, *, way_out: str = "", command: str = "", thing: str = "", value: object = None) -> None:
        self.message = message
        self.way_out = way_out
        self.command = command
        self.thing = thing
        self.value = value
        super().__init__(f"{message} {way_out}".strip())

    @property
    def typed_out(self) -> str:
        """All of it for who sits at a command line; the command stands last and without a full stop, to be copied."""
        return f"{self} Lệnh: {self.command}" if self.command else str(self)


class BadPlan(HanChotError):
    """A plan file cannot be read as a plan. ``problems``: every error with its line, path, value and message."""

    code = "bad-plan"

    def __init__(
        self,
        message: str,
        *,
        way_out: str = "",
        command: str = "",
        thing: str = "",
        value: object = None,
        problems: tuple[dict[str, object], ...] = (),
    ) -> None:
        super().__init__(message, way_out=way_out, command=command, thing=thing, value=value)
        self.problems = problems


class BadDeadline(HanChotError):
    """A combination of deadline words that no document can mean."""

    code = "bad-deadline"


class UncheckedYear(HanChotError):
    """Working days are asked for in a year that nobody has checked."""

    code = "unchecked-year"


class Refused(HanChotError):
    """A guard said no; the message is the guard's reason."""

    code = "refused"


class NotFound(HanChotError):
    """The named thing does not exist."""

    code = "not-found"


class AlreadyDone(HanChotError):
    """The same thing was done before; nothing changed now."""

    code = "already-done"


class Conflict(HanChotError):
    """Somebody else has changed the same thing in the meantime; nothing was written over theirs."""

    code = "conflict"


class BadImport(HanChotError):
    """A file to import has broken rows; nothing was taken in."""

    code = "bad-import"

    def __init__(self, message: str, *, rows: tuple[dict[str, object], ...] = (), way_out: str = "", command: str = "") -> None:
        super().__init__(message, way_out=way_out, command=command)
        self.rows = rows


class BadDocument(HanChotError):
    """A document cannot be read: not what its ending says, locked, too large, harmful, or beyond recognition."""

    code = "bad-document"


class Outside(HanChotError):
    """Something beyond our walls does not answer: a mail relay, a database, Prefect."""

    code = "outside"
