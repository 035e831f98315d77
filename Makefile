# Two commands matter: `make corpus` builds the published corpus, `make test` lints and tests; `make help` lists the rest.
# Each sets up an own .venv from the locked versions; nothing but Python 3.11 or newer and make is needed beforehand.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
INSTALL := $(PIP) install --no-deps --require-hashes

.PHONY: help corpus test lint bench bench-spark docs soak test-commands test-spark test-datatrove test-browser test-install test-quality test-pythons quality lock release clean

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

corpus: $(VENV)/corpus.stamp  ## build corpus/ from seeds/ and say what it made
	@$(BIN)/python scripts/build_corpus.py

test: $(VENV)/test.stamp lint  ## lint, type-check and run the tests; .ci/run also runs those below
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal

test-commands: $(VENV)/test.stamp  ## commands as people run them, builds that are killed, what the pages of docs/ say
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal -m commands

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

bench: $(VENV)/browser.stamp .bench/venv/done .bench/fundus/done  ## measure speed and write docs/speed.md; QUICK=--quick stops at 100 MB
	@$(BIN)/python bench/run.py $(QUICK)
	@$(BIN)/python bench/copies.py
	@$(BIN)/python bench/reports.py

bench-spark: $(VENV)/spark.stamp  ## measure a build on a Spark cluster on loopback and here, and write docs/scale.*
	@$(BIN)/python bench/scale.py

.bench/%/done: bench/%.txt
	@$(PYTHON) -m venv .bench/$*
	@.bench/$*/bin/python -m pip --quiet --disable-pip-version-check install --requirement $<
	@touch $@

soak: $(VENV)/test.stamp  ## kills, full disks and large inputs
	@$(BIN)/python -m pytest -m soak

test-spark: $(VENV)/spark.stamp  ## the Spark engine on a real cluster of two workers on loopback
	@$(BIN)/python -m pytest -m spark

test-datatrove: $(VENV)/datatrove.stamp  ## the step for datatrove inside a pipeline of datatrove
	@$(BIN)/python -m pytest -m datatrove

test-browser: $(VENV)/browser.stamp  ## the report in headless Chromium, which is installed where root can; skipped where there is none
	@scripts/install_chromium.sh
	@$(BIN)/python -m pytest -m browser

test-install: $(VENV)/test.stamp  ## the wheel, installed with its locked dependencies in an empty environment
	@$(BIN)/python -m pytest -m install

test-quality: $(VENV)/test.stamp  ## cross-validate on the labelled pages: left-out crawls and outlets keep their floors
	@$(BIN)/python -m pytest -m quality

test-pythons:  ## the core suite and the corpus on every supported Python that is found
	@$(PYTHON) scripts/check_pythons.py

quality: $(VENV)/test.stamp  ## measure quality on the labelled pages and write docs/quality.md
	@$(BIN)/python scripts/measure_quality.py --cross-validate

docs: $(VENV)/test.stamp  ## write the outputs that README.md and docs/ show
	@$(BIN)/python scripts/update_docs.py

release: $(VENV)/test.stamp corpus  ## check VERSION against what changed since OLD and write the changelog section
	@$(BIN)/python scripts/release.py "$(OLD)" corpus "$(VERSION)"

$(VENV)/spark.stamp: $(VENV)/test.stamp requirements-spark.lock
	@echo "Adding Spark and a Java runtime from requirements-spark.lock ..."
	@$(INSTALL) -r requirements-spark.lock
	@touch $@

$(VENV)/datatrove.stamp: $(VENV)/test.stamp requirements-datatrove.lock
	@echo "Adding datatrove from requirements-datatrove.lock ..."
	@$(INSTALL) -r requirements-datatrove.lock
	@touch $@

$(VENV)/browser.stamp: $(VENV)/test.stamp requirements-browser.lock
	@echo "Adding what drives a browser from requirements-browser.lock ..."
	@$(INSTALL) -r requirements-browser.lock
	@touch $@

COMPILE = CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

lock: $(VENV)/python.stamp  ## resolve pyproject.toml again into the lock files
	@$(PIP) install pip-tools==7.6.2
	@$(COMPILE) --build-deps-for editable -o requirements.lock pyproject.toml
	@$(COMPILE) -c requirements.lock --extra test -o requirements-test.lock pyproject.toml
	@$(COMPILE) -c requirements.lock -c requirements-test.lock --extra spark -o requirements-spark.lock pyproject.toml
	@$(COMPILE) -c requirements.lock -c requirements-test.lock --extra datatrove -o requirements-datatrove.lock pyproject.toml
	@$(COMPILE) -c requirements.lock -c requirements-test.lock --extra browser -o requirements-browser.lock pyproject.toml

clean:  ## remove what these targets made, but corpus/
	@rm -rf $(VENV) .pythons .bench .mypy_cache .ruff_cache .pytest_cache .hypothesis
