-- How members of staff prove who they are at the edge, and their sessions.

CREATE TABLE staff_access (
	staff INTEGER NOT NULL PRIMARY KEY REFERENCES staff (id),
	-- PHC string of argon2id; NULL: not set yet
	password TEXT CHECK (password IS NULL OR password GLOB '$argon2id$*'),
	sealed_totp BLOB, -- 20 bytes (RFC 6238)
	-- a code has shown that the device has the secret
	confirmed INTEGER NOT NULL DEFAULT 0 CHECK (confirmed IN (0, 1)),
	last_step INTEGER NOT NULL DEFAULT 0, -- of the last code accepted
	failures INTEGER NOT NULL DEFAULT 0, -- since the last success
	locked_until INTEGER NOT NULL DEFAULT 0,
	-- SHA-256 of the one-time code of an invitation, its end
	invite BLOB CHECK (length(invite) = 32),
	invite_until INTEGER NOT NULL DEFAULT 0,
	CHECK (confirmed = 0 OR (password IS NOT NULL AND sealed_totp IS NOT NULL))
) STRICT;

CREATE TRIGGER staff_access_no_replay BEFORE UPDATE OF last_step
ON staff_access
WHEN NEW.last_step < OLD.last_step AND NEW.sealed_totp IS OLD.sealed_totp
BEGIN
	SELECT RAISE (ABORT, 'access: a code counts once');
END;

CREATE TABLE session (
	token BLOB NOT NULL PRIMARY KEY CHECK (length(token) = 32), -- SHA-256
	staff INTEGER NOT NULL REFERENCES staff (id),
	created INTEGER NOT NULL,
	used INTEGER NOT NULL,
	fresh_until INTEGER NOT NULL,
	-- fingerprint of the client certificate it began with, hex; '' none
	certificate TEXT NOT NULL CHECK (length(certificate) IN (0, 40))
) STRICT, WITHOUT ROWID;

CREATE INDEX session_staff ON session (staff);
CREATE INDEX session_used ON session (used);

-- Who is dismissed, or whose rights change, signs in again.
CREATE TRIGGER session_of_dismissed AFTER UPDATE OF active ON staff
WHEN NEW.active = 0
BEGIN
	DELETE FROM session WHERE staff = NEW.id;
	UPDATE staff_access SET password = NULL, sealed_totp = NULL,
		confirmed = 0, invite = NULL WHERE staff = NEW.id;
END;
CREATE TRIGGER session_rights_given AFTER INSERT ON staff_role
BEGIN
	DELETE FROM session WHERE staff = NEW.staff;
END;
CREATE TRIGGER session_rights_taken AFTER DELETE ON staff_role
BEGIN
	DELETE FROM session WHERE staff = OLD.staff;
END;
CREATE TRIGGER session_of_active BEFORE INSERT ON session
BEGIN
	SELECT RAISE (ABORT, 'session: not active') WHERE NOT EXISTS (
		SELECT 1 FROM staff WHERE id = NEW.staff AND active = 1);
END;
