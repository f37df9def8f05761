# make run    sets up, builds the sample and an invented force, serves the dashboards; PORT=8501 CRIMES=40000
# make test   sets up, checks the code and runs every test
# make long   sweeps over the whole system: 300 extracts, a fault in each table, homes and tables on Spark; takes hours
# make trials 10,000 broken deliveries, 200 killed builds, 500 refreshes and a fault at each write, which takes hours
# make quick  ruff, import-linter and the tests nearest to what changed, in 3 minutes; BASE=COMMIT
# make slowest  the fifty tests that took the most processor time in the last `make test`, and every file of tests
# make check  the checks alone: ruff, mypy, import-linter
# make spark  makes .venv-spark, with Spark beside all the rest, for what docs/national.md describes
# make spark-test  compares every SELECT and a whole home on Spark with DuckDB, which takes long
# make tour   takes the pictures of docs/tour.md again, from what make run has built
# make docs   writes the documentation as a website into .stra/docs
# make wheel  builds the wheel of the last commit into dist
# make wheelhouse  puts all that an installation without a package index needs into wheelhouse
# make sbom   writes the software bill of materials, CycloneDX, into dist
# make licences  lists the licence of everything that is installed, and fails on one that is not allowed
# make audit  asks a service for known vulnerabilities of everything in requirements.lock; see SECURITY.md
# make matrix  tries every Python with the lowest and highest versions of what the product needs, which takes hours
# make lock   resolves requirements.lock and requirements-spark.lock from pyproject.toml again, keeping what still fits
# make clean  removes the environments, the sample's build and all caches from this folder
#
# Set-up stays inside this folder (.ci/setup), except for Debian's packages if apt is there. It says what it
# installs first, and is done once. PYTHON=... selects the interpreter: 3.11, 3.12 or 3.13.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
.PHONY: help run invented tour test check docs wheel wheelhouse lock clean compiled browser database proxy quick slowest long trials spark \
	spark-test sbom licences audit matrix mutants

BIN := .venv/bin
PORT ?= 8501
CRIMES ?= 40000
N ?= 200
SEED ?= 1
export PATH := $(CURDIR)/$(BIN):$(PATH)
export DAGSTER_DISABLE_TELEMETRY := yes
export GX_ANALYTICS_ENABLED := false
export STREAMLIT_BROWSER_GATHER_USAGE_STATS := false
export PLAYWRIGHT_BROWSERS_PATH ?= $(CURDIR)/.venv/browsers

# The tools keep caches and settings below HOME: where none can be written, this folder lends one.
ifneq ($(shell test -d "$${HOME-}" -a -w "$${HOME-}" && echo yes),yes)
export HOME := $(CURDIR)/.cache/home
unexport XDG_CACHE_HOME XDG_CONFIG_HOME
$(shell mkdir -p "$(HOME)")
endif

# The stamp names the folder it was made in, so that an environment copied or moved here is made again.
ifneq ($(shell test -x $(BIN)/python && cat .venv/ready 2>/dev/null),$(CURDIR))
.PHONY: .venv/ready
endif

help:
	@sed -n '/^$$/q; s/^# \{0,1\}//p' Makefile

.venv/ready: requirements.lock pyproject.toml .ci/setup
	@.ci/setup python

ifneq ($(shell test -x .venv-spark/bin/python && cat .venv-spark/ready 2>/dev/null),$(CURDIR))
.PHONY: .venv-spark/ready
endif

.venv-spark/ready: requirements-spark.lock requirements.lock pyproject.toml .ci/setup
	@.ci/setup spark

# Else every process that the tests start would compile our code again, where Python may not keep what it compiled.
compiled: .venv/ready
	@python -m compileall -q assets casework dashboards docs expectations pipelines sample stra

browser: .venv/ready
	@.ci/setup browser

database:
	@.ci/setup database

proxy:
	@.ci/setup proxy

# Open data first, so that a page shows something within half a minute. The invented force is made behind it, in three
# deliveries: a year before with the assessment issued from it, three months before with what its people decided, and now.
run: compiled
	@mkdir -p .stra/data
	cp -Rp sample/open_data .stra/data/
	if [ ! -e .stra/home/published/command ]; then stra build --data .stra/data --home .stra/home; fi
	$(MAKE) --no-print-directory invented > .stra/build.log 2>&1 < /dev/null &
	exec stra serve --home .stra/home --port $(PORT)

invented:
	@deliver() {
		rm -rf .stra/unfinished
		stra synth --out .stra/unfinished --crimes $(CRIMES) --seed 1 --noise low "$$@"
		rm -rf .stra/data/invented_force
		mv .stra/unfinished .stra/data/invented_force
	}
	if [ ! -d .stra/data/invented_force/truth ]; then
		deliver --until 2025-03-31
		stra build --data .stra/data --home .stra/home --as-of 2025-03-31
		stra invent --home .stra/home --issue
		deliver --until 2025-12-31
		stra build --data .stra/data --home .stra/home --as-of 2025-12-31
		stra invent --home .stra/home
		deliver
	fi
	stra build --data .stra/data --home .stra/home

check: .venv/ready
	@ruff check .
	mypy
	lint-imports --no-logo

# Four parts at once, for two cores: files with tests that open a browser or kill builds wait half of their time.
# Each part takes file after file, and reports everything. What takes long to make is made once for all.
test: compiled browser database proxy
	@rm -rf .cache/kept .cache/parts .cache/processor_time.jsonl .cache/budget.jsonl
	mkdir -p .cache
	export STRA_KEPT="$(CURDIR)/.cache/kept" STRA_PROCESSOR_TIME="$(CURDIR)/.cache/processor_time.jsonl"
	export STRA_BUDGET="$(CURDIR)/.cache/budget.jsonl"
	part() { STRA_PART="$$1:$(CURDIR)/.cache/parts/$$1" python -m pytest -m "not long"; }
	part waiting > .cache/waiting_1.log 2>&1 & parts=$$!
	part waiting > .cache/waiting_2.log 2>&1 & parts="$$parts $$!"
	part busy > .cache/busy_1.log 2>&1 & parts="$$parts $$!"
	part busy && failed=0 || failed=1
	$(MAKE) --no-print-directory check || failed=1
	for part in $$parts; do wait $$part || failed=1; done
	cat .cache/busy_1.log .cache/waiting_1.log .cache/waiting_2.log
	rm -rf .cache/kept .cache/parts
	python tests/tools/budget.py .cache/budget.jsonl || failed=1
	exit $$failed

long: browser spark
	@mkdir -p .cache
	python tests/tools/long_run.py

trials: browser database
	@TRIALS=all python -m pytest -m trials tests

spark: .venv-spark/ready

spark-test: spark
	@.venv-spark/bin/python -m pytest tests/spark

tour: browser
	@python tests/tools/tour.py .stra/home docs

docs: .venv/ready
	@stra docs --out .stra/docs

wheel: .venv/ready
	@.ci/wheel dist

wheelhouse: .venv/ready
	@python .ci/wheelhouse wheelhouse

sbom: .venv/ready
	@python tests/tools/sbom.py dist/stra.cdx.json

licences: .venv/ready
	@python tests/tools/licences.py

audit: .venv/ready
	@python tests/tools/audit.py

matrix: .venv/ready
	@python tests/tools/matrix.py .cache/matrix

slowest: .venv/ready
	@python tests/tools/processor_time.py .cache/processor_time.jsonl

mutants: compiled
	@mkdir -p .cache
	touch .cache/mutants.jsonl
	python tests/tools/mutants.py $(N) $(SEED)

quick: .venv/ready
	@ruff check .
	lint-imports --no-logo
	python tests/tools/quick.py $(BASE)

lock: .venv/ready
	@UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile pyproject.toml --extra dev --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --quiet -o requirements.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile pyproject.toml --extra dev --extra spark --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --quiet \
		-c requirements.lock -o requirements-spark.lock

clean:
	@rm -rf .venv .venv-spark .stra .cache build stra.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
