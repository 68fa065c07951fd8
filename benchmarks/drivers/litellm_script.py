"""The thirty lines that people write: litellm, gather, a semaphore, two retries."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import litellm


async def main(job: dict[str, Any]) -> None:
    """Ask about each paper; what fails is said, and the others go on."""
    gate = asyncio.Semaphore(job["jobs"])

    async def one(paper: dict[str, Any]) -> None:
        async with gate:
            answer = await litellm.acompletion(
                model="openai/fake",
                api_base=job["base"],
                api_key="none",
                messages=[
                    {"role": "system", "content": job["system"]},
                    {"role": "user", "content": paper["text"]},
                ],
                response_format={
                    "type": "json_schema",
                    "json_schema": {"name": "summary", "schema": job["schema"]},
                },
                num_retries=2,
            )
        summary = json.loads(answer.choices[0].message.content)
        Path(job["out"], paper["name"]).write_text(summary["tldr"])

    done = await asyncio.gather(*map(one, job["papers"]), return_exceptions=True)
    for error in filter(None, done):
        print(repr(error), file=sys.stderr)


asyncio.run(main(json.loads(Path(sys.argv[1]).read_text())))
