"""The microscope: one mini-batch in detail, the effect of each sample, and manual edits on a copy.

Pure functions of values; nothing of a run is changed. What takes long works in pieces and can be cancelled.
`mini_batch.py` is where to begin.
"""
