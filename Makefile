# Bulkhead's commands. Needs a JDK 25 and Maven.

export JAVA_HOME := $(shell .ci/jdk)
ifeq ($(JAVA_HOME),)
$(error no JDK 25: see above)
endif
ifeq ($(shell command -v mvn),)
$(error Maven is missing: install it, as with apt-get install maven)
endif

.PHONY: help demo build test format mutants schemas bench-telemetry clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: build ## a battery room fails and is isolated, on a simulated facility; report in target/demo
	target/bulkhead/bin/bulkhead-sim demo --report target/demo

build: ## target/bulkhead/bin/bulkhead and bulkhead-sim
	mvn package -DskipTests

# PEERS=install installs Debian's programs that some tests talk to; then nothing may be skipped.
ifeq ($(PEERS),install)
test: export BULKHEAD_PEERS = required
test: ## all tests; PEERS=install also those that need Debian's programs
	.ci/peers
	mvn clean verify
	.ci/skipped none
else
test:
	mvn clean verify
	@.ci/skipped
endif

format: ## formats all Java
	mvn spotless:apply

mutants: ## breaks the rules one by one in a copy; a test must go red each time
	.ci/mutants

schemas: ## writes the JSON Schemas of all files anew, as their readers read them
	mvn -pl rules,agent test -Dtest=SchemasTest -Dsurefire.failIfNoSpecifiedTests=false -Dschemas.write=true

bench-telemetry: build ## points a second from reading to stored, beside the store's own ingest
	$(JAVA_HOME)/bin/java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
	    -cp "target/bulkhead/lib/*:simulator/target/test-classes" dev.bulkhead.simulator.lab.TelemetryBenchmark

clean: ## removes what was built
	mvn clean
