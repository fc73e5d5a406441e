# Everything a developer runs. Set ROOST_TARGET_DIR to share compiled crates between clones; ARGS goes to `roost demo`.
.DEFAULT_GOAL := help
.PHONY: help run build dev test test-long check audit bench bench-explore bench-browser bench-pipeline bench-fetch screens clean
# Two targets in one call use the same compiled crates and the same two or more cores: one after the other.
.NOTPARALLEL:

export ROOST_STARTED := $(shell date +%s)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "make %-13s %s\n", $$1, $$2 }'

run: build ## set up what is missing, build, start the demo and print its address and a sign-in link
	@exec dist/roost demo $(ARGS)

build: ## set up what is missing, build both halves into dist/
	@scripts/setup.sh build
	@scripts/build.sh

dev: ## quick builds of both halves and a new start of the demo whenever a file is saved
	@scripts/setup.sh build
	@exec node scripts/dev.mjs $(ARGS)

test: ## set up what is missing, build, run every test
	@scripts/setup.sh test
	@scripts/build.sh
	@scripts/test.sh

test-long: ## the same with the tests that take long
	@scripts/setup.sh test-long
	@scripts/build.sh
	@scripts/test.sh long

check: ## format, lints of both halves, invariants of the architecture
	@scripts/check.sh

audit: ## licences, sources and bans of the crates
	@scripts/audit.sh

bench: ## set up what is missing, build, measure
	@scripts/setup.sh build
	@scripts/build.sh
	@scripts/bench.sh $(ARGS)

bench-explore: ## set up what is missing, build, compare the explore page to Datasette, DuckDB and tantivy alone
	@scripts/setup.sh bench-explore
	@scripts/build.sh
	@scripts/bench-explore.sh $(ARGS)

bench-browser: ## the same, measured in the browser
	@scripts/setup.sh bench-browser
	@scripts/build.sh
	@scripts/bench-browser.sh $(ARGS)

bench-pipeline: ## set up what is missing, measure the way of a page into the log, the store, the index and the lake
	@scripts/setup.sh bench-pipeline
	@scripts/bench-pipeline.sh $(ARGS)

bench-fetch: ## set up what is missing, measure how well fetching uses what X allows
	@scripts/setup.sh bench-fetch
	@scripts/bench-fetch.sh $(ARGS)

screens: ## set up what is missing, build, take the pictures of docs/screens
	@scripts/setup.sh test
	@scripts/build.sh
	@scripts/screens.sh $(ARGS)

clean: ## remove what was built into this folder (not a target folder outside)
	@rm -rf dist target
