"""Side-by-side measurements: Hạn Chót, and the least code that does the same marks. See ``docs/bench.md``."""
