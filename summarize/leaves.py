"""A seam's table: its leaves by name, each imported when it is first asked for."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TypeVar

Leaf = TypeVar("Leaf")


class Leaves(Mapping[str, Leaf]):
    """The leaves of a package. `places` says of each name where it is, as "module.ATTRIBUTE".

    A command needs one leaf of a seam as a rule, and starting is most of a short command's time.
    """

    def __init__(self, package: str, places: Mapping[str, str]) -> None:
        self._package = package
        self._places = places
        self._found: dict[str, Leaf] = {}

    def __getitem__(self, name: str) -> Leaf:
        """Return a leaf. Raises `KeyError` where there is none of that name."""
        if name not in self._found:
            module, _, attribute = self._places[name].rpartition(".")
            self._found[name] = getattr(import_module(f"{self._package}.{module}"), attribute)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names, in their order."""
        return iter(self._places)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._places)
