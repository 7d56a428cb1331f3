# Nothing but Python 3.11 or newer and make is needed: every target first sets up .venv, once.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# options for pytest, such as PYTEST="-k sobol"
PYTEST ?=

.PHONY: report reports test lint format docs pages bench clean

report: $(READY)
	$(BIN)/uncertainty report ai-vs-human --to reports/ai-vs-human

# Every bundled study's report, anew.
reports: $(READY)
	for study in distributions/*.toml; do \
		name=$$(basename $$study .toml) && $(BIN)/uncertainty report $$name --quiet --to reports/$$name || exit 1; \
	done

test: $(READY)
	$(BIN)/pytest -n auto $(PYTEST)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The site, from what is here alone: nothing is fetched, and a warning is an error.
docs: $(READY)
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going -b html docs docs/_build/html
	@echo "Wrote docs/_build/html/index.html"

# What the commands in the pages print, anew.
pages: $(READY)
	$(BIN)/python docs/run_pages.py

bench: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group bench
	$(BIN)/python benchmarks/throughput.py
	$(BIN)/python benchmarks/sensitivity.py
	$(BIN)/python benchmarks/flagship.py

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache build dist docs/_build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml uncertainty/_version.py
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "error: Python 3.11 or newer is needed; say which with: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $(READY)
