"""Faults of services: each paper's first answer goes wrong in one way, the next is good."""

import datetime
import ipaddress
import json
import random
import ssl
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from summarize.settings import Settings
from tests.faults import papers, promises
from tests.faults.row import Row, told
from tests.faults.server import MISDEEDS, Content, Server, completion, instead, model, simply
from tests.faults.walking import Walked, jumping, walk
from tests.faults.workspace import abstracts_list

_GOOD = json.dumps({"tldr": "What was done was found to be done well.", "notes": []})
_ASKED_AGAIN = "sent back with its error, and asked again"
PATIENCE = 4.0  # seconds: less than a silence lasts, and more than a busy machine takes
# A service's answer that is whole, and holds a reply that is no summary.
REPLIES = {
    "a reply of another schema": (completion('{"unexpected": 1}'), _ASKED_AGAIN),
    "a reply that is no JSON": (completion(_GOOD.replace('"', "'")), _ASKED_AGAIN),
    "a reply in prose": (completion("I am sorry, but I can't."), _ASKED_AGAIN),
    "an empty reply": (completion(""), _ASKED_AGAIN),
    "a reply that is null": (completion(None), _ASKED_AGAIN),
    "a reply that is a number": (completion(7), _ASKED_AGAIN),
    "a reply cut off at its limit": (completion(_GOOD[:30], "length"), "asked with less of it"),
}
MISDEEDS |= {name: instead("application/json", body) for name, (body, _) in REPLIES.items()}
MISDEEDS["a request too long for the model"] = simply(400)


def at_first(fault: str) -> Callable[[str, int], str]:
    """Return a plan by which the first answer to each question goes wrong."""
    return lambda _key, attempt: fault if attempt == 1 else ""


def models(folder: Path, count: int) -> Iterator[Row]:
    """Play a model server with every fault."""
    for number, fault in enumerate(MISDEEDS):
        home = folder / f"model-{number}"
        home.mkdir()
        listed = abstracts_list(home / "l.csv", count, fault)
        with Server(model, at_first(fault)) as server:
            silent = promises.of(fault) == promises.PATIENT
            settings = asking(server, home, timeout=PATIENCE if silent else 60.0)
            walked = walk(listed, settings, until=count)
        promised = REPLIES[fault][1] if fault in REPLIES else promises.of(fault)
        yield _row("model", fault, server, walked, count, promised)


def sites(folder: Path, count: int, only: Collection[str] = ()) -> Iterator[Row]:
    """Play a paper site with every fault, or with some."""
    for number, fault in enumerate(f for f in MISDEEDS if f not in REPLIES):
        if only and fault not in only:
            continue
        home = folder / f"site-{number}"
        home.mkdir()
        with Server(papers.served, at_first(fault)) as server:
            listed = papers.make(home, count, number + 1, server.url)
            walked = walk(listed, fetching(home), until=count)
        yield _row("site", fault, server, walked, count, promises.of(fault), what="fetched")


def mixed(folder: Path, count: int, seed: int) -> Iterator[Row]:
    """Let every third answer go wrong, in any way, while the time of day jumps by years."""
    for where, content, names in (
        ("model", model, [*MISDEEDS]),
        ("site", papers.served, [f for f in MISDEEDS if f not in REPLIES]),
    ):
        home = folder / f"mixed-{where}"
        home.mkdir()
        rng = random.Random(seed)

        def plan(
            _key: str, attempt: int, names: list[str] = names, rng: random.Random = rng
        ) -> str:
            return rng.choice(names) if attempt < 4 and rng.random() < 0.33 else ""

        typed: Content = content
        with Server(typed, plan) as server:
            listed = (
                abstracts_list(home / "l.csv", count, "mixed")
                if where == "model"
                else papers.make(home, count, 900 + seed, server.url)
            )
            settings = asking(server, home) if where == "model" else fetching(home)
            walked = walk(listed, settings, until=count, clock=jumping(seed))
        twice = _twice(server)
        yield Row(
            where, "any of these, at random, on a clock that jumps by years",
            server.injected.total(), "as for each of them",
            told(walked, count, twice, "had"), walked.done == count and not (walked.wrong or twice),
        )  # fmt: skip


def nowhere(folder: Path, count: int) -> Iterator[Row]:
    """Name addresses at which nothing can be had: the paper says why."""
    with Server(papers.served, tls=_self_signed(folder)) as server:
        bases = {
            "a name that DNS does not know": ("http://papers.invalid", "can't be reached"),
            "a port at which nothing listens": ("http://127.0.0.1:9", "can't be reached"),
            "a certificate that nobody vouches for": (server.url, "no valid certificate"),
        }
        for number, (fault, (base, word)) in enumerate(bases.items()):
            home = folder / f"nowhere-{number}"
            home.mkdir()
            listed = papers.make(home, count, number + 1, base)
            walked = walk(listed, fetching(home), most=1)
            said = sum(n for reason, n in walked.reasons.items() if word in reason)
            yield Row(
                "site", fault, count, "each paper says so, and is left out",
                f"{said} of {count} say: {word}", said == count and not walked.wrong,
            )  # fmt: skip


def asking(server: Server, home: Path, jobs: int = 8, timeout: float = 60.0) -> Settings:
    """Return what a run has that asks a model about abstracts."""
    return Settings(
        model="local/fake",
        api_base=f"{server.url}/v1",
        abstract_only=True,
        local_timeout=timeout,
        cache_dir=home / "cache",
        list_dir=home,
        jobs=jobs,
    )


def fetching(home: Path) -> Settings:
    """Return what a run has that fetches papers and summarizes them here."""
    return Settings(
        allow_private=True,
        cache_dir=home / "cache",
        list_dir=home,
        connect_timeout=2.0,
        stall_timeout=PATIENCE,
        workers=2,
    )


def _row(
    where: str, fault: str, server: Server, walked: Walked, count: int, promised: str,
    what: str = "asked",
) -> Row:  # fmt: skip
    twice = _twice(server)
    good = walked.done == count and not walked.wrong and not twice
    return Row(
        where, fault, server.injected[fault], promised, told(walked, count, twice, what), good
    )


def _twice(server: Server) -> int:
    """Count what was asked for again after it had been given, whole and good."""
    return sum(times - 1 for times in server.given.values())


def _self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    both = folder / "both.pem"
    both.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context


__all__ = ["MISDEEDS", "asking", "at_first", "fetching", "mixed", "models", "nowhere", "sites"]
