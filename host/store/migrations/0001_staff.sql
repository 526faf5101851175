-- Areas, the people who work here, their roles and the uids they act under.

-- Codes carry the tree in their digits; the parent is kept as well, so that
-- no area stands without the one that it lies in.
CREATE TABLE area (
	code TEXT NOT NULL PRIMARY KEY
		CHECK (length(code) IN (6, 9, 12) AND code NOT GLOB '*[^0-9]*'),
	level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 5),
	parent TEXT REFERENCES area (code),
	name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 48),
	CHECK ((level = 1) = (parent IS NULL)),
	CHECK (level != 1 OR code GLOB '[0-9][0-9]0000'),
	CHECK (level != 2 OR (code GLOB '[0-9][0-9][0-9][0-9]00'
		AND substr(code, 3, 2) != '00')),
	CHECK (level != 3 OR (length(code) = 6 AND substr(code, 5, 2) != '00')),
	CHECK (level != 4 OR length(code) = 9),
	CHECK (level != 5 OR length(code) = 12)
) STRICT, WITHOUT ROWID;

CREATE INDEX area_parent ON area (parent);

CREATE TRIGGER area_lies_in_parent BEFORE INSERT ON area
WHEN NEW.parent IS NOT NULL
BEGIN
	SELECT RAISE (ABORT, 'area: not within its parent')
	WHERE NOT EXISTS (SELECT 1 FROM area p
		WHERE p.code = NEW.parent AND p.level < NEW.level
		AND substr(NEW.code, 1, CASE p.level WHEN 1 THEN 2 WHEN 2 THEN 4
			WHEN 3 THEN 6 ELSE 9 END)
		= substr(p.code, 1, CASE p.level WHEN 1 THEN 2 WHEN 2 THEN 4
			WHEN 3 THEN 6 ELSE 9 END));
END;

CREATE TRIGGER area_keeps_place BEFORE UPDATE OF code, level, parent ON area
BEGIN
	SELECT RAISE (ABORT, 'area: code, level and parent never change');
END;

CREATE TABLE staff (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	login TEXT NOT NULL UNIQUE
		CHECK (length(login) BETWEEN 1 AND 32
		AND login GLOB '[a-z]*' AND login NOT GLOB '*[^a-z0-9._-]*'),
	title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 96),
	active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;

-- People stay on record for what they did.
CREATE TRIGGER staff_stays BEFORE DELETE ON staff
BEGIN
	SELECT RAISE (ABORT, 'staff: members are dismissed, never deleted');
END;

-- Which local user acts as whom. One person, one uid.
CREATE TABLE staff_uid (
	uid INTEGER NOT NULL PRIMARY KEY CHECK (uid BETWEEN 0 AND 4294967294),
	staff INTEGER NOT NULL UNIQUE REFERENCES staff (id)
) STRICT;

CREATE TRIGGER staff_uid_of_active BEFORE INSERT ON staff_uid
BEGIN
	SELECT RAISE (ABORT, 'staff: not active')
	WHERE NOT EXISTS (SELECT 1 FROM staff
		WHERE id = NEW.staff AND active = 1);
END;

-- Numbers are those of enum staff_role.
CREATE TABLE role (
	id INTEGER PRIMARY KEY,
	word TEXT NOT NULL UNIQUE,
	-- 三员: system, security and audit administrator are three people, and
	-- none of them does the office's own work.
	admin INTEGER NOT NULL CHECK (admin IN (0, 1))
) STRICT;

INSERT INTO role (id, word, admin) VALUES
	(1, 'village', 0),
	(2, 'township', 0),
	(3, 'county-centre', 0),
	(4, 'county-bureau', 0),
	(5, 'city', 0),
	(6, 'province', 0),
	(7, 'personaliser', 0),
	(8, 'stock-keeper', 0),
	(9, 'key-custodian', 0),
	(10, 'auditor', 0),
	(11, 'system-admin', 1),
	(12, 'security-admin', 1),
	(13, 'audit-admin', 1);

-- Scope '00' is the whole country.
CREATE TABLE staff_role (
	staff INTEGER NOT NULL REFERENCES staff (id),
	role INTEGER NOT NULL REFERENCES role (id),
	area TEXT NOT NULL,
	PRIMARY KEY (staff, role, area)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER staff_role_area BEFORE INSERT ON staff_role
WHEN NEW.area != '00'
BEGIN
	SELECT RAISE (ABORT, 'staff: no such area')
	WHERE NOT EXISTS (SELECT 1 FROM area WHERE code = NEW.area);
END;

CREATE TRIGGER staff_role_active BEFORE INSERT ON staff_role
BEGIN
	SELECT RAISE (ABORT, 'staff: not active')
	WHERE NOT EXISTS (SELECT 1 FROM staff
		WHERE id = NEW.staff AND active = 1);
END;

CREATE TRIGGER staff_role_three_admins BEFORE INSERT ON staff_role
BEGIN
	SELECT RAISE (ABORT, 'staff: an administrator holds no other role')
	FROM staff_role h JOIN role hr ON hr.id = h.role,
		role n
	WHERE h.staff = NEW.staff AND n.id = NEW.role AND h.role != NEW.role
		AND (hr.admin = 1 OR n.admin = 1);
END;

-- The auditor looks at what others do, and so does none of it.
CREATE TRIGGER staff_role_auditor BEFORE INSERT ON staff_role
BEGIN
	SELECT RAISE (ABORT, 'staff: an auditor holds no other role')
	FROM staff_role h
	WHERE h.staff = NEW.staff AND h.role != NEW.role
		AND (h.role = 10 OR NEW.role = 10);
END;

-- Who counts the blanks does not use them up.
CREATE TRIGGER staff_role_stock BEFORE INSERT ON staff_role
BEGIN
	SELECT RAISE (ABORT, 'staff: stock keeper and personaliser are two people')
	FROM staff_role h
	WHERE h.staff = NEW.staff
		AND ((h.role = 7 AND NEW.role = 8) OR (h.role = 8 AND NEW.role = 7));
END;

CREATE TRIGGER staff_role_fixed BEFORE UPDATE ON staff_role
BEGIN
	SELECT RAISE (ABORT, 'staff: roles are granted and revoked, not changed');
END;
