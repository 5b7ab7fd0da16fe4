"""What Find and the help know besides the actions: questions of a student, what one wants to do, and gestures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from mnistviz.gui.lab.luck_questions import can_be_copied
from mnistviz.gui.window.action_conditions import HAS_LEARNED, Need, Parts
from mnistviz.gui.window.views import COMPARE, CURVES, IDEAS, LAYERS, MINIBATCH
from mnistviz.marking import marked


class StudentQuestion(NamedTuple):
    """A question, where it leads, what opens that, a function or the object name of an action, and what it needs."""

    text: str
    leads: str
    act: Callable[[Parts], object] | str
    need: Need | None = None


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
    digit = pad.digit
    if digit is not None and moment is not None:
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
    run = parts.lab.run
    if run is not None and len(parts.lab.runs.open) < 2:
        parts.controls.apply({"seed": run.settings.seed + 1})
        parts.steering.new_run()
    parts.views[COMPARE].open_pair()


def _begin_deep(parts: Parts) -> None:
    parts.steering.start_recipe("deep-4")
    _tab(parts, LAYERS.id)


# fmt: off
_CAN_BE_REPEATED: Final = Need(marked("sentences", "The run has learned nothing yet, or cannot be repeated."),
    lambda shown: shown.run is not None and can_be_copied(shown.run))
QUESTIONS: Final = (
    StudentQuestion(marked("sentences", "Why does η 3 work, and η 100 not?"),
        marked("sentences", "opens the idea of the valley"), lambda parts: _idea(parts, "valley")),
    StudentQuestion(marked("sentences", "Which units speak for my 4, and against it?"),
        marked("sentences", "chooses its output"), _explain_output),
    StudentQuestion(marked("sentences", "What does a unit look for?"),
        marked("sentences", "shows a unit large"), lambda parts: parts.network.open_some_unit()),
    StudentQuestion(marked("sentences", "Which digits are misread, and since when?"),
        marked("sentences", "opens Mistakes"), lambda parts: _tab(parts, "mistakes")),
    StudentQuestion(marked("sentences", "What exactly did the last mini-batch change?"),
        marked("sentences", "opens One step"), lambda parts: _tab(parts, MINIBATCH.id)),
    StudentQuestion(marked("sentences", "Which mini-batch made the cost jump?"),
        marked("sentences", "opens One step"), _find_jump, HAS_LEARNED),
    StudentQuestion(marked("sentences", "Is 0.3 % better accuracy luck?"),
        marked("sentences", "trains 8 other seeds"), _repeat, _CAN_BE_REPEATED),
    StudentQuestion(marked("sentences", "Do two runs make the same mistakes?"),
        marked("sentences", "compares a second run"), _compare_mistakes, HAS_LEARNED),
    StudentQuestion(marked("sentences", "What would η 1 bring from here?"),
        marked("sentences", "opens What next?"), "what_next_action"),
    StudentQuestion(marked("sentences", "What does backpropagation compute, with numbers?"),
        marked("sentences", "opens its second stage"), _show_stage),
    StudentQuestion(marked("sentences", "Why does a deep sigmoid network start slowly?"),
        marked("sentences", "begins one, opens Layers"), _begin_deep),
    StudentQuestion(marked("sentences", "How do I get back to before a change?"),
        marked("sentences", "goes back"), "go_back_action"),
    StudentQuestion(marked("sentences", "And what if I had not made the change?"),
        marked("sentences", "looks back to it"), "flag_back_action"),
    StudentQuestion(marked("sentences", "Will my work be there tomorrow?"),
        marked("sentences", "shows what is saved"), "earlier_sessions_action"),
    StudentQuestion(marked("sentences", "Can I send a friend exactly this run?"),
        marked("sentences", "copies it as a line"), "copy_line_action"),
    StudentQuestion(marked("sentences", "Does it read my own digits, a row of them?"),
        marked("sentences", "makes the pad wide"), "scratchpad_row"),
    StudentQuestion(marked("sentences", "Does it read a photograph of digits?"),
        marked("sentences", "opens a picture"), "row_picture"),
    StudentQuestion(marked("sentences", "Which ideas are behind it, to predict and to try?"),
        marked("sentences", "opens the list of ideas"), _idea),
)
"""The questions that a student should be able to answer with the window alone."""

WANTS: Final = (
    (marked("sentences", "see it learn, and stop it"), "play_action"),
    (marked("sentences", "go one mini-batch at a time"), "step_action"),
    (marked("sentences", "draw a digit"), "scratchpad_pen"),
    (marked("sentences", "see how it reads a test digit"), "scratchpad_test_digit"),
    (marked("sentences", "make η larger"), "raise_eta_action"),
    (marked("sentences", "know what other values of η would bring"), "what_next_action"),
    (marked("sentences", "see the digits that it misreads"), "tab_mistakes_action"),
    (marked("sentences", "follow backpropagation with numbers"), "tab_minibatch_action"),
    (marked("sentences", "look back at an earlier mini-batch"), "time_back_action"),
    (marked("sentences", "go back to the best weights"), "restore_best_action"),
    (marked("sentences", "begin again with other settings"), "new_action"),
    (marked("sentences", "compare runs"), "tab_compare_action"),
    (marked("sentences", "understand the ideas behind it"), "ideas_action"),
    (marked("sentences", "save all of it in a file"), "save_experiment_action"),
    (marked("sentences", "show it to a class"), "classroom_action"),
    (marked("sentences", "find anything else"), "find_action"),
    (marked("sentences", "see all keys and gestures"), "all_keys_action"),
)
"""What one wants to do, and the action that does it."""

GESTURES: Final[tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = (
    (marked("sentences", "Anywhere"), (
        (marked("sentences", "Space"), marked("sentences", "starts and pauses, except while you type")),
        (marked("sentences", "Return"), marked("sentences", "presses the button that has the focus")),
        (marked("sentences", "Escape"), marked("sentences",
            "puts a field back; stops a replay; makes an enlarged panel small; closes the docked unit; lets go of a "
            "chosen unit; hides the cursor of a plot; puts back what you have tried by hand")),
    )),
    (marked("sentences", "In the network"), (
        (marked("sentences", "point"), marked("sentences",
            "reads a unit and shows its largest weights to the next layer")),
        (marked("sentences", "click"), marked("sentences", "keeps that")),
        (marked("sentences", "a second click, W"), marked("sentences",
            "keeps a weight of the unit; arrows go to those beside it")),
        (marked("sentences", "double-click, Return"), marked("sentences",
            "shows a unit large; Left and Right go to the next")),
        (marked("sentences", "0 … 9, a click on an output"), marked("sentences", "explains that output")),
        (marked("sentences", "arrows, Home, End"), marked("sentences", "go from unit to unit")),
    )),
    (marked("sentences", "On the scratchpad"), (
        (marked("sentences", "left button, pen"), marked("sentences",
            "draws; more pressure of a pen makes the line thicker")),
        (marked("sentences", "right button, other end of a pen"), marked("sentences", "erases")),
        (marked("sentences", "Left, Right"), marked("sentences", "shows the test digit before or after")),
        (marked("sentences", "Shift with an arrow"), marked("sentences",
            "moves what lies there, while drawings are not centred")),
        (marked("sentences", "Left, Right in fewest pixels"), marked("sentences",
            "takes a pixel back, changes one more")),
    )),
    (marked("sentences", "In a row of digits"), (
        (marked("sentences", "Left, Right, Home, End"), marked("sentences", "choose a digit")),
        (marked("sentences", "Insert, a double-click between two"), marked("sentences", "cuts a digit in two")),
        (marked("sentences", "{shift_left}, {shift_right}, drag a handle"), marked("sentences",
            "moves the cut at the right of the digit")),
        (marked("sentences", "Backspace, drag a handle away"), marked("sentences", "removes the cut")),
    )),
    (marked("sentences", "In the ideas"), (
        (marked("sentences", "drag, arrows"), marked("sentences", "move a handle; with Shift ten times as far")),
        (marked("sentences", "Tab"), marked("sentences", "goes to the next handle of a figure")),
    )),
    (marked("sentences", "In the curves"), (
        (marked("sentences", "wheel, + and −"), marked("sentences", "zoom in and out")),
        (marked("sentences", "click, Return at the cursor"), marked("sentences", "goes to that moment")),
        (marked("sentences", "drag"), marked("sentences", "moves a zoomed plot")),
        (marked("sentences", "double-click"), marked("sentences", "goes to the end of the run and follows it")),
        (marked("sentences", "arrows, Home, End"), marked("sentences", "move the cursor")),
    )),
    (marked("sentences", "In the mistakes"), (
        (marked("sentences", "click, arrows in the matrix"), marked("sentences",
            "choose a cell, a row or a column; Escape chooses all")),
        (marked("sentences", "click on a digit, arrows"), marked("sentences", "puts it on the scratchpad")),
        (marked("sentences", "double-click, Return"), marked("sentences", "shows the digit large")),
    )),
    (marked("sentences", "On the lanes of runs"), (
        (marked("sentences", "click, Return"), marked("sentences", "selects the run")),
        (marked("sentences", "double-click"), marked("sentences", "lets you type a name for it")),
        (marked("sentences", "right-click, Menu"), marked("sentences", "shows what else you can do with it")),
        (marked("sentences", "Up, Down"), marked("sentences", "go to the next lane")),
        (marked("sentences", "Del"), marked("sentences", "closes the run")),
    )),
    (marked("sentences", "On the strip of time"), (
        (marked("sentences", "click, drag"), marked("sentences", "goes to that moment; training pauses")),
        (marked("sentences", "click on a flag, on the star"), marked("sentences", "goes to exactly that moment")),
        (marked("sentences", "arrows, with Shift"), marked("sentences", "go by one mini-batch, by ten")),
        (marked("sentences", "Page up, Page down"), marked("sentences", "go to the end of an epoch")),
        (marked("sentences", "Home, End"), marked("sentences", "go to the first moment, to the last")),
        (marked("sentences", "double-click"), marked("sentences", "goes to the end of the run")),
    )),
    (marked("sentences", "In the settings and at η"), (
        (marked("sentences", "Up, Down"), marked("sentences", "change the number in a field")),
        (marked("sentences", "double-click on a name or a slider"), marked("sentences", "sets the default")),
        (marked("sentences", "empty the field of a hidden layer"), marked("sentences", "removes the layer")),
    )),
)
# fmt: on
"""What mouse and keys do in each part of the window, besides the menu actions."""
