"""A start that is not the very first one: no digit waits on the scratchpad, and no first steps are to be done."""

from pathlib import Path

from mnistviz.gui.window.scene import SceneFile, WindowScene


def later_start(path: Path) -> SceneFile:
    """The file of the scene at this path; without one there, that of a window that was opened and closed."""
    file = SceneFile(path)
    if not path.exists():
        file.save(WindowScene())
    return file
