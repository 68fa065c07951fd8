"""All targets, by name; each is imported when it is asked for."""

import importlib
from collections.abc import Iterator, Mapping

from tests.fuzz.target import Target

_MODULES = {
    "lists-sheets": "lists",
    "lists-json": "lists",
    "lists-markup": "lists",
    "lists-lines": "lists",
    "posts": "posts",
    "posts-out": "posts",
    "replies": "models",
    "answers": "models",
    "catalogs": "models",
    "settings": "files",
    "notes": "files",
    "headers": "web",
    "addresses": "web",
    "pdfs": "pdfs",
}


class _Targets(Mapping[str, Target]):
    def __getitem__(self, name: str) -> Target:
        module = importlib.import_module(f"tests.fuzz.{_MODULES[name]}")
        found: Target = module.TARGETS[name]
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


TARGETS = _Targets()
