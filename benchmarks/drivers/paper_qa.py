"""paper-qa's summary of evidence: each paper is one chunk, and is asked about once."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from paperqa import Docs, Settings
from paperqa.types import Doc, Text

QUESTION = "What was done in this paper, and what came of it, in one sentence?"


async def main(job: dict[str, Any]) -> None:
    """Ask about each paper; what fails is said, and the others go on."""
    how = {"model": "openai/fake", "api_base": job["base"], "api_key": "none", "temperature": 0}
    models = {"model_list": [{"model_name": "openai/fake", "litellm_params": how}]}
    settings = Settings(
        llm="openai/fake", llm_config=models, summary_llm="openai/fake",
        summary_llm_config=models, embedding="sparse",
        answer={"evidence_k": 1, "max_concurrent_requests": job["jobs"]},
        parsing={"use_doc_details": False},
    )  # fmt: skip
    gate = asyncio.Semaphore(job["jobs"])

    async def one(paper: dict[str, Any]) -> None:
        name, docs = paper["name"], Docs()
        doc = Doc(docname=name, dockey=name, citation=paper["title"])
        await docs.aadd_texts([Text(text=paper["text"], name=name, doc=doc)], doc, settings)
        async with gate:
            session = await docs.aget_evidence(QUESTION, settings)
        if session.contexts:
            Path(job["out"], name).write_text(session.contexts[0].context)

    done = await asyncio.gather(*map(one, job["papers"]), return_exceptions=True)
    for error in filter(None, done):
        print(repr(error), file=sys.stderr)


asyncio.run(main(json.loads(Path(sys.argv[1]).read_text())))
