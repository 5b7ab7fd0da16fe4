"""Luck: how far chance alone spreads the runs of one recipe, as other seeds or tiny changes show it.

`bands.py` is the value; `copied_runs.py` trains the runs of a band, each from the record of the run it stands beside.
"""
