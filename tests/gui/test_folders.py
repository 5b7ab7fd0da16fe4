"""Dialogs begin in the user's own folder, if there is one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mnistviz.gui.common.messages import home


def test_dialogs_begin_at_home_and_where_there_is_none_somewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert home() == tmp_path
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # as where nobody knows the user
    with pytest.raises(RuntimeError):
        Path.home()
    assert home().is_dir()
