"""How the parts of the window are arranged and set: each widget's place, and each property that is not Qt's default.

States of a window on small digits, untrained, in the font of the tests' own: what is measured on digits differs between
processors, so that none of it is on record.
"""

import enum
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QRect, QTimer
from PySide6.QtWidgets import QApplication, QBoxLayout, QLayout, QProgressBar, QSizePolicy, QSplitter, QWidget

from mnistviz.gui.ideas.pages import IDS
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.views import VIEWS, ViewPlace, entries_of
from tests.gui.deleting import delete
from tests.gui.frames import draw_all, wait
from tests.gui.later_start import later_start
from tests.gui.said.plain import NotPlainError, plain
from tests.gui.said.values import digits_of

NEVER: Final = {
    "objectName", "pos", "x", "y", "width", "height", "rect", "size", "frameGeometry", "normalGeometry", "frameSize",
    "childrenRect", "childrenRegion", "palette", "font", "cursor", "locale", "styleSheet", "mouseTracking", "focus",
    "isActiveWindow", "sizeHint", "minimumSizeHint", "minimumSize", "maximumSize", "windowIcon", "icon", "pixmap",
    "toolTip", "whatsThis", "accessibleName", "accessibleDescription", "statusTip", "visible", "updatesEnabled",
    "windowOpacity", "selectedText", "cursorPosition", "document", "html", "viewportMargins", "undoAvailable",
    "horizontalScrollBarPolicy", "shortcut", "underMouse", "modal", "windowModality", "currentFont", "placeholderText",
    "frameRect", "maxCount", "lineCount", "sizeGripEnabled",
    "autoFillBackground", "geometry", "acceptableInput", "hasAcceptableInput", "displayText", "windowTitle", "animated",
}  # fmt: skip
"""Properties that follow from others, are told elsewhere, or are the platform's."""

SIZES: Final = ((1366, 768), (1024, 640))
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
"""A number in a text, which may be measured."""


def _default(kind: type[QWidget]) -> QWidget | None:
    """A widget as Qt makes it, of the nearest class of Qt's that can be made without arguments."""
    for base in kind.__mro__:
        if base.__module__.startswith("PySide6"):
            try:
                return base()  # type: ignore[no-any-return]
            except (TypeError, NotImplementedError):
                continue
    return None


def _value(value: Any) -> str:
    if isinstance(value, QSizePolicy):
        policies = f"{value.horizontalPolicy().name} {value.verticalPolicy().name}"
        return f"{policies} {value.horizontalStretch()} {value.verticalStretch()}"
    if isinstance(value, enum.Enum):
        return value.name or str(value.value)
    return plain(value)


def _properties(widget: QWidget) -> Iterator[str]:
    """Yield the properties that are not as Qt sets them by itself."""
    usual, meta = _default(type(widget)), widget.metaObject()
    for number in range(meta.propertyCount()):
        name = str(meta.property(number).name())
        if name in NEVER or usual is None or (name == "value" and isinstance(widget, QProgressBar)):
            continue
        try:
            value, other = _value(widget.property(name)), _value(usual.property(name))
        except NotPlainError:
            continue
        if value != other:
            yield f"{name} {_NUMBER.sub('#', value) if isinstance(widget.property(name), str) else value}"


def _layout(layout: QLayout | None) -> Iterator[str]:
    """Yield margins, spacing and the stretch of what is in it, with the layouts inside."""
    if layout is None:
        return
    margins, places = layout.contentsMargins(), range(layout.count())
    items = [item for place in places if (item := layout.itemAt(place)) is not None]
    stretches = [*map(layout.stretch, places)] if isinstance(layout, QBoxLayout) else []
    yield (
        f"{type(layout).__name__} {margins.left()} {margins.top()} {margins.right()} {margins.bottom()}"
        f" spacing {layout.spacing()} stretch {stretches}"
        f" alignment {[int(item.alignment().value) for item in items]}"
    )
    for item in items:
        yield from _layout(item.layout())


def _parts(widget: QWidget, path: str = "") -> Iterator[tuple[str, QWidget]]:
    """Yield all widgets in it, by their paths."""
    numbers: dict[str, int] = {}
    for each in widget.children():
        if not isinstance(each, QWidget) or each.isWindow():
            continue
        name = each.objectName() or type(each).__name__
        if name in ("QScrollBar", "QSizeGrip") or re.fullmatch("qt_scrollarea_[vh]container", name):
            continue  # Qt sets these as content comes and goes
        numbers[name] = numbers.get(name, 0) + 1
        inner = f"{path}/{name}" + (f"#{numbers[name]}" if numbers[name] > 1 else "")
        yield inner, each
        yield from _parts(each, inner)


def arranged(widget: QWidget) -> dict[str, str]:
    """Return how each part is set, by its path; and where it is, if it is visible."""
    found = {}
    for path, part in _parts(widget):
        told = [type(part).__name__]
        if part.isVisibleTo(widget):
            told.append(plain(QRect(part.pos(), part.size())))
        told += [*_properties(part), *_layout(part.layout())]
        if isinstance(part, QSplitter):
            told.append(f"sizes {part.sizes()}")
        found[path] = "; ".join(told)
    return found


def states(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the states of a window, by their names, as it is arranged in each. Its files are kept in a folder."""
    window = MainWindow(later_start(folder / "own" / "stage.json"))
    try:
        for entry in VIEWS:
            window.views.build(entry.id)
        window.resize(*SIZES[0])
        window.show()
        window.lab.data.use(digits_of(tuple("0123456789")))
        wait(lambda: any(run.evaluations for run in window.lab.runs.open))
        for size in SIZES:
            window.resize(*size)
            _settle(window)
            yield f"lab_{size[0]}", arranged(window)
        window.resize(*SIZES[0])
        for entry in entries_of(ViewPlace.LOWER):
            window.lab.chosen.choose("window", tab=entry.id)
            _settle(window)
            yield f"tab_{entry.id}", arranged(window.views.widget(entry.id))
        for entry in entries_of(ViewPlace.OWN_WINDOW):
            yield f"own_{entry.id}", arranged(window.views.widget(entry.id))
        window.lab.chosen.choose("window", workspace="ideas")
        for id in IDS:
            window.ideas.open(id)
            _settle(window)
            yield f"idea_{id}", arranged(window.ideas.pages[id])
    finally:
        window.close()
        window.close()
        delete(window)


def _settle(window: MainWindow) -> None:
    """Wait until nothing is worked out, drawn or laid out any more."""
    pauses = [
        timer for timer in window.findChildren(QTimer) if timer.isSingleShot() and timer.interval() < 300
    ]
    for _ in range(3):
        QApplication.processEvents()
        wait(lambda: not any(timer.isActive() for timer in pauses))  # each asks for something then
        wait(lambda: not any(jobs.is_busy() for jobs in window.findChildren(Jobs)))
        draw_all(window)


FOLDER: Final = Path(__file__).with_name("arranged")


def differences(now: dict[str, dict[str, str]]) -> Iterator[str]:
    """Yield what is arranged otherwise than is on record."""
    names = {path.stem for path in FOLDER.glob("*.txt")}
    yield from (f"{name} is only on one side" for name in names ^ {*now})
    for name in sorted(names & {*now}):
        lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        known = dict(line.split(": ", 1) for line in lines)
        for path in dict.fromkeys((*known, *now[name])):
            if known.get(path) != now[name].get(path):
                yield f"{name} {path}\n  on record: {known.get(path)}\n  now:       {now[name].get(path)}"


def write(every: dict[str, dict[str, str]]) -> None:
    """Write the record anew."""
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.txt"):
        path.unlink()
    for name, parts in every.items():
        text = "".join(f"{path}: {told}\n" for path, told in parts.items())
        (FOLDER / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
