"""`mnistviz read`: the digits in pictures of handwriting, without a window."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from mnistviz import __version__
from mnistviz.engine.data_sets.source import DataChoice
from mnistviz.engine.digits import PIXELS
from mnistviz.engine.experiment.experiment_file import load_one_network
from mnistviz.engine.functions import Bytes
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.rows import Cleaned, RowReading, clean, find_candidates, read_row, row_of
from mnistviz.engine.threads import one_blas_thread
from mnistviz.outputs import failed, open_and_report
from mnistviz.sentences import printable, sentence
from mnistviz.terminal import say, tell

UNSURE: Final = 1

PictureReader = Callable[[Path], tuple[Bytes, float]]
"""Returns a picture's pixels, and their number per pixel of the file; provided by `gui/`, which uses Qt."""


def read(
    network_file: Path,
    pictures: Sequence[Path],
    reader: Callable[[], PictureReader],
    *,
    letter: str | None = None,
    data: Path | DataChoice | None = None,
    threshold: float | None = None,
    line: int | None = None,
    as_json: bool = False,
) -> int:
    """Print the text that the network reads in each line of writing of each picture, or in line number `line`, counted
    from 1, and return the exit code. 0: every text is certain; 1: some are not, or the network is too uncertain to cut
    them; 2: some could not be read. `reader` is called once the network is known to fit."""
    try:
        network, classes = _network(network_file, letter, data)
    except Problem as problem:
        return failed("read", problem)
    read_picture = reader()
    code = 0
    reports: list[dict[str, Any]] = []
    for path in pictures:
        try:
            picture, scale = read_picture(path)
            with one_blas_thread():
                cleaned = clean(picture, threshold)
            count = len(cleaned.lines)
            if line is not None and not 1 <= line <= count:
                raise Problem("picture_line_absent", line=line, count=count)
            numbers = range(count) if line is None else range(line - 1, line)
        except Problem as problem:
            code = failed("read", Problem(problem.code, **{"file": path.name, **problem.values}))
            reports.append({"file": str(path), "problem": problem.code})
            continue
        lines: list[dict[str, Any]] = []
        for number in numbers:
            place = "" if count == 1 else f":{number + 1}"
            try:
                with one_blas_thread():
                    reading = read_row(network, find_candidates(row_of(cleaned.line(number))))
            except Problem as problem:
                code = failed("read", Problem(problem.code, **{"file": path.name + place, **problem.values}))
                lines.append({"line": number + 1, "problem": problem.code})
                continue
            lines.append({"line": number + 1, **_line_report(cleaned, reading, classes, scale)})
            if not as_json:
                name = f"{printable(str(path))}{place}: " if len(pictures) > 1 or len(numbers) > 1 else ""
                say(name + _text(reading, classes))
            if not reading.is_sure:
                tell(f"mnistviz read: {sentence(*_doubt(reading, path.name + place))}")
                code = max(code, UNSURE)
        reports.append(_picture_report(path, cleaned, lines))
    if as_json:
        say(json.dumps({"mnistviz": __version__, "network": str(network_file), "pictures": reports}))
    return code


def _picture_report(path: Path, cleaned: Cleaned, lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the JSON report of a picture: its lines, and the fields of a single line directly, too."""
    whole = {
        "text": "\n".join(line.get("text", "") for line in lines),
        "sure": all(line.get("sure", False) for line in lines),
        "tilt": cleaned.tilt,
        "threshold": round(cleaned.threshold, 4),
    }
    alone = {name: value for name, value in lines[0].items() if name != "line"} if len(lines) == 1 else {}
    return {"file": str(path), **whole, **alone, "lines": list(lines)}


def _doubt(reading: RowReading, file: str) -> tuple[str, dict[str, object]]:
    if not reading.judges_cuts:
        return "row_unsure", {"file": file}
    if len(reading.way) == 1:
        return "row_doubtful_single", {"file": file}
    doubtful = (str(place) for place, doubted in enumerate(reading.doubtful, start=1) if doubted)
    return "row_doubtful", {"file": file, "count": len(reading.way), "digits": tuple(doubtful)}


def _network(file: Path, letter: str | None, data: Path | DataChoice | None) -> tuple[Network, Sequence[str]]:
    """Return the network and its class names: those of the data set, those stored in its file, or numbers."""
    network, header = load_one_network(file, letter)
    if data is not None:
        digits = open_and_report(data)
        digits.check_fit(network.sizes)
        return network, digits.classes
    if network.sizes[0] != PIXELS:
        raise Problem("network_not_of_pictures", inputs=network.sizes[0], pixels=PIXELS)
    about = header.get("data")
    named = about.get("classes") if isinstance(about, dict) else None
    if isinstance(named, list) and len(named) == network.sizes[-1] and all(isinstance(n, str) for n in named):
        return network, named
    return network, [str(number) for number in range(network.sizes[-1])]


def _text(reading: RowReading, classes: Sequence[str]) -> str:
    names = [printable(classes[digit]) for digit in reading.digits]
    return ("" if all(len(name) == 1 for name in names) else " ").join(names)


def _line_report(
    cleaned: Cleaned, reading: RowReading, classes: Sequence[str], scale: float
) -> dict[str, Any]:
    """Return the JSON report of a line; boxes are left, top, right and bottom in pixels of the file."""

    def box(shape: int) -> list[float]:
        left, top, right, bottom = reading.candidates.box(shape)
        corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
        in_file = cleaned.in_picture(corners) / scale
        return [round(float(edge), 1) for edge in (*in_file.min(axis=0), *in_file.max(axis=0))]

    return {
        "text": _text(reading, classes),
        "certainty": round(reading.certainty, 4),
        "sure": reading.is_sure,
        "digits": [
            {
                "class": classes[reading.verdicts[shape]],
                "output": int(reading.verdicts[shape]),
                "certainty": round(float(reading.certainties[shape]), 4),
                "chance": round(float(chance), 4),
                "doubtful": doubtful,
                "box": box(shape),
            }
            for shape, chance, doubtful in zip(reading.way, reading.chances, reading.doubtful, strict=True)
        ],
    }
