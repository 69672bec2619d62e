# Every target works from a clean clone with Go, git and make.

export CGO_ENABLED := 0

TOOL := go tool -modfile=tools/go.mod

.PHONY: demo test deps format vet lint check-generated generate race torture pgo bench
.NOTPARALLEL:

demo: ## Bavet on http://127.0.0.1:8080, Moc Bai on :8081, worked by a simulated world
	go run ./cmd/landport demo

# The program's profile (see pgo) would have every package built a second time
# for cmd/landport. The longest go first, lest one is left alone at the end.
test: export GOFLAGS := $(shell go env GOFLAGS) -pgo=off
test: deps format vet check-generated lint ## everything a change must pass; go test comes last
	go test -vet=off ./web ./node ./evidence ./...

deps: ## what the browser tests need: Chromium and fonts
	@tools/install-test-deps

format:
	@bad=$$(gofmt -l .); test -z "$$bad" || { echo "Not formatted; run gofmt -w on:"; echo "$$bad"; exit 1; } >&2

vet:
	go vet ./...

lint: ## the first run builds golangci-lint, which takes some minutes
	$(TOOL) golangci-lint run ./...

generate: ## Go from the page templates
	$(TOOL) templ generate -log-level warn

check-generated:
	@tools/check-generated

race: ## go test with the race detector, the one target that needs a C compiler
	@command -v $$(go env CC) >/dev/null || { echo "The race detector needs a C compiler; install gcc or clang." >&2; exit 1; }
	CGO_ENABLED=1 go test -race ./...

torture: ## what takes hours: ten thousand kills, properties with new seeds, fuzzing, a start with ten million facts
	go test -timeout 24h ./node -run Killed -kills 10000
	go test -timeout 24h ./gate -rapid.seed=$$(date +%s) -rapid.checks 20000 -seeds 20000
	go test -timeout 24h ./gate -run '^$$' -fuzz FuzzDecide -fuzztime 1h -fuzzminimizetime 10x
	go test -timeout 24h ./api -run '^$$' -fuzz FuzzRequests -fuzztime 1h -fuzzminimizetime 10x
	go test -timeout 24h ./node -run '^$$' -bench Start -benchtime 1x -facts 10000000

pgo: ## the profile that the compiler builds the program by
	go test -trimpath -c -o /tmp/landport.test ./sim
	cd sim && /tmp/landport.test -test.run '^$$' -test.bench 'MM5|Gate16|BavetYear' -test.benchtime 3s -test.cpuprofile ../cmd/landport/default.pgo
	rm /tmp/landport.test

bench: ## Landport beside a bare loop and, where it is installed, SimPy
	go test -timeout 2h -run '^$$' -bench . -benchmem ./...
	go run ./bench/compare
