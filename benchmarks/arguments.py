"""The command line that the scripts share: where the real papers and lists are."""

import argparse
import sys
from pathlib import Path

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def arguments(doc: str | None) -> argparse.ArgumentParser:
    """Return a parser that says a script's first line, and takes `--shared`."""
    made = argparse.ArgumentParser(description=(doc or "").partition("\n")[0])
    made.add_argument("--shared", type=Path, default=SHARED, metavar="PATH")
    return made


def missing(folder: Path, *, linux: bool = False) -> bool:
    """Tell, and say, whether a folder is not there, or the system is not the one that is needed."""
    if not folder.is_dir():
        print(f"{folder} is not there: --shared names the folder that holds it.", file=sys.stderr)
        return True
    if linux and sys.platform != "linux":
        print("This needs Linux: it looks into /proc.", file=sys.stderr)
        return True
    return False
