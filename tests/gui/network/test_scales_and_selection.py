"""What counts as full in the picture of the network, and what stays chosen in another one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject

from mnistviz.engine.network import Network
from mnistviz.gui.network.scales import Scales
from mnistviz.gui.network.selection import Selection


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_a_line_is_measured_by_the_weights_that_it_stands_for(layer: int) -> None:
    def full(scaled: int) -> float:
        network = Network((784, 20, 20, 20, 10), seed=1)
        network.weights[scaled - 1][:] *= 100
        scales = Scales()
        scales.take(network, None)
        return scales.full_passed(layer)

    into = [full(scaled) for scaled in (1, 2, 3, 4)]
    if layer == 3:  # at the outputs as its bar
        assert len(set(into)) == 1
    else:
        assert [value > 10 * min(into) for value in into] == [scaled == layer + 1 for scaled in (1, 2, 3, 4)]


def test_an_output_that_the_next_network_does_not_have_is_let_go(qapp: QObject) -> None:
    selection = Selection()
    selection.choose_output(3)
    selection.keep_to((784, 30, 4), (784, 30, 10))
    assert selection.output == 3
    selection.keep_to((784, 30, 3), (784, 30, 4))
    assert selection.output is None
