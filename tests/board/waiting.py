"""Waiting for what the board does aside."""

from __future__ import annotations

import threading

PATIENCE = 60.0


def read_to_the_end() -> None:
    """Until every document that a board of this process reads is read, or was given up."""
    for thread in threading.enumerate():
        if thread.name.startswith("hanchot-reading-"):
            thread.join(PATIENCE)
            assert not thread.is_alive()
