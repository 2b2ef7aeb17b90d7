# Start with `make demo` and `make test`. Each installs missing packages.

SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
SOURCES := Sources Tests schema Benchmarks/Sources Fuzzing/Sources \
  Package.swift Benchmarks/Package.swift Fuzzing/Package.swift

PREFIX ?= /usr/local
BINARY ?= .build/release/asinqd

.PHONY: demo test build install uninstall deb benchmark crashes crash-hosts seeds host-seeds fuzz sanitize format lint help \
  settings-pages \
  needs install-needs test-needs deb-needs

## demo        Build asinqd and run the demo, without a key or network
demo: needs
	@[ -e .build/debug/asinqd ] || echo "Building asinqd. The first build takes about five minutes."
	@# On a terminal, SwiftPM shows its progress in one line.
	swift build $$([ -t 1 ] || echo --quiet) --product asinqd
	.build/debug/asinqd demo

## test        Run all that CI runs: lint, build, all tests, the demo
# CPU-bound tests run apart from tests that wait, which they would starve.
test: needs test-needs lint
	swift build --build-tests --explicit-target-dependency-import-check error
	swift test --skip-build --filter 'PlanningTests|ProvidersTests|StorageTests|OperationsTests|SandboxTests|ContractTests|RepositoryTests|SimulationTests'
	@# The same tests of the store and of reports, on PostgreSQL, and those that need a server.
	Tests/on-postgresql swift test --skip-build --filter 'StorageTests|OperationsTests|asinqdTests.MoveTests|ServerErrorsTests|HostSeedTests|HostMutationTests'
	swift test --skip-build --filter 'SchedulingTests|ThirdProviderTests'
	swift test --skip-build --filter asinqdTests
	swift test --skip-build --filter WebTests
	schema/postgresql/tests/run
	@# The checks of make crash-hosts, on made-up runs.
	python3 -B -m unittest discover -q -s Tests/hosts
	@# Both at once: each takes a minute, most of which is a wait for the limits.
	.build/debug/asinqd demo --postgres > .build/demo-postgres.txt 2>&1 & on_server=$$!; \
	.build/debug/asinqd demo && wait $$on_server || { cat .build/demo-postgres.txt; exit 1; }

## build       Build the release binary, .build/release/asinqd
# The binary is linked statically with Swift's libraries, so that it runs without them.
build: needs
	swift build -c release --static-swift-stdlib --product asinqd

## install     Install under PREFIX (/usr/local), as root, or into DESTDIR; after make build
install: install-needs
	@[ -x "$(BINARY)" ] || { echo "There is no $(BINARY). Try: run make build"; exit 1; }
	packaging/install.sh "$(BINARY)" "$(PREFIX)" "$(DESTDIR)"

## uninstall   Remove the installed files, except the settings
uninstall:
	packaging/uninstall.sh "$(PREFIX)" "$(DESTDIR)"

## deb         Make a Debian package in .build
deb: build deb-needs
	packaging/deb.sh "$(BINARY)" .build

## benchmark   Print each benchmark with its baseline
# Takes about half an hour after the build.
benchmark: needs build
	swift run -c release --package-path Benchmarks benchmark .build/release/asinqd
	@# Installs PostgreSQL and psycopg.
	schema/postgresql/tests/run --version > /dev/null
	.build/python-postgresql/bin/python Benchmarks/engines.py .build/release/asinqd
	Benchmarks/web.py .build/release/asinqd

## crashes     Kill the daemon KILLS times while other programs insert
KILLS ?= 2000
SEED ?= 1
crashes: needs test-needs
	swift build --build-tests
	CRASH_KILLS=$(KILLS) CRASH_SEED=$(SEED) swift test --skip-build --filter CrashTests

## crash-hosts Kill, freeze and cut off daemons on one PostgreSQL server for ROUNDS rounds; needs root
ROUNDS ?= 20
crash-hosts: needs
	swift build --product asinqd
	Tests/hosts/run .build/debug/asinqd --rounds $(ROUNDS) --seed $(SEED)

## seeds       Simulate COUNT runs with new seeds, and print how to replay those that fail
COUNT ?= 100
seeds: needs
	swift build --product asinqd
	.build/debug/asinqd simulate --seeds $(COUNT) --seed $$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')

## host-seeds  The same with two hosts on a PostgreSQL server
host-seeds: needs
	swift build --build-tests
	HOST_SEEDS=$(COUNT) HOST_SEED=$$(od -An -N4 -tu4 /dev/urandom | tr -d ' ') \
	  Tests/on-postgresql swift test --skip-build --filter HostSeedTests/search

## fuzz        Feed RUNS inputs from libFuzzer to each parser of untrusted text
# A failing input is kept in .build/fuzz; `.build/fuzz/release/fuzz reply FILE` replays it.
RUNS ?= 1000000
fuzz: needs
	swift build -c release --package-path Fuzzing --scratch-path .build/fuzz
	@for parser in reply hint input; do \
	  mkdir -p .build/fuzz/corpus/$$parser; \
	  echo "$$parser: $(RUNS) inputs, log in .build/fuzz/$$parser.log"; \
	  SWIFT_BACKTRACE=enable=no .build/fuzz/release/fuzz $$parser -runs=$(RUNS) -max_len=6000 \
	    -dict=Fuzzing/$$parser.dict -print_final_stats=1 -artifact_prefix=.build/fuzz/$$parser- \
	    .build/fuzz/corpus/$$parser Fuzzing/Corpus/$$parser > .build/fuzz/$$parser.log 2>&1 \
	  || { grep -a "Fatal error\|ERROR\|Test unit" .build/fuzz/$$parser.log; exit 1; }; \
	  grep -a "stat::number\|stat::average" .build/fuzz/$$parser.log; \
	done

## sanitize    Run tests under the address and thread sanitizers
# These are the tests of unsafe code, C and threads. They link with lld; gold fails. asinqdTests are left out,
# because the thread sanitizer reports state behind Swift's Mutex as a race.
sanitize: needs test-needs
	@for kind in address thread; do \
	  swift build --build-tests --sanitize=$$kind --scratch-path .build/$$kind -Xswiftc -use-ld=lld && \
	  ASAN_OPTIONS=detect_leaks=0 SWIFT_BACKTRACE=enable=no swift test --skip-build \
	    --sanitize=$$kind --scratch-path .build/$$kind -Xswiftc -use-ld=lld --filter \
	    'ProvidersTests|StorageTests|ContractTests|SandboxTests|SchedulingTests' || exit 1; \
	done

## settings-pages  Write the pages that list the settings
# Writes docs/settings.md, asinqd.yaml and asinqd.yaml(5) from the definitions of the settings.
settings-pages:
	swift build --build-tests
	WRITE_PAGES=1 swift test --skip-build --filter SettingsPagesTests

## format      Format the sources
format:
	swift format -i -r $(SOURCES)

## lint        Check the format
lint:
	swift format lint --strict -r $(SOURCES)

## help        List the targets
help:
	@sed -n 's/^##  */make /p' Makefile

needs:
	@command -v swift > /dev/null || { echo "There is no Swift. Try: install Swift 6.3 from https://www.swift.org/install/linux"; exit 1; }
	@missing=""; \
	[ -e /usr/include/sqlite3.h ] || missing="$$missing libsqlite3-dev"; \
	[ -e /usr/include/postgresql/libpq-fe.h ] || missing="$$missing libpq-dev"; \
	command -v pkg-config > /dev/null || missing="$$missing pkg-config"; \
	[ -z "$$missing" ] || { \
	  echo "Installing$$missing, which the build needs."; \
	  $(SUDO) apt-get -qq update && $(SUDO) apt-get -qq install -y $$missing > /dev/null; }

test-needs:
	@missing=""; \
	command -v sqlite3 > /dev/null || missing="$$missing sqlite3"; \
	python3 -c 'import ensurepip' 2> /dev/null || missing="$$missing python3 python3-venv"; \
	command -v cc > /dev/null || missing="$$missing gcc libc6-dev"; \
	command -v script > /dev/null || missing="$$missing bsdutils"; \
	command -v openssl > /dev/null || missing="$$missing openssl"; \
	command -v setpriv > /dev/null || missing="$$missing util-linux"; \
	command -v systemd-analyze > /dev/null || missing="$$missing systemd"; \
	command -v chromium > /dev/null || missing="$$missing chromium"; \
	[ -z "$$missing" ] || { \
	  echo "Installing$$missing for the tests."; \
	  $(SUDO) apt-get -qq update && $(SUDO) apt-get -qq install -y $$missing > /dev/null; }
	@# The package prometheus would start a server, so only the program for rules and metrics is taken from it.
	@command -v promtool > /dev/null || [ -x .build/promtool ] || { \
	  echo "Extracting promtool for the tests, into .build."; \
	  mkdir -p .build/prometheus && cd .build/prometheus && $(SUDO) apt-get -qq update \
	  && apt-get -qq -o APT::Sandbox::User=root download prometheus && dpkg-deb --extract prometheus_*.deb . \
	  && mv usr/bin/promtool .. && cd .. && rm -r prometheus; }
	@[ .build/python/installed -nt Tests/requirements.txt ] \
	&& [ .build/python/installed -nt schema/examples/requirements.txt ] || { \
	  echo "Installing Python packages for the tests, into .build/python."; \
	  python3 -m venv .build/python \
	  && .build/python/bin/pip install --quiet --disable-pip-version-check -r Tests/requirements.txt \
	  && touch .build/python/installed; }

install-needs:
	@missing=""; \
	command -v python3 > /dev/null || missing="$$missing python3-minimal"; \
	command -v strip > /dev/null || missing="$$missing binutils"; \
	absent=$$(ldd "$(BINARY)" 2> /dev/null | sed -n 's/^\t\(.*\) => not found.*/\1/p'); \
	case "$$absent" in *libsqlite3.so.0*) missing="$$missing libsqlite3-0";; esac; \
	case "$$absent" in *libpq.so.5*) missing="$$missing libpq5";; esac; \
	[ -z "$$missing" ] || { \
	  echo "Installing$$missing: python3 writes the manual page, strip makes the binary smaller, and the binary links the libraries."; \
	  $(SUDO) apt-get -qq update && $(SUDO) apt-get -qq install -y $$missing > /dev/null; }

deb-needs:
	@command -v dpkg-shlibdeps > /dev/null && command -v python3 > /dev/null || { \
	  echo "Installing dpkg-dev and python3 to build the package."; \
	  $(SUDO) apt-get -qq update && $(SUDO) apt-get -qq install -y dpkg-dev python3 > /dev/null; }
