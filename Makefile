# Bulkhead's commands. Needs a JDK 25 and Maven.

export JAVA_HOME := $(shell .ci/jdk)
ifeq ($(JAVA_HOME),)
$(error no JDK 25: see above)
endif
ifeq ($(shell command -v mvn),)
$(error Maven is missing: install it, as with apt-get install maven)
endif

.PHONY: help demo build test format mutants schemas physics bench-telemetry bench-modbus bench-sim fuzz clean

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
	mvn -pl rules,agent,simulator test -Dtest=SchemasTest -Dsurefire.failIfNoSpecifiedTests=false -Dschemas.write=true

physics: ## works out the tables of docs/concepts/physics.md anew
	mvn -pl rules,agent,simulator test -Dtest=PhysicsTableTest -Dsurefire.failIfNoSpecifiedTests=false -Dphysics.write=true

bench-telemetry: build ## points a second from reading to stored, beside the store's own ingest
	$(JAVA_HOME)/bin/java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
	    -cp "target/bulkhead/lib/*:simulator/target/test-classes" dev.bulkhead.simulator.lab.TelemetryBenchmark

# MODE=scale and MODE=flapping measure a thousand devices and links that keep breaking; LENGTH=PT10M says how long.
bench-modbus: build ## registers read a second, beside libmodbus in C and j2mod; needs gcc and libmodbus-dev
	$(JAVA_HOME)/bin/java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
	    -XX:+UseSerialGC -Xmx256m -cp "target/bulkhead/lib/*:agent/target/test-classes" dev.bulkhead.agent.ModbusBenchmark $(or $(MODE),speed) $(LENGTH)

bench-sim: build ## how fast the plant goes, and its Modbus server beside libmodbus in C; needs gcc and libmodbus-dev
	$(JAVA_HOME)/bin/java -cp "target/bulkhead/lib/*:simulator/target/test-classes" \
	    dev.bulkhead.simulator.plant.PlantBenchmark simulator/src/main/sites/pangyo-rebuilt/plant.yaml
	cd simulator && $(JAVA_HOME)/bin/java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Xmx256m \
	    -cp "../target/bulkhead/lib/*:target/test-classes:../agent/target/test-classes" \
	    dev.bulkhead.simulator.device.ServerBenchmark

# Each parser gets FUZZ seconds. The corpus is in the agent's test resources; a finding is a file in target/fuzz.
FUZZ := 150
JAZZER := com.code-intelligence:jazzer:0.30.0 com.code-intelligence:jazzer-api:0.30.0
fuzz: build ## Jazzer on the parsers of frames and of register maps, ten minutes; FUZZ=60 for a minute each
	for jar in $(JAZZER); do mvn -q dependency:copy -Dartifact=$$jar -DoutputDirectory=$(CURDIR)/target/fuzz -N || exit 1; done
	for parser in frames rtu ascii profiles; do \
	    folder=target/fuzz/$$parser; mkdir -p $$folder/corpus && \
	    $(JAVA_HOME)/bin/java -cp "$(FUZZ_PATH)" dev.bulkhead.agent.modbus.Fuzzer $$parser $$folder/corpus && \
	    $(JAVA_HOME)/bin/java -Xmx512m -Dparser=$$parser -cp "$(FUZZ_PATH)" com.code_intelligence.jazzer.Jazzer \
	        --target_class=dev.bulkhead.agent.modbus.Fuzzer --jvm_args=-Dparser=$$parser \
	        --instrumentation_includes='dev.bulkhead.**:org.snakeyaml.**' \
	        --reproducer_path=$$folder -artifact_prefix=$$folder/ -max_total_time=$(FUZZ) $$folder/corpus || exit 1; \
	done
FUZZ_PATH := target/fuzz/*:target/bulkhead/lib/*:agent/target/test-classes

clean: ## removes what was built
	mvn clean
