"""The menus: every action of the program with its shortcut, and what Help has to show."""

from __future__ import annotations

import platform
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import PySide6
from PySide6.QtCore import QObject, Qt, QUrl, qVersion
from PySide6.QtGui import QAction, QActionGroup, QDesktopServices, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMenu, QTextBrowser, QVBoxLayout, QWhatsThis, QWidget

from mnistviz import __version__
from mnistviz.gui.window.earlier_runs import EarlierRuns

if TYPE_CHECKING:
    from mnistviz.gui.window.main_window import MainWindow

Keys = str | QKeySequence.StandardKey | None


class Menus(QObject):
    """Builds the menu bar of `window` and keeps its changing parts right."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._file_menu()
        self._run_menu()
        self._recipe_menu()
        self._draw_menu()
        self._view_menu()
        self._help_menu()
        window.documents.recent_changed.connect(self.show_recent)
        self.show_recent()
        window.recipes.changed.connect(self.show_recipes)
        self.show_recipes()

    def show_recent(self) -> None:
        """Lists the recent network files."""
        self._recent.clear()
        for path in self._window.documents.recent:
            action = self._recent.addAction(_short(path))
            action.setData(path)
            action.setToolTip(path)
        self._recent.setEnabled(not self._recent.isEmpty())

    def show_recipes(self) -> None:
        """Lists the recipes, one's own below the others."""
        for action in self._recipe_actions.actions():
            self._recipe_actions.removeAction(action)
            action.deleteLater()
        window, menu, own = self._window, self._recipes, False
        for entry in window.recipes.entries():
            action = QAction(entry.title.replace("&", "&&"), self._recipe_actions)
            tip = entry.about or self.tr("A recipe of your own. Starts it in a new run.")
            action.setToolTip(tip)
            action.setWhatsThis(tip)
            action.setData(entry.title)
            if entry.own and not own:
                own = True
                separator = QAction(self._recipe_actions)
                separator.setSeparator(True)
            self._recipe_actions.addAction(action)
        menu.insertActions(self._recipes_end, self._recipe_actions.actions())

    def set_look(self, look: str) -> None:
        """Ticks "system", "light" or "dark"."""
        for action in self._looks.actions():
            action.setChecked(action.data() == look)

    def hidden_panels(self) -> list[str]:
        """The names of the panels that are hidden."""
        return [action.objectName() for action in self._panels if not action.isChecked()]

    def hide_panels(self, names: list[Any]) -> None:
        """Hides the panels of these names and shows the others."""
        for action in self._panels:
            action.setChecked(action.objectName() not in names)

    def _file_menu(self) -> None:
        window, standard = self._window, QKeySequence.StandardKey
        menu = self._menu(self.tr("&File"))
        self._add(
            menu,
            "open_network",
            self.tr("&Open a network …"),
            standard.Open,
            window.documents.ask_open,
            self.tr("Opens a saved network and goes on from it in a new run."),
        )
        self._recent = menu.addMenu(self.tr("&Recent networks"))
        self._recent.setObjectName("recent_menu")
        self._recent.setToolTipsVisible(True)
        self._recent.triggered.connect(self._open_recent)
        self.save_action = self._add(
            menu,
            "save_network",
            self.tr("&Save the network …"),
            standard.Save,
            window.save_network,
            self.tr("Saves the network as it is at this moment."),
        )
        earlier = EarlierRuns(window.documents.keeper, menu)
        earlier.chosen.connect(window.documents.open)
        menu.addMenu(earlier)
        menu.addSeparator()
        self._add(
            menu,
            "open_data",
            self.tr("Open a &data set …"),
            "Ctrl+D",
            window.ask_data,
            self.tr("Reads other digits or pictures from a folder with four files in the MNIST format."),
        )
        self._add(
            menu,
            "bundled_data",
            self.tr("Back to the &bundled MNIST"),
            None,
            window.load_bundled_data,
            self.tr("Reads the digits that came with the program."),
        )
        menu.addSeparator()
        quit_action = self._add(
            menu,
            "quit",
            self.tr("&Quit"),
            standard.Quit,
            window.close,
            self.tr("Closes the program. The arrangement and the network are kept."),
        )
        quit_action.setMenuRole(QAction.MenuRole.QuitRole)

    def _run_menu(self) -> None:
        transport = self._window.transport
        menu = self._menu(self.tr("&Run"))
        menu.addActions([transport.play_action, transport.step_action, transport.epoch_action])
        menu.addSeparator()
        menu.addActions([transport.slower_action, transport.faster_action])
        menu.addSeparator()
        menu.addAction(transport.new_action)
        self._add(
            menu,
            "default_settings",
            self.tr("&Default settings"),
            None,
            self._window.default_settings,
            self.tr("Puts every control back to the book's first network."),
        )

        self.restore_best_action = self._add(
            menu,
            "restore_best",
            self.tr("Go back to the &best weights"),
            "Ctrl+B",
            self._window.restore_best,
            self.tr("Takes the weights that read the most validation digits at the end of an epoch."),
        )
        self.restore_best_action.setEnabled(False)

    def _recipe_menu(self) -> None:
        window = self._window
        self._recipes = menu = self._menu(self.tr("R&ecipes"))
        self._recipe_actions = QActionGroup(self)
        self._recipe_actions.triggered.connect(self._start_recipe)
        self._recipes_end = menu.addSeparator()
        menu.addActions([window.controls.recipes.save_action, window.controls.recipes.delete_action])

    def _draw_menu(self) -> None:
        menu = self._menu(self.tr("&Draw"))
        menu.addActions(self._window.scratchpad.pad.actions())

    def _view_menu(self) -> None:
        window = self._window
        menu = self._menu(self.tr("&View"))
        self._panels: list[QAction] = []
        for panel, name, text, keys in (
            (window.controls, "show_controls", self.tr("&Controls"), "Ctrl+1"),
            (window.units, "show_units", self.tr("&Hidden units"), "Ctrl+2"),
            (window.scratchpad, "show_scratchpad", self.tr("&Scratchpad"), "Ctrl+3"),
        ):
            action = self._add(menu, name, text, keys, None, self.tr("Shows or hides this panel."))
            action.setCheckable(True)
            action.setChecked(True)
            action.toggled.connect(panel.setVisible)
            self._panels.append(action)
        menu.addSeparator()
        curves = window.curves
        menu.addActions(
            [
                curves.follow_action,
                curves.log_cost_action,
                curves.error_scale_action,
                curves.x_minibatches_action,
            ]
        )
        menu.addSeparator()
        looks = menu.addMenu(self.tr("&Look"))
        looks.setObjectName("look_menu")
        self._looks = QActionGroup(self)
        for look, text in (
            ("system", self.tr("As the &desktop")),
            ("light", self.tr("&Light")),
            ("dark", self.tr("D&ark")),
        ):
            action = self._add(looks, f"look_{look}", text, None, None, self.tr("Chooses light or dark."))
            action.setCheckable(True)
            action.setData(look)
            self._looks.addAction(action)
        self._looks.triggered.connect(self._choose_look)
        self.classroom_action = self._add(
            menu,
            "classroom",
            self.tr("&Full screen, larger text"),
            "F11",
            None,
            self.tr("For a class: fills the screen and enlarges the text."),
        )
        self.classroom_action.setCheckable(True)
        self.classroom_action.toggled.connect(window.set_classroom)

    def _help_menu(self) -> None:
        menu = self._menu(self.tr("&Help"))
        self._add(
            menu,
            "keys",
            self.tr("&Keys and gestures"),
            "F1",
            self._show_keys,
            self.tr("Lists every shortcut, and what the mouse does where."),
        )
        menu.addAction(QWhatsThis.createAction(self))
        self._add(
            menu,
            "show_log",
            self.tr("Show the &log file"),
            None,
            self._show_log,
            self.tr("Opens the file to send with a report of a fault."),
        )
        menu.addSeparator()
        about = self._add(
            menu,
            "about",
            self.tr("&About mnistviz"),
            None,
            self._show_about,
            self.tr("Versions and licences."),
        )
        about.setMenuRole(QAction.MenuRole.AboutRole)

    def _menu(self, title: str) -> QMenu:
        menu = self._window.menuBar().addMenu(title)
        menu.setObjectName(title.replace("&", "").lower() + "_menu")
        menu.setToolTipsVisible(True)
        return menu

    def _add(
        self, menu: QMenu, name: str, text: str, keys: Keys, do: Callable[[], object] | None, tip: str
    ) -> QAction:
        action = QAction(text, self._window)
        action.setObjectName(f"{name}_action")
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
        action.setToolTip(tip)
        action.setWhatsThis(tip)
        if do is not None:
            action.triggered.connect(do)
        menu.addAction(action)
        return action

    def _open_recent(self, action: QAction) -> None:
        self._window.documents.open(action.data())

    def _start_recipe(self, action: QAction) -> None:
        self._window.start_recipe(action.data())

    def _choose_look(self, action: QAction) -> None:
        self._window.set_look(action.data())

    def _show_log(self) -> None:
        if self._window.log_file is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._window.log_file)))

    def _show_keys(self) -> None:
        rows = "".join(
            f"<tr><td style='padding-right: 24px'><b>{action.shortcut().toString()}</b></td>"
            f"<td>{action.text().replace('&', '').rstrip(' …')}</td></tr>"
            for action in self._all_actions()
            if not action.shortcut().isEmpty()
        )
        gestures = self.tr(
            "<p><b>Space</b> starts and pauses wherever the focus is, unless one types.</p>"
            "<p><b>Curves:</b> wheel and drag zoom and move, F or a double-click follows the run again. With the "
            "keyboard, the arrows, Home and End move the cursor, + and − zoom.</p>"
            "<p><b>Hidden units:</b> point at one to read its numbers, click to open it large. With the keyboard, the "
            "arrows choose one and Return opens it; in its window Left and Right go to the next.</p>"
            "<p><b>Scratchpad:</b> left draws, right erases; a tablet's pressure and eraser end work.</p>"
            "<p><b>Controls:</b> arrow keys move a slider, Up and Down a number, a double-click on the name or the "
            "slider brings the default back. Return presses the button that has the focus.</p>"
        )
        self._show_text(self.tr("Keys and gestures"), f"<table>{rows}</table>{gestures}")

    def _all_actions(self) -> list[QAction]:
        found: list[QAction] = []
        menus = [action.menu() for action in self._window.menuBar().actions()]
        for menu in menus:
            if isinstance(menu, QMenu):
                found += menu.actions()
        return found

    def _show_about(self) -> None:
        from importlib.metadata import version  # slow to import, and seldom wanted

        versions = ", ".join(
            (
                f"Python {platform.python_version()}",
                f"NumPy {np.__version__}",
                f"PySide6 {PySide6.__version__}",
                f"Qt {qVersion()}",
                f"pyqtgraph {version('pyqtgraph')}",
            )
        )
        self._show_text(
            self.tr("About mnistviz"),
            f"<h2>mnistviz {__version__}</h2>"
            + self.tr(
                "<p>Watch a neural network learn to read handwritten digits, steer it while it learns, and look "
                "inside it.</p><p>mnistviz is free software under the MIT licence.</p>"
                "<p>The MNIST digits were put together by Yann LeCun, Corinna Cortes and Christopher J. C. Burges "
                "(CC BY-SA 3.0). The network follows the first chapter of Michael Nielsen's book "
                "<i>Neural Networks and Deep Learning</i>.</p>"
                "<p>Built with NumPy (BSD), Qt and PySide6 (LGPL 3), pyqtgraph (MIT) and threadpoolctl (BSD).</p>"
            )
            + f"<p>{versions}, {platform.system()} {platform.machine()}</p>",
        )

    def _show_text(self, title: str, html: str) -> None:
        dialog = TextDialog(title, html, self._window)
        dialog.open()


class TextDialog(QDialog):
    """A page to read."""

    def __init__(self, title: str, html: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("text_dialog")
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        text = QTextBrowser()
        text.setObjectName("text")
        text.setAccessibleName(title)
        text.setOpenExternalLinks(True)
        text.setHtml(html)
        column.addWidget(text)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self.resize(520, 480)


def _short(path: str) -> str:
    """A path that fits a menu: its end, with & shown as it is."""
    text = str(Path(path))
    return ("…" + text[-59:] if len(text) > 60 else text).replace("&", "&&")
