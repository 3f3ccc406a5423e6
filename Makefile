# Thin on purpose: every target says what it does, the tools it calls do it. `make help` lists them.
PYTHON ?= python3
V      := .venv
PIP    := $(V)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes
# No configuration of the machine it runs on may reach a lock file; tests/test_nothing_private.py looks.
UV     ?= uv
LOCK    = env -u UV_INDEX -u UV_INDEX_URL -u UV_DEFAULT_INDEX -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS \
          UV_CUSTOM_COMPILE_COMMAND='make lock' \
          $(UV) pip compile --quiet --no-config --generate-hashes --universal --python-version 3.11 $(ARGS)
export FLASK_APP ?= app.py

.PHONY: help run serve test test-hard lint lock bench
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1|/p' Makefile | \
	  while IFS='|' read -r name does; do printf '  make %-9s %s\n' "$$name" "$$does"; done

# The last line of `run` and `serve` becomes the server itself, so that Ctrl-C reaches it and nothing stands between.
run: $(V)/.run ## the demonstration campaign on http://127.0.0.1:8000 (PORT=… changes it)
	@$(V)/bin/flask db upgrade
	@$(V)/bin/flask demo --if-empty
	@exec $(V)/bin/gunicorn --config gunicorn.conf.py 'app:create_app()'

serve: export APP_ENV := production
serve: $(V)/.run ## the same for production: no demonstration data, unsafe settings are refused
	@$(V)/bin/flask db upgrade
	@$(V)/bin/flask start-code
	@exec $(V)/bin/gunicorn --config gunicorn.conf.py 'app:create_app()'

test: JOBS ?= auto
test: $(V)/.test lint ## everything: units, SQLite and PostgreSQL, headless Chromium (ARGS=… goes to pytest, JOBS=1 one by one)
	@tools/test-needs.sh $(V)/bin/python -m pytest --numprocesses=$(JOBS) --dist=worksteal $(ARGS)

lint: $(V)/.test ## ruff: rules and format
	@$(V)/bin/ruff check --quiet .
	@$(V)/bin/ruff format --check --quiet .

bench: $(V)/.test ## measure: seats, kill -9, a slow phone, freshness of the board; prints a verdict per figure
	@tools/test-needs.sh $(V)/bin/python -m bench

test-hard: $(V)/.test ## random deeds on full days: STEPS=1000000 CLIENTS=64 on both engines, and what was checked
	@tools/test-needs.sh $(V)/bin/python -m bench.hard

lock: ## write requirements*.txt anew from requirements*.in (needs uv; ARGS=--upgrade takes the newest)
	@command -v $(UV) >/dev/null || \
	  { echo 'uv is missing; pip install uv in an environment of its own, then: make lock UV=…/bin/uv' >&2; exit 1; }
	@$(LOCK) -o requirements.txt requirements.in
	@$(LOCK) -o requirements-dev.txt requirements-dev.in

$(V)/.run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo '$(PYTHON) is missing or older than 3.11; a newer one is chosen by: make PYTHON=python3.12 …' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo '$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }
	@echo 'Installing what the product needs into $(V) …'
	@$(PYTHON) -m venv $(V)
	@$(PIP) -r requirements.txt
	@touch $@

$(V)/.test: $(V)/.run requirements-dev.txt
	@echo 'Installing what the tests need into $(V) …'
	@$(PIP) -r requirements-dev.txt
	@touch $@
