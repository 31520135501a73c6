# Everything a person does with this repository; `make` alone lists it.
# Assumes GNU make, sh and Python 3.11 or later; each target sets itself up in $(VENV).

VENV ?= .venv
PROFILE ?= dev
export VENV

PY := "$(VENV)/bin/python"
PYTEST := $(PY) -m pytest --hypothesis-profile=$(PROFILE)
SQLITE := unset DATABASE_URL;
FAST := $(wildcard tests/unit tests/properties tests/contracts tests/health tests/reference tests/spec)
# Neighbours run in one process, which has then loaded and compiled what they share.
SPREAD := --numprocesses=auto --maxprocesses=8 --dist=worksteal
BY_FILE := --numprocesses=auto --maxprocesses=2 --dist=loadfile
CODE := $(wildcard src tests docs benchmarks)
RULE_TESTS := tests/unit/ketherapy/dosing tests/unit/ketherapy/instruments
LOCK := "$(VENV)/bin/uv" pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --quiet $(UPGRADE)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test check static docs bench soak lock clean setup-run setup-dev setup-bench

help: ## list the targets
	@echo "make TARGET [PORT=8000] [KETHERAPY_HOME=folder] [VENV=.venv] [PYTHON=python3.12]"
	@echo
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1@\2/p' Makefile | while IFS=@ read -r name what; do \
		printf '  %-8s %s\n' $$name "$$what"; done

run: setup-run ## start the practice clinic on this machine and print its address
	@exec $(PY) -m clinic

test: static docs ## run everything: checks, docs, SQLite, PostgreSQL, browser (about 15 minutes on 2 cores)
	@echo "==> the browser"
	@$(PY) tests/chromium.py --ensure
	@echo "==> tests of the rules, on SQLite, which alone must reach every branch of them"
	@$(PY) -m coverage erase
	@$(SQLITE) $(PY) -m coverage run --source=src/ketherapy/dosing,src/ketherapy/instruments \
		-m pytest --hypothesis-profile=$(PROFILE) $(SPREAD) -m "not browser and not slow" $(RULE_TESTS)
	@$(PY) -m coverage combine --quiet
	@$(PY) -m coverage report --fail-under=100
	@echo "==> all others, on SQLite: those of one process each, then those that start servers"
	@$(SQLITE) $(PYTEST) $(SPREAD) -m "not browser and not slow" $(FAST) $(RULE_TESTS:%=--ignore=%)
	@# "docs" has just written the pages that the test left out would compute a second time.
	@$(SQLITE) $(PYTEST) $(BY_FILE) -m "not browser and not slow" tests/integration --deselect \
		tests/integration/test_docs.py::test_the_reference_pages_are_what_the_code_says_now
	@echo "==> database tests again, on PostgreSQL"
	@$(PY) tests/postgres.py $(PYTEST) -m "database and not browser and not slow" tests/integration
	@echo "==> browser tests, in Chromium"
	@$(SQLITE) $(PYTEST) $(BY_FILE) -m "browser and not slow" tests/integration/browser

check: static ## run everything fast: format, lint, types, imports, quick tests (about 7 minutes on 2 cores)
	@echo "==> quick tests"
	@$(SQLITE) $(PYTEST) $(SPREAD) -m "not slow and not database and not browser" $(FAST)

static: setup-dev
	@echo "==> format"
	@$(PY) -m ruff format --check $(CODE)
	@echo "==> lint"
	@$(PY) -m ruff check $(CODE)
	@echo "==> types"
	@$(PY) -m pyright --pythonpath $(PY)
	@echo "==> import contracts"
	@$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-logo

docs: setup-dev ## generate the reference pages and build the manual into build/site
	@echo "==> docs"
	@$(PY) docs/generate.py
	@$(PY) -m mkdocs build --quiet --strict
	@$(PY) tests/health/offline.py build/site

bench: setup-bench ## run every benchmark, the peers of the population among them
	@for script in benchmarks/*.py; do \
		[ -e "$$script" ] || { echo "There are no benchmarks yet."; break; }; \
		echo "==> $$script"; $(PY) "$$script" || exit 1; done

soak: setup-dev ## run the long proofs (hours)
	@echo "==> every small change of the rules, each to be noticed"
	@$(SQLITE) $(PY) -m tests.mutation
	@echo "==> the slow tests"
	@$(SQLITE) $(PY) -m pytest --hypothesis-profile=soak -m slow || [ $$? -eq 5 ]  # 5: none yet

lock: setup-dev ## bring the lock files in line with pyproject.toml (UPGRADE=--upgrade: newest)
	@$(LOCK) --extra build --extra plot --extra clinic \
		pyproject.toml -o requirements.lock
	@$(LOCK) --extra build --extra plot --extra reference --extra cluster --extra calibration --extra clinic \
		--extra dev \
		-c requirements.lock pyproject.toml -o requirements-dev.lock
	@$(LOCK) --all-extras -c requirements-dev.lock pyproject.toml -o requirements-bench.lock
	@$(PYTEST) --quiet -k lock tests/health/test_packaging.py

clean: ## remove what the other targets made, except the environment
	@rm -rf build dist htmlcov .coverage .coverage.* .hypothesis .import_linter_cache \
		.pytest_cache .ruff_cache
	@find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

setup-run:
	@sh .ci/environment run

setup-dev:
	@sh .ci/environment dev

setup-bench:
	@sh .ci/environment bench
