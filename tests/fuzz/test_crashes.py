"""What once broke a parser does not break it again."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.fuzz.finding import cases, tried
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_what_once_broke_a_parser(name: str) -> None:
    """Each input that ever broke a parser is a value or one error by now, and takes no time."""
    target = TARGETS[name]
    for where, way, path in cases():
        if where == name:
            found = tried(target, _named(target.ways, way), path.read_bytes())
            assert found is None, f"{path}: {found.kind}\n{found.said}"


@pytest.mark.parametrize("name", TARGETS)
def test_sound_input_is_taken(name: str) -> None:
    """Every way of every target takes the input that mutants are made of."""
    target = TARGETS[name]
    seeds = target.seeds()
    assert seeds.keys() == target.ways.keys()
    for way, found in seeds.items():
        assert found, way
        for seed in found[:4]:
            wrong = tried(target, way, seed)
            assert wrong is None, f"{way}: {wrong.said}"


def _named(ways: Iterable[str], name: str) -> str:
    return next(way for way in ways if way.replace(" ", "-") == name)


def test_every_case_has_a_target() -> None:
    """No kept case is left aside since its target has another name by now."""
    for name, way, path in cases():
        assert isinstance(path, Path)
        assert way in {each.replace(" ", "-") for each in TARGETS[name].ways}
