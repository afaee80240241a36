"""What pages show: queries that answer one question each, and change nothing."""
