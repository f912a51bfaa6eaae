# One environment in .venv, made on first use and again when setup.cfg changes. Choose the interpreter with: make PYTHON=python3.13 demo
PYTHON ?= $(shell for python in python3 python python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
WORKERS ?= 2
ARGS ?=
BIN := .venv/bin

.PHONY: demo test lint soak bench bench-large docs venv clean

demo: .venv/.ready
	$(BIN)/feedbackhub demo $(ARGS)

test: .venv/.ready-dev
	$(BIN)/pytest -n $(WORKERS) $(ARGS)

lint: .venv/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

soak: .venv/.ready-dev
	$(BIN)/python -m bench.soak $(or $(ARGS),all)
	$(BIN)/pytest -n $(WORKERS) tests/plugins/every_position.py
	API_EXAMPLES=300 $(BIN)/pytest -n $(WORKERS) tests/api/door/test_schemathesis.py

bench: .venv/.ready-dev
	$(BIN)/python -m bench $(ARGS)

# Fills tens of gigabytes once, in a folder that the next run uses again.
bench-large: .venv/.ready-dev
	$(BIN)/python -m bench.large --folder build/large $(ARGS)

docs: .venv/.ready-dev
	$(BIN)/python -m docs.generate $(ARGS)

venv: .venv/.ready-dev

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "feedbackhub needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3 demo"; exit 1; }
	$(PYTHON) -m venv .venv || { echo "On Debian and Ubuntu: apt install python3-venv"; rm -rf .venv; exit 1; }

.venv/.ready: .venv/bin/python setup.cfg pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

# The links give mypy the two packages whose folders have other names than the packages themselves.
.venv/.ready-dev: .venv/bin/python setup.cfg pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	mkdir -p .venv/typing
	ln -sfn ../../plugins .venv/typing/feedbackhub_plugins
	ln -sfn ../../templates .venv/typing/feedbackhub_templates
	@touch .venv/.ready $@
