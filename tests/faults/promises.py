"""What is promised for each thing that goes wrong on the wire."""

AGAIN = "waited for as long as the service says, and asked again"
BROKEN = "told from a whole answer, and asked again"
PATIENT = "waited for, within limits, and read or asked again"
READ = "read all the same"
REFUSED = "never taken for an answer: the paper or the run says why, and running again goes on"

_BY_KIND = {
    AGAIN: (
        "429 with seconds", "429 with a date", "429 without a time", "429 with nonsense", "500",
        "502", "503 with seconds", "504",
    ),
    BROKEN: (
        "reset instead of an answer", "closed instead of an answer", "half a head", "half a body",
        "half a body, then a reset", "a length that is too long", "chunks without an end",
        "a chunk that is none", "said to be packed", "not HTTP", "a header of 200 kB",
    ),
    PATIENT: ("a slow drip", "silence", "half a body, then silence"),
    READ: ("packed unasked", "a wrong type"),
}  # fmt: skip
WIRE = {kind: promise for promise, kinds in _BY_KIND.items() for kind in kinds}


def of(kind: str) -> str:
    """Return what is promised where a service answers in such a way."""
    return WIRE.get(kind, REFUSED)
