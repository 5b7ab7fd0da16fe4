"""A fault that nobody caught, also in an override of Qt, is logged and told once, and the window goes on."""

import contextlib
import importlib
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType

import pytest
from PySide6 import QtCore, QtWidgets
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtTest import QTest
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

import mnistviz.gui
from mnistviz import __version__
from mnistviz.gui import log
from mnistviz.gui.last_resort import LastResort
from mnistviz.gui.log import LogFile
from mnistviz.gui.overrides import qt_method, return_type


class Told(list[str]):
    """What the user was told, with a log file beside it."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file
        self.resort = LastResort(self.tell)

    def tell(self, text: str) -> None:
        self.append(text)

    @property
    def log(self) -> str:
        return self.file.read_text(encoding="utf-8")


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    before = sys.excepthook, sys.getrecursionlimit()
    handler = LogFile(tmp_path / "log", maxBytes=500_000, backupCount=1, encoding="utf-8")
    logging.getLogger("mnistviz").addHandler(handler)
    found = Told(tmp_path / "log")
    yield found
    found.resort.close()
    logging.getLogger("mnistviz").removeHandler(handler)
    handler.close()
    assert (sys.excepthook, sys.getrecursionlimit()) == before


def fails(error: BaseException) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def test_faults_are_told_and_ctrl_c_not(told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    quits: list[bool] = []
    monkeypatch.setattr(QtWidgets.QApplication, "quit", lambda: quits.append(True))
    QtCore.QTimer.singleShot(0, fails(KeyboardInterrupt()))
    qtbot.waitUntil(lambda: quits == [True])
    QtCore.QTimer.singleShot(0, fails(ValueError("no such digit")))
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["ValueError: no such digit"]
    assert quits == [True]
    assert "test_last_resort.py" in told.log  # the traceback
    assert "KeyboardInterrupt" not in told.log


def test_one_fault_in_every_frame_is_told_once_and_fills_no_log(told: Told, qtbot: QtBot) -> None:
    frames: list[int] = []

    def draw() -> None:
        frames.append(len(frames))
        raise KeyError(frames[-1])

    timer = QtCore.QTimer()
    timer.timeout.connect(draw)
    timer.start(0)
    qtbot.waitUntil(lambda: len(frames) > 100)
    timer.stop()
    assert told == ["KeyError: 0"]
    assert told.log.count("Traceback") == 1
    assert "KeyError again, 100 times by now" in told.log
    assert len(told.log.splitlines()) < 20


class Echo(QtCore.QObject):
    """A signal that leads to itself, twice: without end, and the recursions double."""

    said = QtCore.Signal()

    def __init__(self) -> None:
        super().__init__()
        self.times = 0
        self.said.connect(self.say)

    def say(self) -> None:
        self.times += 1
        if self.times < 3_000:
            self.said.emit()
            self.said.emit()


def recurse() -> None:
    recurse()


@pytest.mark.parametrize("how", [recurse, lambda: Echo().say()], ids=["function", "signals"])
def test_an_endless_recursion_is_logged_and_told_once(
    told: Told, qtbot: QtBot, how: Callable[[], None], capfd: pytest.CaptureFixture[str]
) -> None:
    QtCore.QTimer.singleShot(0, how)
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    (text,) = told
    assert text.startswith("RecursionError: maximum recursion depth exceeded")
    assert told.log.count("unforeseen") == 1
    assert "RecursionError: maximum recursion depth" in told.log
    assert "Logging error" not in capfd.readouterr().err
    goes_on: list[bool] = []
    QtCore.QTimer.singleShot(0, lambda: goes_on.append(True))
    qtbot.waitUntil(lambda: goes_on == [True])


def test_what_lacks_memory_is_logged_later(told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    emit, full = LogFile.emit, [True, True]

    def emit_or_fail(handler: LogFile, record: logging.LogRecord) -> None:
        if full:
            full.pop()
            raise MemoryError
        emit(handler, record)

    monkeypatch.setattr(LogFile, "emit", emit_or_fail)
    QtCore.QTimer.singleShot(0, fails(MemoryError("for an array")))
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["MemoryError: for an array"]
    assert told.log.count("MemoryError: for an array") == 1


def test_what_waits_at_the_end_is_logged_then(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(LogFile, "emit", lambda handler, record: fails(MemoryError())())
        for words in ("the first", "the second"):
            sys.excepthook(ValueError, ValueError(words), None)
    told.resort.close()
    assert "ValueError: the first" in told.log


def test_a_fault_in_telling_ends_there(told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[str] = []

    def fail(text: str) -> None:
        tries.append(text)
        raise RuntimeError("no dialog")

    monkeypatch.setattr(told.resort, "_tell", fail)
    QtCore.QTimer.singleShot(0, fails(ValueError("the original")))
    qtbot.waitUntil(lambda: len(tries) == 2)
    QtCore.QTimer.singleShot(0, lambda: [].pop())
    qtbot.waitUntil(lambda: len(tries) > 2)
    assert tries == ["ValueError: the original", "RuntimeError: no dialog", "IndexError: pop from empty list"]
    assert told.log.index("ValueError: the original") < told.log.index("RuntimeError: no dialog")


def test_a_fault_that_can_not_say_what_it_is_is_told_too(told: Told, qtbot: QtBot) -> None:
    class Silent(Exception):
        def __str__(self) -> str:
            raise ValueError("no words")

    QtCore.QTimer.singleShot(0, fails(Silent()))
    qtbot.waitUntil(lambda: told == ["Silent: ?"])


HAVE_THEIR_OWN = {"expandingDirections", "role", "state", "text"}
"""Results of other types: Qt's own method has one, for a widget that is there."""


def overrides() -> dict[str, FunctionType]:
    """All overrides of the program, by where they are."""
    (folder,) = map(Path, mnistviz.gui.__path__)
    for path in folder.rglob("*.py"):
        inside = path.relative_to(folder).with_suffix("").parts
        importlib.import_module(".".join((mnistviz.gui.__name__, *inside)).removesuffix(".__init__"))
    found, classes = {}, [Shiboken.Object]
    while classes:
        cls = classes.pop()
        classes += type.__subclasses__(cls)
        if cls.__module__.startswith(mnistviz.gui.__name__):
            for name in dir(cls):  # those of a base that is not Qt's, too
                method = getattr(cls, name)
                ours = isinstance(method, FunctionType) and method.__module__.startswith("mnistviz")
                if ours and qt_method(cls, name) is not None:
                    found[f"{cls.__module__}.{cls.__name__}.{name}"] = method
    return found


def test_no_override_lets_an_exception_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Called without anything, each raises a TypeError."""
    faults: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: faults.append(error))
    found = overrides()
    assert len({*found.values()}) > 300
    for place, override in found.items():
        result, kind = override(), return_type(override)
        assert [type(fault) for fault in faults] == [TypeError], place
        faults.clear()
        if kind in ("None", "Any") or kind.endswith(" | None"):
            assert result is None, place
        elif override.__name__ not in HAVE_THEIR_OWN:  # what a list holds is not seen
            assert type(result).__name__ == kind.partition("[")[0], f"{place}: `_EMPTY` lacks {kind}"


def test_a_fault_in_an_override_fails_a_test(qtbot: QtBot) -> None:
    with capture_exceptions() as caught:
        shown(qtbot, FaultyButton())
    assert [kind for kind, _, _ in caught][:1] == [ValueError]


class Faulty(QtWidgets.QWidget):
    """Fails wherever Qt calls it."""

    def showEvent(self, event: QShowEvent) -> None:
        raise ValueError("shown")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPoint(1, 1)
        raise ValueError("painted")

    def sizeHint(self) -> QtCore.QSize:
        raise ValueError("asked")

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        raise ValueError("filtered")

    def closeEvent(self, event: QCloseEvent) -> None:
        raise ValueError("closed")


class FaultyButton(QtWidgets.QPushButton):
    """What its base does is still done."""

    def sizeHint(self) -> QtCore.QSize:
        raise ValueError("asked")


class FaultyModel(QtCore.QAbstractListModel):
    def rowCount(self, parent: object = None) -> int:
        return 3

    def data(self, index: object, role: int = 0) -> object:
        raise ValueError("read")


class FaultyDelegate(QtWidgets.QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QtWidgets.QStyleOptionViewItem, index: object) -> None:
        painter.setOpacity(0.5)
        raise ValueError("painted")


class FaultyItem(QtWidgets.QGraphicsItem):
    fails = True

    def boundingRect(self) -> QtCore.QRectF:
        if self.fails:
            raise ValueError("asked")
        return QtCore.QRectF(0, 0, 50, 50)

    def paint(
        self, painter: QPainter, option: QtWidgets.QStyleOptionGraphicsItem, widget: object = None
    ) -> None:
        raise ValueError("painted")


def shown(qtbot: QtBot, widget: QtWidgets.QWidget) -> QtWidgets.QWidget:
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.grab()
    return widget


def test_a_widget_with_faults_is_painted(told: Told, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    widget = Faulty()
    field = QtWidgets.QLineEdit(widget)
    field.installEventFilter(widget)
    shown(qtbot, widget)
    for _ in range(3):
        widget.repaint()
    QTest.keyClicks(field, "784")
    assert field.text() == "784", "a filter that fails holds nothing back"
    assert widget.sizeHint() == QtWidgets.QWidget.sizeHint(widget)
    widget.close()
    assert not widget.isVisible()
    where = {"shown", "painted", "asked", "filtered", "closed"}
    qtbot.waitUntil(lambda: len(told) >= len(where))
    assert sorted(told) == sorted(f"ValueError: {each}" for each in where), "each once"
    traces = [record for record in caplog.records if record.exc_info]
    assert len(traces) == len(where)
    assert caplog.text.count("in showEvent") == 1


def test_a_layout_goes_by_the_size_of_the_base(told: Told, qtbot: QtBot) -> None:
    widget = QtWidgets.QWidget()
    layout = QtWidgets.QVBoxLayout(widget)
    faulty, usual = FaultyButton("Mini-batch"), QtWidgets.QPushButton("Mini-batch")
    for button in (faulty, usual):
        layout.addWidget(button)
    shown(qtbot, widget)
    assert faulty.sizeHint() == usual.sizeHint()
    qtbot.waitUntil(lambda: told == ["ValueError: asked"])


def test_a_list_whose_model_and_delegate_fail_has_its_rows(told: Told, qtbot: QtBot) -> None:
    view = QtWidgets.QListView()
    model, delegate = FaultyModel(view), FaultyDelegate(view)
    view.setModel(model)
    shown(qtbot, view)
    view.setItemDelegate(delegate)
    view.grab()
    assert view.indexAt(view.visualRect(model.index(2)).center()).row() == 2
    assert model.data(QtCore.QModelIndex()) is None
    qtbot.waitUntil(lambda: sorted(told) == ["ValueError: painted", "ValueError: read"])


def test_a_scene_goes_on_beside_an_item_that_fails(told: Told, qtbot: QtBot) -> None:
    scene = QtWidgets.QGraphicsScene()
    scene.addRect(0, 0, 100, 100)
    item = FaultyItem()
    scene.addItem(item)
    view = QtWidgets.QGraphicsView(scene)
    shown(qtbot, view)
    item.prepareGeometryChange()
    item.fails = False
    view.grab()
    assert scene.itemsBoundingRect().contains(QtCore.QRectF(0, 0, 100, 100))
    qtbot.waitUntil(lambda: sorted(told) == ["ValueError: asked", "ValueError: painted"])


def test_a_thread_whose_run_fails_ends(told: Told, qtbot: QtBot) -> None:
    class Failing(QtCore.QThread):
        def run(self) -> None:
            raise ValueError("ran")

    thread = Failing()
    with qtbot.waitSignal(thread.finished):
        thread.start()
    qtbot.waitUntil(lambda: told == ["ValueError: ran"])
    thread.wait()


class Handling(QtCore.QObject):
    """Does something with each event of its own."""

    def __init__(self, handle: Callable[[], object]) -> None:
        super().__init__()
        self._handle = handle

    def event(self, event: QtCore.QEvent) -> bool:
        if event.type() == QtCore.QEvent.Type.User:
            self._handle()
        return super().event(event)

    def send(self) -> None:
        QtWidgets.QApplication.sendEvent(self, QtCore.QEvent(QtCore.QEvent.Type.User))


def test_ctrl_c_amid_an_override_quits_and_without_memory_it_is_told_as_well(
    told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    quits: list[bool] = []
    monkeypatch.setattr(QtWidgets.QApplication, "quit", lambda: quits.append(True))
    Handling(fails(KeyboardInterrupt())).send()
    QtWidgets.QApplication.processEvents()
    assert quits == [True]
    assert not told
    Handling(fails(MemoryError("for an array"))).send()
    qtbot.waitUntil(lambda: told == ["MemoryError: for an array"])


@pytest.mark.parametrize("deep", range(12))
def test_an_endless_recursion_in_an_override_ends_and_is_told(told: Told, qtbot: QtBot, deep: int) -> None:
    """Wherever there is no more room: for what Qt calls, or for the report, which the next one makes then."""

    def nested(levels: int) -> None:
        if levels:
            nested(levels - 1)
        else:
            handling.send()

    handling: Handling = Handling(lambda: handling.send())
    nested(deep)
    Handling(lambda: None).send()
    qtbot.waitUntil(lambda: bool(told))
    assert {text.partition(":")[0] for text in told} <= {"RecursionError", "SystemError"}


Start = Callable[[Path], Path | None]


@pytest.fixture
def start_log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts the log in a folder, for this test alone."""
    monkeypatch.setattr(log, "qInstallMessageHandler", lambda handler: None)
    before, level = list(log.log.handlers), log.log.level
    yield log.start_log
    for handler in set(log.log.handlers) - set(before):
        log.log.removeHandler(handler)
        with contextlib.suppress(OSError):  # the disk is full
            handler.close()
    log.log.setLevel(level)


def test_the_log_says_what_runs_and_stays_small(start_log: Start, tmp_path: Path) -> None:
    file = start_log(tmp_path / "new" / "folder")
    assert file == tmp_path / "new" / "folder" / "mnistviz.log"
    assert f"INFO mnistviz: mnistviz {__version__}, Python" in file.read_text(encoding="utf-8")
    for number in range(3_000):
        logging.getLogger("mnistviz.gui.lab.lab").warning("%d %s", number, "η" * 200)
    kept = sorted(file.parent.iterdir())
    assert [each.name for each in kept] == ["mnistviz.log", "mnistviz.log.1"]
    assert all(each.stat().st_size < 501_000 for each in kept)  # the last line may go a little over
    assert "WARNING mnistviz.gui.lab.lab: 2999 η" in file.read_text(encoding="utf-8")


def test_without_a_place_for_the_log_it_goes_to_the_terminal(
    start_log: Start, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert start_log(tmp_path / "file") is None
    assert start_log(tmp_path / "file" / "below") is None
    log.log.error("said nevertheless")
    assert "said nevertheless" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_on_a_full_disk_the_terminal_hears_of_faults_in_plain_lines(
    start_log: Start, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mnistviz.log").symlink_to("/dev/full")
    start_log(tmp_path)
    assert capsys.readouterr().err == ""
    log.log.error("said nevertheless")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("ERROR mnistviz: said nevertheless")


def test_what_qt_says_is_logged_as_seriously_as_it_is_meant(caplog: pytest.LogCaptureFixture) -> None:
    kinds = {
        QtCore.QtMsgType.QtDebugMsg: logging.DEBUG,
        QtCore.QtMsgType.QtWarningMsg: logging.WARNING,
        QtCore.QtMsgType.QtCriticalMsg: logging.ERROR,
    }
    with caplog.at_level(logging.DEBUG, "mnistviz.qt"):
        for kind in kinds:
            log.log_qt_message(kind, None, "layout")  # type: ignore[arg-type]
    assert caplog.record_tuples == [("mnistviz.qt", level, "layout") for level in kinds.values()]
