# Stenogram. `make demo` shows it at work, `make test` proves it; both install what they need. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# A hundred processes start in `make test`: what they import is compiled once, not in each of them.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
BIN := .venv/bin
STAMPS := .make
FRONTEND_SOURCES := $(shell find frontend/src frontend/public frontend/worker frontend/index.html frontend/vite.config.ts frontend/package.json -type f 2>/dev/null)

# What runs the service, and what the tests need on top: Debian packages.
RUN_PACKAGES := ffmpeg libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core
TEST_PACKAGES := espeak-ng flite poppler-utils chromium docker-compose faketime
WHOLE := tests/e2e tests/integration/bot/test_page.py
COVERED := $(if $(COV),--cov --cov-report= --cov-fail-under=0)

.PHONY: help setup run demo test faults soak check fmt bench clean lock

help: ## show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  \033[36mmake %-8s\033[0m %s\n", $$1, $$2}' Makefile

setup: $(STAMPS)/run-packages $(STAMPS)/python frontend/dist/index.html ## install everything the service needs

run: setup ## start the service and print the sign-in link (Ctrl-C stops it)
	@$(BIN)/stenogram up

demo: setup ## send two recordings (or FILE=path) through the whole service and show what comes out
	@$(BIN)/python -m tools.demo $(if $(FILE),"$(FILE)")

# What drives a browser or the whole service uses both cores by itself, and comes when nothing runs beside it. Measuring
# coverage doubles the processor time of the rest.
test: setup $(STAMPS)/test-packages ## run all tests: unit, contract, integration, browser (COV=1: with their coverage)
	@cd frontend && npm run --silent test
	@rm -f .coverage .coverage.*
	@status=0; run() { OMP_NUM_THREADS=1 $(BIN)/python -m pytest "$$@" $(COVERED) || [ $$? = 5 ] || status=1; }; \
	run -n 2 --dist loadgroup -m 'not faults and not e2e' $(PYTEST_ARGS); \
	run -m e2e $(or $(PYTEST_ARGS),$(WHOLE)) $(if $(COV),--cov-append); \
	exit $$status
	@$(if $(COV),$(BIN)/python -m coverage report)

faults: setup $(STAMPS)/test-packages ## break real processes at every point of every stage, and print what became of the runs
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest tests/faults $(PYTEST_ARGS)

soak: setup $(STAMPS)/test-packages ## break random things for MINUTES (10), from a seed that it prints (SOAK_SEED repeats it)
	@OMP_NUM_THREADS=1 SOAK_MINUTES=$(or $(MINUTES),10) $(BIN)/python -m pytest tests/faults/infra/test_soak.py -s $(PYTEST_ARGS)

check: setup ## lint and type-check everything, and weigh the WebApp
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@cd frontend && npm run --silent lint && npm run --silent types && npm run --silent api:check && npm run --silent size

fmt: setup ## format and fix what can be fixed by itself
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@cd frontend && npm run --silent lint -- --fix

bench: setup $(STAMPS)/test-packages ## run the benchmarks and print their ratios
	@status=0; for name in overhead diarization preprocess queue load bot search webapp; do \
	  echo "== $$name"; $(BIN)/python -m benchmarks.$$name || status=1; done; exit $$status

lock: $(STAMPS)/uv ## write requirements/*.txt anew from pyproject.toml
	@tools/lock.sh

clean: ## remove everything that was built or downloaded here, the recordings under .data too
	rm -rf .venv .make .data out frontend/node_modules frontend/dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage*

# --- what is built, each once ---

$(STAMPS)/run-packages: Makefile tools/system-packages.sh
	@tools/system-packages.sh $(RUN_PACKAGES)
	@mkdir -p $(@D) && touch $@

$(STAMPS)/test-packages: Makefile tools/system-packages.sh
	@tools/system-packages.sh $(TEST_PACKAGES)
	@mkdir -p $(@D) && touch $@

# uv, from the PATH or else in a small environment of its own (Debian's Python refuses `pip install` outside of one)
$(STAMPS)/uv: tools/uv.sh
	@PYTHON="$(PYTHON)" tools/uv.sh $@

$(STAMPS)/python: $(STAMPS)/uv requirements/dev.txt pyproject.toml
	@[ -x $(BIN)/python ] || $(STAMPS)/uv venv --quiet --python "$(PYTHON)" .venv
	@echo "installing Python packages (a few GB the first time)"
	@$(STAMPS)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt
	@$(STAMPS)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

frontend/node_modules/.package-lock.json: frontend/package.json frontend/package-lock.json
	@echo "installing frontend packages"
	@cd frontend && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent --no-audit --no-fund && touch node_modules/.package-lock.json

frontend/dist/index.html: frontend/node_modules/.package-lock.json $(FRONTEND_SOURCES)
	@echo "building the frontend"
	@cd frontend && npm run --silent build -- --logLevel warn && touch dist/index.html
