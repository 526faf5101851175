#!/usr/bin/env bash
# run.sh BUILD: every measure of this machine in one run, as a table and as
# BUILD/bench.json. HUFU_BENCH_PEOPLE sets the size of the registry. A
# missed limit is shown, not judged: the exit status says only that all ran.
set -euo pipefail
build=$(cd "${1:?run.sh BUILD}" && pwd)
people=${HUFU_BENCH_PEOPLE:-1000000}
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT

run() {
	echo "bench: $(basename "$1")" >&2
	"$@" 2>/dev/null | grep '^{' >>"$lines" || {
		echo "bench: $1 failed" >&2
		return 1
	}
}

# OpenSSL's own figures, from the same library in the same run.
peer() {
	echo "bench: openssl speed" >&2
	openssl speed -seconds 1 -mr ecdsap256 ed25519 2>/dev/null |
		awk -F: '
		$1 == "+F4" { print "{\"bench\": \"openssl_es256\", " \
			"\"sign_per_s\": " $4 ", \"verify_per_s\": " $5 "}" }
		$1 == "+F6" { print "{\"bench\": \"openssl_ed25519\", " \
			"\"sign_per_s\": " $5 ", \"verify_per_s\": " $6 "}" }
		' >>"$lines" || echo "bench: openssl speed gave nothing" >&2
}

# What a JavaScript verifier reaches; its packages come from npm, by their lock.
node_chain() {
	local work=$build/node-chain here
	here=$(dirname "${BASH_SOURCE[0]}")/node
	echo "bench: node chain" >&2
	mkdir -p "$work"
	cp "$here"/package.json "$here"/package-lock.json "$here"/verify.mjs \
		"$work"
	[ -d "$work/node_modules" ] ||
		npm install --prefix "$work" --no-save --no-audit --no-fund \
			--ignore-scripts >/dev/null 2>&1 ||
		{ echo "bench: npm has no packages" >&2; return 0; }
	"$build/bench/bench_credential" "$work"
	node "$work/verify.mjs" "$work" >>"$lines" ||
		echo "bench: the node chain failed" >&2
}

# The page's core in Node, as a browser runs it.
page_core() {
	echo "bench: page core" >&2
	HUFU_CORE_WASM=$build/merchant/web/core.wasm npm run --silent \
		--prefix "$(dirname "${BASH_SOURCE[0]}")/../../merchant/web" \
		speed >>"$lines" || echo "bench: the page's core failed" >&2
}

run "$build/bench/bench_card"
run "$build/tests/print_bench"
run "$build/bench/bench_apply"
run "$build/bench/bench_worklist"
run "$build/bench/bench_report"
run "$build/bench/bench_log"
run "$build/bench/bench_signature"
run "$build/bench/bench_credential"
run "$build/bench/bench_refusal"
node_chain
page_core
run "$build/bench/bench_compact"
peer
run "$build/bench/bench_registry" "$people"
/usr/bin/python3 "$(dirname "$0")/table.py" "$lines" "$build/bench.json"
