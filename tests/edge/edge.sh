#!/usr/bin/env bash
# nginx with the configuration that hufu edge writes, as an ordinary user on
# the loopback, before a daemon that tells what reached it: edge.sh BUILD
set -euo pipefail
build=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
nginx=$(PATH=$PATH:/usr/sbin command -v nginx) || exit 77
export LC_ALL=C.UTF-8
# in Unix sockets' reach, and where another user may look
place=$(mktemp -d /tmp/hufu-edge.XXXXXX)
trap 'stop; rm -rf "$place"' EXIT
pids=()
stop() {
	local pid
	for pid in "${pids[@]}"; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
}
plain() { # COMMAND...: not as root
	if [ "$(id -u)" = 0 ]; then
		exec setpriv --reuid 64050 --regid 64050 --clear-groups -- "$@"
	fi
	exec "$@"
}
port=$(/usr/bin/python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

# An authority, a server, a device of ours and one of somebody else's.
certificate() { # NAME AUTHORITY EXTENSIONS
	openssl req -quiet -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$1.key" -out "$1.csr" -subj "/CN=$1" 2>/dev/null ||
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$1.key" -out "$1.csr" -subj "/CN=$1" 2>/dev/null
	openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" \
		-CAcreateserial -days 2 -extfile <(printf '%s\n' "$3") \
		-out "$1.pem" 2>/dev/null
}
authority() { # NAME
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$1.key" -out "$1.pem" -days 2 -subj "/CN=$1" \
		-addext basicConstraints=critical,CA:TRUE 2>/dev/null
}
cd "$place"
authority house
authority elsewhere
certificate hall.example house 'subjectAltName=DNS:hall.example'
certificate device house 'extendedKeyUsage=clientAuth'
certificate stranger elsewhere 'extendedKeyUsage=clientAuth'

mkdir -p office/public/status/1 office/public/log pages/console/assets \
	pages/verify logs
echo '<!doctype html>console' >pages/console/index.html
echo 'let a = 1' >pages/console/assets/a.js
echo 'packed' | gzip -9n >pages/console/assets/a.js.gz
echo '<!doctype html>verify' >pages/verify/index.html
echo list >office/public/status/1/list.cwt
echo note >office/public/log/checkpoint
for name in trust-list.cbor root.pem log.vkey; do
	echo "$name" >"office/public/$name"
done
sed -e "s|@PLACE@|$place|g" -e "s|@PORT@|$port|g" "$here/hufud.ini" >hufud.ini
"$build/bin/hufu" edge write --config hufud.ini --out hufu.conf \
	--template "$root/host/units/nginx.conf.in"
if "$build/bin/hufu" edge write --config <(sed 's|^name = hall.*|name = a;b|' \
	hufud.ini) --template "$root/host/units/nginx.conf.in" >odd 2>&1; then
	echo 'edge: a value may end a directive' >&2
	exit 1
fi
cat >nginx.conf <<-END
	daemon off;
	worker_processes 1;
	pid $place/nginx.pid;
	events { worker_connections 256; }
	http {
		access_log off;
		include /etc/nginx/mime.types;
		client_body_temp_path $place/temp; proxy_temp_path $place/temp;
		fastcgi_temp_path $place/temp; uwsgi_temp_path $place/temp;
		scgi_temp_path $place/temp;
		include $place/hufu.conf;
	}
END
[ "$(id -u)" != 0 ] || chown -R 64050 "$place"
chmod 0755 "$place"
(plain "$nginx" -t -q -p "$place" -e "$place/logs/start" -c "$place/nginx.conf")
(plain /usr/bin/python3 "$here/daemon.py" "$place/edge.sock" "$place/seen") &
pids+=($!)
(plain "$nginx" -p "$place" -e "$place/logs/start" -c "$place/nginx.conf") &
pids+=($!)
/usr/bin/python3 "$here/edge.py" "$place" "$port"

# What is written down names no query, no identifier, no body.
if grep -rE 'secret|4711|SUCCESS_FORGED' logs; then
	echo 'edge: the log tells too much' >&2
	exit 1
fi
[ -z "$(find temp -type f 2>/dev/null)" ]
