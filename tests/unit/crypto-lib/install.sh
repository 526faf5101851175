#!/usr/bin/env bash
# What an integrator does: install, find the library by pkg-config and by
# CMake, build the example, verify a card with it.
# install.sh CMAKE BUILD SOURCE SAMPLE COMPILER
set -euo pipefail
cmake=$1 build=$2 source=$3 sample=$4 cc=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix

die() {
	echo "install: $*" >&2
	exit 1
}

for part in libhufu libhufu-dev; do
	"$cmake" --install "$build" --component $part --prefix "$prefix" >/dev/null
done
lib=$(dirname "$(find "$prefix" -name libhufu.so)")

# exactly the names of the map, with its version, and nothing needed but libc
sed -n 's/^\t\(hufu_[a-z_0-9]*\);$/\1/p' "$source/crypto/lib/libhufu.map" |
	sort >"$work/promised"
nm -D --defined-only "$lib/libhufu.so" | awk '$2 != "A" { print $3 }' |
	sort >"$work/shared"
sed 's/$/@@HUFU_0/' "$work/promised" | diff - "$work/shared" ||
	die 'the shared library has other symbols than libhufu.map'
nm -g --defined-only "$lib/libhufu.a" | awk 'NF == 3 { print $3 }' |
	sort | diff "$work/promised" - ||
	die 'the archive has other symbols than libhufu.map'
grep -ohE '\bhufu_[a-z_0-9]+\(' "$prefix"/include/hufu/{hufu,result}.h |
	tr -d '(' | sort -u | diff "$work/promised" - ||
	die 'the headers declare other functions than libhufu.map'
needed=$(readelf -d "$lib/libhufu.so" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p')
[ "$needed" = libc.so.6 ] || die "needs $needed"
echo '#include <hufu/hufu.h>' |
	g++ -std=c++17 -Wall -Wextra -Werror -fsyntax-only -x c++ \
		-I"$prefix/include" -

# the day on which the sample's lists are fresh
cat >"$work/clock.c" <<-'EOT'
	#include <time.h>
	time_t time(time_t *ret) { (void)ret; return 1785546000; }
EOT

# expect STATUS TEXT PROGRAM SUITE: a good card, or one with another letter
expect() {
	local status=$1 text=$2 program=$3 s=$sample/$4 got=0
	"$program" "$s/root.pem" "$s/trust.cbor" "$s/status.cbor" \
		<"$work/text" >"$work/out" 2>&1 || got=$?
	[ $got = "$status" ] && grep -qxF -- "$text" "$work/out" ||
		die "$program: exit $got, wanted $status $text: $(cat "$work/out")"
}
try() {
	local suite
	for suite in intl sm; do
		tr -d '\n' <"$sample/$suite/credential.txt" >"$work/text"
		expect 0 '有效 生***' "$1" "$suite"
		printf 'https://example.invalid/' >"$work/text"
		expect 1 '不是优待证 ' "$1" "$suite"
	done
	tr -d '\n' <"$sample/intl/credential.txt" >"$work/text"
	expect 1 '发卡机构不明 ' "$1" sm
}

export PKG_CONFIG_PATH=$lib/pkgconfig
# shellcheck disable=SC2046
"$cc" -std=c17 -Wall -Wextra -Werror -o "$work/by-pkg-config" \
	"$source/merchant/cli/example.c" "$work/clock.c" \
	$(pkg-config --cflags --libs hufu) -Wl,-rpath,"$lib"
try "$work/by-pkg-config"

mkdir "$work/till"
cat >"$work/till/CMakeLists.txt" <<-EOT
	cmake_minimum_required(VERSION 3.25)
	project(till LANGUAGES C)
	find_package(hufu 0.1 REQUIRED)
	foreach(kind hufu hufu_static)
	  add_executable(till_\${kind} $source/merchant/cli/example.c
	    $work/clock.c)
	  target_link_libraries(till_\${kind} PRIVATE hufu::\${kind})
	endforeach()
EOT
"$cmake" -S "$work/till" -B "$work/till/build" -DCMAKE_PREFIX_PATH="$prefix" \
	-DCMAKE_C_COMPILER="$cc" >"$work/log" 2>&1 || die "$(cat "$work/log")"
"$cmake" --build "$work/till/build" >"$work/log" 2>&1 || die "$(cat "$work/log")"
try "$work/till/build/till_hufu"
try "$work/till/build/till_hufu_static"
