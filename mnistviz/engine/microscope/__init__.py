"""The microscope: one mini-batch in every detail, which digit did what, and weights changed by hand on a copy.

Pure functions of values; nothing of a run is changed. What takes long works in pieces and can be cancelled.
`mini_batch.py` is where to begin.
"""
