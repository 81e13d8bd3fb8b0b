# The commands of this checkout. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PINS := requirements.txt requirements-dev.txt requirements-bench.txt
COMPILE := $(BIN)/pip-compile --quiet --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
# As a server would have it; nothing is asked of the addresses.
AS_PRODUCTION := DEBUG=0 TRIAL=0 ALLOWED_HOSTS=portal.example SECRET_KEY=$$($(BIN)/python -c \
	'import secrets; print(secrets.token_urlsafe(50))') \
	DATABASE_URL=postgres://portal@db.example/portal REDIS_URL=redis://redis.example/0

.PHONY: help setup demo stop test check bench requirements

help:  ## list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) \
		| awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: .venv/.installed  ## make .venv and install what the project needs (the others do it by themselves)

demo: .venv/.installed  ## the whole portal with sample data on http://localhost:8000 (PORT=… for another)
	@exec $(BIN)/python -m config.run

stop: .venv/.installed  ## stop the demo and the private PostgreSQL and Valkey
	@$(BIN)/python -m config.run --stop

test: .venv/.installed  ## the whole suite, on the private servers
	@$(BIN)/python -m pytest $(ARGS)

check: .venv/.installed  ## style, import contracts, migrations, texts, settings of production, compose file
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m tests.house.catalogue
	$(AS_PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

bench: .venv/.installed  ## measure against other tools on this machine
	@$(BIN)/python -m benchmarks $(ARGS)

requirements: .venv/.installed  ## compile requirements*.in into pinned requirements*.txt
	@export CUSTOM_COMPILE_COMMAND='make requirements'; for name in requirements requirements-dev requirements-bench; do \
		$(COMPILE) --output-file=$$name.txt $$name.in; done

.venv/.installed: $(PINS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed, and '$(PYTHON)' is not. On Debian: apt-get install python3;" \
			"or name another: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@test -x $(BIN)/python && $(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv || { \
		echo "Python cannot make .venv. On Debian: apt-get install python3-venv" >&2; rm -rf .venv; exit 1; }
	@echo "▸ Installing into .venv …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(addprefix -r ,$(PINS))
	@touch $@
