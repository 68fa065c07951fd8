"""What a GGUF file says of its model (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).

Only its head is read: the numbers of its key-value pairs. The format's own package brings numpy.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

MAX_HEAD = 256_000_000  # bytes: vocabularies take a few million
MAX_PAIRS = 10_000
_STRING, _ARRAY = 8, 9
_FORMS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}


class NotGguf(ValueError):
    """The file is no GGUF file, or ends before its end."""


@dataclass(frozen=True)
class Header:
    """What of a model decides how much memory its context takes; 0 for what is not said."""

    architecture: str = ""
    context_length: int = 0
    bytes_per_token: int = 0


def header(path: Path) -> Header:
    """Read a file's head. Raises `NotGguf`, or `OSError` where it can't be read."""
    with path.open("rb") as file:
        try:
            return _header(file)
        except (struct.error, UnicodeDecodeError, OverflowError) as error:
            raise NotGguf("its head is cut off or damaged") from error


def _header(file: BinaryIO) -> Header:
    if file.read(4) != b"GGUF":
        raise NotGguf("it is no GGUF file")
    version, _, pairs = _read(file, "<IQQ")
    if version not in {2, 3} or pairs > MAX_PAIRS:
        raise NotGguf(f"it is of a version that is not known here ({version})")
    held: dict[str, Any] = {}
    for _ in range(pairs):
        name = _text(file)
        held[name] = _value(file, *_read(file, "<I"))
        if file.tell() > MAX_HEAD:
            raise NotGguf("its head has no end")
    return _told(held)


def _told(held: dict[str, Any]) -> Header:
    name = str(held.get("general.architecture", ""))

    def number(key: str) -> int:
        value = held.get(f"{name}.{key}", 0)
        return value if isinstance(value, int) and value > 0 else 0

    heads = number("attention.head_count")
    size = number("embedding_length") // heads if heads else 0
    keys, values = number("attention.key_length") or size, number("attention.value_length") or size
    shared = number("attention.head_count_kv") or heads
    return Header(
        architecture=name,
        context_length=number("context_length"),
        bytes_per_token=2 * number("block_count") * shared * (keys + values),
    )


def _read(file: BinaryIO, form: str) -> tuple[Any, ...]:
    return struct.unpack(form, file.read(struct.calcsize(form)))


def _text(file: BinaryIO) -> str:
    (size,) = _read(file, "<Q")
    if size > MAX_HEAD:
        raise NotGguf("its head is damaged")
    held = file.read(size)
    if len(held) < size:
        raise NotGguf("its head is cut off")
    return held.decode("utf-8", "replace")


def _value(file: BinaryIO, kind: int) -> Any:
    """Read a value; the items of a list are passed over."""
    if kind == _STRING:
        return _text(file)
    if kind == _ARRAY:
        inner, count = _read(file, "<IQ")
        if count > MAX_HEAD or inner == _ARRAY:
            raise NotGguf("its head is damaged")
        if inner == _STRING:
            for _ in range(count):
                _text(file)
        else:
            file.seek(count * struct.calcsize(_form(inner)), 1)
        return None
    return _read(file, _form(kind))[0]


def _form(kind: int) -> str:
    if kind not in _FORMS:
        raise NotGguf("its head is damaged")
    return f"<{_FORMS[kind]}"
