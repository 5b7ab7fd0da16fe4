"""What the window shows leaves it as files that other programs read, with the settings of the run in each."""

import base64
import html
import re
import threading
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.recipe_line import read_line
from mnistviz.engine.experiment.saved import checksum
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.scores import score_choice
from mnistviz.engine.settings import Settings
from mnistviz.engine.storage import load_network
from mnistviz.gui.common.theme import theme
from mnistviz.gui.ideas.pages import IDS
from mnistviz.gui.network.card_report import REPORT
from mnistviz.gui.window import exports, report
from mnistviz.gui.window.film import FRAMES, Projector
from mnistviz.gui.window.main_window import MainWindow
from tests.examples import one_quick
from tests.gui.frames import is_settled, run_to, wait_undrawn
from tests.gui.live_run import live_run
from tests.gui.window.two_runs import settle, weights
from tests.torture.gestures import Gestures
from tests.torture.promises import Promises

SVG = "{http://www.w3.org/2000/svg}"
PICTURES = ("network", "compare", "units", "unit", "row", "cost", "accuracy")


@pytest.fixture
def learned(window: MainWindow) -> MainWindow:
    """A window with a run of 150 mini-batches, η changed after 100 of them, and a run before."""
    window.resize(1440, 900)
    run_to(window, 30, draws=False)
    window.controls.apply({"eta": 1.0, "seed": 7})
    window.steering.new_run()
    wait_undrawn(window, lambda: window.lab.shown.moment is not None, draws=False)
    run_to(window, 100, draws=False)
    window.controls.apply({"eta": 0.25})
    run_to(window, 150, draws=False)
    run = live_run(window.lab)
    wait_undrawn(window, lambda: [read.step for read in run.evaluations.values()] == [150] * 3)
    window.network.pad.show_test_digit()
    return window


def choose(window: MainWindow, what: str) -> None:
    """Chooses a unit, or has a row, for the picture of it."""
    if what == "unit":
        window.network.select(1, 0)
    elif what == "row":
        window.network.row.actions.wide.setChecked(True)
        window.network.pad.show_test_digit()


def written(qtbot: QtBot, window: MainWindow, path: Path, what: str) -> Path:
    path.unlink(missing_ok=True)
    choose(window, what)
    window.exports.write_picture(what, path)
    qtbot.waitUntil(path.exists)
    qtbot.waitUntil(
        lambda: path.name in window.line.message.text.accessibleName()
    )  # else it comes to the next test
    return path


def told(qtbot: QtBot, window: MainWindow) -> str:
    """What the message says that comes. It is closed."""
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "message") is not None)
    box = window.findChild(QMessageBox, "message")
    text = f"{box.text()} {box.informativeText()}"
    box.close()
    box.deleteLater()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "message") is None)
    return text


def words_of(root: ElementTree.Element) -> list[str]:
    """The texts of an SVG."""
    return ["".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")]


def reported(qtbot: QtBot, window: MainWindow, path: Path) -> str:
    """The page of a report that is written."""
    window.exports.write_report(path)
    qtbot.waitUntil(lambda: path.name in window.line.message.text.accessibleName(), timeout=20_000)
    return path.read_text(encoding="utf-8")


def check_note(note: str) -> None:
    """It is a file of settings, those that the run was begun with, and says what was done to it."""
    assert Settings.from_mapping(tomllib.loads(note)) == Settings(eta=1.0, seed=7)
    assert "after 150 mini-batches" in note
    assert "after 100 mini-batches: eta 1.0 → 0.25" in note


def check_svg(root: ElementTree.Element, what: str) -> None:
    """It has the settings, texts, and lines as lines."""
    check_note(root.findtext(f"{SVG}desc", ""))
    said = "\n".join(words_of(root))
    expected = {
        "cost": {"Cost", "epochs", "middle 80 %", "A seed 1,", "B seed 7,"},
        "accuracy": {"Accuracy", "validation", "A seed 1,", "B seed 7,", "epochs"},
        "network": {"Outputs", "Scratchpad"},
        "units": {"Hidden layer 1", "30 units"},
        "unit": {"Unit 1", "Its weights to the outputs"},
        "row": {"0."},
        "compare": {"Run", "cost", "may be luck", "seed 7,"},
    }
    assert not [each for each in expected[what] if each not in said], said
    if what in ("cost", "accuracy"):
        assert not list(root.iter(f"{SVG}image")), "nothing is pixels"
        hue = theme().runs[1]
        groups = [group for group in root.iter(f"{SVG}g") if group.get("stroke") == hue]
        lines = [line for group in groups for line in group]
        assert any(len(line.get("d", "") + line.get("points", "")) > 20 for line in lines)
        assert "The run before, after 30 mini-batches" in root.findtext(f"{SVG}desc", "")


@one_quick("what", PICTURES, quick=2)
def test_a_png_is_what_is_seen_with_the_settings_in_it_as_is_a_copy(
    qtbot: QtBot, learned: MainWindow, tmp_path: Path, what: str
) -> None:
    picture = QImage(str(written(qtbot, learned, tmp_path / f"{what}.png", what)))
    check_note(picture.text("Description"))
    if what == "network":
        assert picture.size() == REPORT * 2
    pixels = np.frombuffer(picture.convertToFormat(QImage.Format.Format_RGB32).constBits(), np.uint32)
    colours = {f"#{value & 0xFFFFFF:06x}" for value in np.unique(pixels).tolist()}
    assert theme().card in colours
    wanted = {
        "cost": {theme().runs[1]},
        "accuracy": {theme().runs[1]},
        "network": {theme().answer},
        "units": {theme().answer},
        "unit": set(),
        "row": {theme().paper, theme().accent},
        "compare": {theme().runs[1]},
    }
    assert wanted[what] <= colours
    learned.action_book[f"copy_{what}_picture"].trigger()
    data = QGuiApplication.clipboard().mimeData()
    image = data.imageData()
    assert isinstance(image, QImage)
    assert not image.isNull()
    check_note(image.text("Description"))
    check_svg(ElementTree.fromstring(bytes(data.data("image/svg+xml").data())), what)


def test_the_units_picture_says_what_it_is_of_and_shows_nothing_that_is_chosen(
    qtbot: QtBot, learned: MainWindow, tmp_path: Path
) -> None:
    qtbot.waitUntil(lambda: is_settled(learned.network))  # the scale of colours is that of the weights now
    plain = written(qtbot, learned, tmp_path / "plain.svg", "units")
    learned.network.select(1, 3)
    learned.network.selection.choose_output(4)
    assert written(qtbot, learned, tmp_path / "chosen.svg", "units").read_bytes() == plain.read_bytes()
    for value in ("learned", "weights"):
        learned.network.showing.choose(value)
        path = written(qtbot, learned, tmp_path / f"{value}.svg", "units")
        (line,) = [each for each in words_of(ElementTree.parse(path).getroot()) if each.startswith("Run B")]
        assert re.fullmatch(rf"Run B · mini-batch 150 · {value}, full colour from ±[\d.]+", line)


def test_curves_are_a_table_that_numpy_reads_and_a_picture_leaves_them_as_they_were(
    qtbot: QtBot, learned: MainWindow, tmp_path: Path
) -> None:
    before = learned.curves.grab().toImage()
    check_svg(ElementTree.parse(written(qtbot, learned, tmp_path / "cost.svg", "cost")).getroot(), "cost")
    assert learned.curves.grab().toImage() == before
    path = tmp_path / "curves.csv"
    learned.exports.write_curves(path)
    qtbot.waitUntil(path.exists)
    table = np.genfromtxt(path, delimiter=",", names=True, dtype=None, encoding="utf-8")
    costs = table[table["series"] == "cost"]
    run = live_run(learned.lab)
    assert costs["count"].sum() == 150
    np.testing.assert_allclose(costs["mean"], run.history.costs.means(), rtol=1e-6)
    assert {"cost", "training", "validation", "test"} <= {*table["series"]}
    lines = path.read_text(encoding="utf-8").splitlines()
    note = [line.removeprefix("# ") for line in lines if line[0] == "#"]
    settings = "\n".join(line for line in note if " = " in line)
    assert Settings.from_mapping(tomllib.loads(settings)) == Settings(eta=1.0, seed=7)
    assert "after 100 mini-batches: eta 1.0 → 0.25" in note


@pytest.mark.long
def test_the_chosen_unit_and_the_row_are_offered_where_there_are_some(learned: MainWindow) -> None:
    network = learned.network

    def offered() -> set[str]:
        acts = {(act, what) for act in ("save", "copy") for what in ("unit", "row")}
        return {
            f"{act} {what}" for act, what in acts if learned.action_book[f"{act}_{what}_picture"].isEnabled()
        }

    network.selection.let_go()
    assert not offered()
    network.select(1, 3)
    assert offered() == {"save unit", "copy unit"}
    network.row.actions.wide.setChecked(True)
    assert offered() == {"save unit", "copy unit", "save row", "copy row"}
    network.row.actions.wide.setChecked(False)
    network.selection.let_go()
    assert not offered()


@pytest.mark.parametrize("id", [*IDS[:1], *(pytest.param(id, marks=pytest.mark.long) for id in IDS[1:])])
def test_the_figure_of_a_page_has_a_size_of_its_own_and_no_controls(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, id: str
) -> None:
    assert not window.action_book["save_figure_picture"].isVisible()
    window.lab.chosen.choose("window", workspace="ideas")
    window.ideas.open(id)
    QApplication.processEvents()
    sizes = []
    for width, height in ((1024, 640), (1440, 900)):
        window.resize(width, height)
        QApplication.processEvents()
        picture = QImage(str(written(qtbot, window, tmp_path / "a.png", "figure")))
        sizes.append((picture.width(), picture.height()))
        assert window.size().toTuple() == (width, height)
    assert sizes[0] == sizes[1]
    assert sizes[0][0] > 1_500
    assert "mnistviz" in picture.text("Description")
    window.action_book["copy_figure_picture"].trigger()
    assert QGuiApplication.clipboard().image().width() == sizes[0][0]
    root = ElementTree.parse(written(qtbot, window, tmp_path / "a.svg", "figure")).getroot()
    assert list(root.iter(f"{SVG}g"))


@pytest.mark.long
def test_mistakes_have_picture_where_they_are_seen(qtbot: QtBot, learned: MainWindow, tmp_path: Path) -> None:
    save, sizes = learned.action_book["save_mistakes_picture"], set()
    assert not save.isEnabled()
    learned.arrangement.tabs.open("mistakes")
    assert save.isEnabled()
    for width, height in ((1024, 768), (1440, 900)):
        learned.resize(width, height)
        qtbot.waitUntil(lambda: not learned.frame.isActive() and not learned.lab.jobs.is_busy())
        learned.arrangement.tabs.open("mistakes")
        settle()
        before = learned.mistakes.size()
        picture = QImage(str(written(qtbot, learned, tmp_path / "a.png", "mistakes")))
        sizes.add((picture.width(), picture.height()))
        assert learned.mistakes.size() == before
    assert len(sizes) == 1
    check_note(picture.text("Description"))
    root = ElementTree.parse(written(qtbot, learned, tmp_path / "a.svg", "mistakes")).getroot()
    assert "misread" in "\n".join(words_of(root))
    learned.arrangement.tabs.open("curves")
    assert not save.isEnabled()


def test_a_copy_s_pixels_outlive_the_window_unless_no_longer_in_the_clipboard(own_window: MainWindow) -> None:
    own_window.exports.copy("cost")
    QGuiApplication.clipboard().clear()
    own_window.exports.close()
    assert QGuiApplication.clipboard().image().isNull()
    own_window.action_book["copy_network_picture"].trigger()
    assert QGuiApplication.clipboard().mimeData().hasFormat("image/svg+xml")
    own_window.close()
    left = QGuiApplication.clipboard()
    assert not left.image().isNull()
    assert not left.mimeData().hasFormat("image/svg+xml"), "it would crash as the program ends"


@one_quick(
    ("view", "pictures"),
    [
        ("cost_plot", ("cost",)),
        ("accuracy_plot", ("accuracy",)),
        ("network_picture", ("network", "units", "unit", "row")),
    ],
)
def test_a_context_menu_has_them_too(learned: MainWindow, view: str, pictures: tuple[str, ...]) -> None:
    widget = learned.findChild(QWidget, view)
    at, viewport = QPoint(40, 40), widget.viewport()
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewport.mapToGlobal(at))
    QApplication.sendEvent(viewport, asked)
    menu = widget.findChild(QMenu, "picture_menu")
    names = [f"{act}_{what}_picture_action" for act in ("copy", "save") for what in pictures]
    names += ["save_curves_action"] * (view != "network_picture")
    assert [action.objectName() for action in menu.actions()] == names
    menu.close()


@one_quick(
    ("action", "name", "chosen"),
    [
        ("save_network", "784-30-10", "onnx"),
        ("save_network_picture", "784-30-10-network", "svg"),
        ("save_cost_picture", "784-30-10-cost", "png"),
        ("save_curves", "784-30-10-curves", "csv"),
        ("save_film", "784-30-10-film", "webp"),
        ("save_report", "784-30-10-report", "html"),
    ],
    quick=2,
)
def test_the_file_is_of_the_kind_that_was_chosen(
    qtbot: QtBot, learned: MainWindow, tmp_path: Path, action: str, name: str, chosen: str
) -> None:
    learned.action_book[action].trigger()
    dialog = learned.findChild(QFileDialog, "file_dialog")
    assert Path(dialog.selectedFiles()[0]).stem == name
    kind = next(each for each in dialog.nameFilters() if f"*.{chosen}" in each)
    dialog.selectNameFilter(kind)
    dialog.filterSelected.emit(kind)
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("mine")
    dialog.accept()
    told = f"Saved: mine.{chosen}, in {tmp_path}", f"Saved: mine.{chosen}"
    qtbot.waitUntil(
        lambda: learned.line.message.said is not None and learned.line.message.said.wordings == told
    )
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("mine")] == [f"mine.{chosen}"]


def test_a_network_is_saved_though_other_digits_have_closed_its_run(
    qtbot: QtBot, learned: MainWindow, tmp_path: Path, random_digits: Digits
) -> None:
    before = weights(live_run(learned.lab))
    learned.action_book["save_network"].trigger()
    (dialog,) = (each for each in learned.findChildren(QFileDialog, "file_dialog") if each.isVisible())
    learned.lab.data.use(random_digits)
    assert learned.lab.shown.moment is None
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("mine.npz")
    dialog.accept()
    qtbot.waitUntil((tmp_path / "mine.npz").exists)
    assert checksum(load_network(tmp_path / "mine.npz")[0].parameters) == before


def test_predictions_are_saved_once_there_are_some(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    action = window.action_book["save_predictions"]
    action.trigger()
    box = window.findChild(QMessageBox, "message")
    assert "There are no predictions yet" in box.text()
    box.reject()
    window.lab.predictions.add("perceptron", "xor", "You said: no.", "", score_choice(0, 0, ordered=False))
    action.trigger()
    (dialog,) = (each for each in window.findChildren(QFileDialog, "file_dialog") if each.isVisible())
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("ours")
    dialog.accept()
    path = tmp_path / "ours.csv"
    qtbot.waitUntil(path.exists)
    assert path.read_text(encoding="utf-8").splitlines()[1] == "perceptron,xor,You said: no.,,right,0,"


def test_what_can_not_be_written_is_told_and_an_empty_picture_never_saved_nor_copied(
    qtbot: QtBot, learned: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = threading.Event()
    monkeypatch.setattr("mnistviz.gui.window.film.developed", lambda *_: made.set())
    picture, nowhere = partial(learned.exports.write_picture, "cost"), tmp_path / "nowhere"
    for write, name in (
        (picture, "a.png"),
        (learned.exports.write_curves, "a.csv"),
        (learned.exports.write_film, "a.gif"),
    ):
        write(nowhere / name)
        assert re.search("could not be saved.*nowhere", told(qtbot, learned))
    assert not made.is_set(), "a film takes long, and this is known before"
    path = tmp_path / "cost.png"
    path.write_bytes(b"an older picture")
    QGuiApplication.clipboard().setText("copied before")
    monkeypatch.setattr(exports, "SHARPNESS", 100_000)  # more pixels than there is memory
    for tried, title in (
        (partial(picture, path), "could not be saved"),
        (partial(learned.exports.copy, "cost"), "could not be copied"),
    ):
        tried()
        assert re.search(f"{title}.*too little memory", told(qtbot, learned))
    assert path.read_bytes() == b"an older picture"
    assert QGuiApplication.clipboard().text() == "copied before"


@one_quick(("focus", "what"), [("network_picture", "cost"), ("cost_plot", "network")])
def test_what_is_hidden_has_a_size_of_its_own_and_leaves_the_window_as_it_was(
    qtbot: QtBot, learned: MainWindow, tmp_path: Path, focus: str, what: str
) -> None:
    learned.resize(1024, 640)
    learned.findChild(QWidget, focus).setFocus()
    learned.action_book["enlarge"].setChecked(True)
    run_to(learned, 180)
    settle()
    before = learned.network.geometry(), learned.curves.geometry()
    picture = QImage(str(written(qtbot, learned, tmp_path / "a.png", what)))
    assert picture.width() > 1_000
    assert picture.height() > 500
    assert "after 180 mini-batches" in picture.text("Description"), "what is hidden is that of now, too"
    assert (learned.network.geometry(), learned.curves.geometry()) == before


def test_before_there_is_run_nothing_happens(open_window: Callable[..., MainWindow], tmp_path: Path) -> None:
    window = open_window()
    for id in (
        "copy_cost_picture",
        "save_cost_picture",
        "save_network_picture",
        "save_curves",
        "save_report",
    ):
        window.action_book[id].trigger()
    window.exports.write_picture("cost", tmp_path / "a.png")
    window.exports.write_curves(tmp_path / "a.csv")
    assert window.findChild(QFileDialog, "file_dialog") is None
    assert list(tmp_path.glob("a.*")) == []


@one_quick("kind", ["gif", "webp"])
def test_a_film_tells_it_in_six_seconds(qtbot: QtBot, learned: MainWindow, tmp_path: Path, kind: str) -> None:
    images = pytest.importorskip("PIL.Image")
    path = tmp_path / f"film.{kind}"
    learned.exports.write_film(path)
    qtbot.waitUntil(path.exists, timeout=20_000)
    qtbot.waitUntil(lambda: path.name in learned.line.message.text.accessibleName())
    with images.open(path) as film:
        assert (film.format, film.size) == (kind.upper(), (1200, 675))
        assert 30 <= film.n_frames <= FRAMES
        lasts, seen = 0, []
        for number in range(film.n_frames):
            film.seek(number)
            film.load()
            lasts += film.info["duration"]
            seen.append(film.convert("RGB").tobytes())
        assert 5_500 <= lasts <= 6_500
        assert len({*seen}) == film.n_frames, "each step looks different"
    assert not learned.findChildren(QDialog, "work_dialog")


def test_a_film_can_be_given_up_and_leaves_no_file_and_two_at_once_are_both_made(
    qtbot: QtBot, learned: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("PIL.Image")
    begun, go_on = threading.Event(), threading.Event()
    paint = Projector.frame

    def slow(self: Projector, number: int) -> QImage:
        begun.set()
        assert go_on.wait(20)
        return paint(self, number)

    monkeypatch.setattr(Projector, "frame", slow)
    learned.exports.write_film(tmp_path / "film.gif")
    assert begun.wait(20)
    monkey = Gestures(learned, tmp_path, Promises(learned.lab))
    for name, is_made in (("another.gif", False), ("film.gif", True)):
        monkey.taken_along = tmp_path / name
        assert bool(monkey.give_up()) is is_made
    go_on.set()
    qtbot.waitUntil(lambda: not learned.findChildren(QDialog, "work_dialog"))
    qtbot.waitUntil(lambda: not learned.lab.jobs.is_busy())
    assert not list(tmp_path.iterdir())
    assert learned.findChild(QMessageBox, "message") is None
    monkeypatch.setattr("mnistviz.gui.window.film.developed", lambda film, suffix, told: b"a film")
    both = [tmp_path / "one.gif", tmp_path / "two.gif"]
    for path in both:
        learned.exports.write_film(path)
    qtbot.waitUntil(lambda: all(path.exists() for path in both))
    qtbot.waitUntil(lambda: not learned.findChildren(QDialog, "work_dialog"))


def test_a_report_is_one_page_with_all_of_the_run(qtbot: QtBot, learned: MainWindow, tmp_path: Path) -> None:
    before = learned.curves.grab().toImage()
    page = reported(qtbot, learned, tmp_path / "report.html")
    assert learned.curves.grab().toImage() == before
    sources = re.findall(r'src="([^"]+)"', page)
    assert all(source.startswith("data:image/") for source in sources), "it needs no other file"
    assert not re.search(r"https?://(?!www\.w3\.org)", re.sub(r'src="[^"]+"', "", page))
    for text in ("Curves", "after 100 mini-batches: η 1.0 → 0.25", "eta = 1.0", "seed = 7", "150"):
        assert text in page, text
    for source in sources:
        kind, content = source.removeprefix("data:image/").split(";base64,")
        decoded = base64.b64decode(content)
        if kind == "png":
            assert not QImage.fromData(decoded).isNull()
        else:
            assert ElementTree.fromstring(decoded).tag == f"{SVG}svg"
    counts = [int(text.replace(",", "")) for text in re.findall(r'<td style="[^"]*">([\d,]+)</td>', page)]
    digits = learned.lab.digits
    assert sum(counts) == len(digits.test)
    sure = [float(text) for text in re.findall(r'<span class="quiet">([\d.]+)</span></figure>', page)]
    assert len(sure) == 15
    assert sure == sorted(sure, reverse=True)
    (line,) = re.findall(r'<pre class="line">([^<]*)</pre>', page)
    found = read_line(html.unescape(line))
    assert digits.checksum.startswith(found.data)
    assert (found.recipe.step, found.recipe.settings) == (150, Settings(eta=1.0, seed=7))
    assert [act.step for act in found.recipe.acts] == [100]


@pytest.mark.long
def test_a_report_lists_the_changes_in_its_line_or_as_many_as_have_room(
    qtbot: QtBot, learned: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step, eta in ((155, 0.5), (160, 0.75)):
        learned.controls.apply({"eta": eta})
        run_to(learned, step)

    def recipe(name: str) -> str:
        (found,) = re.findall(r"<pre>([^<]*)</pre>", reported(qtbot, learned, tmp_path / name))
        return html.unescape(found)

    assert "after 100 mini-batches" not in recipe("in_its_line.html"), "it would be there twice"

    def too_long(*_: object) -> str:
        raise Problem("line_too_long", most=2_000)

    monkeypatch.setattr(exports, "line_of_run", too_long)
    monkeypatch.setattr(report, "MOST_LISTED", 1)
    text = recipe("without_a_line.html")
    assert "# after 100 mini-batches: eta 1.0 → 0.25\n# and 2 more changes\n" in text
    assert "after 150" not in text
    assert Settings.from_mapping(tomllib.loads(text)) == Settings(eta=1.0, seed=7)


def test_a_run_without_a_past_has_no_film_and_the_report_of_one_that_is_no_line_says_why(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.exports.write_film(tmp_path / "film.gif")
    assert "no film yet" in told(qtbot, window)
    window.lab.runs.begin(Settings(), Network((784, 30, 10), seed=3))
    qtbot.waitUntil(lambda: live_run(window.lab).ready)
    page = reported(qtbot, window, tmp_path / "opened.html")
    assert "which no line can hold" in page
    assert '<pre class="line">' not in page


@pytest.mark.long
def test_names_in_a_report_are_names(qtbot: QtBot, learned: MainWindow, tmp_path: Path) -> None:
    learned.lab.runs.rename(live_run(learned.lab).number, "<b>mine</b>")
    qtbot.waitUntil(lambda: live_run(learned.lab).name == "<b>mine</b>")
    page = reported(qtbot, learned, tmp_path / "report.html")
    assert "&lt;b&gt;mine" in page
    assert "<b>mine" not in page
