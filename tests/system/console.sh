#!/usr/bin/env bash
# console.sh BUILD [SCREENS | --stay]: a hall with nginx before it; browsers of
# several clerks lead one application through it. With --stay it is left to
# whoever called, with addresses and invitations, until Enter.
[ "$(id -u)" = 0 ] || exit 77
set -euo pipefail
BUILD=$(cd "$1" && pwd)
screens=${2:-}
# shellcheck source=tests/system/hall.sh
. "$(dirname "$0")/hall.sh"
# shellcheck source=tests/system/counter.sh
. "$(dirname "$0")/counter.sh"
nginx=$(PATH=$PATH:/usr/sbin command -v nginx) || exit 77
# shellcheck disable=SC2034 # read by hall.sh
STATIONS=1 HALL_STATIONS_START=yes HALL_GROUPS=$(id -g www-data)
folder=$(mktemp -d /var/tmp/hufu-console.XXXXXX)
web=
finish() {
	[ -z "$web" ] || kill "$web" 2>/dev/null || true
	hall_stop
	rm -rf "$folder"
}
trap finish EXIT

port=$(/usr/bin/python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

# What the hall's configuration is given besides.
hall_edge() {
	mkdir -p "$HALL/pages" "$HALL/logs" "$HALL/edge"
	ln -s "$BUILD/host/console/dist" "$HALL/pages/console"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$HALL/edge/key.pem" -out "$HALL/edge/cert.pem" -days 2 \
		-subj /CN=localhost -addext subjectAltName=DNS:localhost \
		2>/dev/null
	cat >>"$HALL/office/etc/hufud.ini" <<-EOT

	[edge]
	name = localhost
	address = 127.0.0.1
	port = $port
	socket = $HALL/office/run/host/edge.sock
	user = www-data
	certificate = $HALL/edge/cert.pem
	key = $HALL/edge/key.pem
	pages = $HALL/pages
	log = $HALL/logs
	rate = 500
	EOT
}

edge_start() {
	"$HALL/bin/hufu" edge write --config "$HALL/office/etc/hufud.ini" \
		--out "$HALL/edge/hufu.conf" --sign-in-rate 600 \
		--template "$root/host/units/nginx.conf.in"
	# the build's folder belongs to whoever built
	sed -i 's/disable_symlinks if_not_owner;//' "$HALL/edge/hufu.conf"
	cat >"$HALL/edge/nginx.conf" <<-EOT
	daemon off;
	worker_processes 2;
	pid $HALL/edge/nginx.pid;
	events { worker_connections 512; }
	http {
		access_log off;
		include /etc/nginx/mime.types;
		client_body_temp_path $HALL/edge/temp;
		proxy_temp_path $HALL/edge/temp;
		fastcgi_temp_path $HALL/edge/temp;
		uwsgi_temp_path $HALL/edge/temp;
		scgi_temp_path $HALL/edge/temp;
		include $HALL/edge/hufu.conf;
	}
	EOT
	chown -R www-data "$HALL/edge" "$HALL/logs"
	setpriv --reuid www-data --regid www-data --clear-groups -- "$nginx" \
		-p "$HALL/edge" -e "$HALL/logs/start" \
		-c "$HALL/edge/nginx.conf" >>"$HALL/nginx.log" 2>&1 &
	web=$!
	hall_wait 10 curl -sk "https://localhost:$port/v1/session" ||
		hall_fail "nginx does not answer, see $HALL/nginx.log"
}

HALL_BEFORE_START=hall_edge
hall_start "$folder"
"$BUILD/tests/people" "$HALL/people" 3
as bureau person import "$HALL/people/registry.csv" >/dev/null
as keeper1 stock receive 5 --reference T1 --station station1 >/dev/null
hall_blanks 1 3
edge_start

# Two that work at the pages alone.
as secadmin staff add deskman '宁海路街道发放员' - township@320106002 >/dev/null
as secadmin staff add secondbureau '区局证件管理员' - county-bureau@320106 \
	>/dev/null

# Logins and their one-time invitations, for the journey.
{
	echo '{'
	for who in clerk1 clerk2 centre bureau city province maker1 deskman \
		secondbureau keeper1 auditor secadmin; do
		printf '"%s": "%s",\n' "$who" \
			"$(as secadmin --json staff invite "$who" |
				json 'print(d["code"])')"
	done
	printf '"id_number": "%s",\n' \
		"$(sed -n 2p "$HALL/people/registry.csv" | cut -d, -f2)"
	printf '"photo": "%s"\n}\n' "$HALL/people/photos/000.jpg"
} >"$HALL/invitations.json"

if [ "$screens" = --stay ]; then
	cat <<-EOT
	网页 pages: https://localhost:$port/ （证书为临时自签 temporary certificate）
	第一次登录用的邀请码 invitations for the first sign-in:
	$(json 'print(*(f"  {k:13} {v}" for k, v in d.items()
		if k not in ("id_number", "photo")), sep="\n")' \
		<"$HALL/invitations.json")
	登记册（生成人员）registry of generated people: $HALL/people/registry.csv
	照片 photos: $HALL/people/photos
	按回车结束 press Enter to end
	EOT
	read -r _ || true
	exit 0
fi

NODE_EXTRA_CA_CERTS=$HALL/edge/cert.pem node \
	"$root/host/console/tests/browser/journey.mjs" \
	"https://localhost:$port" "$HALL/invitations.json" "$screens"

# Neither nginx nor the daemon has written down who came.
number=$(sed -n 2p "$HALL/people/registry.csv" | cut -d, -f2)
if grep -rlF "$number" "$HALL/logs" "$HALL/hufud.log" "$HALL/nginx.log"; then
	hall_fail 'an ID number stands in a log'
fi
