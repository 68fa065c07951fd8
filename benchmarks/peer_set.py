"""The peers: what each needs, in an environment of its own, and how it is put to work."""

import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

DRIVERS = Path(__file__).with_name("drivers")
MINUTES = 10 * 60.0


class Missing(Exception):
    """A peer can't be had here; says why."""


@dataclass(frozen=True)
class Peer:
    """A program to be measured against: the driver that works it, and what that needs."""

    name: str
    driver: str
    packages: tuple[str, ...]
    jobs: int
    repository: str = ""  # where it is on GitHub, of one that no registry has
    does: str = ""
    fewer: int = 0  # papers that it is timed over, where each takes as long as the first

    @property
    def folder(self) -> str:
        """What its environment is called."""
        return self.packages[0].replace("<", "-")


PEERS = (
    Peer("llm, its command in a loop", "llm_loop.sh", ("llm",), 1,
         does="`llm prompt --schema` for each text", fewer=16),
    Peer("zotero-arxiv-daily", "zotero_arxiv_daily.py", ("openai", "tiktoken", "loguru"), 1,
         "TideDra/zotero-arxiv-daily", "its `generate_tldr`, one after the other as it does"),
    Peer("llm, its asynchronous API", "llm_async.py", ("llm",), 8,
         does="`get_async_model`, eight at once"),
    Peer("a script with litellm", "litellm_script.py", ("litellm",), 8,
         does="`acompletion`, gathered behind a semaphore of eight, `num_retries=2`"),
    Peer("daily-arXiv-ai-enhanced", "daily_arxiv.py",
         ("langchain<1", "langchain-openai", "python-dotenv", "tqdm"), 8,
         "dw-dengwei/daily-arXiv-ai-enhanced", "its `enhance.py --max_workers 8`"),
    Peer("paper-qa", "paper_qa.py", ("paper-qa",), 8,
         does="its summary of evidence, each paper one chunk, eight at once"),
)  # fmt: skip


def environment(peer: Peer, home: Path) -> Path:
    """Make the peer's environment if it is not there yet; return the folder of its programs."""
    folder = home / "environments" / peer.folder
    made = folder / ".made"
    if not made.is_file():
        print(f"installing {' '.join(peer.packages)} into {folder}", file=sys.stderr)
        _run([sys.executable, "-m", "venv", "--clear", folder], peer)
        _run([folder / "bin" / "python", "-m", "pip", "install", "-q", *peer.packages], peer)
        made.touch()
    return folder / "bin"


def checkout(peer: Peer, home: Path) -> Path:
    """Return the folder of the peer's own code; it is cloned if it is not there yet."""
    folder = home / "checkouts" / peer.repository.rpartition("/")[2]
    if not folder.is_dir():
        url = f"https://github.com/{peer.repository}"
        _run(["git", "clone", "-q", "--depth", "1", url, folder], peer)
    return folder


def _run(command: list[str | Path], peer: Peer) -> None:
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=MINUTES)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing(f"{peer.name}: {error}") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise Missing(f"{peer.name}: {' '.join(map(str, command[:3]))} ... failed: {last}")


def version(peer: Peer, programs: Path, home: Path) -> str:
    """Return what was measured: the versions of its packages, the commit of its code."""
    names = [package.partition("<")[0] for package in peer.packages]
    code = (
        "import importlib.metadata as m, sys\n"
        "print(', '.join(f'{n} {m.version(n)}' for n in sys.argv[1:]))"
    )
    said = subprocess.check_output([programs / "python", "-c", code, *names], text=True).strip()
    if not peer.repository:
        return said
    folder = home / "checkouts" / peer.repository.rpartition("/")[2]
    if (noted := folder / "VERSION").is_file():
        return f"{noted.read_text('utf-8').strip()}; {said}"
    command = ["git", "-C", str(folder), "rev-parse", "--short", "HEAD"]
    return f"{subprocess.check_output(command, text=True).strip()}; {said}"


def surroundings(folder: Path, base: str) -> dict[str, str]:
    """Return the environment's variables for a peer, with nothing for it to ask the network for."""
    (folder / "extra-openai-models.yaml").write_text(
        f"- model_id: stub\n  model_name: fake\n  api_base: {base}\n  supports_schema: true\n"
    )
    spec = find_spec("litellm")
    assert spec
    assert spec.submodule_search_locations
    tokens = Path(spec.submodule_search_locations[0], "litellm_core_utils", "tokenizers")
    return os.environ | {
        "LLM_USER_PATH": str(folder),
        "OPENAI_API_KEY": "none",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "TIKTOKEN_CACHE_DIR": str(tokens),  # as if it had been downloaded once
    }
