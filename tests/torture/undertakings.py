"""What a person does with a purpose, a step at a time: each step is done, and told, in a turn of its own. Between the
steps the program lives, and the hand may do something else. A step that can't be done is None; the next one comes all
the same."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QAbstractButton

from tests.torture.gestures import HEIGHTS, LEFT, NARROW, TITLES, Act, Gestures

Steps = Iterator[str | None]
Undertaking = Callable[[Gestures], Steps]

_LARGE: Final = ((2000, 1500), (2000, 1000, 500), (512, 256), (1000, 1000), (2000,))
_SHAPES: Final = (
    (), (1,), (1, 1, 1), (30, 1, 30), (1000,), (30,), (40, 3), (30,) * 8, (5, 300, 5), (2, 3, 4, 5, 6),
)  # fmt: skip
_OPEN, _CLOSED = 8, 10  # runs, at most


def in_the_ideas(hand: Gestures) -> Steps:
    yield hand.do("ideas")
    for _ in range(hand.chance.randint(1, 4)):
        yield hand.open_page()
        for _ in range(hand.chance.randint(3, 15)):
            yield hand.chance.choice((hand.press_in_page, hand.press_in_page, hand.drag_in_page))()
        if hand.chance.random() < 0.3:
            yield hand.do("enlarge")
    yield hand.do("lab")


def at_the_start(hand: Gestures) -> Steps:
    """Exports what this window has perhaps not shown yet, where the one before was closed among the ideas; then looks
    at every page."""
    for _ in range(20):
        if hand.lab.run is None or hand.lab.run.moment is None:
            yield None
    for _ in range(3):
        yield hand.export()
    yield from every_page(hand)


def every_page(hand: Gestures) -> Steps:
    from mnistviz.gui.ideas.pages import PAGES

    yield hand.do("ideas")
    for entry in PAGES:
        hand.window.ideas.open(entry.id)
        yield entry.id
        for _ in range(3):
            yield hand.press_in_page()
        yield hand.do("idea_show_me")
    yield hand.do("lab")


def in_the_past(hand: Gestures) -> Steps:
    yield from _learned(hand)
    change = partial(hand.do, "raise_eta", "lower_eta", "step", "epoch")
    for _ in range(hand.chance.randint(3, 12)):  # the film plays; a slide is perhaps a plan
        yield hand.weighted({hand.go_somewhere: 6, hand.play: 1, hand.slide: 1, change: 1, hand.branch: 1})()
    yield hand.do("live")


def twins_from_the_start(hand: Gestures) -> Steps:
    """Branches where nothing has been learned yet, of networks of any size."""
    if hand.chance.random() < 0.7:
        yield from a_large_network(hand)
    yield from _learned(hand)
    for _ in range(hand.chance.randint(1, 7)):
        yield hand.go_to("0")
        yield hand.branch()
    yield hand.do("live")
    yield from _learned(hand, more=True)


def a_large_network(hand: Gestures) -> Steps:
    yield hand.do("lab")
    if hand.chance.random() < 0.5:
        momentum = hand.widget("momentum_control")
        yield None if momentum is None else hand.type_into(momentum.field, "0.9", Qt.Key.Key_Return)  # type: ignore[attr-defined]
    yield hand.set_layers(hand.chance.choice(_LARGE))
    yield from _learned(hand)


def a_deep_network(hand: Gestures) -> Steps:
    yield hand.do("lab")
    count = hand.chance.randint(3, 8)
    yield hand.set_layers([hand.chance.choice((1, 5, 20, 30, 100)) for _ in range(count)])
    yield from _learned(hand)
    picture = hand.widget("network_picture")
    for _ in range(hand.chance.randint(2, 6)):
        if hand.chance.random() < 0.5:
            yield hand.go_somewhere()
        if picture is not None and picture.isVisible():
            yield hand.click_in(picture, button=LEFT)
        yield hand.open_unit()
    yield hand.do("live")


def runs_of_shapes(hand: Gestures) -> Steps:
    """Begins runs of different shapes and goes from one to another, with a unit seen large, here or in its window."""
    yield hand.do("lab")
    for hidden in hand.chance.sample(_SHAPES, 3):
        yield hand.set_layers(hidden)
        yield from _learned(hand)
    for _ in range(hand.chance.randint(3, 10)):
        yield hand.do("next_run", "previous_run")
        yield hand.open_unit()
        dock, nothing = partial(hand.press_button, "unit_dock"), lambda: None
        acts: dict[Act, float] = {
            dock: 3,
            hand.resize: 2,
            hand.close_unit: 2,
            hand.go_somewhere: 2,
            nothing: 1,
        }
        yield hand.weighted(acts)()


def by_hand(hand: Gestures) -> Steps:
    """Changes weights on a copy, and keeps it, puts it back, or goes elsewhere with it."""
    yield from _learned(hand)
    for _ in range(hand.chance.randint(1, 4)):
        yield hand.open_unit()
        for _ in range(hand.chance.randint(1, 4)):
            yield hand.chance.choice((hand.work_by_hand, hand.paint_weights, hand.draw, hand.type_number))()
        how = hand.chance.choice(("keep_by_hand", "keep_by_hand", "put_back_by_hand", "undo_by_hand", ""))
        yield (
            hand.trigger_named(how)
            if how
            else hand.chance.choice((hand.go_somewhere, hand.turn_to_another))()
        )
    if hand.chance.random() < 0.5:
        yield hand.trigger_named("undo_by_hand")


def pins(hand: Gestures) -> Steps:
    yield from _learned(hand)
    for _ in range(hand.chance.randint(1, 5)):
        yield hand.chance.choice((lambda: hand.trigger_named("scratchpad_test_digit"), hand.draw))()
        yield hand.trigger_named("scratchpad_pin")
    yield hand.do("tab_pins")
    for _ in range(hand.chance.randint(1, 6)):
        acts = hand.click, hand.go_somewhere, hand.turn_to_another, hand.branch, hand.press_key, hand.play
        yield hand.chance.choice(acts)()


def a_mixture(hand: Gestures) -> Steps:
    """Compares two networks digit by digit, and looks at mixtures of them."""
    yield from _learned(hand)
    yield hand.branch() if hand.chance.random() < 0.5 else hand.do("new")
    yield from _learned(hand)
    yield hand.do("digit_by_digit")
    yield from [None] * 4  # both are read
    yield hand.trigger_named("mix_action")
    for _ in range(hand.chance.randint(1, 5)):
        card = hand.widget("mix_card")
        buttons = [] if card is None else hand.buttons_in(card)
        yield hand.press_button(hand.chance.choice(buttons)) if buttons else None
        yield hand.slide()
    acts = hand.branch, hand.go_somewhere, hand.turn_to_another, hand.open_unit, hand.press_key
    yield hand.chance.choice(acts)()


def many_runs(hand: Gestures) -> Steps:
    """Opens as many runs as there can be, closes some, and has them again, the oldest too."""
    lab = hand.lab
    yield from _learned(hand)
    for _ in range(_OPEN + _CLOSED + 2):
        yield hand.branch() if hand.chance.random() < 0.6 else hand.do("new")
        yield from _learned(hand)
        if hand.chance.random() < 0.3:
            yield hand.turn_to_another()
        if hand.chance.random() < 0.2 and lab.run is not None:
            title = hand.chance.choice(TITLES)
            lab.runs.rename(lab.run.number, title)
            yield f"rename {title!r}"
    yield from _reopened(hand)


def closed_runs(hand: Gestures) -> Steps:
    yield from _reopened(hand)
    for _ in range(hand.chance.randint(1, 3)):
        yield hand.do("close_run")
    yield from _reopened(hand)


def a_row(hand: Gestures) -> Steps:
    yield hand.do("lab")
    row, pad = hand.window.network.row, hand.window.network.pad
    if not row.actions.wide.isChecked():
        row.actions.wide.trigger()
        yield "wide"
    for _ in range(hand.chance.randint(1, 3)):
        if (how := hand.chance.random()) < 0.4:
            pad.test_digit_action.trigger()
            yield "test digits"
        elif how < 0.7:
            yield hand.open_picture()
        else:
            yield hand.draw()
        yield from [None] * 4  # it is read
        for _ in range(hand.chance.randint(1, 8)):
            yield _in_row(hand)
    if hand.chance.random() < 0.6:
        if hand.lab.run is not None and not hand.lab.run.playing:
            yield hand.do("play")
        row.actions.walk.trigger()
        yield "walk"
        yield hand.do("ideas", "ideas", "enlarge")
        yield from [None] * 4
        yield hand.do("lab")
    if hand.chance.random() < 0.6:
        row.actions.wide.setChecked(False)
        yield "one digit"


def exports(hand: Gestures) -> Steps:
    """Copies and saves everything, here and from wherever the card is not seen."""
    how = hand.chance.choice(("ideas", "enlarge", "enlarge", "lab", "show_controls"))
    yield hand.do("lab")
    yield _focus_of_a_part(hand)
    yield hand.do(how)
    for _ in range(hand.chance.randint(3, 8)):
        yield hand.export()
    yield hand.do("lab" if how == "ideas" else how)


def a_narrow_window(hand: Gestures) -> Steps:
    """Trains in a window that has little room, with larger text or without, as fast or as slowly as can be."""
    hand.window.showNormal()
    hand.window.resize(hand.chance.choice(NARROW), hand.chance.choice(HEIGHTS))
    yield f"{hand.window.width()} × {hand.window.height()}"
    yield hand.do("lab")
    if hand.chance.random() < 0.5:
        yield hand.do("text_200")
    if (how := hand.chance.random()) < 0.4:
        good = hand.chance.choice(sorted(hand.files.glob("good*.npz")))
        hand.window.documents.open(good)
        yield good.name
    elif how < 0.6:
        yield hand.do("default_settings")
        yield hand.set_layers((hand.chance.choice((30, 100)),))
    for _ in range(hand.chance.choice((0, 0, 6))):
        yield hand.do("faster")
    yield from _learned(hand, more=True)
    for _ in range(hand.chance.randint(0, 3)):
        yield hand.do("slower", "slower", "slower", "play", "epoch")
    for _ in range(hand.chance.randint(0, 3)):
        hand.window.resize(hand.chance.randint(1000, 1500), hand.window.height())
        yield f"{hand.window.width()} wide"


def other_digits(hand: Gestures) -> Steps:
    """Opens another data set while curves are zoomed, a run is chosen and something is under way."""
    yield from _learned(hand)
    for _ in range(hand.chance.randint(0, 5)):
        yield hand.branch() if hand.chance.random() < 0.5 else hand.do("new")
        yield from _learned(hand)
    yield from _learned(hand, more=True)
    plot, where = hand.widget("cost_plot"), hand.chance.random()
    for _ in range(hand.chance.randint(0, 6)):
        if plot is not None and plot.isVisible():
            yield hand.wheel(plot, QPointF(where * plot.width(), plot.height() / 2), QPoint(0, 1200))
    lanes = [each for each in hand.shown(QAbstractButton) if each.objectName().endswith("_lane")]
    if lanes:
        hand.chance.choice(lanes).setFocus(Qt.FocusReason.TabFocusReason)
        yield "a lane"
    yield hand.open_data()
    yield from [None] * 5


def an_experiment(hand: Gestures) -> Steps:
    """Saves all runs, goes on, has them again in the place of what is open, and perhaps back."""
    yield from _learned(hand)
    for _ in range(hand.chance.randint(0, 2)):
        if hand.chance.random() < 0.5:
            yield hand.go_somewhere()
        yield hand.branch()
        yield from _learned(hand)
    yield hand.save_experiment()
    for _ in range(hand.chance.randint(1, 3)):
        yield hand.chance.choice((hand.new_run, hand.slide, hand.branch, hand.go_back))()
        yield from _learned(hand)
    for _ in range(hand.chance.randint(1, 3)):
        yield hand.open_experiment()
        yield from [None] * hand.chance.choice((0, 3, 8))  # it is trained again
        if hand.chance.random() < 0.4:
            yield hand.take_back()
        if hand.chance.random() < 0.3:
            yield hand.save_experiment()  # while it is trained again
    yield hand.go_somewhere()
    yield from _learned(hand, more=True)


def a_line(hand: Gestures) -> Steps:
    yield from _learned(hand)
    if hand.chance.random() < 0.5:
        yield hand.slide()
        yield hand.go_somewhere()
    yield hand.do("copy_line")
    for _ in range(hand.chance.randint(1, 3)):
        if hand.chance.random() < 0.3:
            yield hand.open_data()
        yield hand.paste_line()
        yield from [None] * 3
        if hand.chance.random() < 0.5:
            yield hand.take_back()
    yield from _learned(hand, more=True)


def given_up(hand: Gestures) -> Steps:
    yield from _learned(hand, more=True)
    for _ in range(hand.chance.randint(1, 4)):
        yield hand.take_along(hand.chance.choice(("film", "film", "report")))
        for _ in range(hand.chance.choice((0, 0, 1, 4))):
            yield hand.chance.choice((hand.go_somewhere, hand.play, hand.turn_to_another, hand.open_page))()
        yield hand.give_up()


UNDERTAKINGS: Final[dict[Undertaking, float]] = {
    in_the_ideas: 3, in_the_past: 4, twins_from_the_start: 3, a_large_network: 1, a_deep_network: 2,
    runs_of_shapes: 3, by_hand: 3, pins: 2, a_mixture: 2, many_runs: 1, closed_runs: 2, a_row: 3,
    exports: 2, a_narrow_window: 3, other_digits: 2, an_experiment: 3, a_line: 2, given_up: 2,
}  # fmt: skip
"""And how often each is chosen."""


def _learned(hand: Gestures, *, more: bool = False) -> Steps:
    """Until the selected run has learned something, or something more; not for ever."""
    run = hand.lab.run
    before = 0 if run is None or not more else run.step
    for _ in range(20):
        if (run := hand.lab.run) is not None and run.step > before:
            return
        if hand.is_in_ideas:
            yield hand.do("lab")
        elif run is not None and not hand.lab.playhead.live:
            yield hand.do("live")
        elif run is not None and not run.playing:
            yield hand.do("step" if hand.chance.random() < 0.3 and not more else "play")
        else:
            yield None


def _reopened(hand: Gestures) -> Steps:
    for _ in range(hand.chance.randint(1, 4)):
        closed = hand.lab.runs.reopenable
        if not closed or hand.is_in_ideas:
            return
        run = closed[-1] if hand.chance.random() < 0.5 else hand.chance.choice(closed)
        yield f"open run {run.letter} again, {len(hand.lab.runs.open)} open, {len(closed)} closed"
        if run in hand.lab.runs.reopenable:
            hand.lab.runs.reopen(run.number)
        yield None


def _focus_of_a_part(hand: Gestures) -> str | None:
    names = ("network_picture", "network_input", "cost_plot", "accuracy_plot", "scratchpad", "compare_table")
    if (part := hand.widget(hand.chance.choice(names))) is None:
        return None
    part.setFocus()
    return f"focus of {part.objectName()}"


def _in_row(hand: Gestures) -> str | None:
    row = hand.window.network.row
    if (how := hand.chance.random()) < 0.4:
        actions = (row.actions.walk, row.actions.walk_back, row.actions.candidates, row.actions.cut_again)
        action = hand.chance.choice((*actions, row.actions.part))
        if not action.isEnabled():
            return None
        action.trigger()
        return action.objectName()
    if how < 0.6:
        keys = ("Left", "Right", "Shift+Left", "Shift+Right", "Ins", "Backspace", "Del", "Esc")
        return hand.press(hand.chance.choice(keys), row.cells)
    if not row.cells.isVisible():
        return None
    begin = hand.place_in(row.cells)
    places = [QPointF(begin.x() + 12 * number, begin.y() + 4 * number) for number in range(8)]
    hand.stroke(row.cells, places, LEFT)
    return "a drag in the row"
