# The README's two commands, and what the people who work on it use. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Dependency groups need a newer pip than the one that Python may bring into an environment.
GROUP := $(BIN)/python -m pip install --quiet "pip>=25.1" && $(BIN)/python -m pip install --quiet --group

.PHONY: help demo test faults fuzz lint docs wheel locked lock audit licences clean
.PHONY: bench bench-extraction bench-tldr bench-grounding bench-injections bench-matching

help:
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/'

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	$(BIN)/python -m compileall -q summarize
	touch $@

$(VENV)/.developed: $(VENV)/.installed
	$(GROUP) dev
	touch $@

$(VENV)/.fuzzing: $(VENV)/.developed
	$(GROUP) fuzz
	touch $@

# What CI installs: exactly what was locked, each file checked by its hash.
$(VENV)/.locked: pyproject.toml .ci/lock.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r .ci/lock.txt
	$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --editable .
	$(BIN)/python -m compileall -q summarize
	touch $(VENV)/.installed $(VENV)/.developed $@

$(VENV)/.benchmarks: $(VENV)/.installed
	$(GROUP) benchmarks
	touch $@

demo: $(VENV)/.installed ## install, then draft a post from four short papers
	mkdir -p demo
	$(BIN)/roundup draft examples/demo.csv --title "Measuring Week 2026 Roundup" --cache-dir demo/cache -o demo/measuring-week.md
	@echo
	@cat demo/measuring-week.md

test: $(VENV)/.developed ## run every test
	$(BIN)/python -m pytest -n 2 --dist worksteal

faults: $(VENV)/.developed ## run the fault lab as by night, and write its table into docs/reliability.md
	$(BIN)/python -m tests.faults --write

fuzz: $(VENV)/.fuzzing ## fuzz every parser for ten minutes each, and write what was done into docs/reliability.md
	$(BIN)/python -m tests.fuzz --write

lint: $(VENV)/.developed ## formatting, lint, types, import layers
	$(BIN)/ruff format --check summarize tests examples benchmarks .ci
	$(BIN)/ruff check summarize tests examples benchmarks .ci
	$(BIN)/mypy
	$(BIN)/mypy benchmarks
	$(BIN)/lint-imports

locked: $(VENV)/.locked ## install what .ci/lock.txt holds, checked by its hashes

lock: $(VENV)/.installed ## write .ci/lock.txt anew: the newest versions that pyproject.toml allows
	$(GROUP) lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
	  --group build --group dev pyproject.toml --output-file .ci/lock.txt

audit: $(VENV)/.installed ## ask whether what is locked has weaknesses that are known
	$(GROUP) audit || echo "audit: pip-audit can't be had here"
	$(BIN)/python .ci/audit.py

licences: $(VENV)/.developed ## write docs/licences.md from what is installed
	$(BIN)/python .ci/licences.py

docs: $(VENV)/.developed ## write the commands' help into the README
	$(BIN)/python -m cogapp -r README.md

wheel: $(VENV)/.developed ## build the wheel, and see that the prompts are in it
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .
	$(BIN)/python -m zipfile --list dist/paper_roundup-*.whl | grep -q summarize/_prompts/default.toml

bench: $(VENV)/.benchmarks ## measure it all beside others' tools, and write docs/benchmarks.md (15 minutes)
	$(BIN)/python benchmarks/page.py

bench-extraction: $(VENV)/.benchmarks ## compare reading PDFs with other libraries: speed, memory, quality
	$(BIN)/python benchmarks/extraction.py

bench-tldr: $(VENV)/.benchmarks ## compare the embedded summarizer's TLDRs with people's
	$(BIN)/python benchmarks/tldr.py

bench-grounding: $(VENV)/.benchmarks ## measure how well quotes are found and claims are checked
	$(BIN)/python benchmarks/grounding.py

bench-injections: $(VENV)/.benchmarks ## play models that obey what papers tell them; write docs/injections.md
	$(BIN)/python benchmarks/injections.py --write

bench-matching: $(VENV)/.installed ## measure how safely titles are matched
	$(BIN)/python benchmarks/matching.py ../shared/data/iclr2024_accepted.csv

clean: ## remove what can be made again
	rm -rf dist demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .fuzz
