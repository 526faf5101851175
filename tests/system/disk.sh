# Sourced after walk.sh: a small disk of its own under the host's folder.
# hufud does not run while it comes.
host_folder() { echo "$HALL/office/host"; }

disk_small() { # SIZE
	cp -a "$(host_folder)" "$HALL/host.kept"
	mount -t tmpfs -o "size=$1,mode=0700,uid=$HOST_UID,gid=$HOST_UID" \
		none "$(host_folder)"
	walk_unmount=$(host_folder)
	cp -a "$HALL/host.kept/." "$(host_folder)"
}

# disk_fill [BYTES]: full but for so many, the write-ahead log being empty
disk_fill() {
	as_uid "$HOST_UID" sqlite3 "$(host_folder)/hufu.db" \
		'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	head -c 1G /dev/zero >"$(host_folder)/filler" 2>/dev/null || true
	[ "$(stat -f -c %a "$(host_folder)")" = 0 ] ||
		bad 'the disk is not full'
	truncate -s "-${1:-0}" "$(host_folder)/filler"
}

disk_free() { rm "$(host_folder)/filler"; }

disk_read_only() {
	mount --bind "$(host_folder)" "$(host_folder)"
	walk_unmount=$(host_folder)
	mount -o remount,bind,ro "$(host_folder)"
}

disk_writable() {
	umount "$(host_folder)"
	walk_unmount=
}
