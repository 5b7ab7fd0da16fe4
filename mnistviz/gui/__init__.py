"""The window. Importing any part of it loads Qt and guards the overrides of Qt's methods."""

from mnistviz.gui.qt_loading import load_qt

load_qt()

from mnistviz.gui.overrides import guard_overrides  # noqa: E402

guard_overrides()
