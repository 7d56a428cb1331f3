# Nothing but Python 3.11 or newer and make is needed: every target first sets up .venv, once.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# options for pytest, such as PYTEST="-k sobol"
PYTEST ?=

.PHONY: report reports test lint format coverage coverage-studies dist test-dist test-lowest fuzz mutation docs pages bench clean

report: $(READY)
	$(BIN)/uncertainty report ai-vs-human --second-opinion --to reports/ai-vs-human

# Every bundled study's report, anew and with SALib's second opinion, the index of them, and the README's quotes.
reports: $(READY)
	$(BIN)/uncertainty report --all --second-opinion --to reports
	$(BIN)/python docs/quote_results.py

# Tests run side by side already; threads of linear algebra on top only wait for one another.
test coverage coverage-studies test-dist test-lowest: export OPENBLAS_NUM_THREADS = 1
# Hundreds of tests begin a process; each would compile the package anew where no bytecode may be kept.
test coverage coverage-studies test-dist test-lowest: export PYTHONDONTWRITEBYTECODE =

test: $(READY)
	$(BIN)/pytest -n auto --dist worksteal $(PYTEST)

# The tests with what they do not reach, line by line and branch by branch; below 95 % it fails.
coverage: $(READY)
	rm -rf build/coverage
	$(BIN)/coverage run -m pytest -n auto --dist worksteal $(PYTEST)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# Whether intervals cover what they say, with so many repeats that it takes an hour.
coverage-studies: $(READY)
	$(BIN)/pytest -n auto --dist worksteal -m long $(PYTEST)

# What is published: the source archive, and the wheel that is built from it.
dist: $(READY)
	rm -rf dist
	$(BIN)/python -m build --outdir dist > /dev/null
	@ls dist

# The tests against the wheel, in an environment that knows nothing of this folder, with any Python.
WITH ?= $(PYTHON)
test-dist: dist
	rm -rf build/installed
	$(WITH) -m venv build/installed
	build/installed/bin/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	build/installed/bin/python -m pip install --quiet dist/*.whl --group dev
	cd build && UNCERTAINTY_INSTALLED=1 installed/bin/pytest -n auto --dist worksteal --rootdir .. -c ../pyproject.toml ../tests $(PYTEST)

# Every command with the lowest versions that pyproject.toml allows of what it names, and the newest of the rest.
test-lowest: $(READY)
	rm -rf build/lowest
	$(PYTHON) -m venv build/lowest
	$(BIN)/python tests/lowest.py > build/lowest/constraints.txt
	build/lowest/bin/python -m pip install --quiet --disable-pip-version-check ".[all]" "pytest>=8.3" "hypothesis>=6.100" \
		--constraint build/lowest/constraints.txt
	build/lowest/bin/pytest --quiet -m slow -o filterwarnings= -p no:cacheprovider \
		-W error::RuntimeWarning -W error::UserWarning -W ignore::DeprecationWarning tests/test_smoke.py

# Each reader for FUZZ_SECONDS with inputs that coverage guides; FUZZ_SEED and FUZZ_RUNS give the same ones each time.
FUZZ_SECONDS ?= 600
FUZZ_SEED ?= 0
FUZZ_RUNS ?= 0
fuzz: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group fuzz
	for target in distribution expression formula fields study csv workbook json cited; do \
		PYTHONHASHSEED=0 $(BIN)/python tests/fuzz/fuzz.py $$target $(FUZZ_SECONDS) $(FUZZ_SEED) $(FUZZ_RUNS) || exit 1; \
	done

# Whether the tests notice small faults in estimators, expressions, readers and writers; at least 90 % must be.
# MUTANTS=100 tries so many of each part, all of them without it; SEED=7 draws others.
PARTS ?=
MUTANTS ?= 0
SEED ?=
mutation: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group mutation
	$(BIN)/python tests/mutation.py --sample $(MUTANTS) $(if $(SEED),--seed $(SEED)) $(PARTS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The site, from what is here alone: nothing is fetched, and a warning is an error.
docs: $(READY)
	$(BIN)/sphinx-build --quiet --fresh-env --fail-on-warning --keep-going -b html docs docs/_build/html
	@echo "Wrote docs/_build/html/index.html"

# What the commands in the pages print, anew.
pages: $(READY)
	$(BIN)/python docs/run_pages.py

bench: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group bench
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/throughput.py
	$(BIN)/python benchmarks/sensitivity.py
	$(BIN)/python benchmarks/emulator.py
	$(BIN)/python benchmarks/flagship.py
	$(BIN)/python benchmarks/growth.py
	$(BIN)/python benchmarks/tables.py
	$(BIN)/python benchmarks/workbooks.py
	$(BIN)/python benchmarks/page.py

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache build dist docs/_build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml uncertainty/_version.py
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "error: Python 3.11 or newer is needed; say which with: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $(READY)
