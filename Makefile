# What one does here: `make help`. Nothing but Python 3.11, make and a package registry is needed.
PYTHON ?= python3
ONLY ?=
BIN := .venv/bin
UV := $(BIN)/uv pip
INSTALL := $(UV) install --quiet --python $(BIN)/python --require-hashes
COMPILE := $(UV) compile --quiet --generate-hashes --universal --python-version 3.11 \
	--no-header --no-emit-index-url --no-emit-find-links
MANAGE := $(BIN)/python manage.py

.PHONY: help run demo test check real faults bench requirements catalogues
.DEFAULT_GOAL := help

help: ## This list
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1\t/p' Makefile | expand -t 24

run: .venv/runtime ## Everything in one process at http://127.0.0.1:8000 (PORT, HOST, DEMO=0)
	@exec $(MANAGE) serve

demo: .venv/runtime ## Rebuild the demonstration, from nothing
	@$(MANAGE) demo --rebuild

test: .venv/dev ## All tests, with servers of their own
	@$(BIN)/python -m pytest

check: .venv/dev ## Formatting, lint, import directions, migrations, deploy checks, texts, templates, sizes
	@$(BIN)/python -m tests.house.check

real: .venv/runtime ## Load the real programmes of ../shared/data and compare every figure with the published one
	@$(MANAGE) real

faults: .venv/dev ## The long kill-and-cut benches (ONLY=name)
	@$(BIN)/python -m tests.faults $(ONLY)

bench: .venv/dev ## The speed benches, each beside its limit (ONLY=name)
	@$(BIN)/python -m bench $(ONLY)

catalogues: .venv/dev ## Collect the texts to translate and write the Cyrillic from the Latin
	@$(BIN)/python -m lib.catalogues

requirements: .venv/uv ## Compile the pinned, hashed requirement files (add -U: UPGRADE=-U)
	@for name in requirements requirements-dev requirements-services; do \
		$(COMPILE) $(UPGRADE) $$name.in -o $$name.txt || exit 1; done

# One environment; a stamp says which requirement files it holds, so that a second start does nothing.
.venv/uv:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit(f"Python 3.11 or newer is needed, this is {sys.version}: make PYTHON=...")'
	@echo "Making a virtual environment in .venv ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check uv==0.13.9
	@touch $@

.venv/runtime: requirements.txt .venv/uv
	@echo "Installing what Rasadnik needs ..."
	@$(INSTALL) -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/runtime
	@echo "Installing what its tests and checks need ..."
	@$(INSTALL) -r requirements-dev.txt
	@touch $@
