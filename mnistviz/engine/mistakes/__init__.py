"""Mistakes: which digits a network misreads, since when, and what each of two networks reads better.

Pure functions; what takes long works in pieces and can be cancelled. `confusion.py` is about one evaluation,
`verdict_groups.py` about two.
"""
