"""The page that says what came of it all, and the parts of it that commands write."""

import os
import platform
import re
from datetime import UTC, datetime

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "reliability.md"


def write(part: str, text: str) -> None:
    """Put a text between the two comments of the page that name a part."""
    marked = rf"(?s)(<!-- {part} -->\n).*?(\n<!-- end of {part} -->)"
    now, count = re.subn(marked, lambda m: m[1] + text + m[2], PAGE.read_text("utf-8"))
    assert count == 1, f"the page has no part {part}"
    PAGE.write_text(now, "utf-8")


def part(name: str) -> str:
    """Return what a part of the page says now."""
    found = re.search(
        rf"(?s)<!-- {name} -->\n(.*?)\n<!-- end of {name} -->", PAGE.read_text("utf-8")
    )
    assert found, f"the page has no part {name}"
    return found[1]


def machine() -> str:
    """Return what ran it, and when."""
    load = f", load {os.getloadavg()[0]:.0f}" if hasattr(os, "getloadavg") else ""
    made = f"{platform.system()} {platform.machine()} with {os.cpu_count()} cores{load}"
    return f"{made}, {datetime.now(UTC):%Y-%m-%d}"
