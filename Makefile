# `make demo` and `make test` are all that a newcomer needs. Each installs what is missing.

SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
SOURCES := Sources Tests schema Benchmarks/Sources Package.swift Benchmarks/Package.swift

PREFIX ?= /usr/local
BINARY ?= .build/release/asinqd

.PHONY: demo test build install uninstall deb benchmark format lint needs test-needs deb-needs

demo: needs
	swift build --quiet --product asinqd
	.build/debug/asinqd demo

# The rooms that reckon run apart from those that wait: they would keep them from the processor.
test: needs test-needs lint
	swift build --build-tests --explicit-target-dependency-import-check error
	swift test --skip-build --filter 'PlanningTests|ProvidersTests|StorageTests|SandboxTests|ContractTests|SimulationTests'
	swift test --skip-build --filter 'SchedulingTests|RepositoryTests'
	swift test --skip-build --filter asinqdTests
	.build/debug/asinqd demo

# The binary for use: .build/release/asinqd. Swift's libraries are in it, so it runs where there are none.
build: needs
	swift build -c release --static-swift-stdlib --product asinqd

# After `make build`, as root, or into DESTDIR.
install:
	@[ -x "$(BINARY)" ] || { echo "There is no $(BINARY). Try: make build"; exit 1; }
	packaging/install.sh "$(BINARY)" "$(PREFIX)" "$(DESTDIR)"

uninstall:
	packaging/uninstall.sh "$(PREFIX)" "$(DESTDIR)"

deb: build deb-needs
	packaging/deb.sh "$(BINARY)" .build

# Prints each figure beside what it is compared with. Takes about ten minutes after the build.
benchmark: needs build
	swift run -c release --package-path Benchmarks benchmark .build/release/asinqd

format:
	swift format -i -r $(SOURCES)

lint:
	swift format lint --strict -r $(SOURCES)

needs:
	@command -v swift > /dev/null || { echo "Swift 6.3 is needed: https://www.swift.org/install/linux"; exit 1; }
	@[ -e /usr/include/sqlite3.h ] || { \
	  echo "Installing libsqlite3-dev, which the build links with."; \
	  $(SUDO) apt-get -qq update && $(SUDO) apt-get -qq install -y libsqlite3-dev > /dev/null; }

test-needs:
	@missing=""; \
	command -v sqlite3 > /dev/null || missing="$$missing sqlite3"; \
	command -v python3 > /dev/null || missing="$$missing python3"; \
	command -v cc > /dev/null || missing="$$missing gcc libc6-dev"; \
	command -v script > /dev/null || missing="$$missing bsdutils"; \
	command -v setpriv > /dev/null || missing="$$missing util-linux"; \
	command -v systemd-analyze > /dev/null || missing="$$missing systemd"; \
	[ -z "$$missing" ] || { \
	  echo "Installing$$missing, which the tests run."; \
	  $(SUDO) apt-get -qq update && $(SUDO) apt-get -qq install -y $$missing > /dev/null; }

deb-needs:
	@command -v dpkg-shlibdeps > /dev/null && command -v python3 > /dev/null || { \
	  echo "Installing dpkg-dev and python3, which make the package."; \
	  $(SUDO) apt-get -qq update && $(SUDO) apt-get -qq install -y dpkg-dev python3 > /dev/null; }
