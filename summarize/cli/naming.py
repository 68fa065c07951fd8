"""What a post is called when nobody said: its title and its file, from the list's name."""

import os
import re
from pathlib import Path

# Venues as they write themselves.
_VENUES = {
    name.casefold(): name
    for name in (
        "AAAI AAMAS ACL AISTATS ALT CHI CIKM CoLLAs COLING COLM COLT COSYNE CoNLL CoRL CVPR EACL "
        "ECAI ECCV ECIR EMNLP FAccT ICASSP ICCV ICDM ICLR ICML ICRA IJCAI IJCNLP INTERSPEECH IROS "
        "ISMIR KDD LREC MICCAI MIDL MLSys NAACL NeurIPS NIPS NSDI OSDI PLDI PODS POPL RSS SIGGRAPH "
        "SIGIR SIGMOD SOSP STOC TMLR UAI USENIX VLDB WACV WSDM WWW"
    ).split()
}
_VENUE_YEAR = re.compile(rf"(?i)(?<![a-z])({'|'.join(_VENUES)})[\s_-]*((?:19|20)\d\d)(?!\d)")


def title(stem: str) -> str:
    """Return a post's title: `iclr2024_short` -> "ICLR 2024 Roundup"."""
    if found := _VENUE_YEAR.search(stem):
        return f"{_VENUES[found[1].casefold()]} {found[2]} Roundup"
    words = re.sub(r"[\W_]+", " ", stem).split()
    named = [_VENUES.get(word.casefold(), word[:1].upper() + word[1:]) for word in words]
    name = " ".join(named) or "Paper"
    return name if name.casefold().endswith("roundup") else f"{name} Roundup"


def post_path(
    stem: str, date: str, folder: Path | None, ending: str = ".md", *, dated: bool = True
) -> Path:
    """Return where a post goes: `DATE-STEM.md` in a workspace's folder, `STEM.md` elsewhere.

    A post of the same list that a workspace already holds is the one to write, whatever day
    it was first drafted on. Formats that take no date from a name do without it.
    """
    if folder is None:
        return Path(f"{stem}{ending}")
    if not dated:
        return folder / f"{stem}{ending}"
    pattern = re.compile(rf"\d{{4}}-\d\d-\d\d-{re.escape(stem)}{re.escape(ending)}")
    earlier = sorted(p for p in folder.glob(f"*{ending}") if pattern.fullmatch(p.name))
    return earlier[-1] if earlier else folder / f"{date}-{stem}{ending}"


def origins(list_: Path, post: Path) -> tuple[str, ...]:
    """Return the names by which a post's note remembers the list that it was drafted from.

    One is the way there from the post's folder, so that both may be moved, or cloned elsewhere; the
    other is the list's whole path, so that the post may be moved alone.
    """
    whole = str(list_.resolve())
    try:
        return Path(os.path.relpath(whole, post.resolve().parent)).as_posix(), whole
    except ValueError:  # another drive
        return (whole,)
