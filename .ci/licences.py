"""Write docs/licences.md: what is installed with `roundup`, its licences, and what it weighs.

    python .ci/licences.py [--check]

Reads the metadata of what is installed beside it: the project's own requirements, and theirs. With
`--check` it writes nothing, and fails where the page does not name what is installed and locked (a
version newer than the lock's may bring more), or where a licence is not known to suit a program
under the MIT licence.
"""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = "paper-roundup"
PAGE = Path(__file__).parents[1] / "docs" / "licences.md"
LOCK = Path(__file__).with_name("lock.txt")
BEGIN, END = "<!-- table -->", "<!-- end of the table -->"
# Licences that let anybody use and pass on a library beside a program of another licence.
KNOWN = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python|MPL|Zlib|0BSD|Unlicense|CC0|HPND|Unicode|LGPL", re.IGNORECASE
)


def licence(found: Distribution) -> str:
    """Return a package's licence: as an expression, as a classifier says it, or in a few words."""
    meta = found.metadata
    if expression := meta.get("License-Expression"):
        return expression
    classified = [
        value.rpartition(" :: ")[2]
        for value in meta.get_all("Classifier") or []
        if value.startswith("License :: ") and not value.endswith("OSI Approved")
    ]
    first = (meta.get("License") or "").strip().partition("\n")[0]
    return " or ".join(classified) or first[:60] or "not said"


def size(found: Distribution) -> int:
    """Return how many bytes a package's files take."""
    files = [Path(str(file.locate())) for file in found.files or []]
    return sum(file.stat().st_size for file in files if file.is_file())


def needed(name: str, extras: frozenset[str] = frozenset()) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what a package requires here, each with the extras that are asked for."""
    for text in distribution(name).requires or []:
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": each}) for each in {"", *extras}):
            yield requirement.name, frozenset(requirement.extras)


def closure(name: str, extras: frozenset[str] = frozenset()) -> dict[str, Distribution]:
    """Return a package and all that it brings, by name, as far as it is installed."""
    found: dict[str, Distribution] = {}
    waiting = [(name, extras)]
    while waiting:
        each, asked = waiting.pop()
        key = re.sub(r"[-_.]+", "-", each).lower()
        if key in found and not asked:
            continue
        try:
            is_new = key not in found
            found[key] = distribution(each)
        except PackageNotFoundError:
            continue
        if is_new or asked:
            waiting += [one for one in needed(each, asked) if one[0].lower() != each.lower()]
    return found


def table() -> str:
    """Return the packages, those that the project names first, with what each brings."""
    direct = sorted(name for name, _ in needed(PROJECT))
    everything = closure(PROJECT)
    everything.pop(PROJECT)
    own = {re.sub(r"[-_.]+", "-", name).lower() for name in direct}
    brought = {name: closure(name) for name in direct}
    total = sum(map(size, everything.values()))
    lines = [
        f"{len(own)} packages that the project names, {len(everything)} with all that they bring, "
        f"{total / 1e6:.0f} MB ({sys.platform}, Python {sys.version.split()[0]}).",
        "",
        "| package | licence | MB, itself | MB, without which nothing else brings |",
        "|---|---|--:|--:|",
    ]
    for name in direct:
        others = {key for other, found in brought.items() if other != name for key in found}
        alone = sum(size(each) for key, each in brought[name].items() if key not in others)
        found = distribution(name)
        lines.append(
            f"| {name} {found.version} | {licence(found)} | {size(found) / 1e6:.1f} "
            f"| {alone / 1e6:.1f} |"
        )
    rest = [(key, each) for key, each in sorted(everything.items()) if key not in own]
    lines += ["", "Brought by these:", "", "| package | licence | MB |", "|---|---|--:|"]
    lines += [f"| {k} {d.version} | {licence(d)} | {size(d) / 1e6:.1f} |" for k, d in rest]
    return "\n".join(lines)


def problems(page: str) -> Iterator[str]:
    """Yield what the page lacks, and which licences are none of those that suit."""
    locked = set(
        re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==", LOCK.read_text("utf-8"), re.MULTILINE)
    )
    for name, found in closure(PROJECT).items():
        if name in locked and f"| {name} " not in page.lower().replace("_", "-"):
            yield f"docs/licences.md does not name {name}: run `make licences`"
        if not KNOWN.search(licence(found)):
            yield f"{name}: its licence is {licence(found)!r}: see whether it suits"


def main() -> None:
    """Write the page, or check it."""
    page = PAGE.read_text("utf-8")
    if "--check" in sys.argv:
        found = list(problems(page))
        print("\n".join(found) or "every licence is known")
        raise SystemExit(bool(found))
    before, _, rest = page.partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}", "utf-8")
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
