#!/bin/sh
# Two private readers, a client of another make in each at once, OpenSC's
# tool, and pcscd killed and started again. 77: something is not installed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
skip() {
	echo "skipped: $*"
	exit 77
}
[ -x /usr/sbin/pcscd ] || skip "pcscd"
[ -e /usr/lib/pcsc/drivers/serial/libifdvpcd.so ] || skip "vsmartcard-vpcd"
unshare -n true 2>/dev/null || [ "$(id -u)" -ne 0 ] || skip "unshare"
/usr/bin/python3 -c 'import smartcard, cryptography' 2>/dev/null ||
	skip "python3-pyscard, python3-cryptography"

dir=$(mktemp -d)
finish() {
	code=$?
	"$here/reader.sh" stop "$dir/reader"
	[ "$code" -eq 0 ] || cat "$dir"/reader/*.log
	rm -rf "$dir"
	exit "$code"
}
trap finish EXIT
trap 'exit 1' INT TERM

master=101112131415161718191a1b1c1d1e1f
echo "$master" >"$dir/master"
READER_MASTER=$dir/master "$here/reader.sh" start "$dir/reader" 2
export PCSCLITE_CSOCK_NAME="$dir/reader/pcscd.sock"

client() {
	"$HUFU_BUILD/bin/hufu-card" --new-blank --memory "$dir/$1" \
		--transport-master "$dir/master" >/dev/null
	/usr/bin/python3 "$here/scp03_client.py" \
		"Hufu Virtual Reader $2 00 00" "$dir/reader/card-$2.sock" \
		"$master" "$dir/$1"
}

client one 1 &
first=$!
client two 2
wait "$first"

# killed, not asked: the next pcscd serves the same readers again
kill -KILL "$(cat "$dir/reader/pcscd.pid")"
"$here/reader.sh" restart "$dir/reader" pcscd
client three 1

if command -v opensc-tool >/dev/null; then
	/usr/bin/python3 - "$dir/reader/card-2.sock" "$dir/three" <<-'PY'
		import socket, sys
		s = socket.socket(socket.AF_UNIX)
		s.connect(sys.argv[1])
		s.sendall(f"insert {sys.argv[2]}\n".encode())
		assert s.recv(200).startswith(b"ok")
	PY
	tries=50
	until opensc-tool -r "Hufu Virtual Reader 2 00 00" -a \
		>"$dir/atr" 2>/dev/null; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ]
		sleep 0.05
	done
	grep -q 3b:87:80:01:80:31:f8:73:d4:01:e0 "$dir/atr"
	opensc-tool -r "Hufu Virtual Reader 2 00 00" \
		-s 00A404000BF05A3C91E742B80D6F000100 -s 00B09D0010 |
		grep -c 'SW1=0x90, SW2=0x00' | grep -qx 2
fi
echo "two readers, three cards"
