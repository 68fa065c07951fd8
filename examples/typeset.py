"""Typeset the example notes: ``notes/*.typ`` to ``papers/*.pdf``.

    python -m venv .typst && .typst/bin/pip install typst
    .typst/bin/python examples/typeset.py [NAME ...]

The package ``typst`` brings the compiler and its fonts. Fonts of the system are left out and the
date of the document is fixed, so the same notes and figures give the same bytes again.
"""

from __future__ import annotations

import importlib
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
DATE = datetime(2026, 11, 9, tzinfo=UTC)
LIMIT = 150_000  # bytes: the papers are kept in the repository


def typeset(typst: ModuleType, source: Path, target: Path) -> int:
    """Typeset one note, and return the size of its PDF in bytes."""
    compiler = typst.Compiler(root=str(HERE / "notes"), ignore_system_fonts=True)
    pdf: bytes = compiler.compile(str(source), format="pdf", timestamp=int(DATE.timestamp()))
    if len(pdf) > LIMIT:
        raise SystemExit(f"{source.name}: {len(pdf):,} bytes are more than {LIMIT:,}")
    target.write_bytes(pdf)
    return len(pdf)


def main(names: list[str]) -> None:
    """Typeset the notes that are named, or all."""
    try:
        typst = importlib.import_module("typst")
    except ImportError:
        raise SystemExit("typst is missing: python -m pip install typst") from None
    (HERE / "papers").mkdir(exist_ok=True)
    for source in sorted((HERE / "notes").glob("*.typ")):
        if source.stem != "template" and (not names or source.stem in names):
            target = HERE / "papers" / f"{source.stem}.pdf"
            print(f"{target.name}: {typeset(typst, source, target):,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
