#!/usr/bin/env bash
# The packages of a tree of the preset "package": what lies in them, and a
# life from installing to purging in a throw-away layer over this machine's
# own root, so that nothing here changes: package.sh BUILD
set -euo pipefail
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
fail() { echo "package: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo 'package: needs root' >&2; exit 77; }

debs=("$build"/deb/*.deb)
[ ${#debs[@]} = 5 ] || fail "${#debs[@]} packages"
has() { # PACKAGE PATH...
	local list path
	list=$(dpkg-deb -c "$build"/deb/"$1"_*.deb | awk '{print $6}')
	for path in "${@:2}"; do
		grep -qx "\./$path" <<<"$list" || fail "$1 lacks $path"
	done
}
has hufu-host usr/sbin/hufud usr/sbin/hufu-signd usr/sbin/hufu-photo \
	usr/bin/hufu usr/lib/systemd/system/hufud.service \
	usr/lib/systemd/system/hufu-signd.service usr/lib/sysusers.d/hufu.conf \
	usr/share/hufu/nginx.conf.in usr/share/hufu/policy.ini \
	usr/share/man/man1/hufu.1.gz usr/share/man/man8/hufud.8.gz \
	usr/share/doc/hufu-host/hufu.spdx.json
has hufu-verify usr/bin/hufu-verify usr/share/man/man1/hufu-verify.1.gz
has hufu-pages usr/share/hufu/console/index.html usr/share/hufu/verify/index.html \
	usr/share/hufu/verify/core.wasm.gz
has libhufu0 "usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)/libhufu.so.0"
has libhufu-dev usr/include/hufu/hufu.h
for deb in "${debs[@]}"; do
	# nothing of the machine that built it, nothing anyone may write
	dpkg-deb -c "$deb" | awk '$1 ~ /^-/ && (substr($1, 9, 1) == "w" ||
		$1 ~ /s/) { bad = 1; print } END { exit bad }' || fail "$deb: modes"
	dpkg-deb -c "$deb" | awk '{print $2}' | sort -u | grep -qvx root/root &&
		fail "$deb: owners"
done
/usr/bin/python3 "$here/../check/sbom.py" "$build/hufu.spdx.json"
if command -v lintian >/dev/null; then
	lintian "${debs[@]}" 2>&1 | grep '^E:' && fail 'lintian'
fi

export BUILD=$build HERE=$here
timeout -k 5 240 unshare --mount --pid --fork --kill-child bash "$here/life.sh"
echo 'package: installed, upgraded, removed and purged'
