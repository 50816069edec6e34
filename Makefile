# make demo · make serve · make test · make check · make bench. Needs make and Python 3.11–3.13; uv is fetched from PyPI when missing.
SHELL := /bin/sh
export UV_COMPILE_BYTECODE := 1
export UV_PYTHON_DOWNLOADS := never
export PATH := $(CURDIR)/.uv/bin:$(PATH)

.PHONY: demo serve test test-fast test-live check format bench chaos doctor clean
.DEFAULT_GOAL := demo

demo: uv ## turn samples/talk.mp4 into Shorts, posts and a remembered strategy
	uv sync --quiet --frozen --no-dev
	uv run --quiet --frozen --no-dev omni produce samples/talk.mp4

serve: uv ## Prefect, workers and the API on this machine, until Ctrl-C
	@uv sync --quiet --frozen --no-dev --inexact
	@exec uv run --quiet --frozen --no-dev --no-sync omni serve

test: check ## every check and every test, two files at a time: many wait for servers
	uv run --frozen pytest -n 2 --dist loadfile --no-loadscope-reorder

test-fast: uv ## the tests that need no Prefect, no FFmpeg and no browser
	uv run --frozen pytest -n 2 --dist loadfile -m "not prefect and not ffmpeg and not footage and not browser"

test-live: uv ## the adapters against the real services: needs GEMINI_API_KEY, costs about a cent
	uv run --frozen pytest --live -m live -rs tests/adapters

check: uv ## format, lint, directions of import, types, lock file
	uv sync --quiet --frozen
	uv run --frozen ruff format --check .
	uv run --frozen ruff check .
	uv run --frozen lint-imports
	uv run --frozen pyright
	uv lock --check

format: uv
	uv run --frozen ruff format .
	uv run --frozen ruff check --fix .

bench: uv ## ratios of TARGETS, on an idle machine
	uv run --frozen python -m bench.render
	uv run --frozen python -m bench.analysis
	uv run --frozen python -m bench.framing
	uv run --frozen python -m bench.selection
	uv run --frozen python -m bench.borders
	uv run --frozen python -m bench.job
	uv run --frozen python -m bench.door
	uv run --frozen python -m bench.memory latency contention meaning

chaos: uv ## kill every part of the stack while real jobs run, 50 times, and check that nothing is lost; 25 minutes at most
	uv run --frozen python -m bench.chaos

doctor: uv ## what is in use on this machine, and what is degraded
	uv run --quiet --frozen --no-dev omni doctor

.PHONY: uv
uv: ## found on the PATH, else fetched from PyPI into .uv/
	@mkdir -p .uv/bin
	@command -v uv >/dev/null || \
	{ python3 -m venv .uv/venv >/dev/null 2>&1 && .uv/venv/bin/python -m pip install --quiet uv && ln -sf ../venv/bin/uv .uv/bin/uv; } || \
	{ rm -rf .uv/venv; python3 -m pip install --quiet --target .uv/lib uv && ln -sf ../lib/bin/uv .uv/bin/uv; } || \
	{ echo "uv could not be fetched: install Python 3.11 with pip or venv (Debian: apt-get install python3-venv), or uv itself." >&2; exit 1; }

clean:
	rm -rf .venv .uv output
