"""Build the application for macOS with PyInstaller, and its zip: `make macos`. Only macOS can do it.

With CODESIGN_IDENTITY it is signed, and with APPLE_ID, APPLE_TEAM and APPLE_PASSWORD notarised, too.
"""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from typing import Final

from bundles import packages
from bundles.packages import DIST, VERSION, run

HERE: Final = Path(__file__).parent
BUILD: Final = packages.BUILD / "macos"
APP: Final = BUILD / "mnistviz.app"
ZIP: Final = DIST / f"mnistviz-{VERSION}-macos-{platform.machine()}.zip"
MOST_PACKED, MOST_UNPACKED = 150 << 20, 400 << 20


def main() -> None:
    if sys.platform != "darwin":
        sys.exit(
            "The application for macOS can only be built on macOS. make linux and make windows work here."
        )
    icon = BUILD / "mnistviz.icns"
    write_icon(icon)
    os.environ.update(MNISTVIZ_VERSION=VERSION, MNISTVIZ_ICON=str(icon))
    folders = ("--distpath", BUILD, "--workpath", BUILD / "work")
    run(sys.executable, "-m", "PyInstaller", "--noconfirm", *folders, HERE / "mnistviz.spec")
    zip_app()
    if os.environ.get("CODESIGN_IDENTITY") and os.environ.get("APPLE_PASSWORD"):
        notarise()
    packages.check_sizes(ZIP, APP, MOST_PACKED, MOST_UNPACKED)


def write_icon(to: Path) -> None:
    """Draw the icon in the sizes of an .icns file."""
    import io

    from PIL import Image

    to.parent.mkdir(parents=True, exist_ok=True)
    drawn = packages.icons(1024, 512, 256, 128, 64, 32, 16)
    first, *more = (Image.open(io.BytesIO(picture)) for picture in drawn.values())
    first.save(to, append_images=more)


def zip_app() -> None:
    """Pack the application with the links and signatures in it, which zipfile would not keep."""
    DIST.mkdir(exist_ok=True)
    run("ditto", "-c", "-k", "--keepParent", APP, ZIP)


def notarise() -> None:
    """Let Apple look at the application, and put its word beside it, so that it starts without network, too."""
    names = {"--apple-id": "APPLE_ID", "--team-id": "APPLE_TEAM", "--password": "APPLE_PASSWORD"}
    given = [part for option, name in names.items() for part in (option, os.environ[name])]
    run("xcrun", "notarytool", "submit", ZIP, "--wait", *given)
    run("xcrun", "stapler", "staple", APP)
    zip_app()


if __name__ == "__main__":
    main()
