# Everything one does with the checkout. Bare `make` prints what there is.

MAKEFLAGS += --no-print-directory
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# python3 comes first: on a Pi it is the one that apt's libraries belong to. Each is really tried,
# since version switchers leave commands behind that only print an error.
PYTHON ?= $(or $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done),python3)

# More words for pip, such as --no-index.
PIP_FLAGS ?=
# Who may open the page that install-page sets up.
REACH ?=
# More words for `unsit run` or for pytest.
ARGS ?=

# Another one stands beside the first: make test PYTHON=python3.13 ENVIRONMENT=.venv-3.13
ENVIRONMENT ?= .venv
BIN := $(ENVIRONMENT)/bin
# Where the case's solids are made.
CASE ?= .venv-case
ON_A_PI := $(wildcard /proc/device-tree/system/linux,revision)
# Raspberry Pi OS brings some libraries ready built that would need a compiler else.
VENV := -m venv $(if $(ON_A_PI),--system-site-packages)
PIP := -m pip install --quiet --disable-pip-version-check $(PIP_FLAGS)

define need_python
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Unsit needs Python 3.11 or newer; here: $$($(PYTHON) --version 2>&1 | tail -n 1). Name another one: make $(MAKECMDGOALS) PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "The venv module of $(PYTHON) is missing. Debian and Raspberry Pi OS: sudo apt install python3-venv" >&2; exit 1; }
endef

.PHONY: help
help:  ## This list
	@echo "Unsit: a desk device that knows when you sit and shows you how to move."
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---- using it

.PHONY: run
run: $(ENVIRONMENT)/ready  ## Start the device; without a Pi, at the virtual desk in a browser. ARGS="--terminal" and the like go with it
	@$(BIN)/unsit run $(ARGS)

$(ENVIRONMENT)/ready: setup.py pyproject.toml
	$(need_python)
	@echo "Preparing $(ENVIRONMENT) with $$($(PYTHON) --version) ..."
	@$(PYTHON) $(VENV) $(ENVIRONMENT)
	@$(BIN)/python $(PIP) --editable '.[page,meetings,mqtt]'
	@touch $@

# ---- working on it

.PHONY: test
test: $(ENVIRONMENT)/ready-to-check  ## Run the tests. ARGS="-k guide" and the like go to pytest
	@$(BIN)/python -m pytest $(ARGS)

.PHONY: check
check: $(ENVIRONMENT)/ready-to-check  ## All that has to hold before a change goes in: tests, coverage of the core, style, types, the systemd unit
	@$(MAKE) counted cover lint

.PHONY: counted
counted: $(ENVIRONMENT)/ready-to-check  ## The tests of `make check`, which count the lines that they try
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest $(ARGS)
	@$(BIN)/coverage combine --quiet

.PHONY: cover
cover: $(ENVIRONMENT)/ready-to-check  ## What the last `make check` left untested; of the core, nothing may be
	@$(BIN)/coverage report
	@$(BIN)/coverage report --include="$$($(BIN)/python -m tests.floors)" --fail-under=100 >.coverage-core \
		|| { echo "Not all of the core is tested:"; cat .coverage-core; exit 1; }

.PHONY: lint
lint: $(ENVIRONMENT)/ready-to-check  ## Style (ruff), types (mypy) and the systemd unit, without the tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m tests.check_unit

.PHONY: test-slow
test-slow: $(ENVIRONMENT)/ready-to-check  ## The soak tests, which take minutes
	@$(BIN)/python -m pytest -m slow $(ARGS)

.PHONY: test-kernel
test-kernel: $(ENVIRONMENT)/ready-to-check  ## The installed device on a real Linux kernel, see tests/real_kernel; the first time builds it
	@$(BIN)/python -m tests.real_kernel
	$(call on_the_kernel,timed,3)
	$(call on_the_kernel,not timed,5)

.PHONY: test-kernel-slow
test-kernel-slow: .venv/ready-to-check  ## Those of them that take hours: the plug pulled fifty times, and soon again
	@$(BIN)/python -m tests.real_kernel
	@$(BIN)/python -m pytest -m "kernel and slow" --numprocesses 3 --dist worksteal tests/real_kernel $(ARGS)

# Time is real there: what fails beside others is tried once more, with the computer to itself. 5: ARGS chose none of
# this half.
define on_the_kernel
	@$(BIN)/python -m pytest -m "kernel and $(1) and not slow" --numprocesses $(2) --dist worksteal tests/real_kernel $(ARGS) || test $$? = 5 || \
		$(BIN)/python -m pytest -m "kernel and $(1) and not slow" --last-failed tests/real_kernel $(ARGS)
endef

.PHONY: test-rpigpio
test-rpigpio: $(ENVIRONMENT)/ready-to-check  ## RPi.GPIO on an emulated Raspberry Pi 3B, see tests/raspi3b; no part of CI
	@$(BIN)/python -m pytest -m raspi3b tests/raspi3b $(ARGS)

.PHONY: test-home-assistant-old
test-home-assistant-old: $(ENVIRONMENT)/ready-to-check  ## The desk in a real Home Assistant 2024.3, the last one for Python 3.11; the first time installs it
	@$(BIN)/python -m pytest -m "home_assistant and not newer" tests/home_assistant $(ARGS)

.PHONY: test-home-assistant
test-home-assistant: $(ENVIRONMENT)/ready-to-check  ## The same in a current one, in a Debian 13 of its own; takes root
	@$(BIN)/python -m pytest -m "home_assistant and newer" tests/home_assistant $(ARGS)

.PHONY: test-cluster
test-cluster: $(ENVIRONMENT)/ready-to-check  ## A thousand desks on three real nodes that die; needs nats-server and PostgreSQL. UNSIT_AWAY_S=600 keeps the database away for longer
	@$(BIN)/python -m pytest -m cluster tests/office_cluster $(ARGS)

.PHONY: test-pythons
test-pythons: $(ENVIRONMENT)/ready-to-check  ## The tests with Python 3.11 to 3.14 in Debians of their own, and on 32 bits; takes root, mmdebstrap, qemu-user-static, an hour
	@$(BIN)/python -m pytest -m pythons tests/pythons $(ARGS)

.PHONY: test-deb
test-deb: $(ENVIRONMENT)/ready-to-check  ## The Debian packages in fresh Debians of several processors, see tests/package; takes root
	@$(BIN)/python -m pytest -m package tests/package $(ARGS)

.PHONY: test-image
test-image: $(ENVIRONMENT)/ready-to-check  ## The card that `make image` has built: booted, unplugged, broken, see tests/image; an hour or more. UNSIT_CUTS=100 pulls the plug so often
	@$(BIN)/python -m pytest -m image tests/description tests/image $(ARGS)

.PHONY: test-user-data
test-user-data: $(ENVIRONMENT)/ready-to-check  ## A stock Debian 13 that becomes an Unsit by its user-data, with all that may go wrong; an hour, as root, see tests/first_boot
	@$(BIN)/python -m pytest -m first_boot tests/first_boot $(ARGS)

.PHONY: test-case
test-case: $(CASE)/ready  ## The case's solids: closed, printable, all fits and comes out again; the first time installs CadQuery, 1 GB. ARGS="-m case": every build, an hour
	@$(CASE)/bin/python -m pytest -m "case and not slow" tests/case $(ARGS)

.PHONY: golden
golden: $(ENVIRONMENT)/ready-to-check  ## Draw the golden pictures again; fails on purpose, look at each before you keep it
	@UNSIT_GOLDEN=write $(BIN)/python -m pytest $$(grep -rl --include='test_*.py' assert_golden tests) $(ARGS)

.PHONY: stretches
stretches: $(ENVIRONMENT)/ready-to-check  ## Write docs/stretches.md and its moving pictures again
	@$(BIN)/python -m tests.stretch_page

.PHONY: rules
rules: $(ENVIRONMENT)/ready-to-check  ## Write the README's button table and docs/modes.md again
	@$(BIN)/python -m tests.rules_page

.PHONY: drawings
drawings: $(ENVIRONMENT)/ready-to-check  ## Draw the wiring again, and write the tables of wires and values in README and docs
	@$(BIN)/python -m hardware.drawings

.PHONY: case
case: $(CASE)/ready  ## Write the case's parts for the printer again, and what depends on them; without prusa-slicer the times stay. ARGS="--build zero-large": only that build's
	@$(CASE)/bin/python -m hardware.case $(ARGS)

.PHONY: renders
renders: $(CASE)/ready  ## Take the pictures of the device and of its steps again: half an hour without a graphics card. ARGS="desk": only that one; ARGS=--quick: rough
	@$(CASE)/bin/python -m hardware.renders $(ARGS)

.PHONY: screenshots
screenshots: $(ENVIRONMENT)/ready-to-check  ## Take the pictures of the page in the docs again; needs Chromium
	@$(BIN)/python -m tests.screenshots

.PHONY: check-traces
check-traces: $(ENVIRONMENT)/ready-to-check  ## Replay recorded days: DIR=folder of CSV files with t_seconds,seated
	@test -n "$(DIR)" || { echo "Which folder? make check-traces DIR=..." >&2; exit 1; }
	@$(BIN)/python -m tests.check_traces "$(DIR)"

.PHONY: bench
bench: $(ENVIRONMENT)/ready-to-check  ## What it costs, beside what it is compared with: docs/performance.md; takes six minutes
	@$(BIN)/python -m benchmarks $(ARGS)

.PHONY: bench-office
bench-office: $(ENVIRONMENT)/ready-to-check  ## What an office of 10, 100 and 1,000 desks costs: docs/office-cluster.md; takes a quarter of an hour, nats-server and PostgreSQL
	@$(BIN)/python -m benchmarks.office $(ARGS)

# CadQuery is large, and nothing else needs it.
$(CASE)/ready: setup.py pyproject.toml
	$(need_python)
	@echo "Preparing $(CASE) with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv $(CASE)
	@$(CASE)/bin/python $(PIP) --editable '.[case,check]'
	@touch $@

$(ENVIRONMENT)/ready-to-check: $(ENVIRONMENT)/ready
	@echo "Adding the tools for checking ..."
	@$(BIN)/python $(PIP) --editable '.[check]'
	@touch $@

# ---- what others download

# IMAGE=no leaves the image out, which takes long.
IMAGE ?=

.PHONY: deb
deb: $(ENVIRONMENT)/ready-to-check  ## The Debian packages, in dist/: one for the device, and one for each part beside it
	@$(BIN)/python -m systemd.making.debian_packages

.PHONY: image
image: deb  ## As root: the image of a card, in dist/. ARCH=amd64: for a virtual machine. ARGS="--new": with Debian's newest packages
	@$(BIN)/python -m systemd.making.image $(or $(ARCH),arm64) $(ARGS)

.PHONY: layer
layer: $(ENVIRONMENT)/ready-to-check  ## The same as a layer for rpi-image-gen, Raspberry Pi's own image builder, in dist/layer
	@$(BIN)/python -m systemd.making.layer

.PHONY: release
release: $(ENVIRONMENT)/ready-to-check  ## All that others download, in dist/release-VERSION, with checksums and a bill of materials. IMAGE=no leaves the image out
	@$(BIN)/python -m systemd.making.release $(if $(filter no,$(IMAGE)),--without-image)

# ---- for a card

# What is asked for on the command line alone, since LANGUAGE and NAME may be anybody's in the environment, and letter by
# letter, dollars included.
asked = $(if $(filter command,$(origin $(1))),$(value $(1)))

.PHONY: user-data
user-data: $(ENVIRONMENT)/ready-to-check  ## What makes a stock Raspberry Pi OS an Unsit at its first start. NAME=unsit LANGUAGE=de TIMEZONE=Europe/Berlin PAGE=house WIFI_NAME=... WIFI_PASSWORD=... COUNTRY=DE WHEELS=yes
user-data: export ASKED_NAME := $(call asked,NAME)
user-data: export ASKED_LANGUAGE := $(call asked,LANGUAGE)
user-data: export ASKED_TIMEZONE := $(call asked,TIMEZONE)
user-data: export ASKED_PAGE := $(call asked,PAGE)
user-data: export ASKED_WIFI_NAME := $(call asked,WIFI_NAME)
user-data: export ASKED_WIFI_PASSWORD := $(call asked,WIFI_PASSWORD)
user-data: export ASKED_COUNTRY := $(call asked,COUNTRY)
user-data: export ASKED_WHEELS := $(call asked,WHEELS)
user-data:
	@$(BIN)/python -m systemd.making.user_data

.PHONY: clean
clean:  ## Take away what the targets above have made
	rm -rf .venv .venv-* build dist *.egg-info .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache .lgd-nfy*

# ---- as a service on a Pi

# How it is done, also in a chroot or into the root of a card, is in this script.
INSTALL = PYTHON="$(PYTHON)" DESTDIR="$(DESTDIR)" PIP_FLAGS="$(PIP_FLAGS)" REACH="$(REACH)" bash systemd/install.sh

.PHONY: install
install:  ## As root, on a Pi: install the service and start it, or renew all that is installed. DESTDIR=... prepares another root
	@$(INSTALL) install

.PHONY: install-page
install-page:  ## As root, after install: the page, on a Pi for paired phones in the house. REACH=this-computer or house says otherwise
	@$(INSTALL) install-page

.PHONY: install-meetings
install-meetings:  ## As root, after install: the service that reads your calendars, so that it is quiet in meetings
	@$(INSTALL) install-meetings

.PHONY: install-mqtt
install-mqtt:  ## As root, after install: the service that tells a broker how the desk is, for Home Assistant or an office
	@$(INSTALL) install-mqtt

.PHONY: uninstall
uninstall:  ## As root: take the service away again; your settings and the journal stay
	@$(INSTALL) uninstall
