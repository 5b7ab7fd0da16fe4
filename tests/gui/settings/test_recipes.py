"""Recipes in the window: one click starts one, choosing one changes nothing yet, and one may keep one's own."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QTextDocument
from PySide6.QtWidgets import QInputDialog, QMessageBox
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.problems import Problem
from mnistviz.engine.recipes import RECIPES
from mnistviz.engine.settings import Settings
from mnistviz.engine.settings_file import save_settings
from mnistviz.gui.common.widgets import engine_sentence
from mnistviz.gui.lab.recipe_book import LONGEST, RecipeBook
from mnistviz.gui.lab.run_mirror import RunMirror
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.menu_lists import RecipeList

Open = Callable[..., MainWindow]


def run_of(window: MainWindow) -> RunMirror:
    assert window.lab.run is not None
    return window.lab.run


def menu_entries(window: MainWindow) -> dict[str, QAction]:
    recipes = window.menus.lists["recipes"]
    assert isinstance(recipes, RecipeList)
    titles = {entry.id: entry.title for entry in window.recipes.entries()}
    return {titles[action.data()]: action for action in recipes.entries()}


def choose(window: MainWindow, title: str) -> None:
    combo = window.controls.recipes.combo
    row = combo.findText(title)
    assert row >= 0
    combo.setCurrentIndex(row)
    combo.activated.emit(row)


def listed(window: MainWindow) -> list[str]:
    combo = window.controls.recipes.combo
    return [combo.itemText(row) for row in range(combo.count())]


def question_of(qtbot: QtBot, window: MainWindow) -> QMessageBox:
    qtbot.waitUntil(lambda: any(box.isVisible() for box in window.findChildren(QMessageBox)))
    return next(box for box in window.findChildren(QMessageBox) if box.isVisible())


def test_each_recipe_runs_at_a_click_in_the_menu(qtbot: QtBot, window: MainWindow) -> None:
    entries = menu_entries(window)
    assert len(entries) == len(RECIPES)
    for recipe in RECIPES.values():
        title = engine_sentence(recipe.title, {})
        entries[title].trigger()
        qtbot.waitUntil(lambda: run_of(window).step > 0)
        assert run_of(window).settings == recipe.settings, recipe.name
        assert window.controls.settings() == recipe.settings
        assert window.controls.recipes.title() == title
        tip = entries[title].toolTip().replace("\n", " ")
        assert tip.startswith(engine_sentence(recipe.about, {}))
        assert f"{100 * recipe.reaches:.1f} % of the test digits after {recipe.epochs} epochs" in tip
        assert tip.endswith("goes on until you pause." if recipe.goes_on else "stops there.")
        assert tip in window.controls.recipes.combo.toolTip().replace("\n", " ")
        assert not window.controls.bar.isVisible()


def test_recipes_are_listed_by_groups_with_what_they_reach(window: MainWindow) -> None:
    groups = {engine_sentence(f"recipe_group_{recipe.group}", {}) for recipe in RECIPES.values()}
    menu = [action.text() for action in window.menus.lists["recipes"]._group.actions()]  # type: ignore[attr-defined]
    assert len(groups) == 4
    assert menu[0] == listed(window)[0] == "The book"
    assert menu[1] == "Chapter 1\t94.9 %"
    assert listed(window)[1] == "Chapter 1"
    assert groups <= set(menu)
    assert groups <= set(listed(window))
    window.controls.show_settings(Settings(eta=0.25))
    window.controls.recipes.save_as("The book")  # a title of one's own may be anything
    assert listed(window)[-2:] == ["Your own", "The book"]
    assert window.controls.recipes.combo.currentIndex() == len(listed(window)) - 1


def test_chapter_1_is_the_same_wherever_it_is_chosen(qtbot: QtBot, window: MainWindow) -> None:
    assert window.controls.recipes.title() == "Chapter 1", "what the program starts with"
    first = window.controls.settings()
    menu_entries(window)["Chapter 1"].trigger()
    qtbot.waitUntil(lambda: run_of(window).step > 0)
    assert run_of(window).settings == first
    window.toggle_play()
    choose(window, "Fast")
    choose(window, "Chapter 1")
    assert window.controls.settings() == first
    assert first.stop == "never"
    window.controls.apply({"stop": "epochs", "stop_epochs": 30})
    assert window.controls.recipes.title() == "", "with another end it is another"


def test_a_recipe_chosen_before_the_start_is_what_starts(qtbot: QtBot, window: MainWindow) -> None:
    choose(window, "Fast")
    assert not window.controls.bar.isVisible()
    window.toggle_play()
    qtbot.waitUntil(lambda: run_of(window).step > 0)
    assert run_of(window).settings == RECIPES["fast"].settings


def test_a_recipe_started_before_the_digits_are_there_is_remembered(
    qtbot: QtBot, open_window: Open, small_digits: Digits
) -> None:
    window = open_window()
    menu_entries(window)["Fast"].trigger()
    menu_entries(window)["Chapter 3"].trigger()
    window.lab.use_digits(small_digits)
    qtbot.waitUntil(lambda: run_of(window).step > 0)
    assert run_of(window).settings == RECIPES["chapter-3"].settings


def test_a_recipe_chosen_in_mid_run_waits_for_a_new_run(qtbot: QtBot, window: MainWindow) -> None:
    controls = window.controls
    window.toggle_play()
    qtbot.waitUntil(lambda: run_of(window).step > 20)
    number = run_of(window).number
    choose(window, "Chapter 3")
    assert controls.settings() == RECIPES["chapter-3"].settings
    assert "Chapter 3" in controls.bar.about.text()
    assert controls.training_group.heading.note.text() == "in a new run"
    controls.training_group.eta.set_value(0.7)
    controls.training_group.eta.changed.emit("eta")
    at = run_of(window).step
    qtbot.waitUntil(lambda: run_of(window).step > at + 50)
    assert run_of(window).number == number
    assert not run_of(window).history.interventions
    assert controls.settings().eta == 0.7
    assert controls.recipes.combo.currentIndex() == -1
    controls.pending.click()
    qtbot.waitUntil(lambda: run_of(window).number == number + 1 and run_of(window).step > 0)
    assert run_of(window).settings == RECIPES["chapter-3"].settings.changed(eta=0.7)
    assert controls.training_group.heading.note.text() == "at the next mini-batch"


def test_a_recipe_that_waits_can_be_dropped(qtbot: QtBot, window: MainWindow) -> None:
    window.transport.step_action.trigger()
    qtbot.waitUntil(lambda: run_of(window).step == 1)
    choose(window, "Best")
    window.controls.bar.revert_button.click()
    assert window.controls.settings() == Settings()
    assert window.controls.recipes.title() == "Chapter 1"
    assert not window.controls.bar.isVisible()


def test_the_outputs_of_a_recipe_are_those_of_the_data(
    qtbot: QtBot, open_window: Open, small_digits: Digits
) -> None:
    letters = Digits(
        "letters", small_digits.training, small_digits.validation, small_digits.test,
        tuple("ABCDEFGHIJKL"), "letters",
    )  # fmt: skip
    window = open_window(letters)
    menu_entries(window)["Deep: 2 sigmoid layers"].trigger()
    qtbot.waitUntil(lambda: run_of(window).step > 0)
    assert run_of(window).settings.sizes == (784, 30, 30, 12)
    assert window.controls.recipes.title() == "Deep: 2 sigmoid layers"


def test_a_recipe_of_ones_own_is_kept_listed_after_a_restart_and_deleted(
    qtbot: QtBot, open_window: Open, small_digits: Digits, stage_path: Path
) -> None:
    settings = Settings(sizes=(784, 12, 10), eta=0.75, momentum=0.5)
    first = open_window(small_digits)
    first.controls.show_settings(settings)
    first.controls.recipes.save_action.trigger()
    dialog = first.findChild(QInputDialog)
    assert isinstance(dialog, QInputDialog)
    dialog.setTextValue("Mine: η 0.75/a")
    dialog.accept()
    assert len(list(stage_path.with_name("recipes").glob("*.toml"))) == 1
    assert first.controls.recipes.title() == "Mine: η 0.75/a"
    first.close()

    second = open_window(small_digits)
    assert listed(second)[-1] == "Mine: η 0.75/a"
    second.controls.show_settings(Settings())
    menu_entries(second)["Mine: η 0.75/a"].trigger()
    qtbot.waitUntil(lambda: run_of(second).step > 0)
    assert run_of(second).settings == settings
    assert second.controls.recipes.delete_action.isEnabled()
    second.controls.recipes.delete_action.trigger()
    assert "Mine: η 0.75/a" not in listed(second)
    assert "Mine: η 0.75/a" not in menu_entries(second)
    assert not list(stage_path.with_name("recipes").iterdir())
    assert second.controls.settings() == settings


def test_a_recipe_that_was_deleted_can_be_had_back_as_it_was(window: MainWindow, stage_path: Path) -> None:
    recipes, line = window.controls.recipes, window.line
    window.controls.show_settings(Settings(eta=0.25))
    recipes.save_as("mine")
    (file,) = stage_path.with_name("recipes").glob("*.toml")
    file.write_text(file.read_text() + "# a note of one's own")
    written = file.read_text()
    recipes.delete_action.trigger()
    assert not file.exists()
    assert line.message.text.text() == "The recipe “mine” is deleted."
    assert line.message.offer_button.text() == "Undo"
    line.message.offer_button.click()
    assert file.read_text() == written
    assert listed(window)[-1] == recipes.title() == "mine"
    assert line.message.said is None


def test_a_recipe_is_not_had_back_in_the_place_of_another(window: MainWindow) -> None:
    recipes = window.controls.recipes
    window.controls.show_settings(Settings(eta=0.25))
    recipes.save_as("mine")
    recipes.delete_action.trigger()
    window.controls.show_settings(Settings(eta=0.5))
    recipes.save_as("mine")
    window.line.message.offer_button.click()
    assert window.recipes.find("mine").settings.eta == 0.5  # type: ignore[union-attr]


def test_a_recipe_that_cannot_be_had_back_is_said(qtbot: QtBot, window: MainWindow, stage_path: Path) -> None:
    recipes, folder = window.controls.recipes, stage_path.with_name("recipes")
    window.controls.show_settings(Settings(eta=0.25))
    recipes.save_as("mine")
    recipes.delete_action.trigger()
    folder.rmdir()
    folder.write_text("in the way")
    window.line.message.offer_button.click()
    box = question_of(qtbot, window)
    assert "cannot be written" in box.informativeText()
    box.close()


def test_a_name_that_is_taken_is_refused_or_asked_about(qtbot: QtBot, window: MainWindow) -> None:
    recipes = window.controls.recipes
    recipes.save_as("Chapter 1")
    box = question_of(qtbot, window)
    assert "Choose another name" in box.informativeText()
    box.close()
    recipes.save_as("mine")
    window.controls.show_settings(Settings(eta=0.25))
    recipes.save_as("mine")
    qtbot.waitUntil(lambda: any("yours" in b.informativeText() for b in window.findChildren(QMessageBox)))
    box = next(b for b in window.findChildren(QMessageBox) if "yours" in b.informativeText())
    assert window.recipes.find("mine").settings.eta == 3.0  # type: ignore[union-attr]
    next(button for button in box.buttons() if button.objectName() == "yes_button").click()
    assert window.recipes.find("mine").settings.eta == 0.25  # type: ignore[union-attr]


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
    entry = book.find(title)
    assert entry is not None
    assert entry.own
    assert entry.settings.eta == 0.5
    assert book.find(entry.title) == entry
    assert 0 < len(entry.title) <= LONGEST
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in entry.title)
    book.save(title, Settings(eta=0.25))
    assert [entry.settings.eta for entry in book.entries() if entry.own] == [0.25]
    book.delete(entry.id)
    assert not list((tmp_path / "new").iterdir())


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


def test_a_recipe_in_a_file_of_any_name_can_be_used_and_deleted(window: MainWindow, stage_path: Path) -> None:
    folder = stage_path.with_name("recipes")
    folder.mkdir(parents=True)
    names = (
        b"\xff\xfe.toml",
        b"\x1b[2Jclear.toml",
        b"two\nlines.toml",
        b"%FF.toml",
        b"%00.toml",
        b"<img src=x>.toml",
    )
    for number, name in enumerate(names, start=2):
        (folder / os.fsdecode(name)).write_text(f"eta = {number}.0\nsizes = [5, 4, 3]")
    book, recipes = window.recipes, window.controls.recipes
    book._read()
    book.changed.emit()
    own = [entry for entry in book.entries() if entry.own]
    assert len(own) == len({entry.title for entry in own}) == len(names) - 1  # two are the same to the eye
    for entry in own:
        choose(window, entry.title)
        assert window.controls.settings() == Settings(eta=entry.settings.eta, sizes=(784, 4, 10))
        assert run_of(window).settings == window.controls.settings()
        book.delete(entry.id)
    assert len(os.listdir(folder)) <= 1
    assert recipes.combo.count() >= len(RECIPES)


@pytest.mark.parametrize("title", ["", "   ", "\t\n", "\u3000"])
def test_a_name_of_nothing_is_refused_in_a_sentence(qtbot: QtBot, window: MainWindow, title: str) -> None:
    window.controls.recipes.save_as(title)
    box = question_of(qtbot, window)
    assert box.informativeText() == "A recipe needs a name."
    box.close()


@pytest.mark.parametrize("title", STRANGE)
def test_a_strange_name_is_kept_or_refused_in_a_sentence(
    qtbot: QtBot, window: MainWindow, title: str
) -> None:
    recipes = window.controls.recipes
    window.controls.show_settings(Settings(eta=0.7))
    recipes.save_as(title)
    entry = window.recipes.find(title)
    assert entry is not None
    assert recipes.title() == entry.title
    choose(window, entry.title)
    assert entry.title in menu_entries(window)
    recipes.save_as(title)
    box = question_of(qtbot, window)
    shown = QTextDocument()
    shown.setHtml(box.informativeText())
    assert f"“{entry.title}”" in shown.toPlainText()
    box.close()


def test_a_folder_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem) as caught:
        RecipeBook(tmp_path / "file" / "recipes").save("mine", Settings())
    assert caught.value.code == "file_not_written"


def test_a_file_takes_no_given_recipe_s_place(tmp_path: Path) -> None:
    save_settings(Settings(eta=0.5), tmp_path / "Chapter 1.toml")
    book = RecipeBook(tmp_path)
    assert [entry.title for entry in book.entries()].count("Chapter 1") == 1
    entry = book.find("Chapter 1")
    assert entry is not None
    assert entry.settings.eta == 3.0


def test_a_folder_that_can_not_be_read_costs_its_recipes_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(RecipeBook(tmp_path / ("x" * 300) / "recipes").entries()) == len(RECIPES)

    def unreadable(folder: Path) -> list[str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.listdir", unreadable)
    monkeypatch.setattr("os.scandir", unreadable)
    assert len(RecipeBook(tmp_path).entries()) == len(RECIPES)


def test_a_folder_that_can_not_be_made_is_said(
    qtbot: QtBot, open_window: Open, stage_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    stage_path.parent.mkdir(parents=True, exist_ok=True)
    stage_path.with_name("recipes").write_text("a file in its place")
    window.controls.recipes.save_as("mine")
    box = question_of(qtbot, window)
    assert "cannot be written" in box.informativeText()
    box.close()


def test_recipes_are_told_by_ids_that_no_title_changes(window: MainWindow) -> None:
    window.controls.show_settings(Settings(eta=0.25))
    window.controls.recipes.save_as("Mine: ü/a")
    ids = [entry.id for entry in window.recipes.entries()]
    assert len(ids) == len(set(ids)) == len(RECIPES) + 1
    assert ids[:-1] == list(RECIPES)
    assert all(id.isascii() for id in ids)
    window.start_recipe("Mine: ü/a")  # a title is none
    window.start_recipe(ids[-1])
    assert run_of(window).settings.eta == 0.25
