"""What is declared of the settings, as tests ask for it."""

from mnistviz.engine.settings import SETTINGS

BOUNDS = {name: setting.bounds for name, setting in SETTINGS.items() if setting.kind in (int, float)}
CHOICES = {name: setting.choices for name, setting in SETTINGS.items() if setting.kind is str}
NEW_RUN_FIELDS = [name for name, setting in SETTINGS.items() if setting.new_run]
