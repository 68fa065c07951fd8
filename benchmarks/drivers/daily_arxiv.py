"""The stage of daily-arXiv-ai-enhanced that asks a model, by its own command."""

import json
import os
import subprocess
import sys
from pathlib import Path

job = json.loads(Path(sys.argv[1]).read_text())
data = Path(job["folder"], "daily.jsonl")
with data.open("w") as file:
    for paper in job["papers"]:
        print(json.dumps({"id": paper["name"], "summary": paper["text"]}), file=file)
told = {
    "OPENAI_API_KEY": "none",
    "OPENAI_BASE_URL": job["base"],
    "MODEL_NAME": "fake",
    "LANGUAGE": "English",
}
subprocess.run(
    [sys.executable, "enhance.py", "--data", str(data), "--max_workers", str(job["jobs"])],
    cwd=Path(job["checkout"], "ai"),
    env=os.environ | told,
    check=True,
)
for line in data.with_name("daily_AI_enhanced_English.jsonl").read_text().splitlines():
    item = json.loads(line)
    if "AI" in item:
        Path(job["out"], item["id"]).write_text(item["AI"]["tldr"])
