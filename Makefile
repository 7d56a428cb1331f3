# Nothing but Python 3.11 or newer and make is needed: every target first sets up .venv, once.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# options for pytest, such as PYTEST="-k sobol"
PYTEST ?=

.PHONY: report test lint format bench clean

report: $(READY)
	$(BIN)/uncertainty report ai-vs-human --to reports/ai-vs-human

test: $(READY)
	$(BIN)/pytest -n auto $(PYTEST)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group bench
	$(BIN)/python benchmarks/throughput.py
	$(BIN)/python benchmarks/sensitivity.py
	$(BIN)/python benchmarks/flagship.py

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml uncertainty/_version.py
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "error: Python 3.11 or newer is needed; say which with: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $(READY)
