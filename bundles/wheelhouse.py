"""Put the wheels of mnistviz and of all that it needs into a folder, for computers without network: `make wheelhouse`.

They are for the version of Python that runs this. Run again with another one, it adds what that needs.
"""

from __future__ import annotations

import argparse
import shutil

from bundles.packages import DIST, PYTHON, TAGS, VERSION, wheels

README = """\
With Python {versions}, run in a copy of this folder: python -m pip install --no-index --find-links . mnistviz
Then python -m mnistviz starts the program. Nothing is downloaded.
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bundles.wheelhouse", description=__doc__.splitlines()[0])
    parser.add_argument("systems", nargs="*", metavar="SYSTEM", help=f"{', '.join(TAGS)}; without any, all")
    systems = parser.parse_args().systems or list(TAGS)
    if unknown := set(systems) - set(TAGS):
        parser.error(f"{', '.join(sorted(unknown))} is none of {', '.join(TAGS)}")
    folder = DIST / f"mnistviz-{VERSION}-wheelhouse"
    folder.mkdir(parents=True, exist_ok=True)
    for path in [path for system in systems for path in wheels(system)]:
        shutil.copy(path, folder)
    versions = {f"3.{path.name.split('-cp3')[1].split('-')[0]}" for path in folder.glob("numpy-*.whl")}
    text = README.format(versions=" or ".join(sorted(versions)))
    (folder / "README.txt").write_text(text, encoding="utf-8")
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(
        f"{folder.relative_to(DIST.parent)}: {size / 2**20:.1f} MB, for {', '.join(systems)} with Python {PYTHON}"
    )


if __name__ == "__main__":
    main()
