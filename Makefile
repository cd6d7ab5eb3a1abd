# Two words run everything: `make run` (the main job on real cases) and `make test`.
# Needs Python 3.11 or newer; a C compiler only for the second engine, which is optional.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
EXAMPLES_SLOW ?= 10000

.PHONY: help run test test-all lint pythons docs schema accept lock clean

help:  ## Say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/run  ## Evaluate Niger 2023 and Honduras 2009
	@$(BIN)/normrules evaluate examples/01-niger-2023/scenario.yaml \
		-r african-union -r un-secretariat -r un-security-council
	@echo
	@$(BIN)/normrules evaluate examples/05-honduras-2009/scenario.yaml -r oas

test: $(VENV)/develop  ## The test suite: under ten minutes, one Python
	$(BIN)/python -m pytest -m "not slow" -n auto

test-all: $(VENV)/develop lint  ## And the slow tiers: under an hour
	$(BIN)/normrules fmt --check rulebooks examples
	NORMRULES_EXAMPLES=$(EXAMPLES_SLOW) $(BIN)/python -m pytest -n auto \
		tests/test_agreement.py -k "random"
	NORMRULES_EXAMPLES=1000 $(BIN)/python -m pytest -n auto tests/test_laws.py
	$(BIN)/python -m pytest -m slow -n auto
	$(MAKE) pythons

lint: $(VENV)/develop  ## Types, lint, format
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

pythons: $(VENV)/develop  ## The quick tests on the other Pythons of this machine
	@for version in 3.12 3.13 3.14; do \
		if python$$version -c pass 2>/dev/null; then \
			echo "== Python $$version"; \
			$(MAKE) --no-print-directory test VENV=.venv-$$version PYTHON=python$$version || exit 1; \
		else echo "== Python $$version is not here: left out"; fi; \
	done

docs: $(VENV)/develop  ## Write the pages that are made from the rulebooks
	$(BIN)/python -m normrules.show.pages docs/rulebooks
	$(BIN)/python -m normrules.show.quality docs/quality.md

schema: $(VENV)/develop  ## Write the JSON Schemas of the files
	$(BIN)/normrules schema -o rulebooks/schema

accept: $(VENV)/develop  ## Take the output of the commands in README, docs and examples as right
	$(BIN)/python -m pytest tests/test_docs.py --accept

lock: $(VENV)/develop  ## Lock what the tests need anew
	$(BIN)/uv pip compile -q pyproject.toml --group test --group lint --group build \
		--extra charts --extra proof --universal --python-version 3.11 \
		--no-header --no-emit-index-url --generate-hashes -o requirements/develop.txt

clean:  ## Remove what was made
	rm -rf $(VENV) .venv-* dist build .pytest_cache .hypothesis .mypy_cache .ruff_cache

$(VENV)/made:
	@test -n "$(PYTHON)" || { echo "normrules needs Python 3.11 or newer"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run: $(VENV)/made requirements/run.txt requirements/durable.txt pyproject.toml
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@$(MAKE) --no-print-directory durable VENV=$(VENV)
	@touch $@

$(VENV)/develop: $(VENV)/run requirements/develop.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/develop.txt
	@touch $@

# Python 3.13 dropped a name that durable-rules calls; its successor does the same.
.PHONY: durable
durable:
	@CPPFLAGS="$$CPPFLAGS -DPyEval_CallObject=PyObject_CallObject" $(BIN)/python -m pip install -q \
		--disable-pip-version-check --no-cache-dir --require-hashes -r requirements/durable.txt \
		>/dev/null 2>&1 && $(BIN)/python -c "import durable.engine" 2>/dev/null \
		|| { $(BIN)/python -m pip uninstall -q -y durable-rules >/dev/null 2>&1; \
		echo "The second engine (durable-rules) can't be built here: answers are not checked twice."; }
