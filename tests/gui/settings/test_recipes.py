"""Recipes in the window: one click starts one, choosing one changes nothing yet, and one may keep one's own."""

import os
import unicodedata
from pathlib import Path
from unittest.mock import Mock

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QInputDialog, QLineEdit
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.recipes import RECIPES, Recipe
from mnistviz.engine.settings import Settings
from mnistviz.engine.settings_file import save_settings
from mnistviz.gui.common import numbers
from mnistviz.gui.common.choices import Choices
from mnistviz.gui.common.widgets import engine_sentence
from mnistviz.gui.lab.recipe_book import LONGEST, RecipeBook
from mnistviz.gui.settings.recipe_chooser import RecipeChooser
from tests.gui.children import child, known
from tests.gui.lab_by_hand import LabByHand, end, lab_by_hand_on
from tests.gui.settings.desk import Desk


def shares_of(recipe: Recipe) -> list[str]:
    """The median, the lowest and the highest share that it reaches, as the window writes them."""
    return numbers.beside(recipe.reaches.median, recipe.reaches.lowest, recipe.reaches.highest)


def test_each_recipe_runs_at_a_click_in_the_menu_where_a_run_was_learning(desk: Desk) -> None:
    desk.play()
    entries = desk.entries
    assert len(entries) == len(RECIPES)
    for recipe in RECIPES.values():
        title = engine_sentence(recipe.title, {})
        entries[title].trigger()
        desk.go_on(1)
        assert desk.run.settings == recipe.settings, recipe.name
        assert desk.controls.settings() == recipe.settings
        assert desk.controls.recipes.title() == title
        tip = entries[title].toolTip().replace("\n", " ")
        assert tip.startswith(engine_sentence(recipe.about, {}))
        assert f"It reads {shares_of(recipe)[0]} % of the test digits after {recipe.epochs} epochs" in tip
        stuck = recipe.reaches.learned < recipe.reaches.seeds
        assert stuck != ("; nine of ten seeds reach " in tip), recipe.name
        assert tip.endswith("goes on until you pause." if recipe.goes_on else "stops there.")
        assert tip in desk.controls.recipes.combo.toolTip().replace("\n", " ")
        assert not desk.controls.foot.discard_button.isVisible()


def test_a_recipe_waits_where_nothing_was_learning(desk: Desk) -> None:
    desk.entries["Chapter 3"].trigger()
    desk.rest()
    assert desk.run.settings == RECIPES["chapter-3"].settings
    assert not desk.run.playing
    assert desk.run.step == 0
    desk.choose_recipe("Fast")
    assert not desk.controls.foot.discard_button.isVisible()
    desk.play()
    assert desk.run.settings == RECIPES["fast"].settings


def test_results_can_be_hidden_from_list_menu_and_tooltips(desk: Desk) -> None:
    def told() -> str:
        """All that is said of the recipes of the program."""
        combo = desk.controls.recipes.combo
        rows = [combo.model().index(row, 0) for row in range(combo.count())]
        roles = range(Qt.ItemDataRole.UserRole + 3)
        texts = [str(row.data(role)) for row in rows for role in roles]
        texts += [text for action in desk.entries.values() for text in (action.text(), action.toolTip())]
        return "\n".join([*texts, combo.toolTip()])

    shares = {f"{share} to " for recipe in RECIPES.values() for share in shares_of(recipe)[1:2]}
    assert all(share in told() for share in shares)
    desk.book.hide_results(True)
    assert not any(share in told() for share in shares)
    assert "test digits" not in told()
    assert "It trains for 40 epochs, which take about" in told().replace("\n", " ")
    assert "Chapter 1" in desk.entries
    desk.book.hide_results(False)
    assert all(share in told() for share in shares)


def test_recipes_are_listed_by_groups_with_what_they_reach(desk: Desk) -> None:
    groups = {engine_sentence(f"recipe_group_{recipe.group}", {}) for recipe in RECIPES.values()}
    menu, combo = [action.text() for action in desk.menu.actions()], desk.controls.recipes.combo
    assert len(groups) == 4
    assert menu[0] == desk.listed[0] == "The book"
    reaches = "{} % ({} to {})".format(*shares_of(RECIPES["chapter-1"]))
    seeds = "{0.learned} of {0.seeds} seeds".format(RECIPES["chapter-1"].reaches)
    assert menu[1] == f"Chapter 1\t{reaches}, {seeds}"
    assert menu[3] == "Chapter 3\t{} % ({} to {})".format(*shares_of(RECIPES["chapter-3"]))
    assert desk.listed[1] == "Chapter 1"
    shown = [combo.model().index(1, 0).data(Qt.ItemDataRole.UserRole + role) for role in (2, 1)]
    assert shown == [reaches, f"{seeds} · {engine_sentence('recipe_chapter-1_about', {})}"]
    assert groups <= set(menu)
    assert groups <= set(desk.listed)
    desk.controls.show_settings(Settings(eta=0.25))
    desk.controls.recipes.save_as("The book")  # a title of one's own may be anything
    assert desk.listed[-2:] == ["Your own", "The book"]
    assert combo.currentIndex() == len(desk.listed) - 1


def test_chapter_1_is_the_same_wherever_it_is_chosen(desk: Desk) -> None:
    assert desk.controls.recipes.title() == "Chapter 1", "what the program starts with"
    first = desk.controls.settings()
    desk.entries["Chapter 1"].trigger()
    desk.rest()
    assert desk.run.settings == first
    desk.choose_recipe("Fast")
    desk.choose_recipe("Chapter 1")
    assert desk.controls.settings() == first
    assert first.stop == "never"
    desk.controls.recipes.save_as("mine")
    for title in ("mine", "Chapter 1"):  # they are equal
        desk.choose_recipe(title)
        for choices in (Choices(), desk.lab.chosen.now):  # as at the next start
            desk.lab.chosen.restore(choices)
        assert desk.controls.recipes.title() == title
        assert desk.controls.recipes.delete_action.isEnabled() == (title == "mine")
    desk.controls.apply({"stop": "epochs", "stop_epochs": 30})
    assert desk.controls.recipes.title() == "", "with another end it is another"


def test_a_recipe_started_too_early_is_kept(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, small_digits: Digits, recipes_folder: Path
) -> None:
    lab = lab_by_hand_on(monkeypatch, None)
    desk = Desk(lab, qtbot, recipes_folder)
    for id in ("fast", "chapter-3"):
        desk.steering.start_recipe(id)
    lab.data.use(small_digits)
    desk.rest()
    assert not desk.run.playing
    assert desk.run.settings == RECIPES["chapter-3"].settings
    end(lab)


def test_a_recipe_chosen_in_mid_run_waits_for_a_new_run(desk: Desk) -> None:
    controls = desk.controls
    desk.play()
    number = desk.run.number
    desk.choose_recipe("Chapter 3")
    assert controls.settings() == RECIPES["chapter-3"].settings
    assert "Chapter 3" in controls.foot.about.text()
    controls.eta.set_value(0.7)
    controls.eta.changed.emit("eta")
    desk.go_on(50)
    assert desk.run.number == number
    assert not desk.run.history.interventions
    assert controls.settings().eta == 0.7
    assert controls.recipes.combo.currentIndex() == -1
    controls.foot.new_run_button.click()
    desk.go_on()
    assert desk.run.number == number + 1
    assert desk.run.settings == RECIPES["chapter-3"].settings.changed(eta=0.7)
    assert not controls.foot.words.waits


def test_the_outputs_of_a_recipe_are_those_of_the_data(desk: Desk, small_digits: Digits) -> None:
    desk.use_letters(small_digits)
    desk.entries["Deep: 2 sigmoid layers"].trigger()
    desk.rest()
    assert desk.run.settings.sizes == (784, 30, 30, 12)
    assert desk.controls.recipes.title() == "Deep: 2 sigmoid layers"


def test_a_recipe_of_ones_own_is_kept_listed_and_deleted(desk: Desk, recipes_folder: Path) -> None:
    controls, title = desk.controls, "Mine: η 0.75/a"
    settings = Settings(sizes=(784, 12, 10), eta=0.75, momentum=0.5)
    controls.show_settings(settings)
    controls.recipes.save_action.trigger()
    dialog = desk.around.findChild(QInputDialog)
    assert isinstance(dialog, QInputDialog)
    dialog.setTextValue(title)
    dialog.accept()
    assert len(list(recipes_folder.glob("*.toml"))) == 1
    assert controls.recipes.title() == desk.listed[-1] == title
    controls.show_settings(Settings())
    desk.entries[title].trigger()
    desk.rest()
    assert desk.run.settings == settings
    assert controls.recipes.delete_action.isEnabled()
    controls.recipes.delete_action.trigger()
    assert title not in desk.listed
    assert title not in desk.entries
    assert not list(recipes_folder.iterdir())
    assert controls.settings() == settings


def test_where_a_recipe_is_named_there_is_room_for_the_dialog_s_title_and_a_name(desk: Desk) -> None:
    """Beside the title a desktop has an icon, the program's name and three buttons."""
    desk.controls.recipes.save_action.trigger()
    dialog = child(desk.around, QInputDialog)
    metrics, name = dialog.fontMetrics(), "n" * LONGEST
    assert dialog.width() >= metrics.horizontalAdvance(dialog.windowTitle() + " — mnistviz") + 110
    assert child(dialog, QLineEdit).width() >= metrics.horizontalAdvance(name)
    dialog.reject()


def saved(desk: Desk) -> RecipeChooser:
    """The list of recipes, with one of one's own that is chosen."""
    desk.controls.show_settings(Settings(eta=0.25))
    desk.controls.recipes.save_as("mine")
    return desk.controls.recipes


def test_a_deleted_recipe_is_restored_but_in_the_place_of_no_other(desk: Desk, recipes_folder: Path) -> None:
    recipes, line = saved(desk), desk.line
    (file,) = recipes_folder.glob("*.toml")
    file.write_text(file.read_text() + "# a note of one's own")
    written = file.read_text()
    recipes.delete_action.trigger()
    assert not file.exists()
    assert line.message.text.text() == "The recipe “mine” is deleted."
    assert line.message.offer_button.text() == "Undo"
    line.message.offer_button.click()
    assert file.read_text() == written
    assert desk.listed[-1] == recipes.title() == "mine"
    assert line.message.said is None
    recipes.delete_action.trigger()
    desk.controls.show_settings(Settings(eta=0.5))
    recipes.save_as("mine")
    line.message.offer_button.click()
    assert desk.book.find("mine").settings.eta == 0.5


def test_a_recipe_that_cannot_be_had_back_or_kept_is_said(desk: Desk, recipes_folder: Path) -> None:
    saved(desk).delete_action.trigger()
    recipes_folder.rmdir()
    recipes_folder.write_text("in the way")
    for write in (desk.line.message.offer_button.click, lambda: desk.controls.recipes.save_as("other")):
        write()
        assert "cannot be written" in desk.close_question()


def test_a_name_that_is_taken_is_refused_or_asked_about(desk: Desk) -> None:
    recipes = desk.controls.recipes
    recipes.save_as("Chapter 1")
    assert "Choose another name" in desk.close_question()
    recipes.save_as("mine")
    desk.controls.show_settings(Settings(eta=0.25))
    recipes.save_as("mine")
    box = desk.question()
    assert "You already have" in box.informativeText()
    assert desk.book.find("mine").settings.eta == 3.0
    next(button for button in box.buttons() if button.objectName() == "yes_button").click()
    assert desk.book.find("mine").settings.eta == 0.25


STRANGE = [
    "x" * 300, "第" * 300, "😀" * 300, "a/" * 150, "\0" * 300, "a\0b", "half \ud83d", "\udcff\udcfe",
    "\x1b[31mred\x1b[0m", "two\nlines", "<b>bold</b>", "a & b", "\x7f\x9b1m", "e\u0301" * 100,
]  # fmt: skip


@pytest.mark.parametrize(
    "title", ["a/b", "50 %", "..", "η. klein", "第一章", "con:*?", " a\tb", "%41", *STRANGE]
)
def test_any_name_is_found_again(tmp_path: Path, title: str) -> None:
    RecipeBook(tmp_path / "new").save(title, Settings(eta=0.5))
    book = RecipeBook(tmp_path / "new")
    entry = known(book.find(title))
    assert entry.own
    assert entry.settings.eta == 0.5
    assert book.find(entry.title) == entry
    assert 0 < len(entry.title) <= LONGEST
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in entry.title)
    book.save(title, Settings(eta=0.25))
    assert [entry.settings.eta for entry in book.entries() if entry.own] == [0.25]
    book.delete(entry.id)
    assert not list((tmp_path / "new").iterdir())


@pytest.mark.parametrize("title", ["con", "NUL", "Aux", "prn", "com1", "LPT9", "COM²", "conin$"])
def test_a_name_that_windows_keeps_for_itself_is_that_of_no_file(tmp_path: Path, title: str) -> None:
    RecipeBook(tmp_path).save(title, Settings(eta=0.5))
    (file,) = tmp_path.iterdir()
    assert file.name.startswith("%")
    assert file.name.removesuffix(".toml")[3:] == title[1:]
    assert known(RecipeBook(tmp_path).find(title)).title == title


def test_capitals_make_no_other_recipe(tmp_path: Path) -> None:
    """On some systems it would be the same file."""
    book = RecipeBook(tmp_path)
    book.save("Mine", Settings(eta=0.5))
    assert book.find("mINE") == book.find("Mine")
    book.save("mine", Settings(eta=0.25))
    assert [(entry.title, entry.settings.eta) for entry in book.entries() if entry.own] == [("Mine", 0.25)]
    assert not known(book.find("chapter 1")).own


def test_files_whose_names_differ_in_capitals_are_two_recipes(tmp_path: Path) -> None:
    for name, eta in (("Mine", 0.5), ("mine", 0.25)):
        save_settings(Settings(eta=eta), tmp_path / f"{name}.toml")
    if len(list(tmp_path.iterdir())) == 1:
        pytest.skip("here they are one file")
    book = RecipeBook(tmp_path)
    for name, eta in (("Mine", 0.5), ("mine", 0.25)):
        entry = book.find(name)
        assert entry is not None
        assert (entry.title, entry.settings.eta) == (name, eta)
        undo = book.delete(entry.id)
        assert undo is not None
        undo()
        assert book.find(name) == entry


def test_a_file_that_is_no_recipe_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("eta = ")
    (tmp_path / "worse.toml").write_bytes(b"\xff\x00")
    (tmp_path / "out of bounds.toml").write_text("eta = -1.0")
    (tmp_path / "large.toml").write_bytes(b"#" * 1_000_000)
    (tmp_path / "deep.toml").write_text("sizes = " + "[" * 5_000)
    (tmp_path / ".toml").write_text("eta = 0.5")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "nowhere.toml").symlink_to("nothing")
    os.mkfifo(tmp_path / "pipe.toml")
    RecipeBook(tmp_path).save("good", Settings())
    assert [entry.title for entry in RecipeBook(tmp_path).entries() if entry.own] == ["good"]


def test_a_recipe_of_any_file_name_is_of_use(lab: LabByHand, qtbot: QtBot, recipes_folder: Path) -> None:
    folder = recipes_folder
    folder.mkdir(parents=True)
    names = (
        b"\xff\xfe.toml", b"\x1b[2Jclear.toml", b"two\nlines.toml", b"%FF.toml", b"%00.toml",
        b"<img src=x>.toml",
    )  # fmt: skip
    for number, name in enumerate(names, start=2):
        (folder / os.fsdecode(name)).write_text(f"eta = {number}.0\nsizes = [5, 4, 3]")
    desk = Desk(lab, qtbot, folder)
    book, recipes = desk.book, desk.controls.recipes
    own = [entry for entry in book.entries() if entry.own]
    assert len(own) == len({entry.title for entry in own}) == len(names) - 1  # two are the same to the eye
    for entry in own:
        desk.choose_recipe(entry.title)
        assert desk.controls.settings() == Settings(eta=entry.settings.eta, sizes=(784, 4, 10))
        assert desk.run.settings == desk.controls.settings()
        book.delete(entry.id)
    assert len(os.listdir(folder)) <= 1
    assert recipes.combo.count() >= len(RECIPES)


def test_a_strange_name_is_kept_and_one_of_nothing_is_refused_in_a_sentence(desk: Desk) -> None:
    recipes, shown = desk.controls.recipes, QTextDocument()
    for title in ("", "   ", "\t\n", "\u3000"):
        recipes.save_as(title)
        assert desk.close_question() == "A recipe needs a name."
    desk.controls.show_settings(Settings(eta=0.7))
    for title in STRANGE:
        recipes.save_as(title)
        entry = known(desk.book.find(title))
        assert recipes.title() == entry.title
        desk.choose_recipe(entry.title)
        assert entry.title in desk.entries
        recipes.save_as(title)
        shown.setHtml(desk.close_question())
        assert f"“{entry.title}”" in shown.toPlainText()
        desk.book.delete(entry.id)


def test_a_file_takes_no_given_recipe_s_place(tmp_path: Path) -> None:
    save_settings(Settings(eta=0.5), tmp_path / "Chapter 1.toml")
    book = RecipeBook(tmp_path)
    assert [entry.title for entry in book.entries()].count("Chapter 1") == 1
    entry = known(book.find("Chapter 1"))
    assert entry.settings.eta == 3.0


def test_an_unreadable_folder_costs_its_recipes_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(RecipeBook(tmp_path / ("x" * 300) / "recipes").entries()) == len(RECIPES)
    for name in ("listdir", "scandir"):
        monkeypatch.setattr(os, name, Mock(side_effect=PermissionError(13, "Permission denied")))
    assert len(RecipeBook(tmp_path).entries()) == len(RECIPES)


def test_recipes_are_told_by_ids_that_no_title_changes(desk: Desk) -> None:
    desk.controls.show_settings(Settings(eta=0.25))
    desk.controls.recipes.save_as("Mine: ü/a")
    ids = [entry.id for entry in desk.book.entries()]
    assert len(ids) == len(set(ids)) == len(RECIPES) + 1
    assert ids[:-1] == list(RECIPES)
    assert all(id.isascii() for id in ids)
    desk.steering.start_recipe("Mine: ü/a")  # a title is none
    desk.steering.start_recipe(ids[-1])
    assert desk.run.settings.eta == 0.25
