"""What the window says and where it puts things is on record: a change of it shows in `git diff`, after `make said`."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QLabel, QLayout, QLayoutItem, QWidget
from shiboken6 import Shiboken

from mnistviz.gui.common.layouts import column_of, row_of
from tests.gui.said import arranged, values
from tests.gui.said.painted import use_even_font
from tests.gui.said.record import ANSWERED, PAINTED, SAID, Record, differences


@pytest.fixture(scope="module", autouse=True)
def values_prepared(prepared: None) -> Iterator[None]:
    values.prepare()
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English))
    yield
    QLocale.setDefault(before)


def differ(record: Record, name: str) -> str:
    found = list(differences(record, importlib.import_module(f"{record.package}.{name}")))
    return "\n".join([*found[:20], f"{len(found)} differ. If they should, run make said."]) if found else ""


@pytest.mark.parametrize("name", SAID.names)
def test_it_is_said_as_on_record(name: str) -> None:
    assert not differ(SAID, name)


@pytest.mark.parametrize("name", ANSWERED.names)
def test_the_engine_answers_as_on_record(name: str) -> None:
    assert not differ(ANSWERED, name)


@pytest.mark.skipif(sys.platform != "linux", reason="Qt measures the font of the tests otherwise")
@pytest.mark.parametrize("name", PAINTED.names)
def test_it_is_painted_as_on_record(name: str, qapp: QApplication, undressed: None) -> None:
    use_even_font(qapp)  # until the next test
    assert not differ(PAINTED, name)


@pytest.mark.skipif(sys.platform != "linux", reason="Qt measures the font of the tests otherwise")
def test_the_window_is_arranged_as_on_record(qapp: QApplication, undressed: None, tmp_path: Path) -> None:
    use_even_font(qapp)  # until the next test
    found = list(arranged.differences(arranged.arranged_states(tmp_path)))
    assert not found, "\n".join([*found[:20], f"{len(found)} differ. If they should, run make said."])


def test_no_layout_item_is_kept_that_qt_may_free(qapp: QApplication) -> None:
    def kept() -> set[int]:
        every = Shiboken.getAllValidWrappers()
        return {id(each) for each in every if isinstance(each, QLayoutItem) and not isinstance(each, QLayout)}

    before, outer = kept(), QWidget()
    column_of(row_of(None, QLabel()), inside=QWidget(outer))
    arranged.arranged(outer)
    assert kept() <= before
