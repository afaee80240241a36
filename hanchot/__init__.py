"""Hạn Chót: review cycles of Party committees, from the plan document to the last remediation item."""
