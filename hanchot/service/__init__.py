"""Use cases: each gathers, decides with the pure domain, and applies, in one transaction."""
