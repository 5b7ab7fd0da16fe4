"""Seed variation: how far the runs of one recipe differ by chance alone, with other seeds or tiny changes. `bands.py`
defines the value; `copied_runs.py` trains the runs of a band, each from the record of the run beside it."""
