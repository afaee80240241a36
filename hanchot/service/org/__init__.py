"""Units, posts and people: looking them up, and taking them in from sheets."""
