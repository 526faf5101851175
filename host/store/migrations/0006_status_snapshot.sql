-- The compact list's last snapshot: deltas name what changed after it.

ALTER TABLE status_list ADD COLUMN snapshot_sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE status_list ADD COLUMN snapshot_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE status_list ADD COLUMN snapshot_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE status_list ADD COLUMN snapshot_hash BLOB; -- SHA-256 of the file

CREATE INDEX status_entry_version ON status_entry (list, version);
