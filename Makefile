# make audit   everything: set-up, then the audit of the demo province
# make test    everything: set-up, then every test
# make setup   the set-up alone; leaves the command at .venv/bin/dargah
# Done work is remembered in .setup/ and not done again.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
DARGAH := .venv/bin/dargah

.PHONY: help setup audit test check lock benchmark clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: .setup/python .setup/node .setup/chromium ## Python environment, Node packages, Chromium

audit: setup ## audit the demo province and say where the report is
	@$(DARGAH) audit --demo

test: setup ## every check and every test
	@$(MAKE) --no-print-directory check
	@.venv/bin/python -m pytest -n 2 --dist loadfile

check: setup ## style, types, import rules
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

BENCHMARKS := demo_audit audit_cost crawl_speed crawl_memory page_parts frontier judging agreement
benchmark: setup ## what audits, crawls, judging and loads cost; one of benchmarks/ alone: NAME=crawl_speed
	@for name in $(or $(NAME),$(BENCHMARKS)); do .venv/bin/python -m benchmarks.$$name; done

lock: ## renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock

clean: ## remove what set-up made
	rm -rf .venv node_modules .setup

.setup:
	@mkdir -p .setup

.setup/python: requirements.lock pyproject.toml scripts/setup-python | .setup
	@scripts/setup-python
	@touch $@

.setup/node: package-lock.json scripts/setup-node | .setup
	@scripts/setup-node
	@touch $@

.setup/chromium: scripts/setup-chromium .setup/python | .setup
	@scripts/setup-chromium
	@touch $@
