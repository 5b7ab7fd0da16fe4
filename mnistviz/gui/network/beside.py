"""Another moment whose outputs stand beside those of the moment shown."""

from __future__ import annotations

from dataclasses import dataclass

from mnistviz.engine.moment import Moment


@dataclass(frozen=True, eq=False)
class Beside:
    """A hairline at each output shows what it is in the network of this moment: at the last flag, or where two are
    compared, in the one that is called `there`, beside the one shown, which is called `here` if its
    answer is to be written, too."""

    moment: Moment
    there: str = ""
    here: str = ""
