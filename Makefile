# The whole story is in docs/running.md; every variable in docs/settings.md.
PYTHON ?= python3
PY = .venv/bin/python
ARGS ?=

.PHONY: help install install-dev demo demo-reset run manage test check bench fmt lock clean
.NOTPARALLEL:

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1 — /p' Makefile

install: ## The Python environment with what the desk needs to run
	@$(PYTHON) scripts/environment.py runtime

install-dev: ## … and what its tests and checks need
	@$(PYTHON) scripts/environment.py dev

demo: install ## The desk with a sandbox in place of Connect, and three people to sign in as
	@$(PY) -m bookingapp.launch demo

demo-reset: install ## Forget everything the demo stored
	@$(PY) -m bookingapp.launch reset

run: install ## The desk, against the organisations that are configured
	@$(PY) -m bookingapp.launch run

manage: install ## A management command of the desk: make manage ARGS="provision FILE"
	@$(PY) -m bookingapp.launch manage $(ARGS)

test: ## All tests, on the oldest and the newest Python found (CELLS=1: oldest only; ARGS="-k word")
	@$(PYTHON) scripts/test.py $(ARGS)

check: install-dev ## Format, lint, types, import contracts, migrations, deploy check, templates
	@$(PY) scripts/check.py

bench: install-dev ## Speed, as ratios against a bare server on this machine
	@$(PY) -m bench $(ARGS)

fmt: install-dev ## Put the code into the common format
	@$(PY) -m ruff format --quiet . && $(PY) -m ruff check --quiet --fix .

lock: ## Pin the packages anew
	@scripts/lock.sh

clean: ## Remove environments and caches; data is kept
	@rm -rf .venv .venv-* .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results
