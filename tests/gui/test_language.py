"""A second language: in a made-up one, nothing on the screen is left in English."""

import errno
import gc
import html
import os
import re
import string
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import PySide6
import pytest
from msgspec.structs import asdict
from PySide6 import QtWidgets
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QObject, QPoint, Qt, QTranslator
from PySide6.QtGui import QAction, QColor, QHelpEvent, QImage, QPainter, QPen
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

import mnistviz
from mnistviz.engine import acts
from mnistviz.engine.commands import Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.network import Unit
from mnistviz.engine.observations import Finding
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings
from mnistviz.gui.app import use_language
from mnistviz.gui.common import setting_names as names
from mnistviz.gui.common.choices import AgainstPart
from mnistviz.gui.common.messages import tell
from mnistviz.gui.common.widgets import engine_sentence, problem_sentence
from mnistviz.gui.curves.curve_texts import CurveTexts
from mnistviz.gui.ideas.pages import PAGES
from mnistviz.gui.ideas.parts.idea_plot import IdeaPlot
from mnistviz.gui.lab.session_keeper import Trouble
from mnistviz.gui.lab.shown import Lifecycle, RunFacts, Shown
from mnistviz.gui.window.guide import GuideWindow
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.notice_sentences import NOTICE_SENTENCES
from mnistviz.sentences import FIELDS, REASONS, SENTENCES, SYMBOLS
from tests.declared import CHOICES
from tests.gui.children import known
from tests.gui.live_run import live_run
from tests.gui.pretending import pretend
from tests.gui.window.panels import open_panel
from tests.marked_words import all_marked, unclear

NAMES = {
    *("mnistviz", "MNIST", "Python", "NumPy", "PySide", "Qt", "pyqtgraph", "Linux", "Darwin", "Windows"),
    *("x86", "aarch", "arm", "AMD", "npz"),
    *("Ctrl", "Shift", "Space", "Left", "Right", "Up", "Down", "Del", "Tab", "Alt"),  # keys
    *(
        "AM",
        "PM",
        *map(QLocale().monthName, range(1, 13)),
        *map(QLocale().dayName, range(1, 8)),
    ),  # Qt's dates
    *("small", "nothing", "there", "own"),  # a data set, files and a recipe of this test
}
"""Words that are the same in every language."""

UNSEEN = {"objectName", "styleSheet", "windowRole", "windowFilePath", "html", "markdown", "inputMask"}
"""Properties of text that are not on the screen."""

Open = Callable[..., MainWindow]


class Brackets(QTranslator):
    """A language that puts ⟦brackets⟧ around what is marked, but not around what is filled in."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._marked = all_marked()

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        of_qt = context.startswith("Q") and context not in ("QShortcut", "QGuiApplication")
        if not of_qt and (context, text) not in self._marked:
            return text
        parts = re.split(r"(\{\w*\})", text)
        return "".join(
            part if part.startswith("{") or part.isspace() or not part else f"⟦{part}⟧" for part in parts
        )


def english(text: str) -> list[str]:
    """The words of `text` that are in no brackets and are no names."""
    plain = html.unescape(re.sub(r"<[^>]*>", " ", text))
    plain = plain.replace(os.strerror(errno.ENOENT), "")  # what the system says
    plain = re.sub(r"⟦[^⟦⟧]*(?:⟧|$)", " ", plain)
    plain = re.sub(r"\w[₀-₉]+", " ", plain)  # x₁ is the same in every language
    return [word for word in re.findall(r"[^\W\d_]+", plain) if len(word) > 1 and word not in NAMES]


class Screen:
    """Looks at all that can be read and remembers what is English."""

    def __init__(self) -> None:
        self.left: set[str] = set()
        self.read = 0

    def hear(self, text: str, whose: str = "") -> None:
        self.read += 1
        if english(text):
            self.left.add(f"{whose}: {text!r}")

    def look(self, *at: QtWidgets.QWidget) -> None:
        """Reads what is in some widgets, or in all windows: every property that holds text, every entry of a
        list, and what is painted."""
        for top in at or QtWidgets.QApplication.topLevelWidgets():
            for thing in (top, *top.findChildren(QObject)):
                of_qt = isinstance(thing, QtWidgets.QWidget) and isinstance(
                    thing.window(), QtWidgets.QFileDialog
                )
                if isinstance(thing, QtWidgets.QFileDialog) or (
                    isinstance(thing, QtWidgets.QWidget | QAction) and not of_qt
                ):
                    self._look_at(thing)
            if top.isVisible() and not isinstance(top, QtWidgets.QFileDialog):
                top.grab()

    def _look_at(self, thing: QtWidgets.QWidget | QAction) -> None:
        about = thing.metaObject()
        for number in range(about.propertyCount()):
            each: Any = about.property(number)  # its texts are declared as bytes, and are none
            if each.typeName() == "QString" and each.name() not in UNSEEN:
                whose = f"{type(thing).__name__} {thing.objectName()}.{each.name()}"
                self.hear(str(thing.property(each.name()) or ""), whose)
        if isinstance(thing, QtWidgets.QComboBox):
            for row in range(thing.count()):
                for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                    self.hear(str(thing.itemData(row, role) or ""), f"{thing.objectName()}, row {row}")
        if isinstance(thing, QtWidgets.QTableWidget):
            for x in range(thing.columnCount()):
                cells = (thing.item(y, x) for y in range(thing.rowCount()))
                for item in (thing.horizontalHeaderItem(x), *cells):
                    if item is not None:
                        self.hear(item.text(), thing.objectName())
                        self.hear(item.toolTip(), thing.objectName())
        if isinstance(thing, QtWidgets.QGraphicsView) and isinstance(thing, IdeaPlot):
            for item in thing.scene().items():  # which Qt paints itself
                if isinstance(item, QtWidgets.QGraphicsSimpleTextItem | QtWidgets.QGraphicsTextItem):
                    self.hear(
                        item.text()
                        if isinstance(item, QtWidgets.QGraphicsSimpleTextItem)
                        else item.toPlainText(),
                        thing.objectName(),
                    )
        if isinstance(thing, QtWidgets.QTextBrowser):
            self.hear(thing.toPlainText(), thing.objectName())

    def hover(self, widget: QtWidgets.QWidget) -> None:
        """Reads the tooltips that depend on the place."""
        for x in range(5, widget.width(), 20):
            for y in range(5, widget.height(), 20):
                place = QPoint(x, y)
                event = QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place))
                QCoreApplication.sendEvent(widget, event)


@pytest.fixture
def screen(qapp: QtWidgets.QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    """The program in the language of brackets, until the test ends."""
    gc.collect()  # windows of tests before are English
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    seen = Screen()

    def listening(function: Any, whose: str) -> Any:
        def heard(*given: object) -> Any:
            for value in given:
                if isinstance(value, str):
                    seen.hear(value, whose)
            return function(*given)

        return heard

    monkeypatch.setattr(QPainter, "drawText", listening(QPainter.drawText, "painted"))
    monkeypatch.setattr(
        QtWidgets.QToolTip, "showText", staticmethod(listening(lambda *given: None, "tooltip"))
    )
    language = Brackets(qapp)
    qapp.installTranslator(language)
    yield seen
    qapp.removeTranslator(language)
    assert not seen.left, "\n".join(sorted(seen.left))
    assert seen.read > 100


@contextmanager
def closing(window: MainWindow, kind: type[QtWidgets.QDialog]) -> Iterator[None]:
    """Lets dialogs be looked at, then closes them."""
    yield
    shown = [dialog for dialog in window.findChildren(kind) if dialog.isVisible()]
    assert shown, kind
    for dialog in shown:
        dialog.reject()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def rest(qtbot: QtBot, window: MainWindow, step: int) -> None:
    """Trains up to a step, and waits until all of it is drawn."""
    run = live_run(window.lab)
    if step > run.step:
        window.lab.runs.send(Step(step - run.step))

    def at_rest() -> bool:
        steps = {evaluation.step for evaluation in run.evaluations.values()}
        return run.step == step and not run.playing and steps == {step} and run.has_obeyed

    qtbot.waitUntil(at_rest)


def action(window: MainWindow, name: str) -> QAction:
    found = window.findChild(QAction, name)
    assert isinstance(found, QAction), name
    return found


@pytest.mark.long
def test_the_window_before_while_and_after_it_learns(
    qtbot: QtBot, open_window: Open, small_digits: Digits, screen: Screen
) -> None:
    window = open_window()
    window.resize(1440, 900)
    screen.look()
    window.steering.toggle_play()
    screen.look()
    window.data_sets.load(Path("nothing"))
    qtbot.waitUntil(lambda: bool(window.findChildren(QtWidgets.QMessageBox)))
    with closing(window, QtWidgets.QMessageBox):
        screen.look()
    window.lab.data.use(small_digits)
    qtbot.waitUntil(lambda: window.lab.run is not None and window.lab.run.moment is not None)
    window.network.pad.show_test_digit()
    rest(qtbot, window, 0)
    screen.look()
    window.transport.set_rate(100.0)
    window.steering.toggle_play()
    qtbot.waitUntil(lambda: window.lab.run is not None and window.lab.run.step > 0)
    screen.look()
    window.steering.toggle_play()
    window.transport.set_rate(None)
    qtbot.waitUntil(lambda: window.lab.run is not None and window.lab.run.has_obeyed)
    rest(qtbot, window, 250)
    window.controls.apply({"eta": 0.5, "momentum": 0.5, "weight_decay": 1.0, "shift": 1, "stop": "epochs"})
    rest(qtbot, window, 350)
    action(window, "restore_best_action").trigger()
    run = live_run(window.lab)
    qtbot.waitUntil(lambda: isinstance(run.history.interventions[-1], acts.Restored))
    for name in ("cost_plot", "accuracy_plot"):
        plot = window.findChild(QtWidgets.QAbstractScrollArea, name)
        inside = plot.viewport()
        for share in (0.3, 0.6, 0.9):
            QTest.mouseMove(inside, QPoint(int(share * inside.width()), inside.height() // 2))
            screen.look(window.curves)
    for name in ("log_cost_action", "error_scale_action", "x_minibatches_action"):
        action(window, name).trigger()
    screen.look()
    mistakes = window.mistakes
    window.arrangement.tabs.open("mistakes")
    mistakes.gallery.walk(1)
    qtbot.waitUntil(lambda: bool(mistakes.chosen.near.near))
    for overview in ("matrix", "map"):
        mistakes.overviews.actions[overview].trigger()
        screen.look(mistakes)
        for part in (mistakes.matrix, mistakes.map_card.map, mistakes.chosen.story.strip):
            screen.hover(part)
    window.arrangement.tabs.open("curves")
    window.steering.new_run()
    rest(qtbot, window, 20)
    screen.hover(window.network.picture)
    window.sessions.start_afresh()

    def earlier() -> bool:
        window.sessions.refresh()
        return bool(window.sessions.earlier)

    qtbot.waitUntil(earlier)
    action(window, "earlier_sessions_action").trigger()
    with closing(window, QtWidgets.QDialog):
        screen.look()
    window.lab.training.failed.emit(window.lab.run.number, "")
    with closing(window, QtWidgets.QMessageBox):
        screen.look()


@pytest.mark.long
def test_several_runs(
    qtbot: QtBot, open_window: Open, small_digits: Digits, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(small_digits)
    window.resize(1440, 900)
    rest(qtbot, window, 40)
    open_panel(window, "compare")
    screen.look()
    lab = window.lab
    for begin in (lab.runs.branch, lab.runs.butterfly):
        begin()
        qtbot.waitUntil(lambda: lab.run is not None and lab.run.ready)
    window.controls.apply({"seed": 5, "training_digits": 100})
    window.steering.new_run()
    qtbot.waitUntil(lambda: lab.run is not None and lab.run.ready)
    rest(qtbot, window, 20)
    screen.look()
    window.arrangement.tabs.open("mistakes")
    window.mistakes.compare_with(AgainstPart("run", lab.runs.open[0].letter))
    qtbot.waitUntil(lambda: not window.mistakes.group_card.isHidden())
    for overview in ("groups", "matrix"):
        window.mistakes.overviews.actions[overview].trigger()
        screen.look(window.mistakes)
    window.arrangement.tabs.open("curves")
    screen.look()
    lab.runs.relabel(lab.runs.open[0].number, hidden=True)
    second, third = (run.number for run in lab.runs.open[1:3])
    monkeypatch.setattr("mnistviz.gui.runs.lane.WORTH_SAYING", 0)
    pretend(lab, second, on=True, lifecycle=Lifecycle.WAITING)
    pretend(lab, third, on=True, lifecycle=Lifecycle.LEARNING)
    screen.look()
    for run in (second, third):
        pretend(lab, run, lifecycle=Lifecycle.RESTING)
    window.timeline.lanes.open_menu(second, QPoint(2, 2))
    menu = known(window.findChild(QtWidgets.QMenu, "lane_menu"))
    screen.look(menu)
    menu.close()
    action(window, "rename_run_action").trigger()
    screen.look()
    for codes in ("data", "epoch", "nothing", "forked", "beyond"):
        window.timeline.lanes.set_absences(dict.fromkeys((run.number for run in lab.runs.open), codes))
        screen.look(window.timeline.lanes)
    lab.runs.close(lab.runs.open[1].number)
    screen.look()


@pytest.mark.long
def test_looking_back(qtbot: QtBot, open_window: Open, small_digits: Digits, screen: Screen) -> None:
    window = open_window(small_digits)
    window.resize(1440, 900)
    timeline, playhead = window.timeline, window.lab.playhead
    window.network.pad.show_test_digit()
    rest(qtbot, window, 150)
    window.controls.apply({"eta": 0.5})
    rest(qtbot, window, 350)
    window.open_unit(1, 3)
    screen.hover(timeline.strip.viewport())
    playhead.visit(100)
    qtbot.waitUntil(lambda: playhead.exact)
    window.controls.apply({"eta": 0.7, "momentum": 0.5, "seed": 3})
    qtbot.waitUntil(window.controls.foot.branch_button.isVisible)
    screen.look()
    for done, of in ((100, 4_000), (0, 0)):
        timeline.show_progress(done, of)
        screen.look(timeline)
    for typed in ("1.5", "9999", "-9999"):
        timeline.field.setFocus()
        qtbot.keyClicks(timeline.field, typed)
        qtbot.keyClick(timeline.field, Qt.Key.Key_Return)
        assert timeline.field.error
        screen.look()
    playhead.set_train_on(True)
    window.transport.set_rate(1.0)
    window.steering.toggle_play()
    screen.look()
    window.steering.toggle_play()
    window.transport.set_rate(None)
    branch = live_run(window.lab, window.lab.runs.branch())
    qtbot.waitUntil(lambda: branch.ready)
    rest(qtbot, window, 110)
    screen.hover(timeline.strip.viewport())
    window.lab.playhead.visit(50)
    window.action_book["butterfly"].trigger()
    qtbot.waitUntil(lambda: window.line.message.said is not None and window.time._nudged is None)
    screen.look()


@pytest.mark.long
def test_every_idea(qtbot: QtBot, screen: Screen, open_window: Open, small_digits: Digits) -> None:
    window = open_window(small_digits)
    window.action_book["ideas"].trigger()
    for entry in PAGES:
        window.ideas.open(entry.id)
        page = window.ideas.page
        screen.look(window)
        page.show_me()
        qtbot.waitUntil(lambda: not window.lab.jobs.is_busy(), timeout=20_000)
        page.press_main()
        qtbot.waitUntil(lambda: not window.lab.jobs.is_busy(), timeout=20_000)
        for task in entry.tasks:
            page.tasks.finish(task)
        screen.look(window)
    gc.collect()


@pytest.mark.long
def test_a_row(qtbot: QtBot, open_window: Open, small_digits: Digits, screen: Screen, tmp_path: Path) -> None:
    window = open_window(small_digits)
    window.resize(1440, 900)
    rest(qtbot, window, 0)
    row, pad = window.network.row, window.network.pad
    row.actions.wide.setChecked(True)
    screen.look()
    pad.show_test_digit()
    row.actions.candidates.setChecked(True)
    screen.look()
    row.actions.walk.trigger()
    screen.look()
    row.cutting.add(round(row.cells.width() / 2))
    screen.look()
    drawn = QImage(600, 200, QImage.Format.Format_Grayscale8)
    drawn.fill(255)
    painter = QPainter(drawn)
    painter.setPen(QPen(QColor("black"), 12))
    for height in (20, 130):
        painter.drawPolyline([QPoint(200, height), QPoint(260, height), QPoint(220, height + 50)])
    painter.end()
    path = tmp_path / "own.npz.png"
    drawn.save(str(path))
    row.pictures.open(path)
    screen.look()
    qtbot.waitUntil(lambda: not row.pictures.is_reading)
    screen.look()
    row.actions.picture.trigger()
    with closing(window, QtWidgets.QFileDialog):
        screen.look()
    row.pictures.open(Path("nothing"))
    qtbot.waitUntil(lambda: bool(window.findChildren(QtWidgets.QMessageBox)))
    with closing(window, QtWidgets.QMessageBox):
        screen.look()


@pytest.mark.long
def test_what_the_controls_say(qtbot: QtBot, open_window: Open, small_digits: Digits, screen: Screen) -> None:
    window = open_window(small_digits)
    rest(qtbot, window, 10)
    controls = window.controls
    controls.list.more.setChecked(True)
    controls.parts.distortion.click()
    controls.parts.open_classes.click()
    for number in range(max(map(len, CHOICES.values()))):
        chosen = {field: choices[min(number, len(choices) - 1)] for field, choices in CHOICES.items()}
        controls.show_settings(Settings(**chosen))  # type: ignore[arg-type]
        screen.look(controls)
    controls.apply({"sizes": (784, 2_000, 2_000, 2_000, 10), "training_digits": 100})
    screen.look()
    controls.revert()
    for row in (0, 1):
        controls.recipes.combo.setCurrentIndex(row)
        controls.recipes.combo.activated.emit(row)
        screen.look(controls)
    controls.revert()
    for name in ("eta_field", "seed_field"):
        field = window.findChild(QtWidgets.QLineEdit, name)
        field.setFocus()
        field.clear()
        qtbot.keyClicks(field, "-1")
        qtbot.keyClick(field, Qt.Key.Key_Return)
    screen.look()
    for number, code in enumerate(sorted(NOTICE_SENTENCES)):
        if code.endswith(("_short", "_why")):
            continue
        finding = Finding(
            code,
            values_of(code) | values_of(code + "_short") | values_of(code + "_why"),
            asdict(Settings()) if number % 7 == 0 else {},
            in_new_run=number % 2 == 0,
            back_to_best=number % 3 == 0,
        )
        window.line.draw(Shown())
        window.line.notices.show_findings([finding, finding])
        window.line.catch_up()
        window.line.message.why_button.click()
        screen.look(window.line, window.line.explanation)
        window.line.explanation.close()
    window.line.draw(Shown())
    recipes = controls.recipes
    recipes.save_as("own")
    recipes.ask_save()
    with closing(window, QtWidgets.QInputDialog):
        screen.look()
    recipes.delete()
    screen.look(window.line)
    recipes.save_as("own")
    for do in (lambda: recipes.save_as("own"), lambda: recipes.save_as(recipes.combo.itemText(1))):
        do()
        with closing(window, QtWidgets.QMessageBox):
            screen.look()


@pytest.mark.long
def test_units_and_one_large(qtbot: QtBot, open_window: Open, small_digits: Digits, screen: Screen) -> None:
    window = open_window()
    window.unit_detail.show()
    screen.look()
    window.unit_detail.hide()
    window.controls.show_settings(Settings(sizes=(784, 30, 25, 10)))
    window.lab.data.use(small_digits)
    rest(qtbot, window, 0)
    screen.look()
    rest(qtbot, window, 5)
    card, detail = window.network, window.unit_detail
    card.pad.show_test_digit()
    card.path_action.setChecked(True)
    for layer in (1, 2, 3):
        for showing in ("learned", "weights"):
            card.showing.choose(showing)
            detail.showing.choose(showing)
            card.select(layer, 0)
            window.open_unit(layer, 0)
            stage = card.picture.opened_stage
            place = stage.slots.picture_of(0) if stage.slots is not None else None
            QTest.mouseMove(card.picture.viewport(), place.center().toPoint())
            QTest.mouseMove(detail.picture, detail.picture.rect().center())
            screen.look()
        qtbot.waitUntil(lambda: bool(detail.ranked.most.shown))
        screen.look()
        screen.hover(detail.ranked.most)
    window.open_unit(2, 24)
    for sizes in ((784, 30, 20, 10), (784, 10)):
        window.controls.show_settings(Settings(sizes=sizes))
        window.steering.new_run()
        rest(qtbot, window, 0)
        screen.look()
    detail.close()


@pytest.mark.long
def test_help_and_messages(qtbot: QtBot, open_window: Open, small_digits: Digits, screen: Screen) -> None:
    window = open_window(small_digits)
    rest(qtbot, window, 0)
    for name in ("find_action", "keys_action", "all_keys_action"):
        action(window, name).trigger()
        screen.look()
        known(QtWidgets.QApplication.activePopupWidget()).close()
    action(window, "about_action").trigger()
    with closing(window, QtWidgets.QDialog):
        screen.look()
    action(window, "guide_action").trigger()
    guide = window.findChild(GuideWindow)
    for words in ("e", "in no language"):
        guide.search.setText(words)
        assert guide.found.text()
        guide.page.clear()  # the page itself is there in English only
        guide.search.blockSignals(True)
        guide.search.clear()
        guide.search.blockSignals(False)
        with closing(window, QtWidgets.QDialog):
            screen.look()
        guide.show()
    guide.close()
    for name in ("open_network_action", "save_network_action", "open_data_action"):
        action(window, name).trigger()
        with closing(window, QtWidgets.QFileDialog):
            screen.look()
            for dialog in window.findChildren(QtWidgets.QFileDialog):
                screen.hear(" ".join(dialog.nameFilters()), "filters")
    window.documents.open(Path("nothing.npz"))
    window.data_sets.load(Path("nothing"))
    window.documents.save(window.lab.shown, Path("/nothing/there/own.npz"))
    window.report_exception("")
    for code in ("data_unreadable", "network_does_not_fit", "file_not_written"):
        tell(window, "", problem_sentence(Problem(code, **values_of(code))))
    qtbot.waitUntil(
        lambda: len([box for box in window.findChildren(QtWidgets.QMessageBox) if box.isVisible()]) == 7
    )
    with closing(window, QtWidgets.QMessageBox):
        screen.look()
    keeper = window.documents.keeper
    for run in (window.lab.run, RunFacts(99, window.lab.run.settings)):
        keeper.troubles = {run.number: Trouble(run.number, run.letter, "not_a_regular_file")}
        keeper.show_troubles()
        screen.look()
    window.documents.restore_recent(["/nothing/there.npz"])
    for menu in window.findChildren(QtWidgets.QMenu):
        menu.aboutToShow.emit()
    screen.look()


def values_of(code: str) -> dict[str, object]:
    """Something for each place of a sentence; what a code may stand for as a code."""
    places = [name for _, name, _, _ in string.Formatter().parse(SENTENCES[code]) if name]
    known = {"field": "eta", "setting": "momentum", "reason": "not_utf8", "names": ("7", "8")}
    known |= {"effect": "less", "short_effect": "less"}
    return {name: known.get(name, 7) for name in places}


def test_every_sentence_and_every_name_of_a_setting(screen: Screen) -> None:
    for code in SENTENCES:
        screen.hear(engine_sentence(code, values_of(code)), code)
    for place, table in (("field", FIELDS), ("setting", SYMBOLS)):
        for name in table:
            values = values_of("change_same") | {"value": 7, "low": 7, "high": 7, place: name}
            code = "change_same" if place == "setting" else "setting_out_of_range"
            screen.hear(engine_sentence(code, values), f"{place} {name}")
    for reason in REASONS:
        screen.hear(engine_sentence("data_unreadable", {"file": "nothing", "reason": reason}), reason)
    for field, value in asdict(Settings()).items():
        screen.hear(names.short(field), field)
        for choice in (value, *CHOICES.get(field, ())):
            screen.hear(names.value(field, choice), field)
    texts = CurveTexts()
    for act in (
        acts.Restored(10, 100, 5),
        acts.Halved(10, 100, 3.0, 1.5),
        acts.Stepped(10, 100, 0.5, (3, 1)),
        acts.Edited(10, 100, acts.WeightEdit(1, ((0, 0),), (1.0,))),
        acts.Frozen(10, 100, Unit(1, 3)),
        acts.Frozen(10, 100, Unit(1, 3), frozen=False),
        acts.Taught(10, 100, acts.Lesson(bytes(784), 7, 0.3)),
        acts.Changed(10, 100, (("stop", "never", "epochs"),)),
    ):
        screen.hear(texts.intervention(act), "mark")
        for line in texts.interventions([act] * 9):
            screen.hear(line, "marks")


def test_all_that_is_marked_is_marked_as_a_literal() -> None:
    """`lupdate` reads sources: of a variable, or of text that is put together, it finds nothing."""
    through = "texts.py"  # hands on what is marked elsewhere
    assert [call for call in unclear() if not call.startswith(through)] == []
    assert len(list(unclear())) == 1


def test_every_sentence_is_marked() -> None:
    words = {text for context, text in all_marked() if not context}
    for table in (SENTENCES, FIELDS, SYMBOLS, REASONS):
        assert set(table.values()) <= words


def tool(name: str) -> str:
    """A tool of Qt's that comes with the window's own package; it needs a system library that the window does not."""
    path = str(Path(PySide6.__file__).parent / name)
    if subprocess.run([path, "-version"], capture_output=True, timeout=60).returncode == 127:
        pytest.skip(f"{name} lacks a system library. On Debian and Ubuntu: sudo apt install libgssapi-krb5-2")
    return path


ALIAS = ("-tr-function-alias", "QT_TR_NOOP+=marked")  # as in the Makefile


def test_a_translators_file_finds_all_and_is_taken_up(qapp: QtWidgets.QApplication, tmp_path: Path) -> None:
    """What `make translations` does, and what the program does with it at its start."""
    file = tmp_path / "mnistviz_de.ts"
    package = Path(mnistviz.__file__).parent
    subprocess.run(
        [tool("lupdate"), "-silent", *ALIAS, "-extensions", "py", str(package), "-ts", str(file)],
        check=True,
        timeout=60,
    )
    tree = ET.parse(file)
    found = {
        (context.findtext("name", ""), message.findtext("source", ""))
        for context in tree.iter("context")
        for message in context.iter("message")
    }
    assert found == all_marked()
    for message in tree.iter("message"):
        translation = message.find("translation")
        if message.findtext("source") == SENTENCES["network_missing"]:
            translation.text = "Es gibt keine Datei {file}."
            del translation.attrib["type"]
    tree.write(file, encoding="utf-8", xml_declaration=True)
    subprocess.run([tool("lrelease"), "-silent", str(file)], check=True, timeout=60)
    before = qapp.children()
    for language, said in (("fr-FR", "There is no file x."), ("de-AT", "Es gibt keine Datei x.")):
        use_language(qapp, language, tmp_path)
        assert engine_sentence("network_missing", {"file": "x"}) == said
    for translator in qapp.findChildren(QTranslator):
        if translator not in before:
            qapp.removeTranslator(translator)
            translator.deleteLater()
    assert engine_sentence("network_missing", {"file": "x"}) == "There is no file x."


def test_a_start_without_translations_is_english(qapp: QtWidgets.QApplication, tmp_path: Path) -> None:
    for language in ("C", "de", "zh-CN", ""):
        use_language(qapp, language, tmp_path / "nowhere")
    assert engine_sentence("network_missing", {"file": "x"}) == "There is no file x."
