# `make demo` and `make test` are all that a newcomer needs. Each installs what is missing.

SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
SOURCES := Sources Tests schema Benchmarks/Sources Package.swift Benchmarks/Package.swift

.PHONY: demo test build benchmark format lint needs test-needs

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

# The binary for use: .build/release/asinqd
build: needs
	swift build -c release --product asinqd

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
	[ -z "$$missing" ] || { \
	  echo "Installing$$missing, which the tests run."; \
	  $(SUDO) apt-get -qq update && $(SUDO) apt-get -qq install -y $$missing > /dev/null; }
