# Verbs for people who develop Cutout. Each installs what it needs if that is missing.

SHELL := /bin/bash
# QGIS embeds the first python3 on PATH, and only the system's own has the module qgis.
export PATH := /usr/bin:/bin:$(PATH)

PYTHON := build/venv/bin/python
TOOLS := build/check-venv/bin
PYTEST := $(PYTHON) -m pytest
OFFSCREEN := QT_QPA_PLATFORM=offscreen
ON_A_SCREEN := xvfb-run -a -s "-screen 0 1280x1024x24"

ROOMS := core providers bridge toolbox ui
LANGUAGES := de en
TRANSLATIONS := $(wildcard i18n/cutout_*.ts)
PROFILE ?= default
PROFILES := $(or $(XDG_DATA_HOME),$(HOME)/.local/share)/QGIS

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo standin test test-unit test-services test-clients test-qgis test-headless test-desktop \
	test-qgis344 siege bench check lint types gate package strings translations link clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what the machine lacks: QGIS, Python packages, the virtual environment
	@scripts/setup.sh test

demo: setup translations ## try the plugin in a real QGIS, on stand-ins of the services
	@scripts/demo.sh

standin: setup ## run the stand-ins of the services until Ctrl+C
	@$(PYTHON) -m tests.standin

test: test-unit test-services test-clients test-qgis test-headless test-desktop ## all tests on this machine's QGIS

test-unit: setup ## core and providers, without QGIS
	$(PYTEST) -n 2 tests/unit $(ARGS)

test-services: setup ## the services against the stand-ins, and 3D results, without QGIS
	$(PYTEST) -n 2 --dist loadfile tests/services tests/scenes $(ARGS)

test-clients: setup ## the stand-ins, judged by other people's clients of the services
	@scripts/setup.sh clients node
	$(PYTEST) -n 2 --dist loadfile tests/clients $(ARGS)

test-qgis: setup ## bridge, toolbox and ui in a QGIS without a screen
	$(OFFSCREEN) $(PYTEST) -n 3 --dist loadfile tests/qgis $(ARGS)

test-headless: setup ## qgis_process, and the commands of docs/processing.md
	$(OFFSCREEN) $(PYTEST) -n 3 --dist loadfile tests/headless $(ARGS)

test-desktop: setup ## the real desktop on a virtual screen
	$(ON_A_SCREEN) $(PYTEST) tests/desktop $(ARGS)

test-qgis344: ## the same tests on QGIS 3.44, in a chroot outside of the checkout (needs root)
	@scripts/setup.sh chroot
	@scripts/qgis344.sh test $(ARGS)

siege: setup ## kills, full disks, hostile services, other people's servers, leaks
	@scripts/setup.sh servers fuzz
	$(ON_A_SCREEN) $(PYTEST) -n 2 --dist loadfile tests/siege $(ARGS)

bench: setup ## what it costs, against what people would use instead: docs/performance.md
	@scripts/setup.sh bench
	build/bench-venv/bin/python -m tests.bench $(ARGS)

check: lint types gate ## lint, types, and the gate of plugins.qgis.org on the built zip

lint:
	@scripts/setup.sh check
	$(TOOLS)/ruff check
	$(TOOLS)/ruff format --check
	$(PYTEST) --quiet tests/unit/test_house.py
	$(OFFSCREEN) $(PYTHON) scripts/qt6.py $(wildcard *.py) $(ROOMS)

types:
	@scripts/setup.sh check
	scripts/types.sh

gate: package
	@scripts/setup.sh check
	$(TOOLS)/python scripts/gate.py build/cutout-$(shell sed -n 's/^version=//p' metadata.txt).zip

package: translations ## build/cutout-VERSION.zip, as people install it
	@scripts/package.sh

strings: ## take the texts of the code up into i18n/*.ts
	@scripts/setup.sh translate
	pylupdate5 -noobsolete $(wildcard plugin.py) $(foreach room,$(ROOMS),$(wildcard $(room)/*.py $(room)/*/*.py)) \
		-ts $(LANGUAGES:%=i18n/cutout_%.ts)

translations: $(TRANSLATIONS:.ts=.qm) ## compile i18n/*.ts

i18n/%.qm: i18n/%.ts
	@scripts/setup.sh translate
	QT_SELECT=qt5 lrelease -silent $< -qm $@

link: translations ## link this checkout into your QGIS profile (PROFILE=default)
	@scripts/link.sh "$(PROFILES)" "$(PROFILE)"

clean: ## remove build/ and caches; the QGIS 3.44 chroot stays
	rm -rf build .pytest_cache .ruff_cache .hypothesis i18n/*.qm
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
