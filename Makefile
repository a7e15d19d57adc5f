# The list of everything that can be done here. Every target but `clean` first installs what is needed.

RUN := npm exec --offline --
CLI := npm run -s cli --
INSTALLED := node_modules/.package-lock.json

.PHONY: setup serve demo test check types lint format format-check deadcode canary bench mutation fuzz peers build fixtures fixtures-check clean

setup: $(INSTALLED)

# Scripts of packages are not run; the link puts the pinned Node first on npm's PATH.
$(INSTALLED): package-lock.json package.json test/config/node/package.json
	npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
	node test/config/node/link.mjs
	@touch $@

serve: setup
	@$(CLI) serve --lab

demo: setup
	@npm run -s demo

check: types lint format-check deadcode canary fixtures-check

test: check
	$(RUN) vitest run --config test/config/vitest.config.ts --coverage

types: setup
	$(RUN) tsc -p tsconfig.json --noEmit
	$(RUN) tsc -p test/tsconfig.json

lint: setup
	$(RUN) oxlint -c test/config/oxlint.json --type-aware --deny-warnings --ignore-pattern 'test/canary/faults/**' src enclave test fixtures

format: setup
	$(RUN) prettier --write --log-level=warn src enclave test fixtures package.json '!test/canary/faults/**'

format-check: setup
	$(RUN) prettier --check --log-level=warn src enclave test fixtures package.json '!test/canary/faults/**'

deadcode: setup
	$(RUN) knip

canary: setup
	npm run -s canary

bench: setup build
	@npm run -s bench

# Switches off every check of the verifier in turn; the suite does so too. `npm run mutation -- --conditions` goes deeper.
mutation: setup
	@npm run -s mutation

# Ten minutes of documents with structural changes; `make fuzz SECONDS=60 SEED=1` for less, and for the same again.
fuzz: setup
	@npm run -s fuzz

# Other people's verifiers on our documents, and ours on theirs. The first time it installs and compiles them, for minutes.
peers: setup
	@npm run -s peers

# The compiler's output is the library; the program is bundled over it, since one file loads faster than hundreds.
build: setup
	rm -rf dist
	$(RUN) tsc -p tsconfig.json
	npm run -s declarations
	$(RUN) esbuild src/main.ts --bundle --splitting --packages=external --platform=node --target=node24 \
	  --format=esm --outdir=dist/src --allow-overwrite --log-level=warning

fixtures: setup
	npm run -s fixtures

fixtures-check: setup
	npm run -s fixtures -- --check

clean:
	rm -rf node_modules dist coverage .cache
