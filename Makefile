# What can be made of cos. "make" alone lists it.

GO      ?= go
FUZZTIME ?= 20s
VERSION ?=
export CGO_ENABLED = 0

.DEFAULT_GOAL := help
.PHONY: help build demo demo-cft docs test race golden bench pgo soak fuzz lint cover pictures check-builds man release image check-image

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s%s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

build: ## build bin/cos
	$(GO) build -trimpath $(if $(VERSION),-ldflags "-s -w -X cos/runtime.Version=$(VERSION)") $(if $(TAGS),-tags $(TAGS)) -o bin/cos .

demo: build ## run the concurrent server with several clients and show what they print
	@bin/cos demo

demo-cft: build ## run two Transfer CFT servers with clients, a transfer between them and the port check
	@bin/cos cft demo

test: ## run all tests, the goldens among them
	$(GO) test -pgo=off ./...

race: ## run all tests under the race detector (needs a C compiler)
	@command -v "$${CC:-cc}" >/dev/null 2>&1 || command -v gcc >/dev/null 2>&1 || command -v clang >/dev/null 2>&1 || \
		{ echo "make race: the race detector needs a C compiler, and there is none (cc, gcc, clang, or \$$CC)" >&2; exit 1; }
	CGO_ENABLED=1 GORACE="$${GORACE:-atexit_sleep_ms=0}" $(GO) test -pgo=off -race -timeout 20m ./...

golden: build ## run the golden sessions in scripts/ with bin/cos
	bin/cos test scripts

bench: ## measure cos beside plain Go and GT.M (BENCH='-quick -rows PING', docs/benchmarks.md)
	$(GO) run ./scripts/bench $(BENCH)

# "go build" reads default.pgo by itself. Tests and builds that only check go without.
pgo: ## profile the compute programs again: default.pgo guides the compiler (1.1 times as fast)
	$(GO) test -pgo=off -run '^$$' -bench BenchmarkProgram -benchtime 5x -cpuprofile default.pgo -o /dev/null ./runtime

soak: build ## the long tests: hundreds of kills, ten million nodes; then all tests SOAK times (10 unless told)
	COS_SOAK=1 COS_SOAK_PLOT=$(CURDIR)/docs $(GO) test -timeout 120m -run Soak -v ./runtime/globals
	$(GO) test -timeout 120m -count $(or $(SOAK),10) ./...

docs: ## write docs/tcp.md, docs/check.md, docs/language.md and docs/config.md from the tables; examples get the outputs they have
	$(GO) test ./scripts -run TestChapterDocument -update
	$(GO) test ./runtime/check -run TestDocument -update
	$(GO) test ./runtime/reference -run 'TestExamples$$' -update
	$(GO) test ./runtime/reference -run TestDocument -update
	$(GO) test ./repl/cli -run TestConfigDocument -update

fuzz: ## fuzz every fuzz target for FUZZTIME (20s unless told)
	@set -e; for pkg in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
			echo "$$pkg $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$pkg; \
		done; \
	done

lint: ## gofmt -s, go vet, staticcheck
	@bad=$$(gofmt -s -l $$(git ls-files '*.go')); if [ -n "$$bad" ]; then echo "gofmt -s would change:"; echo "$$bad"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

cover: ## measure test coverage, write coverage.html
	$(GO) test -coverpkg ./... -coverprofile coverage.out ./...
	$(GO) tool cover -html coverage.out -o coverage.html
	@$(GO) tool cover -func coverage.out | tail -1

# A trace page and a terminal are drawn and photographed as a reader would see them.
CHROMIUM ?= $(firstword $(shell command -v chromium chromium-browser google-chrome))

PHOTOGRAPH = $(CHROMIUM) --headless=new --no-sandbox --disable-gpu --hide-scrollbars --virtual-time-budget=2000

pictures: build ## draw the pictures in docs/ again (needs a chromium and tmux)
	@test -n "$(CHROMIUM)" || { echo "make pictures: there is no chromium (CHROMIUM=path)" >&2; exit 1; }
	@command -v tmux >/dev/null || { echo "make pictures: there is no tmux" >&2; exit 1; }
	bin/cos run --trace=bin/trace.html docs/trace.mac 7001
	$(PHOTOGRAPH) --window-size=1500,1060 --screenshot=docs/trace.png "file://$(CURDIR)/bin/trace.html#e20" 2>/dev/null
	rm -rf bin/cft-page bin/received-*
	bin/cos cft --data bin/cft-page serve --parm docs/cft-page.parm & server=$$!; \
		until bin/cos cft --com xhttp://127.0.0.1:7765 ABOUT >/dev/null; do kill -0 $$server || exit 1; done; \
		bin/cos cft --com xhttp://127.0.0.1:7765 @docs/cft-page.requests bin/cft-page.txt; \
		$(PHOTOGRAPH) --window-size=1500,900 --virtual-time-budget=4000 --screenshot=docs/cft-page.png http://127.0.0.1:7766/ 2>/dev/null; \
		kill $$server; wait $$server; test $$? = 143
	docs/prompt.sh bin/cos bin/prompt.html
	$(PHOTOGRAPH) --window-size=900,830 --screenshot=docs/prompt.png "file://$(CURDIR)/bin/prompt.html" 2>/dev/null

check-builds: ## build for the other systems
	GOOS=darwin GOARCH=arm64 $(GO) build -pgo=off -o /dev/null .
	GOOS=windows GOARCH=amd64 $(GO) build -pgo=off -o /dev/null .
	GOOS=linux GOARCH=arm64 $(GO) build -pgo=off -o /dev/null .

man: build ## write the manual page, bin/cos.1
	bin/cos help --man >bin/cos.1

release: ## build the archives of a release into dist/ (VERSION=1.2.3)
	@test -n "$(VERSION)" || { echo "make release: which VERSION=1.2.3?" >&2; exit 1; }
	$(GO) run ./scripts/release -version $(VERSION)

image: ## build the container image cos (needs docker)
	docker build -t cos $(if $(VERSION),--build-arg VERSION=$(VERSION)) .

check-image: ## do what the Dockerfile says without docker, and use what comes out (as root, Linux)
	COS_IMAGE=1 $(GO) test -pgo=off -count 1 -timeout 30m -run TestImage -v ./scripts/release
