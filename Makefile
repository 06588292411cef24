.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help setup run test soak lint lock bench-setup bench demo

help:  ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/.run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	@echo "Setting up .venv ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.run requirements-dev.lock
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

setup: .venv/.run  ## set up .venv with what the program needs

run: .venv/.run  ## serve the app on the shipped base (http://127.0.0.1:8720)
	@CAILIANG_HOME=$${CAILIANG_HOME:-var} $(BIN)/cailiang serve

test: .venv/.dev  ## lint, types and all quick tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/pytest -m "not soak" -n auto --maxprocesses 4 --dist worksteal

soak: .venv/.dev  ## the long tests
	@$(BIN)/pytest -m soak

lint: .venv/.dev  ## format, then check style and types
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/mypy

lock:  ## write both lock files anew (needs uv)
	uv pip compile pyproject.toml --extra build -o requirements.lock $(LOCK)
	uv pip compile pyproject.toml --extra build --extra dev -c requirements.lock -o requirements-dev.lock $(LOCK)
LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet

bench-setup: .venv/.dev  ## fetch the peers that make bench compares with (npm, pip)
	@$(BIN)/python -m bench.setup

bench: bench-setup  ## print the figures as ratios
	@$(BIN)/python -m bench.fill
	@$(BIN)/python -m bench.batch
	@$(BIN)/python -m bench.discretion
	@$(BIN)/python -m bench.tables
	@$(BIN)/python -m bench.citations
	@$(BIN)/python -m bench.review
	@$(BIN)/python -m bench.search_speed
	@$(BIN)/python -m bench.search_postgres
	@$(BIN)/python -m bench.retrieval

demo: .venv/.run  ## draft the three example decisions into var/demo and check them
	@for name in unlicensed-food noise-hailing hazardous-waste-label; do \
	  out=var/demo/$$name-decision.docx; \
	  $(BIN)/cailiang --home var draft decision --case examples/cases/$$name.yaml -o $$out \
	    && $(BIN)/cailiang --home var cite check $$out || exit 1; \
	done
