"""Experiments: runs in one file, or one run as a line of text, and how they are restored.

`saved.py` defines the value; `experiment_file.py` saves and loads it, with `run_records.py` for a run and
`state_pool.py` for states and readings; `recipe_line.py` is the line; `rebuilding.py` retrains a run from what
determines it, or continues it from a stored state.
"""
