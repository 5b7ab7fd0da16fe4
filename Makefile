# Every chore of the project. `make` alone lists them; none needs anything but a Python, 3.11 or later.

VENV := .venv
SCRIPTS := $(if $(filter Windows_NT,$(OS)),Scripts,bin)
BIN := $(VENV)/$(SCRIPTS)
BUNDLE_PYTHON := python3.13
PEERS := .venv-peers
READY := $(VENV)/.ready
DEV := $(VENV)/.ready-dev
NEW_VENV := $(shell $(BIN)/python -c "" 2>/dev/null || echo new-venv)
PYTHONS := $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11)

.DEFAULT_GOAL := help
.PHONY: help run test test-all test-pythons lint types check torture mutations said screenshots results verdicts notices beliefs rows photos bench bench-long bench-peers translations windows windows-test windows-own-tests linux linux-test macos native-test wheelhouse wheelhouse-test checksums clean new-venv

help:  ## List these commands
	@sed -n 's/^\([a-z-]*\):.*  ## /make \1\t/p' Makefile | expand -t 20
	@echo
	@echo 'ARGS="..." is handed on by run, test, test-all, torture, mutations, results, notices, rows, photos and bench; PYTHON=... chooses the Python of a new $(VENV).'

run: $(READY)  ## Open the window
	@$(BIN)/python -m mnistviz $(ARGS)

# What Python compiles is kept, in $(VENV), even where the machine keeps none: to compile all of it takes 20 s of the tests.
KEPT = PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=$(abspath $(VENV))/pycache
PYTEST = $(KEPT) QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest
TESTS = $(PYTEST) --numprocesses auto --dist worksteal
PREPARED := $(VENV)/.prepared

# Each worker would prepare the same modules at the same time: two processes share that instead, once.
$(PREPARED): | $(DEV)
	@echo "Preparing the tests. This happens once."
	@$(PYTEST) -qq --collect-only -p no:cacheprovider tests/gui/window tests/gui/network >$(VENV)/prepared.log 2>&1 & \
	$(PYTEST) -qq --collect-only -p no:cacheprovider >$(VENV)/prepared-all.log 2>&1; wait; touch $@

test: $(DEV) $(PREPARED)  ## Run the tests, but the long ones; they need no screen
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m mnistviz --doctor
	$(TESTS) -m "not long" $(ARGS)

test-all: $(DEV) $(PREPARED)  ## Run all tests, in every size, look and language, and with five times as many examples
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m mnistviz --doctor
	$(TESTS) --hypothesis-profile long $(ARGS)

test-pythons: $(DEV)  ## Run the tests with each other Python, 3.11 or later, that this machine has
	@$(BIN)/python -m tests.pythons

lint: $(DEV)  ## Look for mistakes and untidiness
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(DEV)  ## Check the types, strictly, as Linux, macOS and Windows have them
	@$(MAKE) --no-print-directory --jobs=3 types-linux types-darwin types-win32

TYPED_win32 = mnistviz  # the tests and benchmarks need signals that Windows lacks

types-%:  # each with a cache of its own, or they would throw away each other's
	$(BIN)/mypy --platform $* --cache-dir .mypy_cache/$* $(TYPED_$*)

check: lint types test  ## All three, as before every commit

torture: $(DEV)  ## Try to break it, for a quarter of an hour: kills, damage, signals, a monkey at the window
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.torture $(ARGS)

mutations: $(DEV)  ## Break the program at random places and list what no test notices, for ten minutes; with Python 3.12 or later
	@$(BIN)/python -m tests.mutations $(ARGS)

said: $(DEV)  ## Write anew what the window says, where it puts things and what keys do there, to be looked at in `git diff`
	@$(KEPT) QT_QPA_PLATFORM=offscreen:configfile=tests/gui/screen.json $(BIN)/python -m tests.gui.said.record

screenshots: $(DEV)  ## Take the pictures of the documents anew
	$(BIN)/python docs/screenshots.py

TRANSLATIONS = $(sort $(wildcard assets/translations/*.ts) $(LOCALE:%=assets/translations/mnistviz_%.ts))

translations: $(DEV)  ## Bring the files of translators up to date and compile them; LOCALE=de begins one
	@test -n "$(TRANSLATIONS)" || { echo "There is no translation yet; LOCALE=de begins the German one." >&2; exit 1; }
	@mkdir -p assets/translations
	$(BIN)/pyside6-lupdate -tr-function-alias QT_TR_NOOP+=marked -no-obsolete -locations none -extensions py mnistviz -ts $(TRANSLATIONS)
	$(BIN)/pyside6-lrelease $(TRANSLATIONS)

BUNDLES := .venv-bundles
BUNDLE = $(BUNDLES)/$(SCRIPTS)/python -m bundles.

$(BUNDLES)/.ready: pyproject.toml
	@command -v $(BUNDLE_PYTHON) >/dev/null || { echo "Bundles are made with $(BUNDLE_PYTHON), whose version they get; BUNDLE_PYTHON=... names another." >&2; exit 1; }
	@$(BUNDLE_PYTHON) -m venv $(BUNDLES)
	@$(BUNDLES)/$(SCRIPTS)/python -m pip install --quiet --disable-pip-version-check ".[bundles]"
	@touch $@

windows: $(BUNDLES)/.ready  ## Build the portable folder for Windows, its zip and, with makensis, the installer
	@$(BUNDLE)windows.bundle $(ARGS)

windows-test: $(BUNDLES)/.ready  ## Try that folder and its installer under Wine
	@$(BUNDLE)windows.wine

windows-own-tests: $(BUNDLES)/.ready  ## Run the tests themselves under Wine; ARGS names some of them
	@$(BUNDLE)windows.own_tests $(ARGS)

linux: $(BUNDLES)/.ready  ## Build the folder for Linux that brings its own Python, and its tarball
	@$(BUNDLE)linux.bundle

linux-test: $(BUNDLES)/.ready  ## Try that tarball on bare systems, as root: make linux-test ARGS="trixie noble"
	@$(BUNDLE)linux.bare $(ARGS)

macos: $(BUNDLES)/.ready  ## Build the application for macOS and its zip, on macOS
	@$(BUNDLE)macos.bundle

native-test:  ## Unpack what was built for this system and try it
	@$(BUNDLE_PYTHON) -m bundles.native

checksums:  ## Write the checksums of what was built, for a release: make checksums TAG=v0.2.0
	@test -z "$(TAG)" || grep -q '^version = "$(TAG:v%=%)"$$' pyproject.toml || { echo "$(TAG) is not the version in pyproject.toml." >&2; exit 1; }
	@cd dist && find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%f\n' | sort | xargs sha256sum | tee SHA256SUMS

wheelhouse: $(READY)  ## Put all wheels into a folder, for computers without network: make wheelhouse ARGS="windows macos"
	@$(BIN)/python -m bundles.wheelhouse $(ARGS)

wheelhouse-test: $(READY)  ## Install from that folder, without network where the machine allows, and try it
	@rm -rf .venv-wheelhouse && $(BIN)/python -m venv .venv-wheelhouse
	$(OFFLINE) .venv-wheelhouse/$(SCRIPTS)/python -m pip install --isolated --quiet --no-index --find-links dist/*-wheelhouse mnistviz
	@.venv-wheelhouse/$(SCRIPTS)/mnistviz train --epochs 1
	@mkdir -p build/pictures
	QT_QPA_PLATFORM=offscreen .venv-wheelhouse/$(SCRIPTS)/python bundles/smoke.py build/pictures

OFFLINE = $(shell unshare --net true 2>/dev/null && echo unshare --net)

results: $(DEV)  ## Train what the table of docs/results.md lacks, and rewrite it; takes three hours
	$(BIN)/python benchmarks/results.py $(ARGS)

verdicts: $(DEV)  ## Measure how often each verdict is wrong, and write that into docs/results.md; takes ten minutes
	$(BIN)/python benchmarks/verdicts.py $(ARGS)

notices: $(DEV)  ## Look whether docs/notices.md is true: train all recipes, try all remedies; takes half an hour
	$(BIN)/python benchmarks/notices.py $(ARGS)

beliefs: $(DEV)  ## Try again what docs/beliefs.md says that many believe in vain; takes a quarter of an hour
	$(BIN)/python benchmarks/beliefs.py $(ARGS)

rows: $(DEV)  ## Read a thousand rows of digits of each kind and rewrite docs/rows.md; takes ten minutes
	$(BIN)/python benchmarks/rows.py --save $(ARGS)

photos: $(DEV)  ## Read a folder of photographs with a table of what they say: make photos DIR=FOLDER
	@test -n "$(DIR)" || { echo "Say which folder: make photos DIR=FOLDER. It has pictures, and labels.csv with file,text." >&2; exit 1; }
	@$(BIN)/python benchmarks/photos.py "$(DIR)" $(ARGS)

bench: $(DEV)  ## Measure speed, the window beside it, start, long runs and curves; takes six minutes of a quiet machine
	@$(BIN)/python benchmarks/table.py $(ARGS)

bench-long: $(DEV)  ## The same, with ten minutes of training in the window
	@$(BIN)/python benchmarks/table.py --minutes 10 $(ARGS)

bench-peers: $(PEERS)/.ready  ## Measure against PyTorch and scikit-learn, in an environment of their own
	@$(PEERS)/bin/python benchmarks/table.py --only peers $(ARGS)

$(PEERS)/.ready: pyproject.toml $(DEV)
	@echo "Installing PyTorch and scikit-learn into $(PEERS). This happens once."
	@$(BIN)/python -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check \
	    'numpy>=2.0' 'threadpoolctl>=3.5' 'torch>=2.4' 'scikit-learn>=1.5'
	@touch $@

clean:  ## Remove everything that was made here
	rm -rf $(VENV) .venv-* .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	find mnistviz tests benchmarks bundles -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp says that the packages in pyproject.toml are installed. A .venv from uv has no pip, and one whose
# Python has gone with an upgrade of the system is made anew.
$(READY): pyproject.toml $(NEW_VENV)
	@echo "Installing the packages that mnistviz needs into $(VENV). This happens once."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(DEV): $(READY)
	@echo "Installing what the tests and other chores need, too."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

new-venv:
	@lame=; for python in $(PYTHONS); do \
	    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    "$$python" -c 'import ensurepip, venv' 2>/dev/null || { lame=$$python; continue; }; \
	    echo "Making $(VENV) with $$("$$python" --version)."; \
	    exec "$$python" -m venv --clear $(VENV); \
	done; \
	if [ -n "$$lame" ]; then \
	    package=$$("$$lame" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
	    echo "$$lame cannot make a virtual environment yet. On Debian and Ubuntu, install what it lacks with"; \
	    echo "    sudo apt install $$package"; \
	else \
	    echo "mnistviz needs Python 3.11 or later, and none of these is: $(PYTHONS)"; \
	    echo "On Debian 12 or later: sudo apt install python3 python3-venv"; \
	fi >&2; \
	exit 1
