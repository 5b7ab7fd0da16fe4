"""Try the tarball on systems that have no Python and nothing of a desktop but Qt's libraries: `make linux-test`.

Root makes them with mmdebstrap; the program runs there as a user, without network, on a screen of Xvfb.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bundles.checks import appears, check
from bundles.linux.bundle import BUILD, FOLDER, NAME, OFTEN_MISSING, PAGE, TARBALL
from mnistviz.doctor import EVERY_WINDOW, PLATFORMS

HOME: Final = Path("home", "a student, 学生")
LIBRARIES: Final = {
    package
    for library, package in {**EVERY_WINDOW, **PLATFORMS["xcb"]}.items()
    if library not in OFTEN_MISSING
}
TOOLS: Final = {
    "mmdebstrap": "mmdebstrap", "Xvfb": "xvfb", "appstreamcli": "appstream",
    "desktop-file-validate": "desktop-file-utils",
}  # fmt: skip


def main() -> None:
    missing = [package for tool, package in TOOLS.items() if shutil.which(tool) is None]
    if missing or os.geteuid():
        sys.exit(f"This runs as root and with these. On Debian: apt install {' '.join(TOOLS.values())}")
    check_files()
    for suite in sys.argv[1:] or ["trixie"]:
        print(suite, flush=True)
        root = bare_system(suite)
        with screen() as display:
            try_on(root, display, BUILD / f"pictures-{suite}")


def check_files() -> None:
    """Let the validators of desktops read the entry for menus and the text for software centres."""
    share = FOLDER / "share"
    page = [] if PAGE else ["--override=url-homepage-missing=info"]
    entry, words = share / "applications" / "mnistviz.desktop", share / "metainfo" / f"{NAME}.metainfo.xml"
    for command in (
        ["desktop-file-validate", "--no-hints", str(entry)],
        ["appstreamcli", "validate", "--no-net", *page, str(words)],
    ):
        check(f"{command[0]} is content", subprocess.run(command, check=False).returncode == 0)


def bare_system(suite: str) -> Path:
    """Make the root of a system with Qt's libraries, once, and give it a user with an empty home."""
    root = BUILD / "bare" / suite
    if not root.exists():
        waiting = root.with_suffix(".part")
        shutil.rmtree(waiting, ignore_errors=True)
        root.parent.mkdir(parents=True, exist_ok=True)
        packages = "--include=" + ",".join(sorted(LIBRARIES))
        subprocess.run(["mmdebstrap", "--quiet", "--variant=essential", packages, suite, waiting], check=True)
        waiting.rename(root)
    check("it has no Python", not any(root.glob("usr/bin/python*")))
    shutil.rmtree(root / HOME, ignore_errors=True)
    (root / HOME / "pictures").mkdir(parents=True)
    shutil.unpack_archive(TARBALL, root / HOME, filter="data")
    shutil.copy(Path(__file__).parents[1] / "smoke.py", root / HOME)
    subprocess.run(["chown", "-R", "1000:1000", root / HOME], check=True)
    return root


@contextmanager
def screen() -> Iterator[str]:
    reading, writing = os.pipe()
    options = ["-displayfd", str(writing), "-screen", "0", "1440x900x24", "-ac", "-nolisten", "tcp"]
    server = subprocess.Popen(["Xvfb", *options], pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as number:
            yield f":{number.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def inside(root: Path, display: str, *command: str) -> list[str]:
    """Return a command that runs another inside a system, as its user, without network."""
    script = (
        'mkdir -p "$0/tmp/.X11-unix" && mount --bind /tmp/.X11-unix "$0/tmp/.X11-unix" && mount --bind /dev "$0/dev"'
        ' && mount -t proc proc "$0/proc" && exec chroot --userspec=1000:1000 "$0" "$@"'
    )
    start = ["env", "-i", f"HOME=/{HOME}", f"DISPLAY={display}", "LANG=C.UTF-8", "PATH=/usr/bin:/bin"]
    change = ["sh", "-c", 'cd "$HOME" && exec "$@"', "sh"]
    return ["unshare", "--mount", "--net", "sh", "-c", script, str(root), *start, *change, *command]


def try_on(root: Path, display: str, pictures: Path) -> None:
    def works(what: str, *command: str) -> None:
        done = subprocess.run(inside(root, display, *command), timeout=900, check=False)
        check(what, done.returncode == 0)

    home, program = root / HOME, f"./{FOLDER.name}/mnistviz"
    works("--doctor passes", program, "--doctor")
    works("train learns an epoch", program, "train", "--epochs", "1")
    works("the window works", f"./{FOLDER.name}/python/bin/python3", "-I", "smoke.py", "pictures")
    shutil.rmtree(pictures, ignore_errors=True)
    shutil.copytree(home / "pictures", pictures)
    works("it is installed", "sh", f"{FOLDER.name}/install.sh")
    shutil.rmtree(home / FOLDER.name)
    entry = (home / ".local/share/applications/mnistviz.desktop").read_text(encoding="utf-8")
    check("the menu starts it", f'Exec="/{HOME}/.local/lib/mnistviz/mnistviz" %f' in entry)
    experiment = next(path.name for path in pictures.glob("*.mnistviz"))
    opened = subprocess.Popen(inside(root, display, ".local/bin/mnistviz", f"pictures/{experiment}"))
    kept = ".local/share/mnistviz/sessions/*/*.mnistviz"
    check("it opens a file, and the session keeps its run", appears(home, kept))
    opened.terminate()
    check("it ends when it is told to", opened.wait(60) == 0)
    works("it is removed", "sh", ".local/lib/mnistviz/install.sh", "--remove")
    left = [path for path in home.rglob("*mnistviz*") if "pictures" not in path.parts]
    check("only the runs of the user stay", all(".local/share/mnistviz" in str(path) for path in left))
    check("and they do", any(home.glob(kept)))


if __name__ == "__main__":
    main()
