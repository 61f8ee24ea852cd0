# Everything a fresh machine needs beyond Python 3.11+ (with venv) and make is installed here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# What needs no Kafka and is not slow, by folder.
QUICK := tests/unit tests/golden tests/contracts tests/schemas tests/architecture
COVERAGE := COVERAGE_FILE=.coverage $(BIN)/coverage

.DEFAULT_GOAL := help
.PHONY: help setup demo lint quick test mutants fuzz bench generate lock clean

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(STAMP) ## Install everything into .venv, from the hashed lock

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; try make PYTHON=python3.12"; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(STAMP)

demo: $(STAMP) ## Stream 2,000 practices through a real Kafka and see what comes of it
	$(BIN)/qppflow demo

lint: $(STAMP) ## Format, lint, types and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

quick: $(STAMP) ## Unit, golden, schema, contract and architecture tests; no Kafka
	$(BIN)/python -m pytest -q -n 2 -m "not kafka and not slow" $(QUICK)

test: $(STAMP) lint ## Everything: lint, all tests with the coverage gate, real Kafka
	$(COVERAGE) erase
	$(COVERAGE) run -m pytest -q tests
	$(COVERAGE) combine -q
	$(COVERAGE) report --include='qpp/*' --fail-under=100
	$(COVERAGE) report --fail-under=95

mutants: $(STAMP) ## Put small mistakes into the law, one at a time, and see which tests notice
	$(BIN)/python -m tests.mutation

fuzz: $(STAMP) ## A million strange inputs for intake; half an hour on a quiet core
	$(BIN)/python -m tests.fuzz

bench: $(STAMP) ## Ratios against baselines of the same run, kept as JSON
	$(BIN)/python -m benchmarks

generate: $(STAMP) ## Rewrite every generated file from its source
	$(BIN)/python -m qppflow.runtime.generate

lock: ## Rewrite requirements.lock from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 --group dev pyproject.toml --output-file requirements.lock

clean: ## Remove what was built, and this folder's local stream
	rm -rf $(VENV) .qppflow .mypy_cache .ruff_cache .pytest_cache .coverage*
