"""Experiments: runs in one file, or one run as a line of text, and how they are restored.

`saved.py` is the value; `experiment_file.py` makes one file of it and reads it, with `run_records.py` for a run and
`state_pool.py` for the states; `recipe_line.py` is the line; `rebuilding.py` trains a run again from what determines
it; `reviving.py` lets one go on from a kept state, if what is trained here agrees with the file.
"""
