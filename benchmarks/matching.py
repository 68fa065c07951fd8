"""Measures how safely titles are matched: precision and recall over titles as people write them.

Each title of a list is perturbed in every way that is listed below, and looked for among
candidates as a catalog's search would return them: the paper itself (in two runs of three), the
papers of the list whose titles are nearest to it, and titles made of it that are another paper's
("... for Images" -> "... for Videos", "Revisiting ...", "... 2"). A match with any other than the
paper itself is wrong. `--half dev` is what the rule was tuned on, `--half test` the other half.

    .venv/bin/python benchmarks/matching.py ../shared/data/iclr2024_accepted.csv
"""

import argparse
import csv
import platform
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from summarize.matching import Candidate, choose, words

SEED = 7
NEAREST = 8  # other papers' titles that are offered beside the right one


def _typo(title: str, chance: random.Random) -> str:
    long = [i for i, w in enumerate(title.split()) if len(w) >= 5 and w.isalpha()]
    parts = title.split()
    if not long:
        return title
    at = chance.choice(long)
    word, i = parts[at], chance.randrange(1, len(parts[at]) - 1)
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    parts[at] = chance.choice(
        [
            word[:i] + word[i + 1 :],
            word[:i] + letter + word[i:],
            word[:i] + letter + word[i + 1 :],
            word[: i - 1] + word[i] + word[i - 1] + word[i + 1 :],
        ]
    )
    return " ".join(parts)


def _dropped(title: str, chance: random.Random) -> str:
    parts = title.split()
    if len(parts) > 3:
        parts.pop(chance.randrange(len(parts)))
    return " ".join(parts)


def _latex(title: str, chance: random.Random) -> str:
    parts = title.split()
    at = chance.randrange(len(parts))
    parts[at] = chance.choice(
        [f"{{{parts[at]}}}", f"\\textbf{{{parts[at]}}}", f"${parts[at]}$", f"\\emph{{{parts[at]}}}"]
    )
    return " ".join(parts)


PERTURBED: dict[str, Callable[[str, random.Random], str]] = {
    "as it is": lambda t, _: t,
    "lower case": lambda t, _: t.lower(),
    "upper case": lambda t, _: t.upper(),
    "no punctuation": lambda t, _: " ".join("".join(c if c.isalnum() else " " for c in t).split()),
    "other dashes": lambda t, _: t.replace("-", "–").replace(": ", " — ").replace("'", "’"),
    "line broken": lambda t, _: t.replace(" ", "\n  ", 2),
    "one typo": _typo,
    "two typos": lambda t, r: _typo(_typo(t, r), r),
    "a word dropped": _dropped,
    "two words dropped": lambda t, r: _dropped(_dropped(t, r), r),
    "subtitle cut": lambda t, _: t.partition(": ")[0],
    "LaTeX": _latex,
    "words shuffled": lambda t, r: " ".join(r.sample(t.split(), len(t.split()))),
}
# What is no more the paper, or not evidently: to find nothing is no failure of recall here.
HARD = {"two words dropped", "words shuffled", "subtitle cut"}


def _siblings(title: str, chance: random.Random, vocabulary: list[str]) -> list[str]:
    """Return titles that differ from one as another paper's does."""
    parts = title.split()
    at = chance.choice([i for i, w in enumerate(parts) if len(w) > 3] or [0])
    other = chance.choice(vocabulary)
    replaced = " ".join([*parts[:at], other, *parts[at + 1 :]])
    head = title.partition(": ")[0]
    opposite = {"supervised": "unsupervised", "convex": "nonconvex", "linear": "nonlinear"}
    swapped = " ".join(opposite.get(w.lower(), w) for w in parts)
    made = [
        replaced, f"Revisiting {title}", f"{title} 2", f"Beyond {title}", f"{title} Revisited",
        f"{head}: {' '.join(chance.sample(vocabulary, 5))}", f"On the Limits of {title}", swapped,
    ]  # fmt: skip
    return [one for one in made if words(one) != words(title)]


def _read(path: Path) -> list[tuple[str, tuple[str, ...]]]:
    csv.field_size_limit(10**7)
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (row["title"], tuple(a.strip() for a in row["authors"].split(",") if a.strip()))
            for row in csv.DictReader(file)
        ]


def _nearest(titles: list[str]) -> list[list[int]]:
    """Return for each title the others that share its rarest words."""
    sets = [set(words(title)) for title in titles]
    holders: dict[str, list[int]] = defaultdict(list)
    for i, found in enumerate(sets):
        for word in found:
            holders[word].append(i)
    near = []
    for i, found in enumerate(sets):
        score: Counter[int] = Counter()
        for word in found:
            for j in holders[word] if len(holders[word]) < 400 else ():
                score[j] += 1
        del score[i]
        near.append([j for j, _ in score.most_common(NEAREST)])
    return near


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("list", type=Path)
    parser.add_argument("--half", choices=["dev", "test", "both"], default="both")
    parser.add_argument("--wrong", type=int, default=0, help="show so many wrong matches")
    given = parser.parse_args()
    papers = _read(given.list)
    random.Random(SEED).shuffle(papers)
    print(platform.processor() or platform.machine(), platform.system(), platform.python_version())
    half = len(papers) // 2
    for name, part in (("dev", papers[:half]), ("test", papers[half:])):
        if given.half in {name, "both"}:
            _measure(name, part, given.wrong)
            _measure(name, [paper for paper in part if paper[1]], given.wrong, by_them=True)


def _measure(
    name: str, papers: list[tuple[str, tuple[str, ...]]], shown: int, *, by_them: bool = False
) -> None:
    """Print what becomes of each title; `by_them` where authors are known on both sides."""
    chance = random.Random(SEED)
    titles = [title for title, _ in papers]
    vocabulary = sorted({w for t in titles for w in t.split() if len(w) > 3 and w.isalpha()})
    near, began, questions = _nearest(titles), time.perf_counter(), 0
    print(f"\n{name}: {len(papers)} papers{', authors known' if by_them else ''}; right, wrong and")
    print("none where the paper is among the candidates, and wrong where it is not\n")
    print(f"{'title as written':20} {'right':>6} {'wrong':>6} {'none':>6} {'absent, wrong':>14}")
    sums: Counter[str] = Counter()
    for how, perturb in PERTURBED.items():
        count: Counter[str] = Counter()
        for i, title in enumerate(titles):
            asked = perturb(title, chance)
            authors = papers[i][1] if by_them else ()
            others = [Candidate(titles[j], papers[j][1] if by_them else ()) for j in near[i]]
            # Half of the titles that follow another's are by its own authors, but for those with
            # another subtitle: "X" and "X: Y" by the same people are taken to be one paper.
            strangers = papers[chance.choice(near[i])][1] if by_them else ()
            head = title.partition(": ")[0]
            for one in _siblings(title, chance, vocabulary):
                theirs = chance.random() < 1 / 2 and not one.startswith(f"{head}: ")
                others.append(Candidate(one, authors if theirs else strangers))
            present = chance.random() < 2 / 3
            offered = [*others, *([Candidate(title, authors)] if present else [])]
            chance.shuffle(offered)
            found = choose(Candidate(asked, authors), [(one, one.title) for one in offered])
            questions += 1
            outcome = "none" if found is None else "right" if found == title else "wrong"
            count[outcome if present else f"absent {outcome}"] += 1
            if outcome == "wrong" and shown > 0:
                shown -= 1
                print(f"    {asked!r}\n -> {found!r}", file=sys.stderr)
        absent = f"{count['absent wrong']} of {count['absent wrong'] + count['absent none']}"
        print(f"{how:20} {count['right']:6} {count['wrong']:6} {count['none']:6} {absent:>14}")
        kind = "hard" if how in HARD else "plain"
        for what, number in count.items():
            sums[what] += number
            sums[f"{kind} {what}"] += number
    wrong = sums["wrong"] + sums["absent wrong"]
    plain = sums["plain right"] + sums["plain wrong"] + sums["plain none"]
    print(f"\nprecision {sums['right'] / (sums['right'] + wrong):.4%} ({wrong} wrong)")
    print(f"recall {sums['plain right'] / plain:.2%} of titles that still are the paper's")
    everything = sums["right"] + sums["wrong"] + sums["none"]
    print(f"recall {sums['right'] / everything:.2%} of all, those cut, shuffled and torn too")
    took = (time.perf_counter() - began) / questions
    print(f"{took * 1e6:.0f} µs a question of {NEAREST + 9} candidates, at most")


if __name__ == "__main__":
    main()
