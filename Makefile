# One venv, two locks, one gate. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
CODE := assistant routers prompts evals tests benchmarks

.DEFAULT_GOAL := help
.PHONY: help demo test check format lint types imports lock clean

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("pa needs Python 3.11 or newer; try: make PYTHON=python3.12 …") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)

# Each stamp is written only after its install succeeded, so an interrupted install is taken up again.
$(VENV)/runtime.stamp: $(BIN)/python requirements/runtime.txt pyproject.toml
	@echo "Installing the pinned set (a few minutes the first time) …"
	@$(PIP) install --require-hashes -r requirements/runtime.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test.stamp: $(VENV)/runtime.stamp requirements/test.txt
	@echo "Installing the test tools …"
	@$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@

demo: $(VENV)/runtime.stamp ## break down the example script and print where the report is
	@$(BIN)/python -m examples.demo

test: $(VENV)/test.stamp ## run the whole test suite
	@$(BIN)/python -m pytest

check: $(VENV)/test.stamp format lint types imports test ## the gate: format, lint, types, imports, tests

format: $(VENV)/test.stamp ## is the code formatted?
	@$(BIN)/ruff format --check $(CODE)

lint: $(VENV)/test.stamp ## ruff
	@$(BIN)/ruff check $(CODE)

types: $(VENV)/test.stamp ## mypy, strict
	@$(BIN)/mypy

imports: $(VENV)/test.stamp ## import contracts
	@$(BIN)/lint-imports

lock: ## write both lock files again (needs uv; versions and hashes only)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q pyproject.toml requirements/build.in -o requirements/runtime.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q pyproject.toml requirements/build.in --extra test -o requirements/test.txt

clean: ## remove the venv and the demo folder
	rm -rf $(VENV) demo
