"""Prompt files: found by name, checked, and rendered into requests."""

import re
import string
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from summarize.errors import InputError
from summarize.records import Document, Example, Message, Paper, Passage, Prompt, Request
from summarize.text.excerpt import excerpt

# What a paper gives, and what a prompt's own fields do.
VARIABLES = ("title", "authors", "venue", "basis", "text")
OPTIONS = ("language", "length", "notes", "kinds")
# What asking itself decides.
RESERVED = frozenset(
    "model messages stream n response_format tools tool_choice functions timeout api_key api_base "
    "base_url max_retries num_retries extra_headers".split()
)
MAX_PROMPT = 100_000  # bytes
MAX_REPEATS = 20  # of a variable, in one part

# What opens a mark of a chat's turn, in the templates of current models, or our own around a paper.
# Each begins with a letter of its own: such a pattern is sought eight times as fast as both in one.
_MARKS = (
    re.compile(
        r"<(?=\||</?SYS>>|/?(?:paper|s|bos|eos|start_of_turn|end_of_turn|system|user|assistant)>)",
        re.IGNORECASE,
    ),
    re.compile(r"\[(?=/?INST\])", re.IGNORECASE),
)
_AT_LINE = re.compile(r"at line (\d+)")
_SEE = "see prompts/default.toml, or `roundup prompts show default`"
_IN_LANGUAGE = """
Write tldr and every text in {language}. Copy each quote as it stands, in the paper's own language.
"""
_IN_VOICE = """
Write in the voice of the person whose own entries, on other papers, follow. They show length, \
tone and choice of words, and are no material: say nothing that they say, and nothing of yourself.

<examples>
"""

_PACKAGE = Path(__file__).parent
# In the wheel the prompts lie in the package; in a checkout, beside it.
SHIPPED = next(
    (p for p in (_PACKAGE / "_prompts", _PACKAGE.parent / "prompts") if p.is_dir()),
    _PACKAGE / "_prompts",
)


def load(name: str, folders: Sequence[Path] = ()) -> Prompt:
    """Return a prompt by its name, or by the path of its file.

    `folders`, such as a workspace's own, come before what is shipped. Raises `InputError`
    with the file, the line and what is wrong there.
    """
    return read(find(name, folders))


def read(path: Path) -> Prompt:
    """Return the prompt of a file. Raises `InputError` with its line for a mistake."""
    try:
        if path.stat().st_size > MAX_PROMPT:
            size = MAX_PROMPT // 1000
            raise InputError(f"{path}:1: is larger than {size} kB: not a prompt", _SEE)
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} can't be read: {error}") from error
    try:
        prompt = Prompt.model_validate({"name": path.stem, **tomllib.loads(text)})
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        at = _AT_LINE.search(str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        raise InputError(f"{path}:{line}: not valid TOML: {error}", _SEE) from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the file"
        line = _line_of(text, rf"^\s*\[?{re.escape(str(first['loc'][0]))}\b")
        raise InputError(f"{path}:{line}: {field}: {first['msg']}", _SEE) from error
    for part in (prompt.system, prompt.user):
        _check(part, path, text)
    if "text" not in _variables(prompt.user):
        line = _line_of(text, r"^\s*user\b")
        raise InputError(f"{path}:{line}: user: the paper's $text is nowhere in it", _SEE)
    if reserved := sorted(prompt.params.keys() & RESERVED):
        line = _line_of(text, rf"\b{reserved[0]}\s*=")
        raise InputError(
            f"{path}:{line}: params: {reserved[0]} is not a prompt's to set", "take it out"
        )
    return prompt


def paths(folders: Sequence[Path] = ()) -> dict[str, Path]:
    """Return the file of each prompt by its name, those of earlier folders before later ones."""
    found: dict[str, Path] = {}
    for folder in (*folders, SHIPPED):
        for path in sorted(folder.glob("*.toml")):
            found.setdefault(path.stem, path)
    return found


def find(name: str, folders: Sequence[Path] = ()) -> Path:
    """Return a prompt's file. Raises `InputError` where there is none."""
    if name.endswith(".toml") or "/" in name or "\\" in name:
        path = Path(name)
        if path.is_file():
            return path
        raise InputError(f"there is no prompt file {name}", "name an existing .toml file")
    folders = [*folders, SHIPPED]
    for folder in folders:
        path = folder / f"{name}.toml"
        if path.is_file():
            return path
    known = sorted({path.stem for folder in folders for path in folder.glob("*.toml")})
    raise InputError(f"there is no prompt named {name}", f"there are: {', '.join(known)}")


def _variables(text: str) -> list[str]:
    """Return the variables of a template, each as often as it stands there."""
    return [
        found["named"] or found["braced"]
        for found in string.Template.pattern.finditer(text)
        if found["named"] or found["braced"]
    ]


def _check(part: str, path: Path, text: str) -> None:
    """Raise `InputError` for a variable that is none, or that stands there too often."""
    template = string.Template(part)
    if not template.is_valid():
        wrong = next(f for f in template.pattern.finditer(part) if f["invalid"] is not None)
        before = part[: wrong.start()].rpartition("\n")[2][-30:]
        line = _line_of(text, re.escape(before + "$"), flags=0) or 1
        raise InputError(
            f"{path}:{line}: a $ that begins no variable", "write $$ for a dollar sign"
        )
    counts = Counter(_variables(part))
    for name, count in counts.items():
        line = _line_of(text, rf"\$\{{?{re.escape(name)}\b")
        if name not in (*VARIABLES, *OPTIONS):
            known = ", ".join(f"${v}" for v in (*VARIABLES, *OPTIONS))
            raise InputError(f"{path}:{line}: there is no variable ${name}", f"there are: {known}")
        if count > (1 if name == "text" else MAX_REPEATS):
            raise InputError(
                f"{path}:{line}: ${name} stands there {count} times",
                "once is enough: each time, all of it would be sent",
            )


def _line_of(text: str, pattern: str, flags: int = re.MULTILINE) -> int:
    """Return the line on which a pattern is first found; 1 where it is not."""
    found = re.search(pattern, text, flags)
    if not found:
        return 1
    return text.count("\n", 0, found.end()) + 1


def adapted(prompt: Prompt, *, language: str = "", voice: Sequence[Example] = ()) -> Prompt:
    """Return a prompt that asks for another language, or for a person's own way of writing.

    The examples show how they write; nothing of them is to be said again.
    """
    language = language or prompt.language
    said = ""
    if language != "English" and "language" not in _variables(prompt.system):
        said += _IN_LANGUAGE.format(language=language.replace("$", "$$"))
    if voice:
        shown = "\n".join(f"- ({one.title}) {one.text}" for one in voice)
        said += _IN_VOICE + shown.replace("$", "$$") + "\n</examples>\n"
    return prompt.model_copy(
        update={"language": language, "system": prompt.system.rstrip() + "\n" + said}
    )


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
        "title": as_data(paper.title or document.title) or "(not given)",
        "authors": as_data(", ".join(paper.authors)) or "(not given)",
        "venue": as_data(paper.venue) or "(not given)",
        "basis": basis,
        "text": as_data(text),
        "language": prompt.language,
        "length": str(prompt.length),
        "notes": str(prompt.notes),
        "kinds": ", ".join(prompt.kinds),
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


def as_data(text: str) -> str:
    """Return a stranger's text without what would end it, for a prompt or for a server.

    Servers may read the marks of a chat's turns in a text as such marks.
    """
    for mark in _MARKS:
        text = mark.sub(r"\g<0> ", text)
    return text


def for_passages(passages: Sequence[Passage], title: str, *, model: str, endpoint: str) -> Request:
    """Build the request of a summarizer that picks sentences; no prompt changes its answer."""
    return Request(
        model=model, endpoint=endpoint, passages=(Passage(text=title, kind="front"), *passages)
    )
