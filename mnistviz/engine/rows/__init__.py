"""Rows of digits, cut and read by a network for single digits. Pure functions, without state.

    cleaned = clean(picture)                    a picture, uint8 grey or RGBA, to ink from 0 to 1, straightened
    row = row_of(cleaned.line(0))               one row of ink; that of the pad comes from `Ink.raster()`
    candidates = find_candidates(row)           cuts, and an image of every shape between two
    reading = read_row(network, candidates)     all of them in one pass, and the most certain way
    reading.digits, reading.certainties         verdicts along the way; of all candidates

To read a row again while a network learns, repeat `read_row` only: the candidates depend on the ink alone. Manual cuts
give candidates with a single way: `candidates_by_hand(row, cuts)`, with cuts from `reading.cuts` or `cut_at(row, x)`.
`make_row` composes a row of test digits. Faults are a `Problem`: "picture_without_digits", "row_empty", "row_too_long".
Call all of it within `one_blas_thread()`, like a `Trainer`.
"""

from mnistviz.engine.rows.candidates import Box, Candidates, candidates_by_hand, find_candidates
from mnistviz.engine.rows.cleaning import Cleaned, Evened, clean, even, take_ink
from mnistviz.engine.rows.digit_row import DigitRow, cut_at, row_of
from mnistviz.engine.rows.made import MadeRow, make_row, set_row
from mnistviz.engine.rows.row_reading import SURE, TRUSTED, RowReading, certainty, read_row

__all__ = [
    "SURE", "TRUSTED", "Box", "Candidates", "Cleaned", "DigitRow", "Evened", "MadeRow", "RowReading",
    "candidates_by_hand", "certainty", "clean", "cut_at", "even", "find_candidates", "make_row", "read_row",
    "row_of", "set_row", "take_ink",
]  # fmt: skip
