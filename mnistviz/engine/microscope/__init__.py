"""The microscope: one mini-batch in detail, the effect of each sample, and manual edits on a copy. Pure functions;
runs do not change. Long computations work in pieces and can be cancelled. Start reading at `mini_batch.py`."""
