"""The pure middle of the house: no I/O, no clock, no framework."""
