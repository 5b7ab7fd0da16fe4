"""What Find and the help know besides the actions: questions of a student, what one wants to do, and gestures."""

from collections.abc import Callable
from typing import Final, NamedTuple

from mnistviz.gui.lab.luck_questions import can_be_copied
from mnistviz.gui.window.action_conditions import HAS_LEARNED, Need, Parts
from mnistviz.gui.window.views import COMPARE, CURVES, IDEAS, LAYERS, MINIBATCH
from mnistviz.marking import marked


class StudentQuestion(NamedTuple):
    """A question, where it leads, what opens that, a function or the object name of an action, what it needs, and
    `also` how else one may ask it."""

    text: str
    leads: str
    act: Callable[[Parts], object] | str
    need: Need | None = None
    also: str = ""


def _tab(parts: Parts, tab: str) -> None:
    parts.lab.chosen.choose("window", tab=tab, workspace="lab")


def _idea(parts: Parts, id: str = "") -> None:
    parts.lab.chosen.choose("window", workspace="ideas")
    if id:
        parts.views[IDEAS].open(id)
    else:
        parts.views[IDEAS].list.setFocus()


def _explain_output(parts: Parts) -> None:
    """Choose the output of the digit on the scratchpad: its label, or else what it is read as."""
    pad, moment = parts.network.pad, parts.lab.shown.moment
    if pad.digit is None:
        pad.show_test_digit()
    if (digit := pad.digit) is not None and moment is not None:
        read = int(moment.network.predictions(digit.picture.reshape(1, -1))[0])
        parts.network.selection.choose_output(read if digit.label is None else digit.label)


def _show_stage(parts: Parts) -> None:
    _tab(parts, MINIBATCH.id)
    parts.lab.chosen.choose("minibatch", stage="error")


def _find_jump(parts: Parts) -> None:
    """Open One step in the past, where it has a button that looks for the costliest mini-batch near the one shown."""
    if parts.lab.shown.live:
        parts.lab.playhead.step_by(-1)
    _tab(parts, MINIBATCH.id)


def _repeat(parts: Parts) -> None:
    """Train the run with 8 other seeds, and open the curves, behind which their range is drawn."""
    _tab(parts, CURVES.id)
    if parts.lab.run is not None:
        parts.lab.luck.repeat(parts.lab.run, 8)


def _compare_mistakes(parts: Parts) -> None:
    """Show the mistakes of two runs. Begin the second one, with another seed, if there is none."""
    if (run := parts.lab.run) is not None and len(parts.lab.runs.open) < 2:
        parts.controls.apply({"seed": run.settings.seed + 1})
        parts.steering.new_run()
    parts.views[COMPARE].open_pair()


def _begin_deep(parts: Parts) -> None:
    parts.steering.start_recipe("deep-4")
    _tab(parts, LAYERS.id)


# fmt: off
_CAN_BE_REPEATED: Final = Need(marked("The run has learned nothing yet, or cannot be repeated."),
    lambda shown: shown.run is not None and can_be_copied(shown.run))
_STUCK: Final = marked("Why is the accuracy stuck? It is not learning, does not get better, is too slow: learning rate")
QUESTIONS: Final = (
    StudentQuestion(marked("Why does η 3 work, and η 100 not?"),
        marked("opens the idea of the valley"), lambda parts: _idea(parts, "valley"),
        also=_STUCK),
    StudentQuestion(marked("Which units speak for my 4, and against it?"),
        marked("chooses its output"), _explain_output),
    StudentQuestion(marked("What does a unit look for?"),
        marked("shows a unit large"), lambda parts: parts.network.open_some_unit(),
        also=marked("dead units, neurons, features, filters")),
    StudentQuestion(marked("Which digits are misread, and since when?"),
        marked("opens Mistakes"), lambda parts: _tab(parts, "mistakes"),
        also=marked("wrong, errors, confusion matrix")),
    StudentQuestion(marked("What exactly did the last mini-batch change?"),
        marked("opens One step"), lambda parts: _tab(parts, MINIBATCH.id)),
    StudentQuestion(marked("Which mini-batch made the cost jump?"), marked("opens One step"), _find_jump, HAS_LEARNED),
    StudentQuestion(marked("Is 0.3 % better accuracy luck?"),
        marked("trains 8 other seeds"), _repeat, _CAN_BE_REPEATED),
    StudentQuestion(marked("Do two runs make the same mistakes?"),
        marked("compares a second run"), _compare_mistakes, HAS_LEARNED),
    StudentQuestion(marked("What would η 1 bring from here?"), marked("opens What next?"), "what_next_action",
        also=_STUCK),
    StudentQuestion(marked("What does backpropagation compute, with numbers?"),
        marked("opens its second stage"), _show_stage),
    StudentQuestion(marked("Why does a deep sigmoid network start slowly?"),
        marked("begins one, opens Layers"), _begin_deep,
        also=marked("stuck, not learning, too slow, vanishing gradients")),
    StudentQuestion(marked("How do I get back to before a change?"), marked("goes back"), "go_back_action",
        also=marked("undo")),
    StudentQuestion(marked("And what if I had not made the change?"), marked("looks back to it"), "flag_back_action"),
    StudentQuestion(marked("Will my work be there tomorrow?"),
        marked("shows what is saved"), "earlier_sessions_action", also=marked("save, load")),
    StudentQuestion(marked("Can I send a friend exactly this run?"), marked("copies it as a line"), "copy_line_action",
        also=marked("share, save")),
    StudentQuestion(marked("Does it read my own digits, a row of them?"),
        marked("makes the pad wide"), "scratchpad_row"),
    StudentQuestion(marked("Does it read a photograph of digits?"), marked("opens a picture"), "row_picture"),
    StudentQuestion(marked("Which ideas are behind it, to predict and to try?"),
        marked("opens the list of ideas"), _idea),
)
"""The questions that a student should be able to answer with the window alone."""

WANTS: Final = (
    (marked("see it learn, and stop it"), "play_action"),
    (marked("go one mini-batch at a time"), "step_action"),
    (marked("draw a digit"), "scratchpad_pen"),
    (marked("see how it reads a test digit"), "scratchpad_test_digit"),
    (marked("make η larger"), "raise_eta_action"),
    (marked("know what other values of η would bring"), "what_next_action"),
    (marked("see the digits that it misreads"), "tab_mistakes_action"),
    (marked("follow backpropagation with numbers"), "tab_minibatch_action"),
    (marked("look back at an earlier mini-batch"), "time_back_action"),
    (marked("go back to the best weights"), "restore_best_action"),
    (marked("begin again with other settings"), "new_action"),
    (marked("compare runs"), "tab_compare_action"),
    (marked("understand the ideas behind it"), "ideas_action"),
    (marked("save all of it in a file"), "save_experiment_action"),
    (marked("show it to a class"), "classroom_action"),
    (marked("find anything else"), "find_action"),
    (marked("see all keys and gestures"), "all_keys_action"),
)
"""What one wants to do, and the action that does it."""

GESTURES: Final[tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = (
    (marked("Anywhere"), (
        (marked("Space"), marked("starts and pauses, except while you type")),
        (marked("Return"), marked("presses the button that has the focus")),
        (marked("Escape"), marked(
            "puts a field back; stops a replay; makes an enlarged panel small; closes the docked unit; lets go of a "
            "chosen unit; hides the cursor of a plot; puts back what you have tried by hand")),
    )),
    (marked("In the network"), (
        (marked("point"), marked("reads a unit and shows its largest weights to the next layer")),
        (marked("click"), marked("keeps that")),
        (marked("a second click, W"), marked("keeps a weight of the unit; arrows go to those beside it")),
        (marked("double-click, Return"), marked("shows a unit large; Left and Right go to the next")),
        (marked("0 … 9, a click on an output"), marked("explains that output")),
        (marked("arrows, Home, End"), marked("go from unit to unit")),
    )),
    (marked("On the scratchpad"), (
        (marked("left button, pen"), marked("draws; more pressure of a pen makes the line thicker")),
        (marked("right button, other end of a pen"), marked("erases")),
        (marked("Left, Right"), marked("shows the test digit before or after")),
        (marked("Shift with an arrow"), marked("moves what lies there, while drawings are not centred")),
        (marked("Left, Right in fewest pixels"), marked("takes a pixel back, changes one more")),
    )),
    (marked("In a row of digits"), (
        (marked("Left, Right, Home, End"), marked("choose a digit")),
        (marked("Insert, a double-click between two"), marked("cuts a digit in two")),
        (marked("{shift_left}, {shift_right}, drag a handle"), marked("moves the cut at the right of the digit")),
        (marked("Backspace, drag a handle away"), marked("removes the cut")),
    )),
    (marked("In the ideas"), (
        (marked("drag, arrows"), marked("move a handle; with Shift ten times as far")),
        (marked("Tab"), marked("goes to the next handle of a figure")),
    )),
    (marked("In the curves"), (
        (marked("wheel, + and −"), marked("zoom in and out")),
        (marked("click, Return at the cursor"), marked("goes to that moment")),
        (marked("drag"), marked("moves a zoomed plot")),
        (marked("double-click"), marked("goes to the end of the run and follows it")),
        (marked("arrows, Home, End"), marked("move the cursor")),
    )),
    (marked("In the mistakes"), (
        (marked("click, arrows in the matrix"), marked("choose a cell, a row or a column; Escape chooses all")),
        (marked("click on a digit, arrows"), marked("puts it on the scratchpad")),
        (marked("double-click, Return"), marked("shows the digit large")),
    )),
    (marked("On the lanes of runs"), (
        (marked("click, Return"), marked("selects the run")),
        (marked("double-click"), marked("lets you type a name for it")),
        (marked("right-click, Menu"), marked("shows what else you can do with it")),
        (marked("Up, Down"), marked("go to the next lane")),
        (marked("Del"), marked("closes the run")),
    )),
    (marked("On the strip of time"), (
        (marked("click, drag"), marked("goes to that moment; training pauses")),
        (marked("click on a flag, on the star"), marked("goes to exactly that moment")),
        (marked("arrows, with Shift"), marked("go by one mini-batch, by ten")),
        (marked("Page up, Page down"), marked("go to the end of an epoch")),
        (marked("Home, End"), marked("go to the first moment, to the last")),
        (marked("double-click"), marked("goes to the end of the run")),
    )),
    (marked("In the settings and at η"), (
        (marked("Up, Down"), marked("change the number in a field")),
        (marked("double-click on a name or a slider"), marked("sets the default")),
        (marked("empty the field of a hidden layer"), marked("removes the layer")),
    )),
)
# fmt: on
"""What mouse and keys do in each part of the window, besides the menu actions."""
