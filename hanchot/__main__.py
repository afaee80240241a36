"""``python -m hanchot`` is the command line."""

from hanchot.cli import main

main()
