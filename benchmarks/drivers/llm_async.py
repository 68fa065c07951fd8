"""simonw/llm through its asynchronous API: what is at once is told by a semaphore."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import llm


async def main(job: dict[str, Any]) -> None:
    """Ask about each paper; what fails is said, and the others go on."""
    model, gate = llm.get_async_model("stub"), asyncio.Semaphore(job["jobs"])

    async def one(paper: dict[str, Any]) -> None:
        async with gate:
            answer = await model.prompt(
                paper["text"], system=job["system"], schema=job["schema"], stream=False
            ).text()
        Path(job["out"], paper["name"]).write_text(answer)

    done = await asyncio.gather(*map(one, job["papers"]), return_exceptions=True)
    for error in filter(None, done):
        print(repr(error), file=sys.stderr)


asyncio.run(main(json.loads(Path(sys.argv[1]).read_text())))
