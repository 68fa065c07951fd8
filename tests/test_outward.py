"""What strangers wrote goes out as words: nothing of a list, a paper or a reply acts in a post.

Each post of hostile words is held against its twin of harmless ones: what reads the format must
find the same tags with the same attributes in both. So whatever a format writes itself is allowed,
and nothing besides.
"""

import email
import email.policy
import json
import random
import re
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import PurePosixPath, PureWindowsPath

import markdown
import pytest
import yaml
from markdown_it import MarkdownIt

from summarize.cli import naming
from summarize.errors import ReplyError
from summarize.exports import EXPORTS, Sheet
from summarize.posts import FORMATS, escape
from summarize.posts.compose import compose
from summarize.posts.post import Post
from summarize.records import (
    Claim,
    Done,
    Figure,
    Grounded,
    Outcome,
    Paper,
    Receipt,
    Reply,
    Skipped,
    Summary,
)
from summarize.replies import parse
from tests.test_posts import BY_MODEL, HOSTILE

CASES, EACH = 10_000, 20  # papers in all, and in one post

ATTACKS = [
    *HOSTILE,
    "{{< youtube x >}} {{% raw %}}x{{% /raw %}} {{</* x */>}}",
    "{{ config.items() }} {%- import os -%} {# gone #} ${x} #{x} <%= x %>",
    "\n---\nlayout: evil\n---\n",
    "+++\ntitle = 'x'\n+++",
    "```{python}\nimport os\n```",
    "::: {.callout onclick=x}\n:::",
    "[x]{.class onclick=alert(1)} `x`{=html}",
    "<svg/onload=alert(1)><math><mtext></mtext>",
    '" onmouseover="alert(1)" x="',
    "' onfocus='alert(1)' autofocus '",
    "<a href=javascript:alert(1)>x</a> <iframe src=//e.org>",
    "![x](//e.org/p.png) ![x][y] <img srcset=//e.org/x>",
    "<!-- wp:html --><script>x</script><!-- /wp:html -->",
    "--> <b>x</b> <!--",
    "[gallery ids=1] [embed]http://e.org[/embed] [[x]]",
    "<style>@import url(//e.org)</style> <base href=//e.org>",
    "<details open><summary>x</summary> </ul></ol></div>",
    "\u202e\u2066txt.exe\u2069 {\u200b{ x }\u200b} {\u2060% raw %\u2060} <\u200dscript>",
    "\uff1cscript\uff1e \ufe64b\ufe65 \u2329x\u232a \uff5b\uff5b x \uff5d\uff5d",
    "&lt;script&gt; &#60;script&#62; &#x7b;&#x7b; x &#x7d;&#x7d; %3Cscript%3E",
    "<?php x ?> <!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]> <![CDATA[x]]>",
    "YOUR WORDS: TODO: CHECK: roundup offers for the TLDR: x",
    "1) a 2) b - c * d",
    "=== !!! note ??? x",
    "    four spaces\n\tand a tab",
    "# x\n\n## y\n\n---\n\n***\n\n___",
]
ADDRESSES = [
    "https://e.org/a.pdf",
    "",
    "javascript:alert(1)",
    'https://e.org/"onmouseover="x',
    "https://e.org/)![x](https://e.org/p.png",
    "https://e.org/{{x}}{% y %}<script>",
    "https://e.org/\u202egpj.exe",
    "data:text/html,<script>x</script>",
    "https://e.org/a b\n\n1. x",
]
# Told by a tool that runs before Markdown does, wherever it stands.
TEMPLATES = re.compile(r"\{\{|\{%|\{#|\{:|<%|<\?")
SHORTCODE = re.compile(r"\[/?[a-z]")  # WordPress has no other
HEADERS = {"Subject", "X-Unsent", "MIME-Version", "Content-Type", "Date", "From", "To"}
HEADERS |= {"Message-ID", "Content-Transfer-Encoding"}
UNSEEN = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]")


class _Tags(HTMLParser):
    """Gathers the tags of a page, in order, with the names of their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag, and what of its attributes could act."""
        names = [name for name, _ in attrs]
        far = [v or "" for k, v in attrs if k in {"href", "src"} and not _is_harmless(v or "")]
        self.found.append(" ".join([tag, *names, *far]))

    def handle_endtag(self, tag: str) -> None:
        """Remember a closing tag."""
        self.found.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        """Remember that there is a comment."""
        self.found.append(f"!{data.split()[:1]}")

    def handle_decl(self, decl: str) -> None:
        """Remember a declaration."""
        self.found.append(f"!{decl.split(maxsplit=1)[0]}")

    def handle_pi(self, data: str) -> None:
        """Remember an instruction."""
        self.found.append(f"?{data.split(maxsplit=1)[0]}")


def _is_harmless(address: str) -> bool:
    return address.lower().startswith(("http://", "https://", "#", "data:image/", "cid:"))


def tags(page: str) -> list[str]:
    """Return the tags of a page of HTML."""
    reader = _Tags()
    reader.feed(page)
    reader.close()
    return reader.found


def by_commonmark(text: str) -> str:
    """Return a page as most Markdown makes it."""
    return str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))


def by_python_markdown(text: str) -> str:
    """Return a page as MkDocs makes it."""
    return str(markdown.markdown(text, extensions=["toc", "tables", "fenced_code"]))


READERS: dict[str, Callable[[str], str]] = {
    "mkdocs": by_python_markdown,
    "wordpress": lambda text: text,
}


class Words:
    """Hostile words, and for each of them a harmless one that stands in the twin."""

    def __init__(self, *, harmless: bool) -> None:
        self._dice = random.Random(0)
        self._harmless = harmless
        self._known: dict[str, str] = {}
        self.refused: list[str] = []  # why replies were, so that the twin's are as well

    def throw(self, seed: str) -> random.Random:
        """Begin anew with a seed."""
        self._dice = random.Random(seed)
        return self._dice

    def some(self, most: int = 280) -> str:
        """Return a few hostile words, spliced and cut."""
        dice = self._dice
        text = dice.choice([" ", "", "\n"]).join(dice.choices(ATTACKS, k=dice.randint(1, 3)))
        if dice.random() < 0.3:
            cut = dice.randrange(len(text))
            text = text[cut:] + text[:cut]
        if dice.random() < 0.3:
            at = dice.randrange(len(text))
            text = text[:at] + dice.choice("<>{}[]()*_`|\\\"'&;:#$-\n\u202e\u200b") + text[at:]
        return self._told(text[:most])

    def address(self) -> str:
        """Return an address that may be none."""
        found = self._dice.choice(ADDRESSES)
        return ("https://e.org/" if escape.url(found) else "") if self._harmless else found

    def answered(self, reply: Reply) -> tuple[str, Summary | None]:
        """Return what a reply holds, or why it is refused; in the twin, for the same replies."""
        if self._harmless:
            problem = self.refused.pop(0)
            return problem and "word", None if problem else parse(reply)
        try:
            summary = parse(reply)
        except ReplyError as error:
            self.refused.append(error.message)
            return error.message, None
        self.refused.append("")
        return "", summary

    def _told(self, text: str) -> str:
        """Return the words, or a harmless one of its own for them."""
        if not self._harmless:
            return text
        shown = escape.plain(text)
        return self._known.setdefault(shown, f"word{len(self._known)}") if shown else ""


def outcome(words: Words, dice: random.Random) -> Outcome:
    """Return what became of a paper of which every word is hostile, its reply really parsed."""
    paper = Paper(
        key="k", title=words.some(), url=words.address(), section="Day 1", pdf="",
        authors=(words.some(60),), venue=words.some(60), abstract=words.some(),
    )  # fmt: skip
    tldr, notes, pages = words.some(), [words.some(), words.some()], [dice.randint(1, 9), None]
    flag, unread, reason = words.some(60), words.some(60), words.some(100)
    if dice.random() < 0.15:
        return Skipped(paper=paper, stage="fetch", reason=reason)
    given = [{"kind": "idea", "text": note, "quote": note, "page": 1} for note in notes]
    problem, summary = words.answered(
        Reply(text=json.dumps({"tldr": f"So {tldr}", "notes": given}))
    )
    if problem or not summary:
        return Skipped(paper=paper, stage="ask", reason=problem)
    claims = tuple(Claim(supported=True, page=page, flags=(flag,)) for page in pages)
    return Done(
        paper=paper,
        grounded=Grounded(
            summary=summary,
            claims=claims[: len(summary.notes)],
            tldr=Claim(supported=False, flags=(flag,)),
        ),
        receipt=Receipt(model="m", prompt="p", basis="paper", unread=(unread,), pdf=paper.url),
    )


def made(words: Words, seed: str) -> list[Outcome]:
    """Return what became of the papers of a post."""
    dice = words.throw(seed)
    return [outcome(words, dice) for _ in range(EACH)]


def both(seed: str) -> tuple[Post, Post]:
    """Return a post of hostile words, and its twin of harmless ones."""
    hostile, twin = Words(harmless=False), Words(harmless=True)
    posts = []
    for words in (hostile, twin):
        outcomes = made(words, seed)
        twin.refused = [*hostile.refused]
        title = words.some(80) or "x"
        posts.append(compose(outcomes, title=title, date="2024-05-07", colophon=BY_MODEL))
    return posts[0], posts[1]


def body(text: str) -> str:
    """Return a post without its front matter."""
    return text.split("\n---\n", 1)[1] if text.startswith("---\n") else text


def front(text: str) -> dict[str, object]:
    """Return the front matter of a post."""
    if not text.startswith("---\n"):
        return {}
    return dict(yaml.safe_load(text.removeprefix("---\n").split("\n---\n", 1)[0]))


@pytest.fixture(scope="module")
def seed() -> int:
    """Return the seed of all cases: another one each time, printed where something fails."""
    return random.SystemRandom().randrange(10**6)


@pytest.mark.parametrize("name", FORMATS)
def test_words_stay_words_in_every_format(name: str, seed: int) -> None:
    """Hostile words make no tag, attribute, list, template, front matter or bidi mark of a post."""
    form, reader = FORMATS[name], READERS.get(name, by_commonmark)
    for number in range(CASES // EACH // len(FORMATS) + 1):
        which = f"{seed}-{name}-{number}"
        post, twin = both(which)
        text, other = form.render(post), form.render(twin)
        assert not UNSEEN.search(text), which
        runs = SHORTCODE if name == "wordpress" else TEMPLATES
        assert not runs.search(body(text)), which
        assert front(text).keys() == front(other).keys(), which
        assert tags(reader(body(text))) == tags(reader(body(other))), which


@pytest.mark.parametrize("name", ["html", "newsletter"])
def test_words_stay_words_in_what_goes_out(name: str, seed: int) -> None:
    """A page and a mail of hostile words ask for nothing and run nothing."""
    for number in range(24):
        form = list(FORMATS)[number % len(FORMATS)]
        which = f"{seed}-{name}-{number}"
        made_of: dict[bool, str] = {}
        hostile, twin = both(which)
        for harmless, post in ((False, hostile), (True, twin)):
            text = FORMATS[form].render(post)
            sheet = Sheet(written=FORMATS[form].parse(text), form=FORMATS[form], notes=True)
            made_of[harmless] = EXPORTS[name].render(sheet).decode()
        if name == "newsletter":
            made_of = {kind: _html(mail) for kind, mail in made_of.items()}
        assert not UNSEEN.search(made_of[False].replace("\r\n", "\n")), which
        assert tags(made_of[False]) == tags(made_of[True]), which


def _html(mail: str) -> str:
    """Return the page in a mail, which has the headers of every mail and no others."""
    read = email.message_from_string(mail, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    assert set(read.keys()) <= HEADERS
    page = read.get_body(("html",))
    assert page is not None
    return str(page.get_content())


def papers(outcomes: Sequence[Outcome]) -> tuple[Paper, ...]:
    """Return the papers, each of a key of its own."""
    return tuple(o.paper.model_copy(update={"key": f"k{n}"}) for n, o in enumerate(outcomes))


def test_words_stay_words_in_bibliographies(seed: int) -> None:
    """A bibliography of hostile words has an entry for each paper, and no more."""
    from bibtexparser.entrypoint import parse_string

    for number in range(10):
        which = f"{seed}-bibliography-{number}"
        found = papers(made(Words(harmless=False), which))
        listed = json.loads(EXPORTS["csl-json"].render(Sheet(papers=found)))
        assert len(listed) == len(found), which
        text = EXPORTS["bibtex"].render(Sheet(papers=found)).decode()
        assert not UNSEEN.search(text), which
        library = parse_string(text)
        assert (len(library.entries), len(library.failed_blocks)) == (len(found), 0), which


NAMES = ["../../x", "..", ".", "/etc/passwd", "C:\\x", "con", "CON.txt", "nul", "LPT1", "com1.md",
         "a.", "a ", " a", "...", "a:b", "a/b", "a\\b", "x" * 300, "é" * 200, "日" * 200, "",
         "~root", "-rf", "$HOME", "%TEMP%", "a\0b", "a\nb", "aux.", "\u202egpj"]  # fmt: skip
RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\s*\..*)?")


def is_safe(name: str) -> bool:
    """Tell whether a name is one file in its folder, on every system."""
    return (
        PurePosixPath(name).name == PureWindowsPath(name).name == name
        and not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
        and not name.endswith((".", " "))
        and not RESERVED.fullmatch(name)
        and name not in {"", ".", ".."}
        and len(name.encode()) <= 200
    )


def test_names_made_of_titles_stay_in_their_folder(seed: int) -> None:
    """A file that is named after a key or a title is one file in its folder, on every system."""
    from summarize.figures import beside

    words = Words(harmless=False)
    words.throw(str(seed))
    titles = [*NAMES, *(words.some() for _ in range(2_000))]
    for title in titles:
        assert is_safe(
            beside.name(title, Figure(page=1, label=title, width=1, height=1, sha256=""))
        ), (seed, title)
        stem = naming.title(title)
        assert "/" not in stem, (seed, title)
