-- Cards that the log tells of and the restored store has no row for: what
-- the log says of them, and how two people settled each.

ALTER TABLE card_noted ADD COLUMN area TEXT NOT NULL DEFAULT '';
ALTER TABLE card_noted ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE card_noted ADD COLUMN ground TEXT NOT NULL DEFAULT '';
ALTER TABLE card_noted ADD COLUMN settled_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE card_noted ADD COLUMN settled_by INTEGER REFERENCES staff (id);
ALTER TABLE card_noted ADD COLUMN witness INTEGER REFERENCES staff (id);
ALTER TABLE card_noted ADD COLUMN surrendered INTEGER NOT NULL DEFAULT 0
  CHECK (surrendered IN (0, 1));
ALTER TABLE card_noted ADD COLUMN settled_index INTEGER;

CREATE TRIGGER card_noted_no_delete BEFORE DELETE ON card_noted
BEGIN SELECT raise(ABORT, 'noted-kept'); END;
CREATE TRIGGER card_noted_fixed BEFORE UPDATE OF list, idx ON card_noted
  WHEN OLD.list <> NEW.list OR OLD.idx <> NEW.idx
BEGIN SELECT raise(ABORT, 'noted-fixed'); END;
CREATE TRIGGER card_noted_recorded BEFORE UPDATE OF settled_at ON card_noted
  WHEN NEW.settled_at <> 0 AND EXISTS (
    SELECT 1 FROM card WHERE list = NEW.list AND idx = NEW.idx)
BEGIN SELECT raise(ABORT, 'noted-has-card'); END;
CREATE TRIGGER card_noted_two_people BEFORE UPDATE OF settled_at,
  settled_by, witness ON card_noted
  WHEN NEW.settled_at <> 0 AND (NEW.settled_by IS NULL
    OR NEW.witness IS NULL OR NEW.settled_by = NEW.witness
    OR NEW.ground = '')
BEGIN SELECT raise(ABORT, 'noted-two-people'); END;
CREATE TRIGGER card_noted_once BEFORE UPDATE OF settled_at, settled_by,
  witness, surrendered, settled_index ON card_noted
  WHEN OLD.settled_at <> 0
BEGIN SELECT raise(ABORT, 'noted-settled'); END;
-- The status list follows, in the same statement.
CREATE TRIGGER card_noted_status AFTER UPDATE OF settled_at ON card_noted
  WHEN NEW.settled_at <> 0
BEGIN
  UPDATE status_entry SET value = 1 WHERE list = NEW.list AND idx = NEW.idx;
END;
