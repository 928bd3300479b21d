# Every target sets up what it needs by itself; see packaging/bootstrap.py.
# Pass options on with ARGS, another Python with PYTHON:  make test ARGS="-k guard" PYTHON=python3.12
PYTHON ?= python3
UV ?= uv
ARGS ?=
BOOTSTRAP = $(PYTHON) packaging/bootstrap.py
LOCK = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" $(ARGS)
WHEELS = --only-binary :all:

.PHONY: help demo test setup doctor lint bench lock format clean

help:
	@echo "make demo    set up, then run a whole session with a simulated patient"
	@echo "make test    set up, then all checks and tests"
	@echo "make setup   set up for development"
	@echo "make doctor  what works on this machine"
	@echo "make lint    style, format, types, imports"
	@echo "make format  put the code in shape"
	@echo "make bench   the benchmarks"
	@echo "make lock    pin the dependencies again (needs uv; ARGS=--upgrade for newer ones)"
	@echo "make clean   remove caches and build products; .venv stays"

demo test setup doctor lint bench:
	@$(BOOTSTRAP) $@ $(ARGS)

format: setup
	@.venv/bin/python -m ruff check --fix .
	@.venv/bin/python -m ruff format .

lock:
	$(LOCK) $(WHEELS) pyproject.toml --group build -o packaging/requirements.txt
	$(LOCK) $(WHEELS) pyproject.toml --group build --group dev --constraint packaging/requirements.txt \
		-o packaging/requirements-dev.txt
	$(LOCK) $(WHEELS) --group reference --override packaging/reference-overrides.txt \
		--constraint packaging/requirements-dev.txt -o packaging/requirements-reference.txt
	$(LOCK) --no-deps --group recordings -o packaging/requirements-recordings.txt

clean:
	rm -rf build dist *.egg-info .coverage .coverage.* htmlcov .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache .benchmarks
	find environments packaging protocols tests therapy -name __pycache__ -prune -exec rm -rf {} +
