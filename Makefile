# PeerLearn. `make` alone lists what can be done.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
ADDRESS := http://127.0.0.1:$(PORT)

.PHONY: help setup run test test-fast browser check lint format types imports templates security lock migrate bench bench-rows bench-year simulate screenshots translations clean

help: ## list what can be done
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

define need_python
	@command -v $(PYTHON) >/dev/null || { echo "PeerLearn needs Python 3.11 or newer. Install it, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "PeerLearn needs Python 3.11 or newer; $$($(PYTHON) --version) is too old. Name a newer one: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python cannot make virtual environments. On Debian: apt install python3-venv"; exit 1; }
endef

define install
	@echo "Installing what PeerLearn needs ($(1)) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$(1).txt 2>.venv/install.log \
	  || { echo "The packages could not be installed; .venv/install.log says why. Is there a network? Then try again: make $(MAKECMDGOALS)"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . 2>>.venv/install.log \
	  || { tail -n 3 .venv/install.log; exit 1; }
	@touch $@
endef

.venv/bin/python:
	$(need_python)
	@$(PYTHON) -m venv .venv

.venv/base.stamp: requirements/base.txt pyproject.toml | .venv/bin/python
	$(call install,base)

.venv/dev.stamp: requirements/dev.txt .venv/base.stamp
	$(call install,dev)

setup: .venv/base.stamp ## install what running needs, into .venv

run: .venv/base.stamp ## prepare a demo and serve it (PORT=8000)
	@PEERLEARN_DEMO=1 PEERLEARN_BASE_URL=$(ADDRESS) $(BIN)/peerlearn demo --port $(PORT)

test: .venv/dev.stamp ## run all tests this machine can run
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test-fast: .venv/dev.stamp ## run all tests but the browser journeys
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not journey"

browser: .venv/dev.stamp ## run only the browser journeys
	@$(BIN)/python -m pytest -m journey

check: lint types imports templates security ## lint, format, types, import contracts, template lint, security lint

lint: .venv/dev.stamp
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

format: .venv/dev.stamp ## put all code into the house's format
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

types: .venv/dev.stamp
	@$(BIN)/mypy

imports: .venv/dev.stamp
	@$(BIN)/lint-imports

templates: .venv/dev.stamp
	@$(BIN)/djlint --lint --quiet peerlearn

security: .venv/dev.stamp
	@$(BIN)/bandit --quiet --severity-level medium --recursive --configfile pyproject.toml peerlearn wsgi.py

lock: .venv/dev.stamp ## lock the dependencies again
	@for set in base dev; do $(BIN)/python -m uv pip compile --quiet --generate-hashes --universal --no-emit-index-url --no-emit-find-links \
	  --no-annotate --custom-compile-command "make lock" --python-version 3.11 requirements/$$set.in --output-file requirements/$$set.txt || exit 1; done

migrate: .venv/base.stamp ## save everything, then bring the database to the newest revision
	@$(BIN)/peerlearn upgrade

bench: .venv/dev.stamp ## measure PeerLearn against its anchors, then live a year (takes a while)
	@$(BIN)/python -m bench; judged=$$?; $(BIN)/python -m bench.year && exit $$judged

bench-rows: .venv/dev.stamp ## only measure against the anchors
	@$(BIN)/python -m bench

bench-year: .venv/dev.stamp ## only live a year with 200 learners, with and without practice
	@$(BIN)/python -m bench.year

simulate: .venv/dev.stamp ## live a quarter with 500 honest people and some who play tricks (takes hours)
	@$(BIN)/python -m bench.fairness

screenshots: .venv/dev.stamp ## make the pictures of README and docs again
	@$(BIN)/python tools/screenshots.py

translations: .venv/dev.stamp ## collect the texts for translators
	@mkdir -p peerlearn/translations && $(BIN)/pybabel --quiet extract --no-location --sort-output -F babel.cfg -k N_ -o peerlearn/translations/messages.pot .

clean: ## remove the environment and all caches (never instance/)
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info
