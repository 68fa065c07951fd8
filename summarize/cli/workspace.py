"""Where a person keeps their roundups: a folder with `roundup.toml`, and what that file sets."""

import dataclasses
import os
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer

from summarize.errors import InputError
from summarize.secrets import know_environment

FILE = "roundup.toml"
_TABLES = {"draft", "post", "publish", "export", "web", "mirrors", "secrets"}
# The options of `draft` that a workspace may set. What is said each time (--only, --date, ...), or
# must not be said by a file (--force, --yes), is not among them.
OPTIONS: dict[str, type] = {
    "model": str,
    "api_base": str,
    "prompt": str,
    "pdf_dir": str,
    "cache_dir": str,
    "abstract_only": bool,
    "offline": bool,
    "engine": str,
    "read": str,
    "jobs": int,
    "cluster": str,
    "context": int,
    "rpm": int,
    "tpm": int,
    "profile": str,
    "budget": float,
    "ask_above": float,
    "json": bool,
    "quiet": bool,
    "log_file": str,
    "strict": bool,
    "figures": bool,
    "teaser": bool,
}
_PATHS = ("cache_dir", "pdf_dir", "log_file")
_POST = {"categories", "tags", "frame", "format", "folder"}
_EXPORT = {"html", "newsletter"}
_WEB = {"contact", "allow_private"}
# The commands that fetch what a list, a page or a post names.
_FETCHING = ("draft", "regenerate", "diff", "compare", "read", "import", "check")
_PUBLISH = {"site", "kind"}
_SECRETS = {"from"}


@dataclass(frozen=True)
class Workspace:
    """A workspace's folder, or None outside of one, and what its file says beside options."""

    root: Path | None = None
    draft: dict[str, Any] = field(default_factory=dict)
    categories: tuple[str, ...] = ("paper roundups",)
    tags: tuple[str, ...] = ("conferences", "papers")
    contact: str = ""
    allow_private: bool = False  # a list may name what lies inside a private network
    mirrors: dict[str, str] = field(default_factory=dict)
    frame: Path | None = None
    site: str = ""  # where posts are published, and of what kind it is
    site_kind: str = ""
    format: str = ""
    folder: str = "posts"
    templates: dict[str, Path] = field(default_factory=dict)
    secrets: str = ""  # a file of keys, or `keyring`

    @property
    def posts(self) -> Path | None:
        """Where the workspace keeps its posts."""
        return self.root / self.folder if self.root else None

    @property
    def prompt_dirs(self) -> tuple[Path, ...]:
        """Where the workspace keeps prompts of its own."""
        return (self.root / "prompts",) if self.root else ()

    def framing(self) -> str:
        """Return the workspace's own frame of a post; empty where it has none."""
        if self.frame is None:
            return ""
        from summarize.posts import frame

        try:
            return frame.checked(self.frame.read_text("utf-8"), str(self.frame))
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{self.frame} can't be read: {error}") from error

    def cache_dir(self, given: Path | None) -> Path:
        """Return the folder of the cache: the one given, the workspace's, or the user's."""
        if given is not None:
            return given.expanduser()
        if self.root:
            return self.root / "cache"
        import platformdirs

        return platformdirs.user_cache_path("roundup", appauthor=False)


def user_file() -> Path:
    """Return where options are remembered outside of workspaces."""
    import platformdirs

    return platformdirs.user_config_path("roundup", appauthor=False) / FILE


def find(start: Path) -> Workspace:
    """Read the workspace that a folder lies in. Raises `InputError` for a file with a mistake.

    Outside of one, what the user's own file remembers holds.
    """
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return _read(folder / FILE)
    path = user_file()
    return dataclasses.replace(_read(path), root=None) if path.is_file() else Workspace()


def configure(ctx: typer.Context, secrets: str = "") -> None:
    """Find the workspace, and let its file set the defaults of options.

    `secrets` says where keys are, rather than the file.
    """
    know_environment(os.environ)
    workspace = find(Path.cwd())
    ctx.obj = dataclasses.replace(workspace, secrets=secrets or workspace.secrets)
    folder = {k: v for k, v in workspace.draft.items() if k == "cache_dir"}
    caches = dict.fromkeys(("path", "info", "clear"), folder)
    shared = {k: v for k, v in workspace.draft.items() if k in {"cache_dir", "engine", "offline"}}
    asked = {k: v for k, v in workspace.draft.items() if k == "model"}
    if places := workspace.draft.get("api_base"):  # whoever asks one server asks the first
        asked["api_base"] = places[0]
    beyond = {k: v for k, v in workspace.draft.items() if k in {"cache_dir", "offline", "quiet"}}
    # Asked for as JSON, `draft` writes events, a plan something else.
    planned = {k: v for k, v in workspace.draft.items() if k not in {"json", "quiet"}}
    renewing = {k: v for k, v in workspace.draft.items() if k not in {"abstract_only", "json"}}
    beside = {"model", "prompt", "abstract_only", "json"}  # those that compare is told each time
    defaults: dict[str, Any] = {
        "compare": {k: v for k, v in workspace.draft.items() if k not in beside},
        "history": folder,
        "prompts": {"show": {k: v for k, v in shared.items() if k != "engine"}},
        "draft": workspace.draft,
        "plan": planned,
        "regenerate": renewing,
        "diff": renewing,
        "read": shared,
        "cache": caches,
        "models": asked,
        "doctor": asked | folder,
        "evidence": folder,
        "enrich": beyond,
        "add": beyond,
        "check": folder,
    }
    if workspace.allow_private:
        allowed = {"allow_private": True}
        for name in _FETCHING:
            defaults[name] = defaults.get(name, {}) | allowed
        defaults["prompts"]["show"] |= allowed
    ctx.default_map = defaults


def _read(path: Path) -> Workspace:
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} can't be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not valid TOML: {error}") from error
    for name, table in found.items():
        if name not in _TABLES or not isinstance(table, dict):
            raise InputError(
                f"{path}: {name} is not a table that roundup knows",
                f"there are: {', '.join(f'[{t}]' for t in sorted(_TABLES))}",
            )
    post, web, export = (found.get(name, {}) for name in ("post", "web", "export"))
    web = {name.replace("-", "_"): value for name, value in web.items()}
    publish = found.get("publish", {})
    secrets = found.get("secrets", {})
    for table, known in (
        (post, _POST), (web, _WEB), (export, _EXPORT), (publish, _PUBLISH), (secrets, _SECRETS),
    ):  # fmt: skip
        for name in table.keys() - known:
            raise InputError(f"{path}: there is no {name}", f"there are: {', '.join(known)}")
    frame = _text(post.get("frame", ""), path, "frame")
    return Workspace(
        root=path.parent,
        draft=_draft(path, found.get("draft", {})),
        categories=_texts(post.get("categories", Workspace.categories), path, "categories"),
        tags=_texts(post.get("tags", Workspace.tags), path, "tags"),
        frame=path.parent / frame if frame else None,
        contact=_text(web.get("contact", ""), path, "contact"),
        allow_private=_flag(web, "allow_private", path),
        mirrors=_mirrors(found.get("mirrors", {}), path),
        format=_format(_text(post.get("format", ""), path, "format"), path),
        folder=_text(post.get("folder", "posts"), path, "folder"),
        templates={k: path.parent / _text(v, path, k) for k, v in export.items()},
        site=_text(publish.get("site", ""), path, "site"),
        site_kind=_text(publish.get("kind", ""), path, "kind"),
        secrets=_keys(_text(secrets.get("from", ""), path, "from"), path),
    )


def _mirrors(table: dict[str, Any], path: Path) -> dict[str, str]:
    """Return the addresses that are asked in place of hosts."""
    for host, address in table.items():
        if not re.fullmatch(r"https?://[^/\s]+\S*", _text(address, path, host)):
            raise InputError(
                f"{path}: [mirrors] {host} is not an address",
                'write it as "arxiv.org" = "https://mirror.example.org"',
            )
    return {host.lower(): address for host, address in table.items()}


def _format(name: str, path: Path) -> str:
    from summarize.cli import forms

    try:
        return forms.checked(name)
    except InputError as error:
        raise InputError(f"{path}: {error.message}", error.hint) from error


def _keys(named: str, path: Path) -> str:
    """Return where keys are; a file's path is relative to the workspace."""
    if named in {"", "keyring"}:
        return named
    return str(path.parent / Path(named).expanduser())


def _text(value: Any, path: Path, name: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{path}: {name} is not a text")
    return value


def _flag(table: dict[str, Any], name: str, path: Path) -> bool:
    value = table.get(name, False)
    if not isinstance(value, bool):
        raise InputError(f"{path}: {name} is not true or false")
    return value


def _draft(path: Path, table: dict[str, Any]) -> dict[str, Any]:
    """Return the options by their names here; folders are relative to the workspace."""
    options = {name.replace("-", "_"): value for name, value in table.items()}
    for name, value in options.items():
        if name not in OPTIONS:
            known = ", ".join(known.replace("_", "-") for known in OPTIONS)
            raise InputError(f"{path}: [draft] has no option {name}", f"there are: {known}")
        if name == "api_base" and isinstance(value, list):
            options[name] = list(_texts(value, path, "[draft] api_base"))
            continue
        wanted = OPTIONS[name]
        if type(value) is not wanted and not (wanted is float and type(value) is int):
            kind = {str: "a text", bool: "true or false"}.get(wanted, "a number")
            raise InputError(f"{path}: [draft] {name} is not {kind}")
        if name == "api_base":
            options[name] = [value]
        if name in _PATHS:
            options[name] = str(path.parent / Path(str(value)).expanduser())
    return options


def _texts(value: Any, path: Path, name: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(text, str) for text in value):
        raise InputError(f"{path}: {name} is not a list of texts")
    return tuple(value)
