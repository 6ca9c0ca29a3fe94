# Every task of the repository, one command each. Needs make and Python 3.11 or newer; all else
# comes into .tools, .venv and frontend/node_modules, at the versions that are locked.

PYTHON ?= python3
UV_VERSION := 0.13.9

UV := .tools/uv-$(UV_VERSION)/bin/uv
PY := .venv/bin/python
NPM := PATH="$(CURDIR)/.venv/bin:$$PATH" npm --prefix frontend

# Trust whom this machine trusts: a company's proxy may have a certificate of its own.
export NODE_USE_SYSTEM_CA := 1
export UV_SYSTEM_CERTS := $(if $(wildcard /etc/ssl/certs/ca-certificates.crt),1,0)

export npm_config_update_notifier := false

# What a step made is a file; it is made again when something it was made from is newer.
ENV_APP := .venv/.ready-app
ENV_DEV := .venv/.ready-dev
NODE_MODULES := frontend/node_modules/.ready
PEERS := .venv-peers/1/.ready .venv-peers/2/.ready
APP := src/wxdesk/web/static/index.html
APP_SOURCES := $(wildcard frontend/*.json frontend/*.html frontend/*.ts) \
  $(shell find frontend/src frontend/public frontend/dev ! -name '*.test.ts' ! -name '*.d.ts')

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check bench soak app generate format dist setup clean
.PHONY: lint types imports dependencies derived app-types app-lint

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /make \1	/p' Makefile | expand -t 16

# --- try it

demo: $(ENV_APP) $(APP) ## the desk, a simulated WeChat and a small team; Ctrl-C stops them
	@.venv/bin/wxdesk demo

# --- is it right

test: $(ENV_DEV) $(APP) $(PEERS) ## every test; says at the end what was skipped and why
	$(NPM) test
	.venv/bin/pytest -n logical --maxprocesses 4 --dist worksteal -rs

check: lint types imports dependencies derived app-types app-lint ## what needs no running: lint, types, contracts, derived files

lint: $(ENV_DEV)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: $(ENV_DEV)
	.venv/bin/mypy

imports: $(ENV_DEV)
	.venv/bin/lint-imports --no-logo

dependencies: $(ENV_DEV)
	$(UV) lock --check --quiet
	.venv/bin/deptry .

derived: $(ENV_DEV) $(NODE_MODULES)
	$(PY) docs/generate.py --check
	$(NPM) run generate -- --check

app-types: $(NODE_MODULES)
	$(NPM) run typecheck

app-lint: $(NODE_MODULES)
	$(NPM) run lint

bench: $(ENV_DEV) $(APP) ## benchmarks beside the baseline and the peers (BENCH="--quick" for a first look)
	$(PY) bench/run.py $(BENCH)

soak: $(ENV_DEV) $(APP) ## the desk killed a thousand times, the queue by dice and with 200 agents
	PYTHONPATH=tests $(PY) -m journeys.soak $(SOAK)

# --- make it

app: $(APP) ## build the web app, if its sources are newer than the build

generate: $(ENV_DEV) $(NODE_MODULES) ## write what is derived from the code
	$(PY) docs/generate.py
	$(NPM) run generate

format: $(ENV_DEV) $(NODE_MODULES) ## format Python and front end
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	$(NPM) run lint -- --fix

dist: $(UV) ## a wheel and an sdist, with the built web app, in dist/
	$(UV) build --out-dir dist

setup: $(ENV_DEV) $(APP) ## only set up what the other tasks need

clean: ## remove what was set up and built; data stays
	rm -rf .tools .venv .venv-peers frontend/node_modules $(dir $(APP)) dist \
	  .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# --- steps

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'Python 3.11 or newer is needed. Name one: make PYTHON=python3.12 ...'; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null || \
	  { echo 'This Python has no pip. On Debian and Ubuntu: apt install python3-pip'; exit 1; }
	$(PYTHON) -m pip install --quiet --disable-pip-version-check \
	  --target .tools/uv-$(UV_VERSION) uv==$(UV_VERSION)

# Only what running and building need: the tests' databases and tools come with ENV_DEV.
$(ENV_APP): pyproject.toml uv.lock | $(UV)
	$(UV) sync --locked --inexact --no-default-groups --group app --python $(PYTHON)
	@touch $@

$(ENV_DEV): $(ENV_APP)
	$(UV) sync --locked --python $(PYTHON)
	@touch $@

# wechatpy, stable and to come, in environments of their own: they need what the desk must not have.
# Where they cannot be made, the tests that need them are skipped.
.venv-peers/%/.ready: tests/peers/wechatpy-%.txt | $(ENV_DEV)
	-$(UV) venv --quiet --clear --python $(PYTHON) .venv-peers/$* && \
	  $(UV) pip install --quiet --python .venv-peers/$*/bin/python --require-hashes -r $< && touch $@

$(NODE_MODULES): frontend/package.json frontend/package-lock.json | $(ENV_APP)
	$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

$(APP): $(NODE_MODULES) $(APP_SOURCES)
	$(NPM) run build -- --logLevel warn
	@touch $@
