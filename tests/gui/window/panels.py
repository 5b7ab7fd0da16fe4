"""The tabs, and what can replace their content, each by the name of its view."""

from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.views import ViewPlace, entries_of

PANELS = [entry.id for entry in entries_of(ViewPlace.LOWER, ViewPlace.IN_CURVES, ViewPlace.IN_MISTAKES)]
PANELS.remove("futures")


def open_panel(window: MainWindow, id: str) -> None:
    """Opens a tab, the table of runs or the pinned pictures, as its key does."""
    chosen = window.lab.chosen
    if id in ("curves", "compare"):
        chosen.choose("curves", view="table" if id == "compare" else "plot")
    if id == "pins" or (id == "mistakes" and chosen.now.mistakes.overview == "pinned"):
        chosen.choose("mistakes", overview="pinned" if id == "pins" else "matrix")
    window.arrangement.tabs.open({"compare": "curves", "pins": "mistakes"}.get(id, id))


def opened_panel(window: MainWindow) -> str:
    """Returns which of them is open."""
    now = window.lab.chosen.now
    replaced = {"curves": now.curves.view == "table", "mistakes": now.mistakes.overview == "pinned"}
    if replaced.get(now.window.tab, False):
        return {"curves": "compare", "mistakes": "pins"}[now.window.tab]
    return now.window.tab
