-- The issuance log: what the published tiles are made from. Rows are only
-- ever added, in order and without gaps; salts alone may be erased, which
-- makes their entry anonymous.

CREATE TABLE log_state (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	-- the signer or the tiles know more entries: nothing may be added
	behind INTEGER NOT NULL CHECK (behind IN (0, 1))
) STRICT;

INSERT INTO log_state (one, behind) VALUES (1, 0);

CREATE TABLE log_entry (
	idx INTEGER PRIMARY KEY CHECK (idx >= 0),
	entry BLOB NOT NULL CHECK (length(entry) BETWEEN 1 AND 400)
) STRICT;

CREATE TRIGGER log_entry_in_order BEFORE INSERT ON log_entry
WHEN NEW.idx <> (SELECT coalesce(max(idx) + 1, 0) FROM log_entry)
	OR (SELECT behind FROM log_state) <> 0
BEGIN
	SELECT RAISE(ABORT, 'log entries stand in order, and not while behind');
END;

CREATE TRIGGER log_entry_stays BEFORE UPDATE ON log_entry
BEGIN
	SELECT RAISE(ABORT, 'log entries never change');
END;

CREATE TRIGGER log_entry_never_goes BEFORE DELETE ON log_entry
BEGIN
	SELECT RAISE(ABORT, 'log entries never go');
END;

CREATE TABLE log_salt (
	idx INTEGER NOT NULL REFERENCES log_entry (idx),
	field INTEGER NOT NULL CHECK (field BETWEEN 7 AND 11),
	sealed_salt BLOB NOT NULL,
	PRIMARY KEY (idx, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE log_checkpoint (
	size INTEGER PRIMARY KEY CHECK (size >= 0),
	root BLOB NOT NULL CHECK (length(root) = 32),
	note TEXT NOT NULL
) STRICT;

CREATE TRIGGER log_checkpoint_grows BEFORE INSERT ON log_checkpoint
WHEN NEW.size < (SELECT coalesce(max(size), 0) FROM log_checkpoint)
BEGIN
	SELECT RAISE(ABORT, 'checkpoints never shrink');
END;

CREATE TRIGGER log_checkpoint_stays BEFORE UPDATE ON log_checkpoint
BEGIN
	SELECT RAISE(ABORT, 'checkpoints never change');
END;
