"""Sequences that take no memory for what they hold: thousands of papers lie on the disk."""

import contextlib
import pickle
import re
import tempfile
import weakref
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar, overload

T = TypeVar("T")
Made = TypeVar("Made")
Given = TypeVar("Given")

IN_MEMORY = 1_000_000  # bytes: a list of some hundred papers never touches the disk
MANY = 500  # papers from which memory is worth giving back


def give_back() -> None:
    """Return memory to the system that nothing needs any more, where the C library can (glibc).

    It keeps what reading a long list has taken, in pieces that little else fits into.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        import ctypes

        ctypes.CDLL(None).malloc_trim(0)


class Spool(Sequence[T], Generic[T]):
    """A sequence in a temporary file, of things that can be pickled: eight bytes of memory each.

    The file has no name, so that nobody else can write to it, and it is gone with its process.
    """

    def __init__(self, things: Iterable[T] = ()) -> None:
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - lives as long as this
        weakref.finalize(self, self._file.close)
        self._ends = array("Q", [0])
        for thing in things:
            self.append(thing)

    def append(self, thing: T) -> None:
        """Add a thing at the end."""
        self._file.seek(self._ends[-1])
        self._file.write(pickle.dumps(thing, pickle.HIGHEST_PROTOCOL))
        self._ends.append(self._file.tell())

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._ends) - 1

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        """Return what stands at an index, made anew each time."""
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        at = range(len(self))[index]
        self._file.seek(self._ends[at])
        held = self._file.read(self._ends[at + 1] - self._ends[at])
        thing: T = pickle.loads(held)  # noqa: S301 - what this process has written itself
        return thing


class Mapped(Sequence[Made], Generic[Given, Made]):
    """A sequence of what a function makes of another's things, each time it is asked for one."""

    def __init__(self, given: Sequence[Given], make: Callable[[Given], Made]) -> None:
        self._given = given
        self._make = make

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._given)

    @overload
    def __getitem__(self, index: int) -> Made: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Made]: ...
    def __getitem__(self, index: int | slice) -> Made | Sequence[Made]:
        """Return what is made of what stands at an index."""
        if isinstance(index, slice):
            return Mapped(self._given[index], self._make)
        return self._make(self._given[index])


class Lines(Sequence[str]):
    """The lines of a text, each made when it is asked for: of a long one many would be held."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._ends = array("Q", (found.start() for found in re.finditer(r"\n|\Z", text)))

    def __len__(self) -> int:
        """Return how many there are; a text without a line end is one."""
        return len(self._ends)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        """Return the line at an index, without its end."""
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        at = range(len(self))[index]
        return self.text[self._ends[at - 1] + 1 if at else 0 : self._ends[at]]

    def __eq__(self, other: object) -> bool:
        """Tell whether these are the same lines as others, in whatever sequence."""
        if isinstance(other, Lines):
            return self.text == other.text
        return isinstance(other, Sequence) and [*self] == [*other]

    def __hash__(self) -> int:
        """Return a number that equal lines share."""
        return hash(tuple(self))


class Kept(Mapping[str, Made], Generic[Made]):
    """A mapping of what a function makes of a place, each time it is asked for one."""

    def __init__(self, at: Mapping[str, int], make: Callable[[int], Made]) -> None:
        self._at = at
        self._make = make

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._at)

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(self._at)

    def __contains__(self, name: object) -> bool:
        """Tell whether there is one of a name, without making it."""
        return name in self._at

    def __getitem__(self, name: str) -> Made:
        """Return what is made for a name."""
        return self._make(self._at[name])
