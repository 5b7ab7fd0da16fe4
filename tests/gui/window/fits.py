"""Whether all that is seen of a window can be read. Run with "lab" or "ideas" and the names of languages, it looks at
the window in every size, and says on standard output what does not fit; with "few", at both in the smallest size with
larger text, where there is least room. The scale of the screen is that of the process."""

import re
import sys
from collections.abc import Callable, Iterator
from itertools import combinations
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTranslator
from PySide6.QtGui import QFontDatabase, QRegion
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QSplitterHandle,
    QStyle,
    QStyleOptionComboBox,
    QTableWidget,
    QWidget,
)

from mnistviz.engine.commands import Step
from mnistviz.engine.digits import Digits, DigitSet, load_digits
from mnistviz.engine.mistakes.pins import Pin
from mnistviz.engine.network import Unit
from mnistviz.gui.app import prepare
from mnistviz.gui.common.choices import AgainstPart
from mnistviz.gui.common.painted_text import Painted, watched
from mnistviz.gui.common.widgets import ElidedLabel
from mnistviz.gui.common.wrapped import ShortenedLabel, whole_words
from mnistviz.gui.ideas.pages import PAGES
from mnistviz.gui.lab.in_card import STAGES
from mnistviz.gui.mistakes.against import ALONE
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.settings.plan_foot import WordedButton
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.views import LAYERS, LESSON, MINIBATCH, PINS
from tests.gui.children import child
from tests.gui.frames import wait
from tests.gui.later_start import later_start
from tests.gui.live_run import live_run
from tests.gui.window.panels import PANELS, open_panel
from tests.marked_words import all_marked

Size = tuple[int, int]
SMALLEST, LARGEST = (1024, 640), (1920, 1080)
REPLAYED = (1366, 700)  # in this size a replay is under way


class Extent(Struct, frozen=True):
    """In which sizes it looks at what, and with larger text or without."""

    window: tuple[Size, ...] = (SMALLEST,)
    runs: tuple[Size, ...] = (SMALLEST,)
    row: tuple[Size, ...] = (SMALLEST,)
    ideas: tuple[Size, ...] = (SMALLEST,)
    texts: tuple[bool, ...] = (True,)


ALL = Extent(
    window=(SMALLEST, (1024, 768), REPLAYED, (1366, 768), (1440, 900), LARGEST),
    runs=(SMALLEST, (1024, 768), (1440, 900)),
    row=(SMALLEST, (1366, 768)),
    ideas=(SMALLEST, (1366, 768), LARGEST),
    texts=(False, True),
)
FEW = Extent()
NOT_YET: tuple[str, ...] = ()  # views of the window whose insides are not looked at
LIE_ON_OTHERS = (
    "focus_frame",
    "readout",
    "lane_tail",
    "lane_band",
    "network_input",
    "network_input_caption",
    "network_foot",
    "network_picture",  # the ground of its card
    "units_showing",
    "over_pad",
    "row_cover",
    "stage_table",
    "unit_detail",
    "small_digit",
)  # object names of what may cover its neighbours
SLACK = 0.2  # of a line, which no letter of any font fills
MARKUP = re.compile(r"</?(span|b|i|br|p)\b|&\w+;")
LEAST_LEFT = 4  # letters of a text that is elided: fewer say nothing


def faults(window: MainWindow, painted: list[Painted]) -> Iterator[str]:
    """What can't be read or reached of a window, and of the text that it has painted."""
    arrangement = window.arrangement
    inside = arrangement.widget()
    if arrangement.isVisible() and (inside is None or arrangement.viewport().size() != inside.size()):
        yield f"scrolls: {inside and inside.size()} in {arrangement.viewport().size()}"
    last = {(text.whose, text.text): text for text in painted}  # what came before is no longer seen
    for text in last.values():
        if not text.fits:
            yield f"painted on {text.whose}: {text.shown!r} needs {text.needed}, has {text.room.size()}"
        if is_cut_short(text.text, text.shown):
            yield f"painted on {text.whose}: {text.text!r} as {text.shown!r}"
    seen = [each for each in window.findChildren(QWidget) if is_looked_at(each, window)]
    for widget in seen:
        about = f"{type(widget).__name__} {widget.objectName()!r}"
        yield from (f"{about}: {fault}" for fault in faults_of_text(widget))
        yield from (f"{about}: {fault}" for fault in faults_of_place(widget, window))
    parents = {id(widget.parentWidget()): widget.parentWidget() for widget in seen}
    for parent in parents.values():
        children = [each for each in seen if each.parentWidget() is parent]
        for one, other in combinations(children, 2):
            covers = {one.objectName(), other.objectName()} & set(LIE_ON_OTHERS)
            if any(
                isinstance(each, QLabel) and not each.text() and each.pixmap().isNull()
                for each in (one, other)
            ):
                continue  # there is nothing to be seen of it
            handle = isinstance(one, QSplitterHandle) or isinstance(other, QSplitterHandle)
            masks = [each.mask().translated(each.pos()) for each in (one, other)]
            room, of = (mask or each.geometry() for mask, each in zip(masks, (one, other), strict=True))
            if QRegion(room).intersects(of) and not covers and not handle:
                yield f"{one.objectName() or one} and {other.objectName() or other} overlap"


def is_looked_at(widget: QWidget, window: MainWindow) -> bool:
    if not widget.isVisible() or widget.window() is not window:
        return False
    return not any(getattr(window, name).isAncestorOf(widget) for name in NOT_YET)


def faults_of_text(widget: QWidget) -> Iterator[str]:
    """What of its own text does not fit into a widget."""
    metrics, width, height = widget.fontMetrics(), widget.width(), widget.height()
    if (
        isinstance(widget, QLabel)
        and widget.textFormat() == Qt.TextFormat.PlainText
        and MARKUP.search(widget.text())
    ):
        yield f"{widget.text()!r} is shown with its marks"
    if isinstance(widget, ElidedLabel):
        shown = whole_words(widget.text(), metrics, width)
        if is_cut_short(widget.text(), shown):
            yield f"{widget.text()!r} as {shown!r}"
    elif isinstance(widget, ShortenedLabel):
        if widget.text() and metrics.horizontalAdvance(widget.text()) > width:
            yield f"{widget.text()!r} in {width}"
    elif isinstance(widget, QLabel) and widget.text():
        high = widget.heightForWidth(width) if widget.wordWrap() else widget.sizeHint().height()
        written = metrics.size(0, widget.text()).width()  # of rich text with its marks
        wide = (
            0 if widget.wordWrap() else min(written, widget.sizeHint().width())
        )  # the least width may be more
        if wide > width + 1 or high > height + SLACK * high:
            yield f"{widget.text()!r} needs {wide} × {high}, has {width} × {height}"
    elif isinstance(widget, QAbstractButton) and widget.text():
        needed = widget.minimumSizeHint() if isinstance(widget, WordedButton) else widget.sizeHint()
        if len(widget.text()) == 1:  # a sign needs no room beside it but padding and border
            needed.setWidth(metrics.horizontalAdvance(widget.text()) + 6)
        if needed.width() > width + 1 or (1 - SLACK) * needed.height() > height + 1:
            yield f"{widget.text()!r} needs {needed}, has {widget.size()}"
    elif isinstance(widget, QComboBox):
        option = QStyleOptionComboBox()
        widget.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = widget.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, widget).width()
        if metrics.horizontalAdvance(widget.currentText()) > room:
            yield f"{widget.currentText()!r} in {room}"
    elif isinstance(widget, QLineEdit):
        for text in (widget.text(), widget.placeholderText()):
            if metrics.horizontalAdvance(text) > width - 12:
                yield f"{text!r} in {width}"


def is_cut_short(text: str, shown: str) -> bool:
    """Whether what is left of a text says nothing."""
    return shown != text and len(shown.rstrip("…")) < min(LEAST_LEFT, len(text))


def faults_of_place(widget: QWidget, window: QWidget) -> Iterator[str]:
    """Whether a widget is where it can be seen."""
    if (parent := widget.parentWidget()) is None or scrolls(widget, window):
        return
    if isinstance(widget, ShortenedLabel) and not widget.text():
        return  # it has left its room to others, and shows nothing
    if not parent.rect().contains(widget.geometry()):
        yield f"{widget.geometry()} is not inside {parent.objectName()!r}, {parent.rect()}"
    if not window.rect().contains(QRect(widget.mapTo(window, QPoint()), widget.size())):
        yield "outside the window"


def scrolls(widget: QWidget, window: QWidget) -> bool:
    """Whether it is in what scrolls, except for the window as a whole."""
    above = widget.parentWidget()
    while above is not None and above is not window:
        if isinstance(above, QAbstractScrollArea) and above.objectName() != "arrangement":
            return True
        above = above.parentWidget()
    return False


class Samples(QTranslator):
    """Words as long as those of another language; what is filled in stays."""

    def __init__(self, word: Callable[[str], str], parent: QObject) -> None:
        super().__init__(parent)
        self._word, self._marked = word, all_marked()

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        if (context, text) not in self._marked or "<" in text:
            return text
        parts = re.split(r"(\{\w*\})", text)
        return "".join(
            part
            if part.startswith("{")
            else re.sub(r"[A-Za-z]{3,}", lambda found: self._word(found[0]), part)
            for part in parts
        )


def german(word: str) -> str:
    """Three letters in ten more."""
    return word + ("en" * len(word))[: ceil(0.3 * len(word))]


def chinese(word: str) -> str:
    """Fewer characters, each of full width."""
    return "数字网络学习"[: ceil(0.4 * len(word))]


def english(word: str) -> str:
    return word


NO_FONT = "There is no Chinese font here."
LANGUAGES = {"english": english, "german": german, "chinese": chinese}


def trained(digits: Digits, folder: str) -> MainWindow:
    """A window with a run that has curves and a flag, and a digit on the pad."""
    window = MainWindow(later_start(Path(folder) / "stage.json"))
    window.resize(*LARGEST)
    window.show()
    window.lab.data.use(digits)
    wait(lambda: window.lab.shown.moment is not None)
    run = live_run(window.lab)
    for step, eta in ((60, 0.5), (150, 0.5)):
        window.lab.runs.send(Step(step - run.step))
        wait(lambda step=step: run.step == step and not run.playing)  # type: ignore[misc]
        window.controls.apply({"eta": eta})
    window.network.pad.show_test_digit()
    wait(lambda: not window.frame.isActive())
    return window


def see(window: MainWindow) -> None:
    """Lets it arrange and paint itself."""
    for _ in range(5):  # what is shorter may leave room for what was hidden
        QApplication.processEvents()
    window.grab()
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)  # what came last is not yet laid out


def told(window: MainWindow, about: str, size: Size | None = None) -> Iterator[str]:
    """What does not fit as the window paints itself anew; in another size, if one is given."""
    with watched() as painted:
        window.resize(*size or window.size().toTuple())
        see(window)
    yield from (f"{about}: {fault}" for fault in faults(window, painted))


def looks(window: MainWindow, extent: Extent) -> Iterator[str]:
    """All sizes with both sizes of text; in each, what does not fit. In the lowest, what else is to be seen there."""
    book = window.action_book
    for larger in extent.texts:
        window.look.set_text(125 if larger else 100)
        for size in extent.window:
            yield from told(window, f"{size}{' larger' * larger}", size)
        window.resize(*SMALLEST)
        window.curves.setFocus()
        book["enlarge"].setChecked(True)
        yield from told(window, f"curves large{' larger' * larger}")
        book["enlarge"].setChecked(False)
    for look in (
        with_runs, with_pins, with_a_mixture, with_stages, with_weights_by_hand, with_a_row, looking_back,
    ):  # fmt: skip
        yield from look(window, extent)


def with_runs(window: MainWindow, extent: Extent) -> Iterator[str]:
    """What does not fit with two runs and with eight, in the curves and in the table; one has a long name."""
    lab = window.lab
    for count in (2, 8):
        while len(lab.runs.open) < count:
            lab.runs.branch()
            wait(lambda: lab.run is not None and lab.run.ready)
        if count == 8:
            lab.runs.rename(lab.runs.open[2].number, "a name that has as many letters as it may")
        for tab in (id for id in PANELS if id not in ("minibatch", "pins")):
            for size in in_each_size(window, tab, extent.runs if count == 8 else extent.runs[:1], extent):
                if tab == "mistakes":
                    window.mistakes.compare_with(AgainstPart("run", lab.runs.open[0].letter))
                    window.mistakes.gallery.walk(1)
                    wait(lambda: not window.mistakes.group_card.isHidden())
                if tab == "layers":
                    layers = window.views[LAYERS]
                    layers.beside.choose(lab.runs.open[0].letter)
                    wait(lambda layers=layers: bool(layers.charts.content.beside_hue))  # type: ignore[misc]
                about = f"{count} runs, {tab} {size}"
                yield from told(window, about)
                yield from (f"{about}: {fault}" for fault in faults_of_table(window))
    for run in lab.runs.open[1:]:
        lab.runs.close(run.number)


def with_pins(window: MainWindow, extent: Extent) -> Iterator[str]:
    """What does not fit in the tab of pins: without one, and with a drawing and two digits that two runs read."""
    lab, pins, digits = window.lab, window.views[PINS], window.lab.digits
    lab.runs.branch()
    wait(lambda: lab.run is not None and lab.run.ready)
    wanted = [Pin(digits.test.images[0].tobytes())]
    for number in (1, 2):
        image, label = digits.test.images[number], int(digits.test.labels[number])
        wanted.append(Pin(image.tobytes(), label, digits.checksum, "test", number))
    for some, sizes in (([], extent.runs[:1]), (wanted, extent.row)):
        for pin in some:
            pins.pinned.pin(pin)
        for about in in_each_size(window, "pins", sizes, extent):
            wait(lambda: not pins.pins or all(row.along is not None for row in pins.curves.content.rows))
            yield from told(window, f"{len(some)} pins {about}")
    for pin in wanted:
        pins.pinned.unpin(pin)


def with_a_mixture(window: MainWindow, extent: Extent) -> Iterator[str]:
    """What does not fit where two runs are mixed: before the prediction, and with the curve, in the card, too."""
    lab, mistakes = window.lab, window.mistakes
    run = live_run(lab)
    lab.runs.send(Step(20))
    wait(lambda: run.has_obeyed and not run.playing)
    wait(lambda: all(each.complete and each.step == run.step for each in run.evaluations.values()))
    wait(lambda: not window.frame.isActive())  # a new measurement would close the card
    for about in in_each_size(window, "mistakes", extent.row, extent):
        mistakes.compare_with(AgainstPart("run", lab.runs.open[0].letter))
        wait(mistakes.mixing.action.isEnabled)
        mistakes.mixing.action.trigger()
        wait(lambda: mistakes.mixing._curve is not None)
        for predicted in (False, True):
            if predicted:
                mistakes.mixing.card.buttons["valley"].click()
                wait(lambda: lab.shown.preview is not None and not window.frame.isActive())
            yield from told(window, f"mixture {predicted} {about}")
        mistakes.mixing.close()
    mistakes.compare_with(ALONE)
    lab.runs.close(live_run(lab).number)


def with_stages(window: MainWindow, extent: Extent) -> Iterator[str]:
    """What does not fit in each stage of a mini-batch, of all digits and of one, with a weight of a unit that is
    kept."""
    view, selection = window.views[MINIBATCH], window.network.selection
    for about in in_each_size(window, "minibatch", extent.row, extent):
        wait(view.tiles.isVisible)
        for name in STAGES:
            view.stages.actions[name].trigger()
            for whole in (True, False):
                view.which.actions["all" if whole else "one"].trigger()
                selection.choose_unit(None if whole else Unit(1, 8))
                selection.choose_cell(None if whole else 400)
                yield from told(window, f"{name} {whole} {about}")
        selection.choose_unit(None)
        window.lab.chosen.choose("minibatch", stage="off")


def with_weights_by_hand(window: MainWindow, extent: Extent) -> Iterator[str]:
    """What does not fit of a unit that is switched off on a copy, in the card, and of a drawing that was taught."""
    lesson = window.views[LESSON]
    hand = child(window, HandWork)
    for about in in_each_size(window, "mistakes", extent.row, extent):
        window.open_unit(1, 8)
        hand.switch_off.trigger()
        wait(lambda: hand.effect is not None)
        yield from told(window, f"by hand {about}")
        window.action_book["teach_drawing"].trigger()
        lesson.choices.button(3).click()
        lesson.teach.click()
        wait(lambda: hand.taught is not None and hand.effect is not None)
        for _ in range(3):
            QApplication.processEvents()
        seen = [each for each in lesson.findChildren(QWidget) if each.isVisible() and each.window() is lesson]
        for widget in seen:
            found = [*faults_of_text(widget), *faults_of_place(widget, lesson)]
            yield from (f"lesson {about}: {widget.objectName()!r}: {fault}" for fault in found)
        lesson.close()
        hand.put_back.trigger()
        window.unit_detail.close()
        window.network.selection.let_go()


def in_each_size(window: MainWindow, tab: str, sizes: tuple[Size, ...], extent: Extent) -> Iterator[str]:
    """Opens a tab in some sizes, with both sizes of text. In the end the text is small, and the curves are open."""
    for larger in extent.texts:
        window.look.set_text(125 if larger else 100)
        for size in sizes:
            window.resize(*size)
            open_panel(window, tab)
            QApplication.processEvents()
            yield f"{size}{' larger' * larger}"
    window.look.set_text(100)
    open_panel(window, "curves")


def faults_of_table(window: MainWindow) -> Iterator[str]:
    """Cells of the table of runs whose text is wider than they are; the table itself may scroll. Names are shortened
    there, and the tooltip has them whole."""
    for table in window.findChildren(QTableWidget):
        for x in range(table.columnCount() if table.isVisible() else 0):
            for y in range(0 if table.isColumnHidden(x) else table.rowCount()):
                item = table.item(y, x)
                wide = table.fontMetrics().horizontalAdvance(item.text()) if item is not None else 0
                least = table.fontMetrics().horizontalAdvance("M" * 2 * LEAST_LEFT)
                if wide > table.columnWidth(x) and (x or table.columnWidth(x) < least):
                    yield f"cell {item and item.text()!r} needs {wide}, has {table.columnWidth(x)}"


def with_a_row(window: MainWindow, extent: Extent) -> Iterator[str]:
    """What does not fit with test digits in a row on the wide pad, the pad large, and while a picture is read."""
    book, row = window.action_book, window.network.row
    row.actions.wide.setChecked(True)
    window.network.pad.show_test_digit()
    row.actions.candidates.setChecked(True)
    for larger in extent.texts:
        window.look.set_text(125 if larger else 100)
        for size in extent.row:
            row.side.show_busy(size == SMALLEST)
            yield from told(window, f"row {size}{' larger' * larger}", size)
            row.side.show_busy(False)
            window.network.pad.setFocus()
            book["enlarge"].setChecked(True)
            yield from told(window, f"row large {size}{' larger' * larger}")
            book["enlarge"].setChecked(False)
    row.actions.wide.setChecked(False)


def looks_of_ideas(window: MainWindow, extent: Extent) -> Iterator[str]:
    """Each page, as it opens, in some sizes with both sizes of text; in each, what does not fit."""
    window.action_book["ideas"].trigger()
    for larger in extent.texts:
        window.look.set_text(125 if larger else 100)
        for entry in PAGES:
            window.ideas.open(entry.id)
            for size in extent.ideas:
                with watched() as painted:
                    window.resize(*size)
                    wait(lambda: not window.lab.jobs.is_busy())  # what is worked out is there then
                    see(window)
                where = f"{entry.id} {size}{' larger' * larger}"
                yield from (f"{where}: {fault}" for fault in faults(window, painted))
    window.look.set_text(100)


def looking_back(window: MainWindow, extent: Extent) -> Iterator[str]:
    """What does not fit in the past, with a plan and a setting for a new run, and while a replay goes on."""
    playhead = window.lab.playhead
    playhead.visit(100)
    wait(lambda: playhead.exact)
    window.controls.apply({"eta": 0.7, "momentum": 0.5, "seed": 3})
    wait(lambda: not window.controls.foot.branch_button.isHidden())
    for larger in extent.texts:
        window.look.set_text(125 if larger else 100)
        window.resize(*LARGEST)
        see(window)
        for size in extent.window:
            window.timeline.show_progress(1_000, 8_000 if size == REPLAYED else 0)
            yield from told(window, f"past {size}{' larger' * larger}", size)
    window.timeline.show_progress(0, 0)
    playhead.live_again()
    window.controls.revert()


def main() -> None:
    app = QApplication(["mnistviz"])
    prepare(app)
    digits = load_digits()
    sets = (digits.training, digits.validation, digits.test)
    training, validation, test = (DigitSet(part.images[:500], part.labels[:500]) for part in sets)
    small = Digits("small", training, validation, test, digits.classes, "small")
    has_chinese = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    part, *languages = sys.argv[1:]
    parts = {"lab": [looks], "ideas": [looks_of_ideas], "few": [looks, looks_of_ideas]}[part]
    for name in languages:
        if name == "chinese" and not has_chinese:
            print(NO_FONT)
            continue
        language = Samples(LANGUAGES[name], app)
        app.installTranslator(language)
        with TemporaryDirectory() as folder:
            window = trained(small, folder)
            found = [fault for look in parts for fault in look(window, FEW if part == "few" else ALL)]
            print(name, *found, sep="\n", end="\n\n")
            window.close()
        app.removeTranslator(language)


if __name__ == "__main__":
    main()
