"""Which pictures are pinned."""

from __future__ import annotations

from mnistviz.engine.mistakes.pins import MOST_PINS, Pin, pins_as_json, pins_from_json
from mnistviz.gui.common.chosen import Chosen


class Pinned:
    """Reads the pins from the choices, and changes them."""

    def __init__(self, chosen: Chosen) -> None:
        self._chosen = chosen

    @property
    def pins(self) -> tuple[Pin, ...]:
        """The pins in their order; what makes no sense is left out."""
        return tuple(dict.fromkeys(pins_from_json(list(self._chosen.now.pins.pins))))

    def pin(self, pin: Pin, place: int = MOST_PINS) -> bool:
        """Pin a picture that is not, after the others or at a place among them, and choose it; False if there are as
        many as there may be."""
        pins = self.pins
        if pin in pins:
            return True
        if len(pins) >= MOST_PINS:
            return False
        place = min(place, len(pins))
        self._use((*pins[:place], pin, *pins[place:]), place)
        return True

    def unpin(self, pin: Pin) -> None:
        left = tuple(each for each in self.pins if each != pin)
        self._use(left, min(self._chosen.now.pins.chosen, len(left) - 1))

    def _use(self, pins: tuple[Pin, ...], chosen: int) -> None:
        self._chosen.choose("pins", pins=tuple(pins_as_json(pins)), chosen=max(0, chosen))
