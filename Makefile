# Two commands matter: `make corpus` builds the published corpus, `make test` runs the whole test suite.
# Each sets up an own .venv from the locked versions; nothing but Python 3.11 or newer and make is needed beforehand.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
INSTALL := $(PIP) install --no-deps --require-hashes

.PHONY: help corpus test lint check-corpus bench soak test-spark test-browser test-install quality lock release clean

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

corpus: $(VENV)/corpus.stamp  ## build corpus/ from seeds/ and say what it made
	@$(BIN)/python scripts/build_corpus.py

test: $(VENV)/test.stamp lint  ## lint, type-check and run the whole test suite
	@$(BIN)/python -m pytest

lint: $(VENV)/test.stamp
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy

$(VENV)/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "kliping needs Python 3.11 or newer, and $(PYTHON) is " + sys.version.split()[0] + ". Name another: make corpus PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/corpus.stamp: $(VENV)/python.stamp requirements.lock pyproject.toml
	@echo "Setting up $(VENV) from requirements.lock ..."
	@$(INSTALL) -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test.stamp: $(VENV)/corpus.stamp requirements-test.lock
	@echo "Adding the test extras from requirements-test.lock ..."
	@$(INSTALL) -r requirements-test.lock
	@touch $@
