"""The stage of zotero-arxiv-daily that asks a model for a TLDR, paper after paper, as it does."""

import json
import sys
from pathlib import Path

job = json.loads(Path(sys.argv[1]).read_text())
sys.path.insert(0, str(Path(job["checkout"], "src", "zotero_arxiv_daily")))

from openai import OpenAI  # noqa: E402
from protocol import Paper  # noqa: E402

client = OpenAI(api_key="none", base_url=job["base"])
schema = {"name": "summary", "schema": job["schema"]}
told = {
    "language": "English",
    "generation_kwargs": {
        "model": "fake",
        "response_format": {"type": "json_schema", "json_schema": schema},
    },
}
for each in job["papers"]:
    paper = Paper(
        source="arxiv",
        title=each["title"],
        authors=[],
        abstract=each["abstract"],
        url=each["name"],
        full_text=each["text"],
    )
    Path(job["out"], each["name"]).write_text(paper.generate_tldr(client, told) or "")
