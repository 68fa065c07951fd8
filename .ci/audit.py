"""Ask whether anything that the lock holds has a weakness that is known.

    python .ci/audit.py

Asks PyPI by way of pip-audit. Where it can't be asked, nothing is known, and that is said: a check
that could not look is no clean bill. Exit code 1 for a weakness that is not named below.
"""

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).with_name("lock.txt")
# Weaknesses that are known and do not reach us, and why.
ANSWERED = {
    "CVE-2025-69872": "diskcache unpickles what it finds: the store refuses pickles both ways "
    "(tests/test_store.py plants some)",
}
PATIENCE = 300  # seconds


def main() -> None:
    """Ask, and say what came of it."""
    command = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip",
               "--progress-spinner", "off", "--format", "json", "-r", str(LOCK)]  # fmt: skip
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
        found = json.loads(ran.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        print(f"audit: NOT DONE: no answer within {PATIENCE} s")
        return
    except (ValueError, KeyError):
        why = ran.stderr.strip().rpartition("\n")[2][:200] or "nothing was said"
        print(f"audit: NOT DONE: {why}")
        return
    looked = [package for package in found if "skip_reason" not in package]
    bad = 0
    for package in looked:
        for weakness in package["vulns"]:
            names = {weakness["id"], *weakness.get("aliases", [])}
            answer = next((ANSWERED[name] for name in names if name in ANSWERED), "")
            bad += not answer
            said = f"answered: {answer}" if answer else f"fixed in {weakness['fix_versions']}"
            print(f"audit: {package['name']} {package['version']}: {weakness['id']}: {said}")
    if not looked:
        print(f"audit: NOT DONE: nothing is known here of any of the {len(found)} packages")
        return
    print(f"audit: {len(looked)} of {len(found)} packages looked up, {bad} open weaknesses")
    raise SystemExit(bad > 0)


if __name__ == "__main__":
    main()
