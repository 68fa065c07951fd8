"""Everything that can be set, in one frozen place. Only `cli` fills it in."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

MB = 1024 * 1024


@dataclass(frozen=True)
class Clock:
    """The time, and the passing of it: handed in, so that tests need not wait."""

    now: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    today: Callable[[], date] = date.today


@dataclass(frozen=True)
class Settings:
    """What a run may do and how much of it. Sizes are in bytes, times in seconds."""

    # the model
    model: str = "extractive"
    api_base: str | None = None
    more_bases: tuple[str, ...] = ()  # of other servers that have the same model
    api_key: str = field(default="", repr=False)  # of a server that litellm does not ask
    window: int | None = None  # tokens of the model's context; None asks the server
    paper_tokens: int = 16_000  # of a paper's text at most, in however large a window
    reply_tokens: int = 2_000
    request_timeout: float = 180.0
    local_timeout: float = 900.0  # of a server of one's own, which may take its time
    keep_alive: str = "10m"  # how long a local server keeps the model loaded
    attempts: int = 10  # of one model request, transport faults only
    jobs: int = 8
    rpm: int | None = None  # requests and tokens a minute, where the service limits them
    tpm: int | None = None

    # where things are
    cache_dir: Path = Path("cache")
    pdf_dir: Path | None = None
    list_dir: Path = Path()  # what a relative `pdf` path in a list is relative to
    prompt_dirs: tuple[Path, ...] = ()

    # what may be done
    offline: bool = False
    allow_private: bool = False  # what a list names may lie inside a private network
    abstract_only: bool = False
    whole: bool = False  # read papers section by section that are longer than the window
    batch: bool = False  # ask by the provider's batches, which take up to a day

    # the web
    mirrors: Mapping[str, str] = field(default_factory=dict)  # host -> the address asked instead
    contact: str = ""  # an e-mail address or a page, told to paper sites
    per_host: int = 4
    fetch_attempts: int = 5
    connect_timeout: float = 10.0
    stall_timeout: float = 30.0
    download_timeout: float = 600.0
    patience: float = 90.0  # the longest Retry-After that is waited for
    max_pdf: int = 100 * MB

    # catalogs
    openreview_user: str = ""
    openreview_password: str = field(default="", repr=False)
    semantic_scholar_key: str = field(default="", repr=False)

    # reading
    engine: str = "auto"
    password: str = field(default="", repr=False)  # of PDFs that ask for one
    workers: int = field(default_factory=lambda: min(os.cpu_count() or 1, 8))
    read_timeout: float = 20.0
    read_memory: int = 1000 * MB
    max_pages: int = 500
    figures: bool = False  # show a figure of each paper

    # the cache
    pdf_cache: int = 2048 * MB
    document_cache: int = 1024 * MB
