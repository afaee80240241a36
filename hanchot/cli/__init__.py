"""The command line: every command has ``--json``; errors name the thing, the value and the way out."""

from hanchot.cli.main import main

__all__ = ["main"]
