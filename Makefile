# make run | test | test-camera | lint | docs | demo | screenshots | clean. Each sets up what it needs; the second time that takes no time.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: run test test-camera lint docs demo screenshots clean

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
PACKAGING := setup.cfg pyproject.toml
# make run ARGS="--source clip.mp4"; make test ARGS="tests/faces -k crop"
ARGS ?=

run: $(VENV)/run.stamp
	$(BIN)/webcam-app $(ARGS)

test: $(VENV)/test.stamp
	$(BIN)/python -m pytest $(ARGS)

test-camera: $(VENV)/test.stamp $(VENV)/camera.stamp
	$(BIN)/python -m pytest tests/camera $(ARGS)

lint: $(VENV)/test.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# The Python API, from the docstrings.
docs: $(VENV)/run.stamp
	$(PIP) -e '.[docs]'
	$(BIN)/python .ci/make-docs

demo: $(VENV)/test.stamp
	$(PIP) -e '.[demo]'
	$(BIN)/python assets/make_demo.py

# The pictures of README, from the demo clip.
screenshots: $(VENV)/test.stamp
	xvfb-run -a -s "-screen 0 1400x1000x24" $(BIN)/python assets/make_screenshots.py
	xvfb-run -a -s "-screen 0 1400x1000x24" $(BIN)/python assets/make_teach.py

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .import_linter_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/run.stamp: $(PACKAGING) | $(VENV)/bin/python
	.ci/system-packages run
	$(PIP) -e .
	touch $@

# PyTorch for Linux may bring gigabytes of CUDA; with PIP_EXTRA_INDEX_URL set to its index of CPU builds it does not.
$(VENV)/test.stamp: $(PACKAGING) tests/constraints.txt | $(VENV)/bin/python
	.ci/system-packages test
	$(PIP) -c tests/constraints.txt -e '.[test,train]'
	touch $@ $(VENV)/run.stamp

$(VENV)/camera.stamp: .ci/system-packages
	.ci/system-packages camera
	touch $@

$(VENV)/bin/python:
	.ci/find-python >/dev/null || .ci/system-packages run
	"$$(.ci/find-python)" -m venv $(VENV)
