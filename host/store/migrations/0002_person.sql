-- The registry of persons. Columns named sealed_* hold ciphertext.

CREATE TABLE person (
	id INTEGER PRIMARY KEY,
	id_index BLOB NOT NULL UNIQUE CHECK (length(id_index) = 32),
	sealed_id_number BLOB NOT NULL,
	sealed_name BLOB NOT NULL,
	sealed_born BLOB NOT NULL,
	sealed_phone BLOB,
	sealed_address BLOB,
	sealed_service BLOB,
	sex INTEGER NOT NULL CHECK (sex IN (0, 1, 2, 9)),
	ethnicity INTEGER NOT NULL CHECK (ethnicity BETWEEN 0 AND 99),
	residence TEXT NOT NULL CHECK (length(residence) IN (6, 9, 12)
		AND residence NOT GLOB '*[^0-9]*'),
	classes INTEGER NOT NULL CHECK (classes BETWEEN 0 AND 4294967295),
	registered INTEGER NOT NULL CHECK (registered IN (0, 1)),
	chinese_household INTEGER NOT NULL CHECK (chinese_household IN (0, 1)),
	dead INTEGER NOT NULL CHECK (dead IN (0, 1)),
	-- keyed hash over all of it: an import of the same row changes nothing
	content BLOB NOT NULL CHECK (length(content) = 32),
	changed_s INTEGER NOT NULL
) STRICT;

CREATE INDEX person_residence ON person (residence);

-- What stands against a card (管理办法 art. 25, 26); none for most people.
CREATE TABLE person_ground (
	person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	ground INTEGER NOT NULL CHECK (ground BETWEEN 1 AND 31),
	ended TEXT CHECK (ended IS NULL
		OR ended GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	PRIMARY KEY (person, ground)
) STRICT, WITHOUT ROWID;
