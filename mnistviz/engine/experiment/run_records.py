"""A run of an experiment as JSON and arrays, and back."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, cast

import numpy as np
from msgspec.structs import asdict

from mnistviz.engine.acts import Intervention, check_fits
from mnistviz.engine.columns import BINS, ROW, Columns, ColumnsParts
from mnistviz.engine.experiment.acts_json import act_as_json, acts_from_json
from mnistviz.engine.experiment.band_records import read_bands, read_stories, write_bands, write_stories
from mnistviz.engine.experiment.saved import DataNote, SavedRun, initial_state, segments_of
from mnistviz.engine.experiment.state_pool import PooledReadings, PoolWriter, ReadingsWriter, readings_of_run
from mnistviz.engine.files import ArchiveReader, ArchiveWriter, whole
from mnistviz.engine.fork import MOST_BEFORE, Fork, ForkKind, Origin
from mnistviz.engine.history import LAYER_SIZES, MOST_MEASURED, SETS, History
from mnistviz.engine.moment import Best, Evaluation, KeptReadings, SetName
from mnistviz.engine.network import Network
from mnistviz.engine.recorder import Judged, Record, RunContent
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.engine.trainer import TrainerState

COARSE: Final = 128  # columns of a curve in a small file, which a replay completes
_MOST_NAME: Final = 200
_MOST_ABOUT: Final = 400
_KNOWN: Final = np.dtype([("step", "<i8"), ("digits", "<i8"), ("share", "<f8"), ("part", "<i8")])
_KINDS: Final = ("branch", "twin", "butterfly")


def write_run(
    archive: ArchiveWriter,
    run: SavedRun,
    pool: PoolWriter,
    readings: ReadingsWriter,
    kept: set[int],
    *,
    small: bool,
) -> dict[str, Any]:
    """Write the arrays of a run and return the rest as JSON values. Snapshots are written if their ids are in `kept`;
    a `small` file has no state, unless the run can't be retrained without it, and no predictions."""
    content, record = run.content, run.content.record
    folder = f"runs/{run.number}"
    keeps = not small or not run.from_start
    judged = np.array([(each.step, each.right) for each in record.judged], "<i8").reshape(-1, 2)
    archive.array(f"{folder}/judged.npy", judged, packed=True)
    own_start = run.origin is not None or not run.from_start
    sources = {} if small else record.sources
    evaluations = {} if small else content.evaluations
    best_evaluations = {} if small else content.best_evaluations
    best = content.best
    return {
        **{name: getattr(run, name) for name in ("number", "letter", "name", "hue", "on", "hidden")},
        "fork": None if run.fork is None else {**asdict(run.fork), "plan": dict(run.fork.plan)},
        "origin": None if run.origin is None else run.origin.as_json(),
        "settings": asdict(run.settings),
        "epoch": run.epoch,
        "step": record.step,
        "acts": [act_as_json(act) for act in record.acts],
        "judged": len(record.judged),
        "best": None if best is None else [best.step, best.epoch, best.accuracy],
        "begun": list(content.begun),
        "stopped": content.stopped,
        "read_whole": content.read_whole and not small,
        "stride": content.stride,
        "checks": [[step, run.checks[step]] for step in sorted(run.checks)],
        "start": pool.number(record.start) if own_start else None,
        "now": pool.number(content.state) if keeps and content.state is not None else None,
        "snapshots": [pool.number(s) for s in record.snapshots if id(s) in kept and keeps and not small],
        "sources": [pool.number(state) for _, state in sorted(sources.items())],
        "curves": _write_history(archive, folder, content.history, small=small),
        "evaluations": _write_evaluations(archive, f"{folder}/newest", evaluations),
        "best_evaluations": _write_evaluations(archive, f"{folder}/best", best_evaluations),
        "readings": readings.write_run(folder, KeptReadings() if small else content.readings),
        "bands": write_bands(archive, folder, () if small else run.bands),
        "about": run.about,
        "pins": write_stories(archive, folder, () if small else run.stories),
    }


def _write_history(archive: ArchiveWriter, folder: str, history: History, *, small: bool) -> dict[str, Any]:
    most = COARSE if small else history.costs.capacity
    curves: list[dict[str, Any]] = []
    for (name, part), columns in (history.evaluated if small else history.series).items():
        path = f"{folder}/{_file(name, part)}"
        parts = columns.coarse(most).parts
        archive.array(f"{path}.npy", parts.rows, packed=True)
        if parts.bins is not None:
            archive.array(f"{path}-histograms.npy", parts.bins, packed=True)
        known = () if small or name == "cost" else history.known_one_by_one.get((name, part), ())
        if known:
            archive.array(f"{path}-known.npy", np.array(list(known), _KNOWN), packed=True)
        curve = {"set": name, "part": part, "columns": len(parts.rows), "known": len(known)}
        curves.append({**curve, "capacity": parts.capacity, "span": parts.span, "size": parts.size})
    return {"series": curves, "whole": not small}


def _file(name: str, part: int) -> str:
    return f"{name}-{part}" if part else name


def _write_evaluations(
    archive: ArchiveWriter, path: str, evaluations: Mapping[SetName, Evaluation]
) -> list[dict[str, Any]]:
    records = []
    for name, each in evaluations.items():
        archive.array(f"{path}-{name}.npy", each.predictions, packed=True)
        if each.outputs is not None:
            archive.array(f"{path}-{name}-outputs.npy", each.outputs.astype("<f4", copy=False), packed=True)
        record = {"set": name, "step": each.step, "digits": each.digits, "read": len(each.predictions)}
        record |= {"right": each.right, "of": each.of, "complete": each.complete}
        records.append(record | {"outputs": each.outputs is not None})
    return records


def read_run(
    archive: ArchiveReader,
    values: Mapping[str, Any],
    states: Sequence[TrainerState],
    readings: PooledReadings,
    data: DataNote,
) -> SavedRun:
    """Read what `write_run` has written; raise KeyError, TypeError, ValueError or a `Problem` for anything else."""
    number, step = whole(values["number"]), whole(values["step"])
    folder = f"runs/{number}"
    settings = Settings.from_mapping(values["settings"])
    acts = acts_from_json(values["acts"], step)
    for act in acts:
        check_fits(act, settings)
    history, known_whole = _read_history(archive, folder, values["curves"], acts)
    start, begun_with = _read_start(values, settings, states)
    best, origin = values["best"], values["origin"]
    evaluations = _read_evaluations(archive, f"{folder}/newest", values["evaluations"], data)
    content = RunContent(
        start,
        _read_record(archive, values, settings, acts, begun_with, states, data),
        None if values["now"] is None else states[whole(values["now"])],
        history,
        None if best is None else Best(whole(best[0]), whole(best[1]), float(best[2])),
        evaluations,
        _read_evaluations(archive, f"{folder}/best", values["best_evaluations"], data),
        values["read_whole"] is True,
        (whole(values["begun"][0], step), whole(values["begun"][1])),
        values["stopped"] is True,
        max(1, whole(values["stride"])),
        readings_of_run(archive, folder, values["readings"], readings, evaluations, step),
    )
    _check_content(content, whole_curves=known_whole)
    checks = {whole(at, step): str(sum_)[:64] for at, sum_ in values["checks"]}
    return SavedRun(
        number,
        settings,
        content,
        max(1, whole(values["epoch"], data.training)),
        _line(values["letter"]),
        _line(values["name"]),
        whole(values["hue"], 1_000),
        values["on"] is True,
        values["hidden"] is True,
        _read_fork(values["fork"]),
        None if origin is None else _read_origin(origin["epochs"], origin["mini_batches"]),
        checks,
        read_bands(archive, folder, values.get("bands")),
        _sentence(values.get("about")),
        read_stories(archive, folder, values.get("pins"), settings.sizes[-1], step),
    )


def _read_start(
    values: Mapping[str, Any], settings: Settings, states: Sequence[TrainerState]
) -> tuple[Network, TrainerState]:
    network = Network(settings.sizes, **settings.network_options())
    if values["start"] is not None:
        state = states[whole(values["start"])]
        if settings.needs_new_run(state.settings):
            raise ValueError("the start is that of another network")
        return network.copy(state.parameters), state
    return network, initial_state(network, settings)


def _read_record(
    archive: ArchiveReader,
    values: Mapping[str, Any],
    settings: Settings,
    acts: tuple[Intervention, ...],
    start: TrainerState,
    states: Sequence[TrainerState],
    data: DataNote,
) -> Record:
    step, count = whole(values["step"]), whole(values["judged"], 1_000_000)
    judged = archive.array(f"runs/{values['number']}/judged.npy", "<i8", (count, 2))
    if (np.diff(judged[:, 0]) <= 0).any() or (judged[:, 0] > step).any():
        raise ValueError("epochs are not in order")
    snapshots = tuple(states[whole(number)] for number in values["snapshots"])
    if values["now"] is not None and step:
        snapshots = *(state for state in snapshots if state.step != step), states[whole(values["now"])]
    if (steps := [0, *(state.step for state in snapshots), step]) != sorted(steps):
        raise ValueError("snapshots are not in order")
    sources = {state.step: state for state in (states[whole(number)] for number in values["sources"])}
    return Record(
        step,
        start,
        acts,
        tuple(Judged(int(at), int(right)) for at, right in judged),
        segments_of(settings, acts, step, max(1, whole(values["epoch"], data.training))),
        tuple(state for state in snapshots if state is not start and state.step),
        MappingProxyType(sources),
    )


def _check_content(content: RunContent, *, whole_curves: bool) -> None:
    """Raise ValueError if the parts of a run don't fit together."""
    record, state, best = content.record, content.state, content.best
    states = [record.start, *record.snapshots, *record.sources.values(), *([] if state is None else [state])]
    for each in states:
        if each.settings.needs_new_run(record.start.settings) or each.step > record.step:
            raise ValueError("a state is that of another run")
    if state is not None and (state.step, state.cursor) != (record.step, record.segments[-1].cursor):
        raise ValueError("the newest state is not that of now")
    if state is None and record.start.step:
        raise ValueError("there is no state to go on from")
    if any(
        name in LAYER_SIZES and layer >= len(record.start.settings.sizes)
        for name, layer in content.history.curves
    ):
        raise ValueError("there are sizes of layers that the network lacks")
    if best is not None and state is not None and best.step not in record.sources:
        raise ValueError("the best weights are missing")
    rows = content.history.costs.rows
    if whole_curves and len(rows) and int(rows["last_step"][-1]) >= record.step:
        raise ValueError("there are more costs than mini-batches")


def _read_history(
    archive: ArchiveReader, folder: str, values: Mapping[str, Any], acts: tuple[Intervention, ...]
) -> tuple[History, bool]:
    history = History(interventions=acts)
    for curve in values["series"]:
        name, part = curve["set"], whole(curve["part"])
        if name not in ("cost", *SETS, *LAYER_SIZES) or (name in LAYER_SIZES and not part):
            raise ValueError("there is no such curve")
        path, count = f"{folder}/{_file(name, part)}", whole(curve["columns"], history.costs.capacity)
        rows = archive.array(f"{path}.npy", ROW, (count,))
        bins = archive.array(f"{path}-histograms.npy", "<u4", (count, BINS)) if name == "cost" else None
        capacity, span, size = (whole(curve[each]) for each in ("capacity", "span", "size"))
        columns = Columns.of(ColumnsParts(capacity, span, size, rows, bins))
        history = history.with_columns((name, part), columns)
        if known := whole(curve["known"], MOST_MEASURED):
            each = archive.array(f"{path}-known.npy", _KNOWN, (known,))
            history = history.with_known((name, part), tuple(each.tolist()))
    return history, values["whole"] is True


def _read_evaluations(
    archive: ArchiveReader, path: str, values: Sequence[Any], data: DataNote
) -> dict[SetName, Evaluation]:
    evaluations: dict[SetName, Evaluation] = {}
    for each in values:
        if (name := cast(SetName, each["set"])) not in SETS:
            raise ValueError("there is no such set")
        count = whole(each["read"], getattr(data, name))
        predictions = archive.array(f"{path}-{name}.npy", "|u1", (count,))
        if not count or predictions.max() >= len(data.classes):
            raise ValueError("there are no such classes")
        outputs = None
        if each["outputs"] is True:
            outputs = archive.array(f"{path}-{name}-outputs.npy", "<f4", (count,))
        place = whole(each["step"]), whole(each["digits"])
        right, of = whole(each["right"], count), whole(each["of"])
        complete = each["complete"] is True
        evaluations[name] = Evaluation(name, *place, predictions, right, of, complete, outputs)
    return evaluations


def _read_fork(values: Any) -> Fork | None:
    if values is None:
        return None
    plan = {name: SETTINGS[name].checked(value) for name, value in values["plan"].items()}
    if values["kind"] not in _KINDS:
        raise ValueError("there is no such branch")
    number, step, digits = (whole(values[name]) for name in ("number", "step", "digits"))
    forks = values.get("before", ())[:MOST_BEFORE]
    before = tuple((whole(run), whole(at), whole(after)) for run, at, after in forks)
    letter = _line(values.get("letter", ""))
    return Fork(number, step, digits, plan, cast(ForkKind, values["kind"]), letter, before)


def _read_origin(epochs: Any, steps: Any) -> Origin:
    return Origin(None if epochs is None else float(epochs), None if steps is None else whole(steps))


def _line(value: object) -> str:
    if not isinstance(value, str) or len(value) > _MOST_NAME or not value.isprintable():
        raise ValueError("this is no name")
    return value


def _sentence(value: object) -> str:
    """Return the description of a run; empty for an invalid value, which is no reason to refuse the run."""
    return value if isinstance(value, str) and len(value) <= _MOST_ABOUT and value.isprintable() else ""
