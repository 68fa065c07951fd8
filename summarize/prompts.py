"""Prompt files: found by name, checked, and rendered into requests."""

import string
import tomllib
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from summarize.errors import InputError
from summarize.records import Document, Message, Paper, Passage, Prompt, Request
from summarize.text.excerpt import excerpt

VARIABLES = ("title", "authors", "venue", "basis", "text")
# What asking itself decides.
RESERVED = frozenset(
    "model messages stream n response_format tools tool_choice functions timeout api_key api_base "
    "base_url max_retries num_retries extra_headers".split()
)
MAX_PROMPT = 100_000  # bytes

_PACKAGE = Path(__file__).parent
# In the wheel the prompts lie in the package; in a checkout, beside it.
SHIPPED = next(
    (p for p in (_PACKAGE / "_prompts", _PACKAGE.parent / "prompts") if p.is_dir()),
    _PACKAGE / "_prompts",
)


def load(name: str, folders: Sequence[Path] = ()) -> Prompt:
    """Return a prompt by its name, or by the path of its file.

    `folders`, such as a workspace's own, come before what is shipped. Raises `InputError`
    with the file and what is wrong in it.
    """
    path = _find(name, [*folders, SHIPPED])
    try:
        if path.stat().st_size > MAX_PROMPT:
            raise InputError(f"{path} is larger than {MAX_PROMPT // 1000} kB: not a prompt")
        found = tomllib.loads(path.read_text("utf-8"))
        prompt = Prompt.model_validate({"name": path.stem, **found})
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} can't be read: {error}") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(
            f"{path} is not valid TOML: {error}", "see prompts/default.toml"
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the file"
        raise InputError(f"{path}: {field}: {first['msg']}", "see prompts/default.toml") from error
    for part in (prompt.system, prompt.user):
        _check(part, path)
    if reserved := sorted(prompt.params.keys() & RESERVED):
        raise InputError(f"{path}: params: {reserved[0]} is not a prompt's to set", "take it out")
    return prompt


def _find(name: str, folders: Sequence[Path]) -> Path:
    if name.endswith(".toml") or "/" in name or "\\" in name:
        path = Path(name)
        if path.is_file():
            return path
        raise InputError(f"there is no prompt file {name}", "name an existing .toml file")
    for folder in folders:
        path = folder / f"{name}.toml"
        if path.is_file():
            return path
    known = sorted({path.stem for folder in folders for path in folder.glob("*.toml")})
    raise InputError(f"there is no prompt named {name}", f"there are: {', '.join(known)}")


def _check(text: str, path: Path) -> None:
    template = string.Template(text)
    if not template.is_valid():
        raise InputError(f"{path}: a $ that begins no variable", "write $$ for a dollar sign")
    for name in template.get_identifiers():
        if name not in VARIABLES:
            known = ", ".join(f"${v}" for v in VARIABLES)
            raise InputError(f"{path}: there is no variable ${name}", f"there are: {known}")


def for_model(
    prompt: Prompt,
    paper: Paper,
    document: Document,
    *,
    tokens: int,
    reply_tokens: int = 2_000,
    model: str,
    endpoint: str,
) -> tuple[Request, float]:
    """Render a prompt for a language model; its answer may take `reply_tokens`.

    Returns the request and the share of the paper's text that fits into `tokens`. What a prompt
    says of `max_tokens` in its params is an upper bound.
    """
    chosen = excerpt(document, tokens)
    request = render(
        prompt, paper, document, basis=basis(document, chosen.share), text=chosen.text,
        reply_tokens=reply_tokens, model=model, endpoint=endpoint,
    )  # fmt: skip
    return request, chosen.share


def basis(document: Document, share: float = 1.0) -> str:
    """Return what a prompt calls such a share of a paper."""
    if not document.marks:
        return "its abstract alone, without pages"
    return "the whole paper" if share > 0.999 else "the main parts of the paper"


def render(
    prompt: Prompt,
    paper: Paper,
    document: Document,
    *,
    basis: str,
    text: str,
    reply_tokens: int,
    model: str,
    endpoint: str,
) -> Request:
    """Render a prompt with a text of a paper, `basis` being what the prompt calls that."""
    values = {
        "title": paper.title or document.title or "(not given)",
        "authors": ", ".join(paper.authors) or "(not given)",
        "venue": paper.venue or "(not given)",
        "basis": basis,
        "text": text,
    }
    messages = tuple(
        Message(role=role, content=string.Template(part).substitute(values).strip())
        for role, part in (("system", prompt.system), ("user", prompt.user))
    )
    params = dict(prompt.params)
    most = params.pop("max_tokens", reply_tokens)
    return Request(
        model=model,
        endpoint=endpoint,
        messages=messages,
        params=params,
        reply_tokens=min(int(most), reply_tokens),
    )


def for_passages(passages: Sequence[Passage], title: str, *, model: str, endpoint: str) -> Request:
    """Build the request of a summarizer that picks sentences; no prompt changes its answer."""
    return Request(
        model=model, endpoint=endpoint, passages=(Passage(text=title, kind="front"), *passages)
    )
