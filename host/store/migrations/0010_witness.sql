-- Acts that take two people: one proposes, another confirms, each in a
-- session of his own. Kept for the auditor, whatever came of them.
-- state: 1 open, 2 confirmed, 3 refused by the second, 4 taken back by the
-- first. body: the act's own words as JSON; nothing personal.

CREATE TABLE proposal (
  id       INTEGER PRIMARY KEY,
  act      TEXT    NOT NULL,
  area     TEXT    NOT NULL CHECK (length(area) IN (0, 6, 9, 12)),
  body     TEXT    NOT NULL,
  proposer INTEGER NOT NULL REFERENCES staff (id),
  at       INTEGER NOT NULL,
  expires  INTEGER NOT NULL CHECK (expires > at),
  state    INTEGER NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 4),
  second   INTEGER REFERENCES staff (id),
  settled  INTEGER,
  CHECK ((state = 1) = (second IS NULL)),
  CHECK ((state = 1) = (settled IS NULL)),
  CHECK (state NOT IN (2, 3) OR second <> proposer),
  CHECK (state <> 4 OR second = proposer)
) STRICT;

CREATE INDEX proposal_open ON proposal (area, id) WHERE state = 1;

CREATE TRIGGER proposal_no_delete BEFORE DELETE ON proposal
BEGIN SELECT raise(ABORT, 'proposal-kept'); END;
CREATE TRIGGER proposal_begins BEFORE INSERT ON proposal
  WHEN NEW.state <> 1
BEGIN SELECT raise(ABORT, 'proposal-begins-open'); END;
CREATE TRIGGER proposal_fixed BEFORE UPDATE OF id, act, area, body, proposer,
  at, expires ON proposal
BEGIN SELECT raise(ABORT, 'proposal-fixed'); END;
CREATE TRIGGER proposal_once BEFORE UPDATE ON proposal
  WHEN OLD.state <> 1
BEGIN SELECT raise(ABORT, 'proposal-settled'); END;

-- What two people counted, and how the books then stood.
CREATE TABLE stock_counted (
  id        INTEGER PRIMARY KEY,
  area      TEXT    NOT NULL,
  at        INTEGER NOT NULL,
  proposal  INTEGER NOT NULL UNIQUE REFERENCES proposal (id),
  received  INTEGER NOT NULL,
  in_stock  INTEGER NOT NULL,
  reserved  INTEGER NOT NULL,
  issued    INTEGER NOT NULL,
  spoiled   INTEGER NOT NULL,
  missing   INTEGER NOT NULL,
  destroyed INTEGER NOT NULL
) STRICT;

CREATE INDEX stock_counted_area ON stock_counted (area, id);
CREATE TRIGGER stock_counted_no_delete BEFORE DELETE ON stock_counted
BEGIN SELECT raise(ABORT, 'count-kept'); END;
CREATE TRIGGER stock_counted_no_update BEFORE UPDATE ON stock_counted
BEGIN SELECT raise(ABORT, 'count-kept'); END;

-- A day closed: nothing is in making, and the books are those of the count.
CREATE TABLE stock_day (
  area      TEXT    NOT NULL,
  day       TEXT    NOT NULL CHECK (length(day) = 10),
  counted   INTEGER NOT NULL REFERENCES stock_counted (id),
  staff     INTEGER NOT NULL REFERENCES staff (id),
  at        INTEGER NOT NULL,
  log_index INTEGER NOT NULL,
  PRIMARY KEY (area, day, counted)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER stock_day_no_delete BEFORE DELETE ON stock_day
BEGIN SELECT raise(ABORT, 'day-kept'); END;
CREATE TRIGGER stock_day_no_update BEFORE UPDATE ON stock_day
BEGIN SELECT raise(ABORT, 'day-kept'); END;
CREATE TRIGGER stock_day_balances BEFORE INSERT ON stock_day
  WHEN EXISTS (SELECT 1 FROM blank WHERE area = NEW.area AND state = 2)
    OR NOT EXISTS (SELECT 1 FROM stock_counted c
      JOIN blank_balance b ON b.area = c.area
      WHERE c.id = NEW.counted AND c.area = NEW.area AND b.difference = 0
      AND c.received = b.received AND c.in_stock = b.in_stock
      AND c.issued = b.issued AND c.spoiled = b.spoiled
      AND c.missing = b.missing AND c.destroyed = b.destroyed)
BEGIN SELECT raise(ABORT, 'day-not-balanced'); END;
