"""Who listens for a kind of change is called for that one alone, as long as it is there."""

from __future__ import annotations

from PySide6.QtCore import QObject
from shiboken6 import Shiboken

from mnistviz.gui.common.listeners import Listeners


class Listener(QObject):
    def __init__(self, name: str, heard: list[str]) -> None:
        super().__init__()
        self._name, self._heard = name, heard

    def hear(self) -> None:
        self._heard.append(self._name)


def test_those_who_listen_for_a_kind_are_called_in_their_order_and_nobody_else() -> None:
    heard: list[str] = []
    owner, values = QObject(), list[object]()
    listeners, first, second, other = (
        Listeners(owner),
        *(Listener(name, heard) for name in ("1", "2", "other")),
    )
    for kind, each in (("digits", second), ("digits", first), ("runs", other)):
        listeners.listen(kind, each.hear)
    listeners.listen("digits", values.append)
    listeners.tell("digits", 60_000)
    listeners.tell("nothing that anyone listens for")
    assert (heard, values) == (["2", "1"], [60_000])
    Shiboken.delete(second)
    listeners.tell("digits", 50_000)
    assert (heard, values) == (["2", "1", "1"], [60_000, 50_000])
