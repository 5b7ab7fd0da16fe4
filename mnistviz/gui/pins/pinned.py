"""The list of pinned pictures."""

from mnistviz.engine.mistakes.pins import MOST_PINS, Pin, pins_as_json, pins_from_json
from mnistviz.gui.common.choices import Chosen


class Pinned:
    """Reads and changes the pins among the saved choices."""

    def __init__(self, chosen: Chosen) -> None:
        self._chosen = chosen

    @property
    def pins(self) -> tuple[Pin, ...]:
        """The pins in their order, without invalid ones."""
        return tuple(dict.fromkeys(pins_from_json(list(self._chosen.now.pins.pins))))

    def pin(self, pin: Pin, place: int = MOST_PINS) -> bool:
        """Pin a picture at `place` and choose it, unless it is pinned. Return False if there are `MOST_PINS`."""
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
