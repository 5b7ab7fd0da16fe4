"""The panel of settings: everything that may change in mid-run does, at the next mini-batch, and is marked."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, QPoint, QRect, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QStyleOptionComboBox, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.acts import Restored
from mnistviz.engine.digits import Digits
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.gui.common.number_edit import parse_number
from mnistviz.gui.common.scales import Scale
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.settings.eta_control import EtaControl
from mnistviz.gui.settings.layers_editor import LayersEditor
from mnistviz.gui.settings.setting_control import ChoiceControl, NumberField
from mnistviz.gui.window.main_window import MainWindow
from tests.declared import NEW_RUN_FIELDS
from tests.gui.children import known, said
from tests.gui.frames import wait
from tests.gui.settings.desk import WIDTH, Desk, wheel_over
from tests.gui.whose import whose

LIVE: dict[str, object] = {
    "eta": 0.5, "mini_batch_size": 20, "weight_decay": 0.1, "momentum": 0.5, "momentum_kind": "nesterov",
    "dropout": 0.25, "schedule": "cosine", "schedule_epochs": 50, "order": "sorted", "shift": 1, "rotation": 10.0,
    "elastic": 1.5, "stop": "no_improvement", "stop_epochs": 500,
}  # fmt: skip


def test_every_setting_has_a_control_and_every_live_one_is_tried_below(desk: Desk) -> None:
    names = set(SETTINGS)
    assert set(desk.controls.by_name) == names
    assert set(LIVE) | set(NEW_RUN_FIELDS) == names


def test_each_live_choice_changed_in_mid_run_is_applied_at_the_next_mini_batch_and_marked(desk: Desk) -> None:
    desk.unfold()
    desk.controls.parts.distortion.click()
    desk.play()
    for field, value in LIVE.items():
        before, old, count = desk.run.step, desk.learns_with(field), len(desk.acts)
        desk.controls.area.ensureWidgetVisible(desk.controls.by_name[field])
        assert desk.controls.by_name[field].isVisible(), field
        if isinstance(value, str):
            desk.choose(field, value)
        else:
            desk.type_into(field, str(value))
        desk.go_on()
        assert len(desk.acts) == count + 1
        assert desk.acts[-1].changes == ((field, old, value),)
        at = desk.acts[-1].step
        assert at >= before
        assert desk.run.step > at
        assert desk.learns_with(field) == value
        assert desk.controls.settings() == desk.run.moment.settings
    assert desk.run.playing
    assert not desk.controls.foot.discard_button.isVisible()


def test_eta_touched_under_a_schedule_takes_over_and_says_so(desk: Desk) -> None:
    hint = desk.controls.by_name["schedule"].hint
    desk.choose("schedule", "cosine")
    desk.type_into("schedule_epochs", "100")
    desk.play()
    while desk.run.eta > 2.99:
        desk.go_on(200)
    desk.lab.draw()  # what a schedule makes of η is told at every second drawing
    under = hint.text()
    assert under in desk.controls.eta.slider.toolTip()
    desk.type_into("eta", "0.5")
    desk.go_on()
    assert desk.learns_with("eta") == desk.run.eta == 0.5
    assert set(desk.acts[-1].changes) == {("schedule", "cosine", "constant"), ("eta", 3.0, 0.5)}
    assert desk.controls.settings().schedule == "constant"
    ended = hint.text()
    assert ended != under
    assert ended in desk.controls.eta.field.toolTip()
    desk.steering.new_run()
    assert hint.text() not in (under, ended)


def test_a_change_that_the_run_takes_is_written_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    shown, write = list[float](), desk.controls.recipes.show_settings

    def count(settings: Settings) -> None:
        shown.append(settings.eta)
        write(settings)

    monkeypatch.setattr(desk.controls.recipes, "show_settings", count)
    desk.play()
    desk.type_into("eta", "0.5")
    desk.go_on()
    assert desk.learns_with("eta") == 0.5
    assert shown == [0.5], "nothing of it is another one once the run has it"


def test_what_waits_has_a_dot_in_the_colour_of_what_can_be_pressed(desk: Desk) -> None:
    desk.lab.run_to(20)
    desk.dress()
    label = desk.number("training_digits").label
    colours = {"accent": LIGHT.accent, "wrong": LIGHT.wrong, "text": LIGHT.text, "card": LIGHT.card}
    assert whose(label, label.dot.geometry().center(), colours) == "card"
    desk.type_into("training_digits", "500")
    assert whose(label, label.dot.geometry().center(), colours) == "accent"


def test_the_hollow_knob_goes_along_where_the_slider_gets_longer(qtbot: QtBot) -> None:
    def hollow(*widths: int) -> int:
        """Where it is once the control has been so many pixels wide, one after the other."""
        eta = EtaControl()
        qtbot.addWidget(eta)
        eta.resize(widths[0], 40)
        eta.show()
        eta.show_eta_in_use(30.0)
        eta.resize(widths[-1], 40)
        QApplication.processEvents()
        at = eta.slider.hollow.geometry().center().x()
        eta.show_eta_in_use(None)
        assert not eta.slider.hollow.isVisible()
        eta.forecasts.show_ticks((), "", 30.0)
        assert eta.slider.hollow.isVisible(), "where it was, while other values are forecast"
        assert eta.slider.hollow.geometry().center().x() == at
        return at

    assert hollow(300, 700) == hollow(700) > hollow(300) + 200


def test_a_hand_that_is_quicker_than_the_run_never_sees_its_slider_jump_back(desk: Desk) -> None:
    desk.play()
    slider = desk.controls.by_name["eta"]
    assert isinstance(slider, EtaControl)
    for position in range(300, 700, 5):
        slider.slider.setValue(position)
        value = slider.value()
        desk.lab.draw()  # by now the run knows nothing of it
        assert slider.value() == value
        if position % 3 == 0:
            desk.lab.work(1)
            assert slider.value() == value
    desk.go_on()
    assert desk.learns_with("eta") == slider.value()


def test_what_does_not_fit_together_is_not_offered_and_the_reason_is_given(desk: Desk) -> None:
    assert desk.offered("output") == {"sigmoid"}
    assert "cross-entropy first" in desk.combo("output").toolTip()
    desk.choose("cost", "cross_entropy")
    assert desk.offered("output") == {"sigmoid", "softmax"}
    desk.choose("output", "softmax")
    assert desk.offered("cost") == {"cross_entropy"}
    desk.choose("activation", "relu")
    assert "√(2/n)" in desk.controls.by_name["initial_weights"].hint.text(), "suggested"
    assert desk.controls.settings().checked().initial_weights == "normal", "and not changed"


def test_new_run_settings_wait_and_can_be_put_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.randint", lambda low, high: 77)
    desk.step()
    number, foot = desk.run.number, desk.controls.foot
    desk.choose("initial_weights", "scaled")
    desk.type_into("training_digits", "500")
    assert marked(desk) == {"initial_weights", "training_digits"}
    foot.discard_button.click()
    assert desk.controls.settings() == Settings()
    assert not foot.discard_button.isVisible()
    desk.choose("initial_weights", "scaled")
    desk.controls.parts.dice.click()
    assert desk.controls.settings().seed == 77
    foot.new_run_button.click()
    desk.rest()
    assert desk.run.settings.seed == 77
    assert desk.run.number == number + 1
    assert desk.learns_with("initial_weights") == "scaled"
    assert marked(desk) == set()
    assert not foot.discard_button.isVisible()


def marked(desk: Desk) -> set[str]:
    """The settings with a dot."""
    return {name for name, control in desk.controls.by_name.items() if not control.label.dot.isHidden()}


def test_before_anything_is_learned_what_needs_a_new_run_acts_at_once(desk: Desk) -> None:
    desk.controls.layers.fields[0].take(40)
    desk.rest()
    assert desk.run.settings.sizes == (784, 40, 10)
    assert not desk.controls.foot.discard_button.isVisible()
    assert "acts at once" in desk.controls.foot.about.text()
    desk.undo(desk.controls.layers.fields[0])
    desk.rest()
    assert desk.run.settings.sizes == (784, 30, 10)
    for _ in range(7):
        desk.controls.layers.add_button.click()
    for field in desk.controls.layers.fields:
        field.take(2_000)
    desk.rest()
    assert "weights" in said(desk.controls.layers, "layers_fault")
    assert desk.controls.foot.discard_button.isVisible()


def test_the_bar_says_what_a_schedule_makes_of_eta(desk: Desk) -> None:
    eta, steering = desk.controls.eta, desk.steering
    named = eta.label.text()
    desk.controls.show_settings(Settings(training_digits=100, schedule="cosine", schedule_epochs=2))
    steering.new_run()
    desk.rest()
    assert eta.label.text().endswith(" 3.0")
    desk.lab.time.finish_epoch()
    desk.rest()
    assert desk.run.step == 10, "an epoch of few training digits is short"
    assert "of 100 digits" in desk.number("mini_batch_size").field.toolTip()
    assert eta.label.text().endswith(" 1.5")
    assert eta.value() == 3.0
    desk.controls.recipes.chosen(Settings(training_digits=100, schedule="step"))
    assert eta.label.text() == named, "what is set is for a new run"
    desk.controls.revert()
    assert eta.label.text().endswith(" 1.5")
    desk.type_into("eta", "0.5")
    desk.rest()
    assert eta.label.text() == named, "the schedule has ended"


def test_what_a_schedule_makes_of_eta_moves_nothing(qtbot: QtBot) -> None:
    eta = EtaControl()
    qtbot.addWidget(eta)
    eta.resize(eta.wide(short=False), 40)
    eta.set_short(False)
    eta.show()
    eta.grab()
    place = eta.slider.geometry()
    for now, text in ((0.1, "η now 0.1"), (0.001091, "η now 0.0011"), (None, "Learning rate η")):
        eta.show_scheduled(now)
        eta.grab()
        assert (eta.label.text(), eta.slider.geometry()) == (text, place)
        assert eta.label.width() >= eta.label.sizeHint().width()
    eta.show_scheduled(0.1)
    eta.set_short(True)
    assert eta.label.text() == "η", "there is no room"


def hints(desk: Desk) -> tuple[str, str]:
    controls = desk.controls.by_name
    return controls["schedule"].hint.text(), controls["schedule_epochs"].hint.text()


def test_a_cosine_says_when_nothing_is_left_of_eta(desk: Desk) -> None:
    controls, steering = desk.controls, desk.steering
    controls.show_settings(Settings(training_digits=100, schedule="cosine", schedule_epochs=2))
    assert "from epoch" not in hints(desk)[1]
    steering.new_run()

    def after(mini_batches: int, now: str, until: str) -> None:
        desk.rest()
        assert desk.run.step == mini_batches
        assert hints(desk)[0].endswith(now)
        assert f" from epoch {until} on." in hints(desk)[1]

    after(0, "3.0", "2.00")
    desk.lab.time.finish_epoch()
    after(10, "1.5", "2.00")
    height = controls.list.height()
    desk.lab.time.finish_epoch()
    after(20, "0 since epoch 2.00", "2.00")
    desk.lab.time.mini_batch()
    after(21, "0 since epoch 2.00", "2.00")
    assert controls.list.height() == height
    ended = desk.run.number
    steering.new_run()
    after(0, "3.0", "2.00")
    desk.lab.runs.select(ended)
    after(21, "0 since epoch 2.00", "2.00")
    desk.type_into("schedule_epochs", "5")
    after(21, "3.0", "7.10")
    desk.type_into("momentum", "0.5")
    for done in range(22, 30):
        desk.lab.time.mini_batch()
        after(done, "", "7.10")
    controls.recipes.chosen(Settings(training_digits=100, schedule="cosine", schedule_epochs=30))
    after(29, "the schedule", "30.00")
    controls.revert()
    after(29, "", "7.10")


def test_a_change_that_was_refused_leaves_the_value_that_holds(desk: Desk) -> None:
    controls = desk.controls
    controls.show_settings(Settings(eta=1e-05, schedule="cosine"))  # no run hears of it
    desk.pretend(has_obeyed=False)
    desk.lab.settings.follow()
    assert controls.settings().eta == 1e-05
    desk.pretend(has_obeyed=True)
    desk.lab.settings.follow()
    assert controls.settings() == Settings()


def test_a_run_stops_as_set_and_goes_back_to_its_best_weights(desk: Desk, qtbot: QtBot) -> None:
    desk.choose("stop", "epochs")
    desk.type_into("stop_epochs", "3")
    desk.steering.toggle_play()
    desk.rest()
    assert desk.run.stopped
    assert desk.run.step == 303
    qtbot.waitUntil(lambda: desk.said.startswith("Stopped after 3 epochs"))
    best = known(desk.run.best)
    desk.type_into("eta", "100")
    desk.step()
    desk.steering.restore_best()
    desk.rest()
    assert isinstance(desk.acts[-2], Restored)
    assert desk.acts[-2].source == best.step
    assert desk.learns_with("eta") == 3.0
    assert desk.learns_with("stop") == "epochs"
    read = desk.run.evaluations["validation"]
    assert (read.accuracy, read.step) == (best.accuracy, 304)


def test_the_preview_shows_what_the_network_is_shown(desk: Desk, qtbot: QtBot) -> None:
    group = desk.controls.parts
    desk.unfold()
    group.distortion.click()
    QApplication.processEvents()
    desk.controls.area.ensureWidgetVisible(group.preview)
    qtbot.waitUntil(lambda: len(group.preview.shown) == 8)
    written = group.preview.shown
    desk.type_into("rotation", "30")
    qtbot.waitUntil(lambda: not np.array_equal(group.preview.shown, written))
    turned = group.preview.shown
    assert all((a != b).any() for a, b in zip(written, turned, strict=True))
    group.others.click()
    qtbot.waitUntil(lambda: not np.array_equal(group.preview.shown, turned))
    others = group.preview.shown
    desk.type_into("rotation", "0")
    qtbot.waitUntil(lambda: not np.array_equal(group.preview.shown, others))
    images = {image.tobytes() for image in desk.lab.digits.training.images}
    written = group.preview.shown
    assert all(shown.tobytes() in images for shown in written)
    desk.type_into("shift", "2")
    qtbot.waitUntil(lambda: not np.array_equal(group.preview.shown, written))
    for before, after in zip(written, group.preview.shown, strict=True):
        padded = np.pad(before.reshape(28, 28), 2)  # moved by whole pixels, two at the most
        moved = (padded[y : y + 28, x : x + 28] for y in range(5) for x in range(5))
        assert any(np.array_equal(each.ravel(), after) for each in moved)


def test_classes_are_left_out_by_pressing_them_and_one_always_stays(desk: Desk) -> None:
    chips = desk.controls.parts.classes
    desk.unfold()
    assert not chips.isVisible()
    opener = desk.controls.parts.open_classes
    opener.click()
    assert chips.isVisible()
    desk.play()
    for number in (7, 3):
        chips.chips[number].click()
    assert desk.controls.settings().classes_left_out == chips.value() == (3, 7)
    assert desk.run.settings.classes_left_out == (), "only a new run can have it"
    assert desk.controls.foot.new_run_button.isVisible()
    desk.line.order.undo_action.trigger()
    assert chips.value() == (7,)
    for number in (0, 1, 2, 3, 4, 5, 6, 8):
        chips.chips[number].click()
    assert not chips.chips[9].isEnabled()
    assert "At least one class" in chips.chips[9].toolTip()
    opener.click()
    desk.dress(larger=True)
    desk.dress()
    assert chips.isVisible(), "what is left out is always visible"
    height = chips.chips[0].height()
    chips.set_classes(("T-shirt", "Ankle boots & shoes"))
    assert chips.chips[0].sizeHint().height() == height
    shown = [chip.text().endswith("…") for chip in chips.chips]
    assert shown == [False, True]
    assert chips.chips[1].toolTip().startswith("Ankle boots & shoes"), "where it is shortened"
    chips.set_classes(tuple("0123456789"))
    chips.set_value(tuple(range(9)))
    assert not chips.chips[9].isEnabled()
    told: list[tuple[int, ...]] = []
    chips.changed.connect(lambda: told.append(chips.value()))
    chips.label.double_clicked()
    assert told == [()], "all are trained on by default"
    assert chips.chips[9].isEnabled()


def test_the_wheel_scrolls_the_panel_and_turns_nothing_by_accident(desk: Desk) -> None:
    desk.unfold()
    desk.resize(WIDTH, 500)
    desk.around.setFocus()
    before, bar = desk.controls.settings(), desk.controls.area.verticalScrollBar()
    assert bar.maximum() > 0
    turned: list[QWidget] = [desk.controls.recipes.combo]
    for control in desk.controls.by_name.values():
        if isinstance(control, ChoiceControl):
            turned.append(control.combo)
        elif isinstance(control, NumberField) and not isinstance(control, EtaControl):
            turned.append(control.field)
    for widget in turned:
        if widget.isVisible():
            desk.controls.area.ensureWidgetVisible(widget)
            at = bar.value()
            wheel_over(widget, -240 if at < bar.maximum() else 240)
            assert bar.value() != at, widget.objectName()
    wheel_over(desk.controls.eta.slider, 120)
    assert desk.controls.settings() == before


def test_the_arrow_keys_leave_off_and_come_back_to_it(desk: Desk, qtbot: QtBot) -> None:
    for name in ("weight_decay", "dropout", "momentum", "rotation", "elastic", "shift"):
        control = desk.number(name)
        assert control.value() == 0
        qtbot.keyClick(control.field, Qt.Key.Key_Up)
        assert control.value() > 0
        qtbot.keyClick(control.field, Qt.Key.Key_Down)
        assert control.value() == 0


SCALES = (
    Scale(0.001, 100), Scale(1, 1000), Scale(0.01, 100, zero=True), Scale(0, 0.99, step=0.01), Scale(0, 6, step=1)
)  # fmt: skip


@given(st.sampled_from(SCALES), st.floats(0, 1e6), st.data())
def test_a_slider_stays_within_ends_and_is_monotonic(scale: Scale, value: float, data: st.DataObject) -> None:
    assert 0 <= scale.position(value) <= scale.positions, "any number has a place"
    position = data.draw(st.integers(0, scale.positions - 1))
    here, further = scale.value(position), scale.value(position + 1)
    assert 0 <= here <= further <= scale.high
    assert scale.value(scale.position(here)) == pytest.approx(here, rel=0.03)


def test_nothing_in_the_panel_is_smaller_than_12_pixels_or_cut_off_on_a_small_screen(desk: Desk) -> None:
    panel = desk.controls
    desk.unfold()
    panel.show_settings(
        Settings(schedule="halve", momentum=0.9, momentum_kind="nesterov", weight_decay=5.0, stop="epochs")
    )
    desk.choose("activation", "tanh")
    panel.eta.hide()  # it stands in the bar on top
    inside = known(panel.area.widget())
    for larger in (False, True):
        desk.dress(larger=larger)
        for widget in panel.findChildren(QWidget):
            assert widget.fontInfo().pixelSize() >= 12, widget.objectName()
        for _ in range(2):  # where the scroll bar was there before, it gives its room back at the first time
            desk.resize(1, 560)  # as narrow as it may be
        assert panel.width() == panel.minimumSizeHint().width()
        assert inside.width() <= panel.area.viewport().width()
        assert inside.minimumSizeHint().width() <= panel.area.viewport().width()
        assert panel.foot.minimumSizeHint().width() <= panel.width()
    desk.dress()


def test_why_a_number_was_refused_goes_with_escape_and_leaving(desk: Desk, qtbot: QtBot) -> None:
    control = desk.number("mini_batch_size")
    field = control.field
    for leave in (Qt.Key.Key_Escape, Qt.Key.Key_Tab):
        desk.enter(field, "1000000")
        assert "from 1 to 10,000" in why_refused(control)
        assert field.text() == "10"
        qtbot.keyClick(field, leave)
        assert why_refused(control) == ""
        assert not field.property("invalid")
    field.set_value(10_000)
    assert field.cursorPosition() == 0, "of a number that is too long for the panel the end is cut"


def test_a_number_that_was_taken_keeps_the_focus_in_its_field(desk: Desk, qtbot: QtBot) -> None:
    eta = desk.controls.eta
    for control in (desk.number("mini_batch_size"), eta):
        for text in ("2", "many", "5"):
            desk.enter(control.field, text)
            assert control.field.hasFocus(), text
        assert control.value() == 5
        assert control.field.selectedText() == control.field.text(), "what is typed takes its place"
    assert eta.slider.value() == Scale.of(SETTINGS["eta"]).position(5.0)
    for key, end in ((Qt.Key.Key_Up, 50.0), (Qt.Key.Key_Down, 5.0)):
        for _ in range(20):
            qtbot.keyClick(eta.field, key)
        assert eta.value() == pytest.approx(end, rel=0.02), "twenty times up is ten times as much"


def test_a_data_set_with_fewer_digits_says_so_below_their_number(desk: Desk) -> None:
    digits = desk.number("training_digits")
    count = len(known(desk.lab.digits).training)
    assert digits.value() == count < desk.controls.settings().training_digits == 50_000
    assert f"{count:,}" in digits.hint.text()
    desk.type_into("training_digits", "60")
    assert digits.hint.isHidden()
    desk.type_into("training_digits", "20000")
    assert (digits.value(), desk.controls.settings().training_digits) == (count, 20_000)
    assert f"{count:,}" in digits.hint.text()


@pytest.mark.parametrize(("name", "value"), [("mini_batch_size", "10"), ("eta", "3.0")])
def test_why_a_number_was_refused_moves_nothing_and_is_told_elsewhere_where_one_left(
    desk: Desk, qtbot: QtBot, name: str, value: str
) -> None:
    control, below, told = desk.number(name), desk.number("weight_decay"), list[str]()
    control.refused_later.connect(told.append)
    for timer in control.field.findChildren(QTimer):
        timer.setInterval(50)
    QApplication.processEvents()
    place = below.mapTo(desk.around, QPoint(0, 0))
    desk.enter(control.field, "many")
    assert "“many”" in why_refused(control)
    assert control.error.isVisible()
    QApplication.processEvents()
    assert below.mapTo(desk.around, QPoint(0, 0)) == place
    qtbot.waitUntil(lambda: why_refused(control) == "")
    desk.enter(control.field, "more", Qt.Key.Key_Tab)
    assert why_refused(control) == ""
    (later,) = told
    assert "“more”" in later
    assert control.field.text() == value


def why_refused(control: QWidget) -> str:
    """What is said of a number that will not do; empty where nothing is."""
    assert isinstance(control, NumberField | LayersEditor)
    return control.error.text()


def test_why_a_number_was_refused_stays_below_its_field_whatever_moves(desk: Desk) -> None:
    control = desk.number("mini_batch_size")
    desk.enter(control.field, "many")

    def place() -> QPoint:
        QApplication.processEvents()
        return control.error.pos() - control.field.mapTo(desk.around, QPoint(0, 0))

    before, top = place(), control.error.y()
    known(desk.around.layout()).setContentsMargins(0, 60, 0, 0)
    assert place() == before
    assert control.error.y() != top
    desk.controls.area.verticalScrollBar().setValue(30)
    assert place() == before


def test_numbers_are_read_as_the_screen_writes_them() -> None:
    english, german = QLocale("en_US"), QLocale("de_DE")
    french = QLocale("fr_FR")
    for text, locale, value in (
        ("50,000", english, 50_000), ("3.0", english, 3), ("3,0", english, 3), ("50000", english, 50_000),
        ("50.000", german, 50_000), ("3,0", german, 3), ("3.0", german, 3),
        (french.toString(50_000), french, 50_000), ("50 000", french, 50_000), ("3,0", french, 3),
        ("20 %", english, 0.2), ("95.2%", english, 0.952), ("12,5 %", german, 0.125),
    ):  # fmt: skip
        assert parse_number(text, locale) == pytest.approx(value), (text, locale)
    for text in ("", "%", "three", "1.2.3", "5 % %x"):
        assert parse_number(text, english) is None


def test_a_layer_with_an_empty_field_goes_and_weights_are_counted(desk: Desk, qtbot: QtBot) -> None:
    layers = desk.controls.layers
    layers.set_value((784, 20, 30, 40, 10))
    assert len({field.property("row") for field in layers.fields}) == 1, "they are all as high"
    QApplication.processEvents()
    desk.enter(layers.fields[1], "0")
    assert "Hidden layer 2" in why_refused(layers)
    empty(qtbot, layers.fields[1])
    assert layers.hint.isVisible(), "it says that the layer goes"
    qtbot.keyClick(layers.fields[1], Qt.Key.Key_Escape)
    assert layers.value() == (784, 20, 30, 40, 10)
    assert layers.hint.isHidden()
    empty(qtbot, layers.fields[1])
    for sizes in ((784, 20, 10), (784, 20, 30, 40, 10)):
        layers.set_value(sizes)
        assert layers.value() == sizes, "what was typed has gone with its field"
    for place, left in ((1, (784, 20, 40, 10)), (0, (784, 40, 10)), (0, (784, 10))):
        empty(qtbot, layers.fields[place])
        qtbot.keyClick(layers.fields[place], Qt.Key.Key_Return)
        assert layers.value() == left
        parameters = sum((one + 1) * other for one, other in pairwise(left))
        assert layers.summary.text().startswith(" → ".join(map(str, left)))
        assert f" {parameters:,} " in layers.summary.text()
    assert why_refused(layers) == ""


def test_a_list_of_layers_becomes_a_field_for_each(desk: Desk) -> None:
    layers = desk.controls.layers
    for typed in ("30+20", "30,20", "30, 20", "30 20", "30x20", "30-20"):
        layers.set_value((784, 5, 40, 10))
        desk.enter(layers.fields[0], typed)
        assert layers.value() == (784, 30, 20, 40, 10), typed
    for one, size in (("1,500", 1_500), ("30+5000", 1_500), ("30,", 30)):
        desk.enter(layers.fields[0], one)
        assert layers.value() == (784, size, 20, 40, 10)


def empty(qtbot: QtBot, field: QLineEdit) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)


def test_a_layer_that_was_added_can_be_typed_at_once(desk: Desk, qtbot: QtBot) -> None:
    layers = desk.controls.layers
    desk.around.activateWindow()
    layers.add_button.setFocus()
    qtbot.keyClick(layers.add_button, Qt.Key.Key_Space)
    field = layers.fields[-1]
    assert field.hasFocus()
    qtbot.keyClicks(field, "16")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert layers.value() == (784, 30, 16, 10)


def test_up_to_eight_layers_stand_in_lines_and_none_overlaps(desk: Desk) -> None:
    layers = desk.controls.layers
    for count in range(2, 9):
        layers.add_button.click()
        assert len(layers.fields) == count
    assert layers.add_button.isHidden()
    layers.set_value((784, 2_000, 30, 5, 100, 30, 30, 30, 30, 10))
    desk.controls.area.ensureWidgetVisible(layers.fields[-1])
    QApplication.processEvents()
    places = [field.geometry() for field in layers.fields]
    assert not any(one.intersects(other) for one, other in combinations(places, 2))
    assert all(layers.rect().contains(place) for place in places)
    layers.fields[0].take(2_000.0 + 1)
    assert layers.value()[1] == 2_000  # what a layer may have at the most


def test_default_settings_keep_an_output_for_each_class(desk: Desk, small_digits: Digits) -> None:
    desk.use_letters(small_digits)
    desk.controls.show_settings(Settings(eta=0.25, sizes=(784, 7, 7, 12)))
    desk.steering.default_settings()
    assert desk.controls.settings() == Settings(sizes=(784, 30, 12))


def test_what_waits_is_at_the_settings_foot_or_in_the_line_below(qtbot: QtBot, window: MainWindow) -> None:
    controls, settings = window.controls, window.action_book["show_controls"]
    window.lab.time.mini_batch()
    qtbot.waitUntil(lambda: window.lab.shown.end == 1)
    place = QRect(controls.foot.pos(), controls.foot.size())
    window.controls.apply({"training_digits": 500})
    QApplication.processEvents()
    assert QRect(controls.foot.pos(), controls.foot.size()) == place

    def top(widget: QWidget) -> int:
        assert widget.isVisible()
        return widget.mapTo(window, QPoint(0, 0)).y()

    assert top(controls.area) < top(controls.foot) < top(window.line)
    height = window.line.height()
    qtbot.keyClick(window, Qt.Key.Key_F9)
    QApplication.processEvents()
    assert not controls.isVisible()
    assert window.line.isAncestorOf(controls.foot)
    assert window.line.rect().contains(controls.foot.geometry())
    assert controls.foot.discard_button.height() == 22
    controls.foot.discard_button.click()
    assert not controls.foot.isVisible()
    assert window.line.height() == height
    qtbot.keyClick(window, Qt.Key.Key_F9)
    QApplication.processEvents()
    assert settings.isChecked()
    assert controls.isAncestorOf(controls.foot)
    assert controls.foot.isVisible()


def above(desk: Desk) -> list[str]:
    """The settings above the line, from top to bottom."""
    controls, line = desk.controls, desk.controls.list.more
    QApplication.processEvents()
    tops = {
        name: control.mapTo(controls.list, QPoint()).y()
        for name, control in controls.by_name.items()
        if control is not controls.eta and control.isVisible()
    }
    end = line.mapTo(controls.list, QPoint()).y() if line.isVisible() else controls.list.height()
    return sorted((name for name in tops if tops[name] < end), key=lambda name: tops[name])


FIRST = ["mini_batch_size", "sizes", "seed"]


def test_three_settings_are_seen_at_first_and_a_line_counts_the_others(desk: Desk) -> None:
    controls = desk.controls
    assert above(desk) == FIRST
    assert controls.list.more.text().startswith("13 ")
    buttons = (controls.parts.dice, controls.layers.add_button)
    later = (control for name, control in controls.by_name.items() if name not in (*FIRST, "eta"))
    assert not any(each.isVisible() for each in (*buttons, *later))
    controls.layers.set_value((784, 10))
    assert controls.layers.add_button.isVisible(), "nothing else gives a layer back"
    controls.layers.set_value((784, 30, 10))
    assert not controls.layers.add_button.isVisible()
    controls.list.more.click()
    assert above(desk) == FIRST
    assert all(each.isVisible() for each in (*buttons, controls.by_name["stop"]))


def test_a_setting_off_its_default_always_shows_and_once(desk: Desk) -> None:
    line, distortion = desk.controls.list.more, desk.controls.parts.distortion
    desk.controls.show_settings(Settings(weight_decay=5.0, cost="cross_entropy", initial_weights="scaled"))
    assert above(desk) == [*FIRST, "weight_decay", "cost", "initial_weights"]
    assert line.text().startswith("10 ")
    desk.controls.apply({"rotation": 5.0, "classes_left_out": (3,), "momentum": 0.5})
    assert above(desk)[3:] == [
        "weight_decay", "momentum", "momentum_kind", "cost", "initial_weights", "training_digits",
        "classes_left_out",
    ]  # fmt: skip
    assert distortion.isVisible(), "the rotation is there, behind a button that names it"
    assert distortion.text() == "rotation 5.0"
    desk.controls.apply({"shift": 2})
    assert distortion.text() == "shift, rotation"
    assert line.text().startswith("7 ")
    desk.controls.show_settings(Settings())
    assert above(desk) == FIRST


def test_every_setting_is_seen_where_all_are_off_their_default(desk: Desk) -> None:
    off: dict[str, object] = {
        name: each.choices[-1] if each.choices else 0.5 for name, each in SETTINGS.items()
    }
    off |= {"mini_batch_size": 20, "shift": 2, "sizes": (784, 20, 10), "seed": 2, "training_digits": 60}
    off |= {"classes_left_out": (1,), "schedule_epochs": 3, "stop_epochs": 3, "elastic": 1.0, "rotation": 3.0}
    desk.controls.show_settings(Settings(**off))  # type: ignore[arg-type]
    desk.controls.parts.distortion.click()
    QApplication.processEvents()
    assert not desk.controls.list.more.isVisible()
    assert set(above(desk)) == set(SETTINGS) - {"eta"}


def test_a_row_in_use_stays_where_it_is(desk: Desk) -> None:
    """A row that moved as its value is typed would take its field from the hand."""
    desk.around.activateWindow()
    desk.controls.list.more.click()
    desk.type_into("momentum", "0.5")
    assert above(desk) == FIRST
    desk.controls.by_name["momentum"].setFocus()
    desk.type_into("dropout", "0.25")
    assert above(desk) == [*FIRST, "momentum", "momentum_kind"]


def test_the_title_of_a_recipe_takes_the_room_beside_its_label_and_is_shortened_whole(desk: Desk) -> None:
    recipes, own = desk.controls.recipes, " ".join(["wwww"] * 10)
    desk.book.save(own, Settings(eta=7.0))
    combo, label = recipes.combo, recipes.label
    for larger in (False, True):
        desk.dress(larger=larger)
        for entry in desk.book.entries():
            combo.setCurrentIndex(combo.findData(entry.id))
            QApplication.processEvents()
            wait(lambda: recipes.rect().contains(combo.geometry()))
            option = QStyleOptionComboBox()
            combo.initStyleOption(option)
            assert label.width() >= label.sizeHint().width()
            assert combo.fontMetrics().horizontalAdvance(option.currentText) <= combo.words_room()
            if entry.own:
                words = option.currentText.split()
                assert words == [*own.split()[: len(words) - 1], "…"]
            else:
                assert option.currentText == entry.title
    desk.dress()
