"""Options that are remembered: in the workspace's `roundup.toml`, else in the user's own."""

from pathlib import Path
from typing import Any

from summarize.cli.workspace import FILE, Workspace, user_file
from summarize.errors import OutputError
from summarize.files import save


def remember(workspace: Workspace, **options: Any) -> Path:
    """Set options of `draft`, and take away those that are None; return the file they are in.

    What else a person wrote in the file stays as it is, comments included.
    """
    import tomlkit

    path = workspace.root / FILE if workspace.root else user_file()
    try:
        held = tomlkit.parse(path.read_text("utf-8") if path.exists() else "")
    except OSError as error:
        raise OutputError(f"{path} can't be read: {error.strerror}") from error
    table = held.setdefault("draft", tomlkit.table())
    for name, value in options.items():
        for known in (name, name.replace("_", "-")):
            if value is None or known != name:
                table.pop(known, None)
        if value is not None:
            table[name] = value
    save(path, tomlkit.dumps(held))
    return path
