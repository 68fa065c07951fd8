# The README's two commands, and what the people who work on it use. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test faults lint docs wheel clean
.PHONY: bench-extraction bench-tldr bench-grounding bench-matching

help:
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/'

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable .
	$(BIN)/python -m compileall -q summarize
	touch $@

$(VENV)/.developed: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group dev
	touch $@

$(VENV)/.benchmarks: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group benchmarks
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

lint: $(VENV)/.developed ## formatting, lint, types, import layers
	$(BIN)/ruff format --check summarize tests examples benchmarks
	$(BIN)/ruff check summarize tests examples benchmarks
	$(BIN)/mypy
	$(BIN)/mypy benchmarks
	$(BIN)/lint-imports

docs: $(VENV)/.developed ## write the commands' help into the README
	$(BIN)/python -m cogapp -r README.md

wheel: $(VENV)/.developed ## build the wheel, and see that the prompts are in it
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .
	$(BIN)/python -m zipfile --list dist/paper_roundup-*.whl | grep -q summarize/_prompts/default.toml

bench-extraction: $(VENV)/.benchmarks ## compare reading PDFs with other libraries: speed, memory, quality
	$(BIN)/python benchmarks/extraction.py

bench-tldr: $(VENV)/.benchmarks ## compare the embedded summarizer's TLDRs with people's
	$(BIN)/python benchmarks/tldr.py

bench-grounding: $(VENV)/.benchmarks ## measure how well quotes are found and claims are checked
	$(BIN)/python benchmarks/grounding.py

bench-matching: $(VENV)/.installed ## measure how safely titles are matched
	$(BIN)/python benchmarks/matching.py ../shared/data/iclr2024_accepted.csv

clean: ## remove what can be made again
	rm -rf dist demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
