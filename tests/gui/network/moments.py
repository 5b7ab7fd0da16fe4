"""What the tests of the units share: moments to draw, a mouse, and what every control has."""

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QComboBox, QWidget

from mnistviz.engine.evaluation import Health
from mnistviz.engine.fork import Origin
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.shown import RunFacts, Shown
from tests.present import there as there

CLASSES = tuple("0123456789")


def moment(*sizes: int, step: int = 0, run: int = 1, seed: int = 1, **choices: str) -> Moment:
    """The first moment of a run; `choices` are those of `Network`."""
    network = Network(sizes, seed=seed, **choices)
    return Moment(run, step, 10 * step, network, Settings(sizes=sizes, seed=seed), network)


def later(before: Moment, step: int, change: float = 0.0) -> Moment:
    """The run of `before` at another step, with `change` added to every weight."""
    network = before.network.copy()
    for w in network.weights:
        w += change
    return Moment(before.run, step, 10 * step, network, before.settings, before.initial)


def shown(moment: Moment, health: Health | None = None, *, loaded: bool = False) -> Shown:
    """A moment of a run of which the window knows this much."""
    run = RunFacts(
        moment.run,
        moment.settings,
        origin=Origin() if loaded else None,
        moment=moment,
        health=health or Health(),
    )
    return Shown(run=run, moment=moment)


def move_mouse(view: QWidget, point: QPoint) -> None:
    place, on_screen, none = QPointF(point), QPointF(view.mapToGlobal(point)), Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, place, on_screen, none, none, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(view, event)


def assert_described(view: QWidget) -> None:
    kinds = (QAbstractButton, QComboBox, QAbstractScrollArea)
    controls = [
        child
        for kind in kinds
        for child in view.findChildren(kind)
        if not child.objectName().startswith("qt_")
    ]
    own = [child for child in controls if child.window() is view.window() and child.objectName()]
    assert own
    for control in own:
        assert control.toolTip(), control.objectName()
        assert control.accessibleName(), control.objectName()
        assert control.whatsThis(), control.objectName()
