"""The grammar of deadlines: tables that a person can read and extend, and what reads sentences by them.

``times`` finds expressions of time, ``phrases`` says which words around them make a deadline, ``duties`` tells a duty from
history, ``building`` makes the typed deadline; ``stages`` and ``roles`` say which step it is, who does it and for whom.
"""
