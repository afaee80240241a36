"""Letters on their way: planned, packed, claimed, sent, settled; and what holds them back."""
