# For those who like make. Everything goes through start.py, which makes the environment.

PYTHON ?= python3
VENV_PYTHON = .venv/bin/python
CRASH_ROUNDS ?= 50
FUZZ_REQUESTS ?= 100000
PUSH_ROUNDS ?= 50
SOAK_ROUNDS ?= 20
BACKUP_SECONDS ?= 60
YEARS_RECORDS ?= 50000
RECONNECTS ?= 1000
SOAK_SECONDS ?= 600
WEEK ?= 2026-09-14
# The long forms write to a disk; the suite itself writes to memory where it can.
DISK ?= /tmp
YEAR_ROUNDS ?= 5

.PHONY: help try test lint fix lock bench crash fuzz pushes backups years links office autumn year soak

help:
	@echo "make try | test | lint | fix | lock | bench | crash | fuzz | pushes | backups | years | links | office | autumn | year | soak"

try:
	$(PYTHON) start.py try

test:
	$(PYTHON) start.py test

lint:
	$(PYTHON) start.py test --lint

fix: | $(VENV_PYTHON)
	$(VENV_PYTHON) -m ruff check --fix .
	$(VENV_PYTHON) -m ruff format .
	$(VENV_PYTHON) tools/punctuation.py --fix

lock: | $(VENV_PYTHON)
	$(VENV_PYTHON) tools/lock.py

bench: | $(VENV_PYTHON)
	missed=0; for script in tests/benchmarks/*.py; do echo "== $$script"; $(VENV_PYTHON) "$$script" || missed=1; done; exit $$missed

crash:
	TMPDIR=$(DISK) CRASH_ROUNDS=$(CRASH_ROUNDS) $(PYTHON) start.py test -k crash --timeout=3600

# Mutated requests at both callback entries; FUZZ_SEED picks others.
fuzz:
	FUZZ_REQUESTS=$(FUZZ_REQUESTS) $(PYTHON) start.py test tests/hostile/test_generated.py -s

# A hundred pushes at the robots' limits, with faults drawn anew each round.
pushes:
	TMPDIR=$(DISK) PUSH_ROUNDS=$(PUSH_ROUNDS) $(PYTHON) start.py test tests/delivery/test_hundred_pushes.py --timeout=600

# Copies taken while fifty messages a second arrive, restored and compared.
backups:
	TMPDIR=$(DISK) BACKUP_SECONDS=$(BACKUP_SECONDS) $(PYTHON) start.py test tests/crash/test_backup_under_load.py -s --timeout=900

# Hand-over and a new term on three years of one group's records.
years:
	YEARS_RECORDS=$(YEARS_RECORDS) $(PYTHON) start.py test tests/handlers/test_three_years.py -s

# Connections of our own: ends of every kind in any order, then fifty messages a second.
links:
	RECONNECTS=$(RECONNECTS) $(PYTHON) start.py test tests/platforms -k any_order -s -n0 --timeout=1800
	TMPDIR=$(DISK) SOAK_SECONDS=$(SOAK_SECONDS) $(PYTHON) start.py test tests/crash/test_line_soak.py -s -n0 --timeout=1800

# The whole suite over and over: every round draws new examples and other interleavings.
soak:
	for round in $$(seq $(SOAK_ROUNDS)); do echo "== round $$round"; TMPDIR=$(DISK) $(PYTHON) start.py test tests || exit 1; done

# Plans, progress tables and forms that LibreOffice wrote.
office: | $(VENV_PYTHON)
	SOFFICE=1 $(PYTHON) start.py test tests/calendar tests/reports -k libreoffice

# Two busy months: how much is said each week, and everything that is said in the week of WEEK.
autumn:
	TRANSCRIPT=$(WEEK) $(PYTHON) start.py test tests/schedules/test_busy_autumn.py -s -n0

# The whole school year, in peace and with accidents drawn anew each round; YEAR_SEED names the first.
year:
	YEAR_ROUNDS=$(YEAR_ROUNDS) $(PYTHON) start.py test tests/scheduling/test_year.py -s -n0 --timeout=1800

$(VENV_PYTHON):
	$(PYTHON) start.py test --lint
