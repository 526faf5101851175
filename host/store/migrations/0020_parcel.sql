-- Parcels of made cards: packed, sent, signed for with a count. A card lies
-- in one parcel at most, and while it does it moves with the parcel alone.

-- When a card came to where it is handed over. For those delivered before
-- this column was there, when they were made is the best that is known.
ALTER TABLE card ADD COLUMN delivered_at INTEGER NOT NULL DEFAULT 0;
UPDATE card SET delivered_at = made_at WHERE phase = 4;

CREATE INDEX card_ready ON card (id) WHERE phase IN (2, 4);
CREATE INDEX card_delivered ON card (delivered_at) WHERE phase = 4;

-- state: 1 packed, 2 sent, 3 received, 4 unpacked again. counted: cards that
-- lay in it by hand count, also those that are not on its list.
CREATE TABLE parcel (
  id          INTEGER PRIMARY KEY,
  area        TEXT    NOT NULL CHECK (length(area) IN (6, 9, 12)),
  destination TEXT    NOT NULL CHECK (length(destination) IN (6, 9, 12)),
  state       INTEGER NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 4),
  ground      TEXT    NOT NULL DEFAULT '', -- "uncollected": passed up
  packed_by   INTEGER NOT NULL REFERENCES staff (id),
  packed_at   INTEGER NOT NULL,
  sent_by     INTEGER REFERENCES staff (id),
  sent_at     INTEGER NOT NULL DEFAULT 0,
  received_by INTEGER REFERENCES staff (id),
  received_at INTEGER NOT NULL DEFAULT 0,
  counted     INTEGER NOT NULL DEFAULT 0 CHECK (counted >= 0),
  difference  TEXT    NOT NULL DEFAULT '', -- ground of one
  CHECK (state NOT IN (2, 3) OR sent_by IS NOT NULL),
  CHECK (state <> 3 OR received_by IS NOT NULL)
) STRICT;

CREATE INDEX parcel_state ON parcel (state, id);

-- open: it lies in the parcel. found: by whoever signed for it.
CREATE TABLE parcel_card (
  parcel INTEGER NOT NULL REFERENCES parcel (id),
  card   INTEGER NOT NULL REFERENCES card (id),
  open   INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1)),
  found  INTEGER CHECK (found IN (0, 1)),
  PRIMARY KEY (parcel, card)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX parcel_card_open ON parcel_card (card) WHERE open = 1;
CREATE INDEX parcel_card_of ON parcel_card (card, parcel);

CREATE TRIGGER parcel_no_delete BEFORE DELETE ON parcel
BEGIN SELECT raise(ABORT, 'parcel-kept'); END;
CREATE TRIGGER parcel_starts BEFORE INSERT ON parcel WHEN NEW.state <> 1
BEGIN SELECT raise(ABORT, 'parcel-state'); END;
CREATE TRIGGER parcel_moves BEFORE UPDATE ON parcel
  WHEN NOT ((OLD.state = 1 AND NEW.state IN (2, 4))
    OR (OLD.state = 2 AND NEW.state = 3))
BEGIN SELECT raise(ABORT, 'parcel-state'); END;
CREATE TRIGGER parcel_fixed BEFORE UPDATE ON parcel
  WHEN OLD.id <> NEW.id OR OLD.area <> NEW.area
    OR OLD.destination <> NEW.destination OR OLD.ground <> NEW.ground
    OR OLD.packed_by <> NEW.packed_by OR OLD.packed_at <> NEW.packed_at
    OR (OLD.sent_by IS NOT NULL AND (NEW.sent_by IS NOT OLD.sent_by
      OR NEW.sent_at <> OLD.sent_at))
BEGIN SELECT raise(ABORT, 'parcel-fixed'); END;
CREATE TRIGGER parcel_two_people BEFORE UPDATE OF received_by ON parcel
  WHEN NEW.received_by = NEW.sent_by
BEGIN SELECT raise(ABORT, 'parcel-two-people'); END;
CREATE TRIGGER parcel_unpacked AFTER UPDATE OF state ON parcel
  WHEN NEW.state IN (3, 4)
BEGIN UPDATE parcel_card SET open = 0 WHERE parcel = NEW.id; END;

CREATE TRIGGER parcel_card_no_delete BEFORE DELETE ON parcel_card
BEGIN SELECT raise(ABORT, 'parcel-kept'); END;
CREATE TRIGGER parcel_card_packed BEFORE INSERT ON parcel_card
  WHEN NEW.open <> 1 OR NEW.found IS NOT NULL
    OR (SELECT state FROM parcel WHERE id = NEW.parcel) <> 1
    OR (SELECT phase FROM card WHERE id = NEW.card) NOT IN (2, 4)
BEGIN SELECT raise(ABORT, 'parcel-card'); END;
CREATE TRIGGER parcel_card_fixed BEFORE UPDATE ON parcel_card
  WHEN OLD.parcel <> NEW.parcel OR OLD.card <> NEW.card
    OR (OLD.open = 0 AND NEW.open <> 0)
    OR (OLD.found IS NOT NULL AND NEW.found IS NOT OLD.found)
    OR (NEW.found IS NOT NULL
      AND (SELECT state FROM parcel WHERE id = NEW.parcel) <> 3)
BEGIN SELECT raise(ABORT, 'parcel-fixed'); END;

CREATE TRIGGER card_in_parcel BEFORE UPDATE OF phase ON card
  WHEN NEW.phase <> OLD.phase AND NEW.phase IN (3, 4, 5) AND EXISTS (
    SELECT 1 FROM parcel_card JOIN parcel ON parcel.id = parcel_card.parcel
    WHERE parcel_card.card = NEW.id AND parcel_card.open = 1
      AND NOT (NEW.phase = 3 AND parcel.state = 2))
BEGIN SELECT raise(ABORT, 'card-in-parcel'); END;
