-- Which entries of the log are about whom, and what their commitments stand
-- for: the timeline of one person. Goes when the person's data is erased.
CREATE TABLE person_log (
	person  INTEGER NOT NULL,
	idx     INTEGER NOT NULL REFERENCES log_entry (idx),
	actor   INTEGER, -- staff; null: the system, or a kiosk
	station INTEGER,
	card    TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (person, idx)
) STRICT, WITHOUT ROWID;
