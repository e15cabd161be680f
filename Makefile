# Everything runs in .venv, which `make` builds from requirements.lock when that changes.
# Needed beforehand: Python 3.11 or later with venv, and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
CODE := scratch jaxmodels experiments analysis tests benchmarks mutation docs/site
MUTANTS := build/mutants
SITE := build/docs
TESTS ?= tests

# A misspelt variable, `make reproduce data=FILE`, would be ignored: hours on other data.
KNOWN := PYTHON TESTS DATA PRESET SEEDS GROUP OUT MORE WHOLE ROUNDS SAMPLE PACKAGES
GIVEN := $(foreach word,$(subst \ ,_,$(MAKEOVERRIDES)),$(if $(findstring =,$(word)),$(firstword $(subst =, ,$(word)))))
ifneq ($(filter-out $(KNOWN),$(GIVEN)),)
$(error no variable $(filter-out $(KNOWN),$(GIVEN)); known are $(KNOWN))
endif

.DEFAULT_GOAL := help
.PHONY: help setup test check format reproduce docs bench bench-extras soak mutants clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(READY)  ## build .venv from the lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "make: $(PYTHON) is older than 3.11; name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Installing into $(VENV) (about a minute)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --no-deps --no-build-isolation --editable .
	@touch $@

check: $(READY)  ## format check, lint, types, import rules
	$(BIN)/ruff format --check --quiet $(CODE)
	$(BIN)/ruff check --quiet $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

test: check  ## all checks and all tests (what CI runs)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --quiet --numprocesses 2 --dist loadfile $(TESTS)

format: $(READY)  ## put the code into the format that `check` wants
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

reproduce: $(READY)  ## the homework with one command; DATA=, PRESET=, SEEDS=, GROUP=, OUT= as in --help
	$(BIN)/hw1-reproduce $(if $(DATA),--data "$(DATA)") $(if $(PRESET),--preset "$(PRESET)") \
	  $(if $(SEEDS),--seeds "$(SEEDS)") $(if $(GROUP),--group "$(GROUP)") $(if $(OUT),--out "$(OUT)")

docs: $(SITE)/ready  ## the site in build/docs/site, without a network; a broken link is an error
	OMP_NUM_THREADS=1 $(SITE)/venv/bin/python docs/site/build.py

$(SITE)/ready: $(READY) requirements-docs.lock
	@mkdir -p $(SITE)
	@$(BIN)/python -m venv --clear $(SITE)/venv
	@$(SITE)/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
	  -r requirements-docs.lock
	@$(BIN)/python -c 'import os, sysconfig; print(sysconfig.get_path("purelib"), os.getcwd(), sep="\n")' \
	  > $$(echo $(SITE)/venv/lib/python*/site-packages)/project.pth
	@touch $@

bench: $(READY)  ## measure speed beside the alternatives; DATA=file.npz, MORE=1, WHOLE=1 for more
	$(BIN)/python -m benchmarks $(if $(DATA),--data "$(DATA)") $(if $(MORE),--more) \
	  $(if $(WHOLE),--whole)

bench-extras: $(READY)  ## what `bench` compares with, if it is there: scikit-learn, PyTorch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.lock

soak: $(READY)  ## end runs by signals and resume them, then every command under hostile conditions; ROUNDS=8 a model
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.soak.kills $(or $(ROUNDS),8)
	$(BIN)/python -m tests.soak.hostile

mutants: $(MUTANTS)/ready  ## does a test notice wrong code? hours, goes on where it stopped; SAMPLE=100
	$(MUTANTS)/venv/bin/python -m mutation --folder $(MUTANTS) $(if $(SAMPLE),--sample "$(SAMPLE)") \
	  $(PACKAGES)

$(MUTANTS)/ready: $(READY) requirements-mutants.lock
	@mkdir -p $(MUTANTS)
	@$(BIN)/python -m venv --clear $(MUTANTS)/venv
	@$(MUTANTS)/venv/bin/python -m pip install --quiet --disable-pip-version-check \
	  -r requirements-mutants.lock
	@$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
	  > $$(echo $(MUTANTS)/venv/lib/python*/site-packages)/project.pth
	@touch $@

clean:  ## remove the environment and caches, never runs/
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +
