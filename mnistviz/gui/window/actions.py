"""Every menu and action of the window, defined in the menu that shows it: texts, keys, effect and condition."""

from collections.abc import Callable
from typing import Any, Final, Literal

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog

from mnistviz import PROJECT_PAGE
from mnistviz.engine.experiment.recipe_line import looks_like_line
from mnistviz.gui.common.announcements import set_level
from mnistviz.gui.common.look import TEXT_SIZES
from mnistviz.gui.common.tab_tools import ComparedMenu
from mnistviz.gui.lab.run_names import way_back, way_back_words
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.runs.lane_menu import ColourMenu, LuckMenu
from mnistviz.gui.window import action_conditions as when
from mnistviz.gui.window import views
from mnistviz.gui.window.action_book import ActionEntry, MenuEntry, MenuList, OwnActions
from mnistviz.gui.window.action_conditions import Parts
from mnistviz.gui.window.belief_words import BELIEF_WORDS
from mnistviz.gui.window.menu_lists import ClosedRuns, RecentNetworks, RecipeMenu
from mnistviz.gui.window.scene import fill_screen
from mnistviz.marking import marked

Action, Own, List, Menu = ActionEntry[Parts], OwnActions[Parts], MenuList[Parts], MenuEntry[Parts]


def paste(parts: Parts) -> None:
    if looks_like_line(QGuiApplication.clipboard().text()):
        parts.experiments.paste_run()
    else:
        parts.network.row.pictures.paste()


def open_at(parts: Parts, entry: views.ViewEntry[Any], **fields: str) -> None:
    """Open a tab, with these choices in it."""
    parts.workspaces.arrangement.tabs.focus_name(entry.id)
    parts.lab.chosen.choose(entry.id, **fields)
    parts.workspaces.arrangement.open_tab(entry.id)


def open_tab(parts: Parts, entry: views.ViewEntry[Any]) -> None:
    """Open a tab, at what the table of runs or the pinned pictures may have replaced there."""
    now = parts.lab.chosen.now
    if entry is views.CURVES and now.curves.view != "plot":
        open_at(parts, entry, view="plot")
    elif entry is views.MISTAKES and now.mistakes.overview == "pinned":
        open_at(parts, entry, overview="matrix")
    else:
        parts.workspaces.arrangement.open_tab(entry.id)


def open_table(parts: Parts) -> None:
    parts.ahead.end()
    open_at(parts, views.CURVES, view="table")


def find(parts: Parts, what: Literal["anything", "wants", "keys"]) -> None:
    from mnistviz.gui.window.find import Finder  # imported late, for a faster start

    Finder(parts).open(what)


def show_sessions(parts: Parts) -> None:
    from mnistviz.gui.window.sessions_dialog import SessionsDialog

    SessionsDialog(parts.sessions, parts.lab.jobs, parts.window).open()


def shows_everything(parts: Parts) -> bool:
    return parts.lab.chosen.now.controls.more and parts.lab.chosen.now.layers.opened


def show_everything(parts: Parts) -> None:
    on = not shows_everything(parts)
    parts.lab.chosen.choose("controls", more=on)
    parts.lab.chosen.choose("layers", opened=on)
    parts.book["show_controls"].setChecked(on or parts.book["show_controls"].isChecked())


def words_for_going_back(shown: Shown) -> str:
    change = way_back(shown)
    return "" if change is None else way_back_words(change)


_IN_PAST: Final = marked("Possible in the past only: go back some mini-batches.")
_EMPTY: Final = marked("Nothing is drawn.")
_ANNOUNCE_TIP: Final = marked("Chooses how much a screen reader says of what happens by itself.")
_LOOK_TIP: Final = marked("Chooses the colours: light, dark, or black and white.")
_SPLITTER_TIP: Final = marked("Moves the border between two parts of the window, as a drag does.")
_TEXT_TIP: Final = marked("Makes all text bigger or smaller. Large text can be read from further away.")
_BELIEF_TIP: Final = marked("Asks what you expect. Then it trains the runs that show what happens.")
_COPY_TIP: Final = marked("Copies it as a picture, in pixels and as SVG, with the settings of the run.")
_SAVE_TIP: Final = marked("Saves it as a PNG or SVG picture. The file also holds the settings of the run.")
# fmt: off
_PICTURES: Final = (
    ("cost", marked("Copy the &cost plot"), marked("Save the c&ost plot …")),
    ("accuracy", marked("Copy the &accuracy plot"), marked("Save the accurac&y plot …")),
    ("network", marked("Copy the &network's picture"), marked("Save the network's &picture …")),
    ("units", marked("Copy the &units' picture"), marked("Sa&ve the units' picture …")),
    ("unit", marked("Copy the chosen un&it's picture"), marked("Save the c&hosen unit's picture …")),
    ("row", marked("Copy the ro&w of digits"), marked("Save the row of &digits …")),
    ("compare", marked("Copy the co&mparison"), marked("Save the compa&rison …")),
    ("mistakes", marked("Copy the mista&kes"), marked("&Save the mistakes …")),
    ("figure", marked("Copy the pa&ge's figure"), marked("Sav&e the page's figure …")),
)  # what has a picture, and the words to copy and to save it
_OTHER_TIPS: Final = {
    "copy_figure": marked("Copies the figure of this page as a picture, in pixels and as SVG."),
    "save_figure": marked("Saves the figure of this page as a PNG or SVG picture."),
    "save_compare": marked("Saves it as a PNG or SVG picture, or as a table in CSV or Markdown."),
}
_WHERE_THERE_IS_ONE: Final = {
    "unit": (when.HAS_UNIT,), "row": (when.HAS_ROW,), "mistakes": (when.SHOWS_MISTAKES,), "compare": (when.HAS_RUNS,)}


def _picture(act: Literal["copy", "save"], what: str, text: str) -> ActionEntry[Parts]:
    tip = _OTHER_TIPS.get(f"{act}_{what}") or (_COPY_TIP if act == "copy" else _SAVE_TIP)
    return Action(f"{act}_{what}_picture", text, tip, lambda parts: getattr(parts.exports, act)(what),
        needs=_WHERE_THERE_IS_ONE.get(what, ()), workspace="ideas" if what == "figure" else "")


def _of_run(act: Callable[[Parts, RunFacts], object]) -> Callable[[Parts], object]:
    return lambda parts: None if parts.lab.run is None else act(parts, parts.lab.run)


def _belief(name: str) -> ActionEntry[Parts]:
    return Action(f"belief_{name}", BELIEF_WORDS[name].said, _BELIEF_TIP,
        lambda parts: parts.experiments.ask_belief(name), needs=(when.IS_MNIST, when.HAS_DIGITS, when.NOT_FAILED))


def _tab(entry: views.ViewEntry[Any], place: int) -> ActionEntry[Parts]:
    """Return the action of a tab; `place` is its number in the row."""
    return Action(f"tab_{entry.id}", entry.title, entry.opens,
        lambda parts: open_tab(parts, entry), f"Alt+{place}", workspace="lab")


def _announcements(level: str, text: str) -> ActionEntry[Parts]:
    return Action(f"announce_{level}", text, _ANNOUNCE_TIP, lambda parts: set_level(level),
        group="announcements", value=level)


def _look(choice: str, text: str) -> ActionEntry[Parts]:
    return Action(f"look_{choice}", text, _LOOK_TIP, lambda parts: parts.look.choose(choice),
        group="look", value=choice)


def take_default(parts: Parts) -> None:
    """Restore the default of the setting with the focus."""
    focus = QApplication.focusWidget()
    for control in parts.controls.by_name.values():
        if focus is not None and control.isAncestorOf(focus):
            control.reset()


def _splitter(id: str, text: str, keys: str, name: Literal["halves", "columns"], by: int) -> ActionEntry[Parts]:
    def move(parts: Parts) -> None:
        arrangement = parts.workspaces.arrangement
        arrangement.move_splitter(getattr(arrangement, name), by)

    return Action(id, text, _SPLITTER_TIP, move, keys, workspace="lab")


def _text(percent: int) -> ActionEntry[Parts]:
    return Action(f"text_{percent}", f"{percent} %", _TEXT_TIP, lambda parts: parts.look.set_text(percent),
        group="text", value=str(percent))


FILE_MENU: Final = Menu("file", marked("&File"), (
    Action("open_network", marked("&Open …"), marked(
        "Opens a saved network in a new run, which can train it further, or a saved experiment with all its runs."),
        lambda parts: parts.documents.ask_open(), QKeySequence.StandardKey.Open),
    List(lambda parts, menu: RecentNetworks(parts.documents, menu)),
    Action("save_network", marked("&Save the network …"),
        marked("Saves the network of this moment, also as ONNX, as safetensors or as a notebook."),
        lambda parts: parts.steering.save_network(), QKeySequence.StandardKey.Save, needs=when.OF_RUN),
    Action("save_experiment", marked("Save the e&xperiment …"),
        marked("Saves all open runs in one file: settings, changes, curves and weights. Open it to go on, anywhere."),
        lambda parts: parts.documents.ask_save_experiment(), "Ctrl+Shift+S", needs=(when.HAS_RUN,)),
    "-",
    Action("copy_line", marked("&Copy as one line"), marked(
        "Copies all that determines this run, up to the moment shown, as a line of text. Pasted, it is the same run."),
        lambda parts: parts.experiments.copy_line(), "Ctrl+Shift+C", needs=(when.HAS_BEGUN,), workspace="lab"),
    Action("paste_run", marked("&Paste a run"),
        marked("Begins the run that was copied as one line and trains it to where it stood."),
        lambda parts: parts.experiments.paste_run(), "Ctrl+Shift+V", needs=(when.HAS_DIGITS,), workspace="lab"),
    "-",
    Action("start_afresh", marked("Start afres&h"),
        marked("Puts all runs among the earlier sessions, clears the scratchpad, and begins with the first settings."),
        lambda parts: parts.sessions.start_afresh(), needs=(when.HAS_RUN,)),
    Action("earlier_sessions", marked("Earlier sess&ions …"),
        marked("Shows what was open before, with its curves, so that you can open it again."), show_sessions),
    "-",
    Menu("export", marked("&Export"), (
        Action("save_film", marked("&Film of what it learns …"), marked(
            "Saves digit, units, verdict and accuracy since the start, as a GIF or WebP video of six seconds."),
            lambda parts: parts.exports.save("film"), needs=(when.HAS_BEGUN,)),
        "-",
        *(_picture("copy", what, text) for what, text, _ in _PICTURES),
        "-",
        *(_picture("save", what, text) for what, _, text in _PICTURES),
        Action("save_curves", marked("Save the curves as a &table …"),
            marked("Saves cost and accuracy of this run as a CSV table, with its settings."),
            lambda parts: parts.exports.save("curves")),
        Action("save_predictions", marked("Save the predictions as a ta&ble …"),
            marked("Saves what was predicted wherever the program asked first, and how right it was, as a CSV table."),
            lambda parts: parts.exports.save("predictions")),
    )),
    Action("save_report", marked("Save a repor&t …"),
        marked("Saves a page of this run to print: settings, curves, units, mistakes and the recipe."),
        lambda parts: parts.exports.save("report"), needs=(when.HAS_BEGUN,)),
    "-",
    Action("open_data", marked("Open a &data set: a folder …"),
        marked("Reads other digits or pictures: the four files of MNIST, or a subfolder of pictures for each class."),
        lambda parts: parts.data_sets.ask(QFileDialog.FileMode.Directory), "Ctrl+D"),
    Action("open_data_file", marked("Open a data set: a &file …"),
        marked("Reads other digits or pictures from a table (.csv), arrays (.npz), or a file of MNIST or EMNIST."),
        lambda parts: parts.data_sets.ask(QFileDialog.FileMode.ExistingFile), "Ctrl+Shift+D"),
    Action("bundled_data", marked("Use the &bundled MNIST digits"),
        marked("Reads the digits that came with the program."), lambda parts: parts.data_sets.load_bundled()),
    "-",
    Action("quit", marked("&Quit"), marked("Closes the program. The next start goes on where you are now."),
        lambda parts: parts.window.close(), QKeySequence.StandardKey.Quit, role=QAction.MenuRole.QuitRole),
), everywhere=True)

EDIT_MENU: Final = Menu("edit", marked("&Edit"), (
    Own(lambda parts: (parts.undo.undo_action, parts.undo.redo_action),
        why_off=marked("There is nothing to take back.")),
    "-",
    Own(lambda parts: (parts.network.pad.pen_action, parts.network.pad.eraser_action), everywhere=True),
    Own(lambda parts: (parts.network.pad.keys_action, parts.network.pad.test_digit_action), everywhere=True),
    Own(lambda parts: (parts.network.pad.clear_action,), why_off=_EMPTY),
    Own(lambda parts: (parts.network.pad.pin_action,), everywhere=True, why_off=_EMPTY),
    "-",
    Own(lambda parts: (parts.network.pad.row_action,), everywhere=True),
    Own(lambda parts: (parts.network.row.actions.picture,)),
    Action("paste_picture", marked("Paste a p&icture"),
        marked("Reads a row of digits from the picture on the clipboard, or begins the run that was copied as a line."),
        lambda parts: paste(parts), QKeySequence.StandardKey.Paste),
    Menu("row", marked("&Lines and cuts of the row"), (
        Own(lambda parts: parts.network.row.actions.of_row, why_off=when.HAS_ROW.why),
    )),
), workspace="lab")

TRAIN_MENU: Final = Menu("train", marked("&Train"), (
    Action("play", marked("&Start"), marked("Starts or pauses the training."),
        lambda parts: parts.steering.toggle_play(), "Space", also="F5", needs=when.LEARNS, past_tip=marked(
            "Replays the recorded run from here. At the end, training continues if it was running.")),
    Action("step", marked("One &mini-batch"), marked("Trains on exactly one mini-batch, then pauses."),
        lambda parts: parts.lab.time.mini_batch(), "Ctrl+M", short=marked("Mini-batch"),
        needs=(*when.LEARNS, when.HAS_DIGITS, when.NOT_FAILED), past_tip=marked(
            "Goes one mini-batch forward in the recorded run.")),
    Action("epoch", marked("One &epoch"), marked("Trains to the end of the epoch, then pauses."),
        lambda parts: parts.lab.time.finish_epoch(), "Ctrl+E", short=marked("Epoch"),
        needs=(*when.LEARNS, when.HAS_DIGITS, when.NOT_FAILED), past_tip=marked("Goes to the end of the epoch.")),
    Action("take_default", marked("Default of th&is setting"),
        marked("Restores the default of the setting with the focus, as a double-click on its name does."),
        take_default, "F7"),
    "-",
    Action("raise_eta", marked("Larger &η"), marked("Sets η to the next larger of 0.1, 0.2, 0.5, 1, 2, 5, 10 …"),
        lambda parts: parts.controls.eta.step(1), "Ctrl+Up"),
    Action("lower_eta", marked("Sm&aller η"), marked("Sets η to the next smaller of 10, 5, 2, 1, 0.5, 0.2, 0.1 …"),
        lambda parts: parts.controls.eta.step(-1), "Ctrl+Down"),
    Action("slower", marked("Slo&wer"), marked("Lowers the speed: fewer mini-batches per second."),
        lambda parts: parts.transport.speed.step(-1), "Ctrl+Left"),
    Action("faster", marked("&Faster"), marked("Raises the speed: more mini-batches per second."),
        lambda parts: parts.transport.speed.step(1), "Ctrl+Right"),
    "-",
    Action("go_back", marked("Go back to before the last change"),
        marked("Takes the weights and the settings of the moment just before the last change."),
        lambda parts: parts.steering.go_back(), needs=(when.HAS_CHANGED,), words=words_for_going_back),
    Action("restore_best", marked("Go back to the &best weights and their settings"),
        marked("Restores the weights and the settings of the epoch that read the most validation digits."),
        lambda parts: parts.steering.restore_best(), "Ctrl+B", needs=(when.IS_LIVE, when.HAS_BEST)),
    "-",
    Action("new", marked("&New run"),
        marked("Begins a new run from the initial weights of the seed. The previous curves stay visible."),
        lambda parts: parts.steering.new_run(), "Ctrl+N", short=marked("New run"), needs=(when.HAS_DIGITS,)),
    Action("default_settings", marked("&Default settings"), marked("Sets every control to the book's first network."),
        lambda parts: parts.steering.default_settings()),
    "-",
    Action("previous_run", marked("&Previous run"), marked("Selects the run before the selected one."),
        lambda parts: parts.run_list.select(-1), "Ctrl+Shift+Tab", needs=(when.HAS_RUNS,)),
    Action("next_run", marked("Ne&xt run"), marked("Selects the run after the selected one."),
        lambda parts: parts.run_list.select(1), "Ctrl+Tab", needs=(when.HAS_RUNS,)),
    Menu("selected_run", marked("The selected r&un"), (
        Action("rename_run", marked("Give the run a na&me …"),
            marked("Gives the selected run a name of up to forty letters."),
            _of_run(lambda parts, run: parts.run_list.lanes.ask_name(run.number)), "F2", needs=(when.HAS_RUN,)),
        Action("switch_run", marked("&On: learns together with the others"),
            marked("Lets the selected run learn together with the others, or pauses it."),
            _of_run(lambda parts, run: parts.lab.time.switch(run.number, not run.on)), needs=(when.HAS_RUN,),
            ticked=lambda shown: shown.run is not None and shown.run.on),
        Action("hide_run", marked("&Hide its curves"),
            marked("Hides the curves of the selected run while another run is selected."),
            _of_run(lambda parts, run: parts.lab.runs.relabel(run.number, hidden=not run.hidden)),
            needs=(when.HAS_RUNS,), ticked=lambda shown: shown.run is not None and shown.run.hidden),
        List(lambda parts, menu: menu.addMenu(ColourMenu(lambda: parts.lab.run, parts.lab, menu))),
        Action("close_run", marked("&Close the run"), marked("Closes the selected run. You can open it again."),
            _of_run(lambda parts, run: parts.lab.runs.close(run.number)), "Ctrl+W", needs=(when.HAS_RUNS,),
            everywhere=False),
    )),
    List(lambda parts, menu: ClosedRuns(parts.lab, menu)),
    "-",
    Action("live", marked("Li&ve"), marked("Goes to the end of the run; training continues if it was running."),
        lambda parts: parts.lab.go_live(), short=marked("Live"), needs=(when.IS_AWAY,)),
    Menu("steps", marked("S&tep through the past"), (
        Action("time_back", marked("One mini-batch &back"),
            marked("Shows the network one mini-batch earlier. Training pauses."),
            lambda parts: parts.lab.playhead.step_by(-1), ",", needs=(when.HAS_BEGUN, when.HAS_PAST)),
        Action("time_forward", marked("One mini-batch &forward"), marked("Shows the network one mini-batch later."),
            lambda parts: parts.lab.playhead.step_by(1), ".", needs=(when.HAS_FUTURE,)),
        Action("flag_back", marked("To the previous fla&g"),
            marked("Goes to the previous flag: a change, a fork, or the best weights."),
            lambda parts: parts.lab.playhead.flag(-1), "[", also="Ctrl+PgUp", needs=(when.HAS_BEGUN, when.FLAG_BEFORE)),
        Action("flag_forward", marked("To the &next flag"),
            marked("Goes to the next flag: a change, a fork, or the best weights."),
            lambda parts: parts.lab.playhead.flag(1), "]", also="Ctrl+PgDown", needs=(when.HAS_BEGUN, when.FLAG_AFTER)),
        Action("look_at_best", marked("Look at the best &weights"),
            marked("Shows the network at the end of the epoch that read the most validation digits."),
            lambda parts: parts.lab.time.visit_best(), needs=(when.HAS_BEST,)),
    )),
    Action("branch", marked("B&ranch here"), marked(
        "Begins a run with the same past up to the moment shown. From there it trains with the settings that you "
        "planned."), lambda parts: parts.lab.runs.branch(), short=marked("Branch here"),
        needs=(*when.OF_RUN, when.HAS_BEGUN, when.NOT_FAILED)),
    Action("train_on", marked("&Keep training meanwhile"),
        marked("Training continues at half its speed while you look back."),
        switch=lambda parts, on: parts.lab.playhead.set_train_on(on), short=marked("Keep training")),
), workspace="lab", everywhere=True)

EXPERIMENTS_MENU: Final = Menu("experiments", marked("E&xperiments"), (
    Menu("recipes", marked("&Recipes"), (
        List(lambda parts, menu: RecipeMenu(parts.recipes, parts.steering.start_recipe, menu)),
        Own(lambda parts: (parts.controls.recipes.save_action, parts.controls.recipes.delete_action),
            why_off=marked("No recipe of your own is chosen.")),
        "-",
        Action("hide_results", marked("&Hide results of recipes"),
            marked("Leaves out what each recipe reaches, so that a class can predict it."),
            switch=lambda parts, on: parts.recipes.hide_results(on)),
    )),
    Menu("beliefs", marked("&Beliefs to try"), tuple(map(_belief, BELIEF_WORDS))),
    "-",
    Action("what_next", marked("What ne&xt?"),
        marked("Shows what the next mini-batches would bring with other values of η. Training pauses meanwhile."),
        switch=lambda parts, on: parts.ahead.set_on(on), keys="Ctrl+Shift+Up", everywhere=True,
        short=marked("What next?"), needs=(*when.OF_RUN, when.HAS_BEGUN, when.NOT_FAILED, when.IS_FINITE)),
    Own(lambda parts: (parts.views[views.FUTURES].ask_action,), view="futures"),
    "-",
    Action("digit_by_digit", marked("Digit b&y digit"),
        marked("Opens Mistakes for the selected run beside the one selected before."),
        lambda parts: parts.views[views.COMPARE].open_pair(), needs=(when.HAS_RUNS,)),
    List(lambda parts, menu: menu.addMenu(LuckMenu(lambda: parts.lab.run, parts.lab, menu))),
    Action("butterfly", marked("Copy with one tiny change (b&utterfly)"), marked(
        "Begins a copy in which one weight is changed by the smallest possible amount. It shows what chance does."),
        lambda parts: parts.time.butterfly(), needs=(*when.OF_RUN, when.HAS_BEGUN, when.NOT_FAILED)),
    "-",
    Menu("weights_by_hand", marked("&Weights by hand"), (
        Own(lambda parts: (parts.by_hand.switch_off, parts.by_hand.freeze), why_off=when.HAS_UNIT.why),
        Own(lambda parts: (parts.needed_units.action,), why_off=when.HAS_UNIT.why, view="unit_detail"),
        "-",
        Own(lambda parts: parts.by_hand.brushes.values(), why_off=when.HAS_UNIT.why),
        "-",
        Own(lambda parts: (parts.by_hand.show_digits, parts.by_hand.keep, parts.by_hand.put_back),
            why_off=marked("Nothing is changed by hand.")),
    )),
    Action("teach_drawing", marked("&Teach this drawing …"),
        marked("Teaches the network, on a copy, what the drawing on the scratchpad is. You see first what that costs."),
        lambda parts: parts.views[views.LESSON].open(), needs=(when.HAS_MOMENT, when.HAS_NO_ROW)),
    "-",
    Own(lambda parts: (parts.network.pad.options_action, parts.network.pad.centred_action,
        parts.network.pad.noise_anew_action), everywhere=True, why_off=marked("There is no noise.")),
    Action("fewest_pixels", marked("Fewest &pixels …"),
        marked("Changes one pixel of the picture after another, until the network reads something else."),
        lambda parts: parts.views[views.FEWEST_PIXELS].open(parts.network), "X"),
), workspace="lab")

IDEAS_MENU: Final = Menu("ideas", marked("&Ideas"), (
    Action("idea_main", marked("Press the page's &main button"),
        marked("Does what the main button above the figure says."),
        lambda parts: parts.views[views.IDEAS].press_main(), "Space", also="F5"),
    Action("idea_back", marked("&Reset page"),
        marked("Makes the page as it was when it opened. Tasks that you have done stay ticked."),
        lambda parts: parts.views[views.IDEAS].put_back(), "R"),
    Action("idea_show_me", marked("&Show me"), marked("Does the task for you, so that you can look at the result."),
        lambda parts: parts.views[views.IDEAS].show_me()),
    Action("idea_try", marked("&Try it in the lab"),
        marked("Sets up the lab for this idea. What is open there is kept, and one step takes it back."),
        lambda parts: parts.between.try_it(), "L", needs=(*when.OF_RUN, when.HAS_RUN, when.NOT_FAILED)),
    Action("idea_reset", marked("Reset &Ideas"),
        marked("Forgets ticks, answers and painted parts of all pages, for the next class."),
        lambda parts: parts.views[views.IDEAS].reset()),
    "-",
    Action("idea_previous", marked("&Previous page"), marked("Opens the page before this one."),
        lambda parts: parts.views[views.IDEAS].go(-1), "Alt+Left"),
    Action("idea_next", marked("&Next page"), marked("Opens the page after this one."),
        lambda parts: parts.views[views.IDEAS].go(1), "Alt+Right"),
), workspace="ideas")

VIEW_MENU: Final = Menu("view", marked("&View"), (
    Action("lab", marked("La&b"), marked("The network while it learns, with its settings and curves."),
        lambda parts: parts.lab.chosen.choose("window", workspace="lab"), "Ctrl+1", group="workspace", value="lab",
        much=True),
    Action("ideas", marked("&Ideas"), marked("The ideas behind the network. You can try each in a few minutes."),
        lambda parts: parts.lab.chosen.choose("window", workspace="ideas"), "Ctrl+2", group="workspace", value="ideas",
        much=True),
    "-",
    Action("where", marked("W&here am I?"),
        marked("Says which run and epoch are shown, how cost and accuracy stand, and what is confused."),
        lambda parts: parts.steering.say_where(), "F4", needs=(when.HAS_MOMENT,)),
    Action("show_controls", marked("Se&ttings"), marked("Shows or hides the settings."),
        switch=lambda parts, on: parts.views.show("controls", on), keys="F9", checked=True, much=True, workspace="lab"),
    Action("tab_network", marked("Net&work"), marked("Goes to the units of the network."),
        lambda parts: parts.workspaces.arrangement.focus_network(), "Alt+0", workspace="lab"),
    Own(lambda parts: (parts.network.large_action, parts.network.path_action), workspace="lab",
        why_off=when.HAS_UNIT.why),
    Action("probe", marked("Prob&e the 28 × 28"),
        marked("Goes to the picture that the network gets. Arrows point at a pixel there."),
        lambda parts: parts.network.seen.setFocus(Qt.FocusReason.ShortcutFocusReason), "F6", workspace="lab"),
    *(_tab(entry, place) for place, entry in enumerate(views.entries_of(views.ViewPlace.LOWER), 1)),
    Action("tab_compare", marked("The table of ru&ns"),
        marked("Opens the table of runs: how they differ, and how well each reads digits."),
        open_table, "Alt+5", needs=(when.HAS_RUNS,), workspace="lab"),
    Action("tab_pins", marked("&Pinned pictures"),
        marked("Opens what each run answered to the pinned pictures, from its start to now."),
        lambda parts: open_at(parts, views.MISTAKES, overview="pinned"), "Alt+6", needs=(when.HAS_PINS,),
        workspace="lab"),
    Action("everything", marked("E&verything"),
        marked("Shows all settings and all tabs at once, or only those that are needed."),
        show_everything, chosen=shows_everything, workspace="lab"),
    Menu("tab_details", marked("&Details of the tabs"), (
        Menu("axes", marked("A&xes of Curves"), (Own(lambda parts: parts.curves.tab_tools.choices),)),
        Menu("mistaken_digits", marked("&Digits of Mistakes"), (
            Own(lambda parts: parts.views[views.MISTAKES].overviews.actions.values()),
            "-",
            Own(lambda parts: parts.views[views.MISTAKES].views.actions.values()),
            "-",
            Own(lambda parts: parts.views[views.MISTAKES].sets.actions.values()),
            "-",
            Own(lambda parts: parts.views[views.MISTAKES].order.actions.values()),
            "-",
            List(lambda parts, menu: ComparedMenu(menu, "against_menu", parts.views[views.MISTAKES].compared_choices)),
            Own(lambda parts: (parts.views[views.MISTAKES].mixing.action,), why_off=when.HAS_RUNS.why),
        ), view="mistakes"),
        Menu("minibatch_stages", marked("St&ages of One step"), (
            Own(lambda parts: (parts.views[views.MINIBATCH].next_action, parts.views[views.MINIBATCH].previous_action),
                why_off=when.SHOWS_STAGE.why),
            "-",
            Own(lambda parts: parts.views[views.MINIBATCH].stages.actions.values(), why_off=when.HAS_LEARNED.why),
            "-",
            Own(lambda parts: parts.views[views.MINIBATCH].which.actions.values(), why_off=when.SHOWS_STAGE.why),
            "-",
            Own(lambda parts: parts.views[views.MINIBATCH].order.actions.values()),
            "-",
            Own(lambda parts: (parts.views[views.MINIBATCH].costliest_action,), why_off=_IN_PAST),
            Action("see_idea", marked("See the idea of this stage"),
                marked("Opens the page of ideas behind the stage that the network card shows."),
                lambda parts: parts.between.open_stage(), needs=(when.SHOWS_STAGE,), short=marked("See the idea")),
        ), view="minibatch"),
        Menu("layer_sizes", marked("The R&un in Layers"), (
            Own(lambda parts: parts.views[views.LAYERS].over_run.actions.values()),
            "-",
            List(lambda parts, menu: ComparedMenu(menu, "beside_menu", parts.views[views.LAYERS].beside.choices)),
        ), view="layers"),
    ), workspace="lab"),
    Action("enlarge", marked("En&large"), marked(
        "Makes the part with the focus as large as possible, or normal again: the curves, the network with the "
        "scratchpad, or the figure of a page."), switch=lambda parts, on: parts.workspaces.enlarge(on), keys="F8",
        much=True),
    Menu("borders", marked("Ad&just a border"), (
        _splitter("higher_network", marked("&Network higher"), "Alt+Down", "halves", 24),
        _splitter("lower_network", marked("Network &lower"), "Alt+Up", "halves", -24),
        _splitter("wider_settings", marked("&Settings wider"), "Alt+Shift+Right", "columns", 24),
        _splitter("narrower_settings", marked("Settings na&rrower"), "Alt+Shift+Left", "columns", -24),
    )),
    "-",
    Own(lambda parts: (parts.curves.follow_action,), workspace="lab",
        why_off=marked("The curves show all of it already.")),
    "-",
    Action("calm", marked("Cal&m: once a second"),
        marked("Draws what changes while a network learns only once a second."), switch=lambda parts, on: None),
    Menu("look", marked("Loo&k"), (
        _look("system", marked("As the &desktop")),
        _look("light", marked("&Light")),
        _look("dark", marked("D&ark")),
        _look("clear", marked("&Clear: highest contrast")),
        "-",
        Action("hatched", marked("&Hatch negative weights"),
            marked("Marks negative weights by a hatch and dashes, too, not by their colour alone."),
            switch=lambda parts, on: parts.look.hatch(on)),
    )),
    Menu("announcements", marked("&Announcements"), (
        _announcements("quiet", marked("&Quiet: only answers")),
        _announcements("normal", marked("&Normal: now and then")),
        _announcements("full", marked("&Full: all that happens")),
    )),
    Action("letters_in_network", marked("Sin&gle letters only in the network"),
        marked("Single letters and signs, such as P or [, act only while the focus is in the network card."),
        switch=lambda parts, on: None),
    Menu("text_size", marked("Te&xt size"), tuple(map(_text, TEXT_SIZES))),
    Action("classroom", marked("Full s&creen, larger text"),
        marked("For a class: fills the screen and enlarges the text."),
        switch=lambda parts, on: fill_screen(parts.window, parts.look, on), keys="F11", much=True),
), everywhere=True)

HELP_MENU: Final = Menu("help", marked("&Help"), (
    Action("guide", marked("User's &guide"),
        marked("Explains everything on the screen, with pictures, and what you can try."),
        lambda parts: parts.help.show_guide(), much=True),
    Action("find", marked("&Find …"),
        marked("Finds any action or setting, and answers to questions, by some letters of their words."),
        lambda parts: find(parts, "anything"), "Ctrl+K"),
    Action("keys", marked("&What do you want to do?"),
        marked("Lists what one may want to do, with the action and the key that does it."),
        lambda parts: find(parts, "wants"), "F1"),
    Action("all_keys", marked("&Keys and gestures"),
        marked("Lists the keyboard's shortcuts, and what the mouse does in each part of the window."),
        lambda parts: find(parts, "keys")),
    Own(lambda parts: (parts.help.whats_this_action,)),
    "-",
    Action("show_log", marked("Show the &log file"),
        marked("Opens the log file, which you can send with a report of an error."),
        lambda parts: parts.help.show_log()),
    Action("newer_version", marked("Is there a &newer version?"),
        marked("Opens the project's page in your browser. By itself, the program never asks."),
        lambda parts: QDesktopServices.openUrl(QUrl(PROJECT_PAGE))),
    Action("about", marked("&About mnistviz"), marked("Versions and licences."),
        lambda parts: parts.help.show_about(), much=True, role=QAction.MenuRole.AboutRole),
), everywhere=True)
# fmt: on

MENUS: Final = (FILE_MENU, EDIT_MENU, TRAIN_MENU, EXPERIMENTS_MENU, IDEAS_MENU, VIEW_MENU, HELP_MENU)
