"""Judging: who is rated in a cycle, by which votes, within which quota, with which result. One noun, one file."""
