"""What the window says and where it puts things is on record: a change of it shows in `git diff`, after `make said`."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale

from tests.gui.said import record, values


@pytest.fixture(scope="module", autouse=True)
def values_prepared(prepared: None) -> Iterator[None]:
    values.prepare()
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize("name", sorted(path.stem for path in record.RECORDS.glob("*.txt")))
def test_it_is_as_on_record(name: str) -> None:
    found = list(record.differences(importlib.import_module(f"mnistviz.gui.{name}")))
    assert not found, "\n".join([*found[:20], f"{len(found)} differ. If they should, run make said."])
