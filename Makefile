# Two commands: `make serve` and `make test`. Both set up what is missing first.
PYTHON ?= python3
BIN := .venv/bin
# For what these commands start: npm looks for node. The recipes name $(BIN), which macOS' make 3.81 needs.
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Material prints a long advertisement for its successor otherwise.
export NO_MKDOCS_2_WARNING := 1
# Each run compiles all tests again where this is set.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: serve check test weekly lies mutants site zensical bench format update clean

PORT ?= 8000
# What the site holds that is not in the repository.
BUILT := live/runtime/manifest.json

serve: $(BUILT)
	$(BIN)/mkdocs serve --livereload --dev-addr 127.0.0.1:$(PORT)

# What a writer runs: what the changed files touch, in less than a minute.
check: $(BUILT)
	@$(BIN)/python -m tests.support.chromium >/dev/null || true
	@$(BIN)/python -m tests.support.check

test: $(BUILT) .cache/sources/ready
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/zizmor --quiet --offline .github
	$(BIN)/npx biome ci --error-on-warnings .
	$(BIN)/npx tsc --project .
	$(BIN)/mypy
	@$(BIN)/python -m tests.support.chromium >/dev/null || true
	@rm -f .cache/left_out.txt
# A browser misses a press now and then on a busy machine. Exit status 1: tests failed, and nothing worse happened.
	$(BIN)/python -m pytest -m "not alone and not touched and not weekly" --numprocesses auto || { [ $$? = 1 ] && \
		echo "What failed runs once more, one by one. A test that passes now is unsteady: repair it, too." && \
		$(BIN)/python -m pytest -m "not alone" --last-failed --last-failed-no-failures none --exitfirst --verbose; }
	$(BIN)/python -m pytest -m alone
	@if [ -e .cache/left_out.txt ]; then cat .cache/left_out.txt; [ "$$CI" != true ]; else $(BIN)/python -m extensions.proven; fi

# What Firefox and WebKit don't run at each change.
weekly: $(BUILT)
	@rm -f .cache/left_out.txt
	$(BIN)/python -m pytest -m weekly --numprocesses auto
	@if [ -e .cache/left_out.txt ]; then cat .cache/left_out.txt; fi

# A failed build leaves the last good site where it is. With --quiet MkDocs would not be strict.
site: $(BUILT)
	$(BIN)/mkdocs build --strict --site-dir .cache/site
	rm -rf site && mv .cache/site site

# The site as Zensical builds it, in .cache/zensical-site, and a table of what it has beside MkDocs' build.
zensical: $(BUILT) .cache/zensical/ready
	@$(BIN)/python -m tests.support.chromium >/dev/null || true
	$(BIN)/python -m tests.site.zensical

# Each lie makes a statement false: the tests that it names must fail.
lies: $(BUILT)
	$(BIN)/python -m tests.lies

# Each mutant changes a snippet or Flask's session code: a test must fail. CHANGED_SINCE=<commit> tries what was changed, or its tests.
mutants: $(BUILT)
	$(BIN)/python -m tests.mutants $(if $(CHANGED_SINCE),--changed-since $(CHANGED_SINCE))

bench: $(BUILT)
	$(BIN)/python -m tests.bench.pages
	$(BIN)/python -m tests.bench.live

format: node_modules/ready
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	$(BIN)/npx biome check --write .

update: .venv/ready node_modules/ready
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command "make update" -o requirements.txt requirements.in
# package.json names exact versions, which npm update would leave.
	$(BIN)/npm install --package-lock-only --save-exact --save-dev \
		$$($(BIN)/node -p 'Object.keys(require("./package.json").devDependencies).map((name) => name + "@latest").join(" ")')
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --constraint requirements.txt --custom-compile-command "make update" -o zensical.txt zensical.in
	$(BIN)/npm update --package-lock-only
	$(MAKE) .venv/ready node_modules/ready
	$(BIN)/python -m pytest --update-examples -m "" tests/chain/test_shown_output.py

clean:
	rm -rf .venv .cache node_modules site live/runtime

.venv/ready: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: name one with PYTHON=, e.g. make test PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ echo "$(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# An environment of its own, so that the main one stays as it is.
.cache/zensical/ready: zensical.txt .venv/ready
	$(BIN)/python -m venv .cache/zensical
	.cache/zensical/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r zensical.txt
	@touch $@

# Flask's, Werkzeug's and itsdangerous' own tests.
.cache/sources/ready: requirements.txt .venv/ready
	$(BIN)/python -m tests.support.sources
	@touch $@

# What runs Flask in the reader's browser; live/build/bundle.mjs puts it into the site. Built again if one of its inputs changes.
live/runtime/manifest.json: live/build/build.mjs $(wildcard live/*.py live/*/*.py extensions/*.py) tests/conftest.py $(wildcard tests/support/*.py) \
		$(wildcard tests/versions/*.txt) live/transcripts.json pyproject.toml package-lock.json requirements.txt node_modules/ready
	$(BIN)/node live/build/build.mjs

node_modules/ready: package.json package-lock.json .venv/ready
	$(BIN)/npm ci --silent --no-fund --no-audit
	@touch $@
