-- Applications, cards, blanks and the making queue. What must never happen
-- is refused here, whatever the code above does: see the constraints and
-- the triggers, whose messages are slugs that the code turns into words.
-- Times are seconds since 1970. Columns named sealed hold ciphertext only.

CREATE TABLE application (
  id            INTEGER PRIMARY KEY,
  person        INTEGER NOT NULL REFERENCES person (id),
  kind          INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 9),
  reason        INTEGER NOT NULL CHECK (reason BETWEEN 1 AND 3),
  ground        INTEGER NOT NULL CHECK (ground BETWEEN 0 AND 7),
  acting        INTEGER NOT NULL CHECK (acting BETWEEN 0 AND 3),
  gravely_ill   INTEGER NOT NULL CHECK (gravely_ill IN (0, 1)),
  habitual      INTEGER NOT NULL CHECK (habitual IN (0, 1)),
  state         INTEGER NOT NULL CHECK (state BETWEEN 1 AND 9),
  step          INTEGER NOT NULL CHECK (step BETWEEN 1 AND steps),
  steps         INTEGER NOT NULL CHECK (steps BETWEEN 1 AND 99),
  area          TEXT    NOT NULL CHECK (length(area) IN (6, 9, 12)),
  delivery_area TEXT    NOT NULL CHECK (length(delivery_area) IN (6, 9, 12)),
  materials     INTEGER NOT NULL,
  entered_by    INTEGER REFERENCES staff (id),
  entered_at    INTEGER NOT NULL,
  step_since    INTEGER NOT NULL,
  due           INTEGER NOT NULL DEFAULT 0,
  last_ground   TEXT    NOT NULL DEFAULT '',
  last_field    TEXT    NOT NULL DEFAULT '',
  request_key   BLOB CHECK (length(request_key) = 16),
  rule_version  TEXT    NOT NULL, -- whose review chain it goes through
  sealed        BLOB, -- who acts for the applicant
  CHECK ((reason = 3) = (ground <> 0))
) STRICT;

CREATE UNIQUE INDEX application_one_open ON application (person)
  WHERE state < 7;
CREATE INDEX application_closed ON application (person) WHERE state >= 7;
CREATE INDEX application_waiting ON application (state, step) WHERE state < 7;
CREATE UNIQUE INDEX application_request ON application (request_key)
  WHERE request_key IS NOT NULL;

CREATE TRIGGER application_no_delete BEFORE DELETE ON application
BEGIN SELECT raise(ABORT, 'application-kept'); END;
CREATE TRIGGER application_fixed BEFORE UPDATE OF
  id, person, reason, ground, entered_by, entered_at, request_key
  ON application
  WHEN OLD.id IS NOT NEW.id OR OLD.person IS NOT NEW.person
    OR OLD.reason IS NOT NEW.reason OR OLD.ground IS NOT NEW.ground
    OR OLD.entered_by IS NOT NEW.entered_by
    OR OLD.entered_at IS NOT NEW.entered_at
    OR OLD.request_key IS NOT NEW.request_key
BEGIN SELECT raise(ABORT, 'application-fixed'); END;
CREATE TRIGGER application_ended BEFORE UPDATE OF state ON application
  WHEN OLD.state >= 7
BEGIN SELECT raise(ABORT, 'application-ended'); END;

-- What was done with a case, by whom. Events and their numbers are those of
-- host/issue/application.h; 1 accept, 2 return, 4 reject, 5 refer, 6 and 7
-- opinions are decisions, 3 is a correction. An opinion has step 100.
CREATE TABLE application_act (
  id          INTEGER PRIMARY KEY,
  application INTEGER NOT NULL REFERENCES application (id),
  event       INTEGER NOT NULL CHECK (event BETWEEN 1 AND 12),
  step        INTEGER NOT NULL,
  staff       INTEGER REFERENCES staff (id),
  at          INTEGER NOT NULL,
  ground      TEXT    NOT NULL DEFAULT '',
  field       TEXT    NOT NULL DEFAULT '',
  sealed      BLOB,
  log_index   INTEGER NOT NULL,
  CHECK (event NOT IN (1, 2, 4, 5, 6, 7) OR staff IS NOT NULL)
) STRICT;

CREATE INDEX application_act_case ON application_act (application, staff);
CREATE UNIQUE INDEX application_act_once
  ON application_act (application, step) WHERE event = 1;

CREATE TRIGGER application_act_no_delete BEFORE DELETE ON application_act
BEGIN SELECT raise(ABORT, 'act-kept'); END;
CREATE TRIGGER application_act_no_update BEFORE UPDATE ON application_act
BEGIN SELECT raise(ABORT, 'act-kept'); END;
CREATE TRIGGER application_act_entered BEFORE INSERT ON application_act
  WHEN NEW.event IN (1, 2, 4, 5, 6, 7) AND (NEW.staff IS
    (SELECT entered_by FROM application WHERE id = NEW.application)
    OR EXISTS (SELECT 1 FROM application_act
      WHERE application = NEW.application AND staff = NEW.staff
      AND event = 3))
BEGIN SELECT raise(ABORT, 'who-entered-does-not-decide'); END;
CREATE TRIGGER application_act_one_step BEFORE INSERT ON application_act
  WHEN NEW.event IN (1, 2, 4, 5, 6, 7) AND EXISTS (
    SELECT 1 FROM application_act
    WHERE application = NEW.application AND staff = NEW.staff
    AND event IN (1, 2, 4, 5, 6, 7) AND step <> NEW.step)
BEGIN SELECT raise(ABORT, 'one-person-one-step'); END;
CREATE TRIGGER application_act_decided BEFORE INSERT ON application_act
  WHEN NEW.event = 3 AND EXISTS (
    SELECT 1 FROM application_act
    WHERE application = NEW.application AND staff = NEW.staff
    AND event IN (1, 2, 4, 5, 6, 7))
BEGIN SELECT raise(ABORT, 'who-decided-does-not-enter'); END;
CREATE TRIGGER application_act_made BEFORE INSERT ON application_act
  WHEN NEW.event IN (1, 2, 4, 5, 6, 7) AND EXISTS (
    SELECT 1 FROM job
    WHERE application = NEW.application AND maker = NEW.staff)
BEGIN SELECT raise(ABORT, 'who-decided-does-not-make'); END;

CREATE TABLE verdict (
  application  INTEGER NOT NULL REFERENCES application (id),
  number       INTEGER NOT NULL,
  stage        INTEGER NOT NULL CHECK (stage BETWEEN 1 AND 3),
  at           INTEGER NOT NULL,
  outcome      INTEGER NOT NULL,
  rule_version TEXT    NOT NULL,
  sealed       BLOB, -- every reason; null when there is none
  PRIMARY KEY (application, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER verdict_no_delete BEFORE DELETE ON verdict
BEGIN SELECT raise(ABORT, 'verdict-kept'); END;
CREATE TRIGGER verdict_no_update BEFORE UPDATE ON verdict
BEGIN SELECT raise(ABORT, 'verdict-kept'); END;

CREATE TABLE photo (
  id          INTEGER PRIMARY KEY,
  application INTEGER NOT NULL REFERENCES application (id),
  at          INTEGER NOT NULL,
  sealed      BLOB    NOT NULL
) STRICT;

CREATE INDEX photo_application ON photo (application);
CREATE TRIGGER photo_no_delete BEFORE DELETE ON photo
BEGIN SELECT raise(ABORT, 'photo-kept'); END;
CREATE TRIGGER photo_no_update BEFORE UPDATE ON photo
BEGIN SELECT raise(ABORT, 'photo-kept'); END;

-- ---- stations and blanks ----

CREATE TABLE station (
  id      INTEGER PRIMARY KEY,
  name    TEXT    NOT NULL UNIQUE,
  area    TEXT    NOT NULL,
  maker   INTEGER NOT NULL REFERENCES staff (id),
  seen_at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER station_no_delete BEFORE DELETE ON station
BEGIN SELECT raise(ABORT, 'station-kept'); END;

CREATE TABLE blank_batch (
  id        INTEGER PRIMARY KEY,
  area      TEXT    NOT NULL CHECK (length(area) IN (6, 9, 12)),
  reference TEXT    NOT NULL,
  count     INTEGER NOT NULL CHECK (count BETWEEN 1 AND 20000),
  staff     INTEGER REFERENCES staff (id),
  at        INTEGER NOT NULL,
  log_index INTEGER NOT NULL
) STRICT;

CREATE TRIGGER blank_batch_no_delete BEFORE DELETE ON blank_batch
BEGIN SELECT raise(ABORT, 'batch-kept'); END;
CREATE TRIGGER blank_batch_no_update BEFORE UPDATE ON blank_batch
BEGIN SELECT raise(ABORT, 'batch-kept'); END;

-- state: 1 in stock, 2 reserved, 3 issued, 4 spoiled, 5 missing. The serial
-- is read when the blank first lies in a reader.
CREATE TABLE blank (
  id           INTEGER PRIMARY KEY,
  batch        INTEGER NOT NULL REFERENCES blank_batch (id),
  number       INTEGER NOT NULL CHECK (number > 0), -- in its batch
  area         TEXT    NOT NULL,
  station      INTEGER REFERENCES station (id),
  state        INTEGER NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 5),
  serial       BLOB CHECK (length(serial) = 10),
  since        INTEGER NOT NULL,
  destroyed_at INTEGER CHECK (destroyed_at IS NULL OR state = 4),
  UNIQUE (batch, number)
) STRICT;

CREATE UNIQUE INDEX blank_serial ON blank (serial) WHERE serial IS NOT NULL;
CREATE INDEX blank_place ON blank (area, station, state);
CREATE INDEX blank_station ON blank (station) WHERE state = 1
  AND serial IS NULL;

CREATE TRIGGER blank_no_delete BEFORE DELETE ON blank
BEGIN SELECT raise(ABORT, 'blank-kept'); END;
CREATE TRIGGER blank_received BEFORE INSERT ON blank
  WHEN NEW.state <> 1 OR NEW.destroyed_at IS NOT NULL
    OR NEW.area IS NOT (SELECT area FROM blank_batch WHERE id = NEW.batch)
    OR NEW.number > (SELECT count FROM blank_batch WHERE id = NEW.batch)
BEGIN SELECT raise(ABORT, 'blank-not-received'); END;
CREATE TRIGGER blank_moves BEFORE UPDATE OF state ON blank
  WHEN OLD.state <> NEW.state AND NOT (
    (OLD.state = 1 AND NEW.state IN (2, 4, 5))
    OR (OLD.state = 2 AND NEW.state IN (1, 3, 4)))
BEGIN SELECT raise(ABORT, 'blank-state'); END;
CREATE TRIGGER blank_fixed BEFORE UPDATE OF id, batch, number, area, serial,
  destroyed_at ON blank
  WHEN OLD.id <> NEW.id OR OLD.batch <> NEW.batch
    OR OLD.number <> NEW.number OR OLD.area <> NEW.area
    OR (OLD.serial IS NOT NULL AND NEW.serial IS NOT OLD.serial)
    OR (OLD.destroyed_at IS NOT NULL
      AND NEW.destroyed_at IS NOT OLD.destroyed_at)
BEGIN SELECT raise(ABORT, 'blank-fixed'); END;

CREATE VIEW blank_balance AS
SELECT area, received, in_stock, reserved, issued, spoiled, missing,
  destroyed,
  received - in_stock - reserved - issued - spoiled - missing AS difference
FROM (SELECT area, sum(count) AS received FROM blank_batch GROUP BY area)
LEFT JOIN (SELECT area AS of_area,
    sum(state = 1) AS in_stock, sum(state = 2) AS reserved,
    sum(state = 3) AS issued, sum(state = 4) AS spoiled,
    sum(state = 5) AS missing, sum(destroyed_at IS NOT NULL) AS destroyed
  FROM blank GROUP BY area) ON of_area = area;

-- ---- cards and the status list ----

CREATE TABLE status_list (
  list      INTEGER PRIMARY KEY,
  counter   INTEGER NOT NULL DEFAULT 0, -- next to be permuted
  version   INTEGER NOT NULL DEFAULT 0, -- grows with every change of a value
  published INTEGER NOT NULL DEFAULT 0, -- version in the last list signed
  sequence  INTEGER NOT NULL DEFAULT 0, -- of that list
  at        INTEGER NOT NULL DEFAULT 0,
  log_index INTEGER
) STRICT;

-- value: 0 valid, 1 invalid (for good), 2 suspended. version: the list's
-- when the value last changed.
CREATE TABLE status_entry (
  list    INTEGER NOT NULL REFERENCES status_list (list),
  idx     INTEGER NOT NULL CHECK (idx >= 0),
  value   INTEGER NOT NULL DEFAULT 2 CHECK (value BETWEEN 0 AND 2),
  version INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (list, idx)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER status_entry_no_delete BEFORE DELETE ON status_entry
BEGIN SELECT raise(ABORT, 'status-kept'); END;
CREATE TRIGGER status_entry_suspended BEFORE INSERT ON status_entry
  WHEN NEW.value <> 2
BEGIN SELECT raise(ABORT, 'status-starts-suspended'); END;
CREATE TRIGGER status_entry_final BEFORE UPDATE ON status_entry
  WHEN OLD.list <> NEW.list OR OLD.idx <> NEW.idx
    OR (OLD.value = 1 AND NEW.value <> 1)
BEGIN SELECT raise(ABORT, 'status-final'); END;
CREATE TRIGGER status_entry_added AFTER INSERT ON status_entry
BEGIN
  UPDATE status_list SET version = version + 1 WHERE list = NEW.list;
  UPDATE status_entry SET version =
    (SELECT version FROM status_list WHERE list = NEW.list)
    WHERE list = NEW.list AND idx = NEW.idx;
END;
CREATE TRIGGER status_entry_changed AFTER UPDATE OF value ON status_entry
  WHEN OLD.value <> NEW.value
BEGIN
  UPDATE status_list SET version = version + 1 WHERE list = NEW.list;
  UPDATE status_entry SET version =
    (SELECT version FROM status_list WHERE list = NEW.list)
    WHERE list = NEW.list AND idx = NEW.idx;
END;

-- phase: 1 reserved, 2 made, 3 in transit, 4 delivered, 5 handed over,
-- 6 temporary loss, 7 suspended, 8 lost, 9 replaced, 10 withdrawn,
-- 11 cancelled, 12 expired, 13 spoiled, 14 unresolved.
CREATE TABLE card (
  id             INTEGER PRIMARY KEY,
  application    INTEGER NOT NULL REFERENCES application (id),
  round          INTEGER NOT NULL,
  person         INTEGER NOT NULL REFERENCES person (id),
  number         TEXT    NOT NULL UNIQUE CHECK (length(number) = 17),
  kind           INTEGER NOT NULL,
  area           TEXT    NOT NULL,
  phase          INTEGER NOT NULL CHECK (phase BETWEEN 1 AND 14),
  list           INTEGER NOT NULL,
  idx            INTEGER NOT NULL,
  making_key     BLOB    NOT NULL UNIQUE CHECK (length(making_key) = 16),
  blank          INTEGER UNIQUE REFERENCES blank (id),
  valid_from     TEXT    NOT NULL DEFAULT '',
  valid_to       TEXT    NOT NULL DEFAULT '',
  benefits       INTEGER NOT NULL DEFAULT 0,
  classes        INTEGER NOT NULL DEFAULT 0,
  made_at        INTEGER NOT NULL DEFAULT 0,
  handed_over_at INTEGER NOT NULL DEFAULT 0,
  ended_at       INTEGER NOT NULL DEFAULT 0,
  lift_at        INTEGER NOT NULL DEFAULT 0,
  surrendered_at INTEGER NOT NULL DEFAULT 0,
  ground         TEXT    NOT NULL DEFAULT '',
  log_index      INTEGER NOT NULL,
  reserved_index INTEGER,
  signed_index   INTEGER,
  UNIQUE (list, idx),
  UNIQUE (application, round),
  FOREIGN KEY (list, idx) REFERENCES status_entry (list, idx)
) STRICT;

CREATE UNIQUE INDEX card_one_live ON card (person) WHERE phase IN (5, 6, 7);
CREATE UNIQUE INDEX card_one_pending ON card (person)
  WHERE phase IN (1, 2, 3, 4);
CREATE INDEX card_person ON card (person);
CREATE INDEX card_lift ON card (lift_at) WHERE phase = 6;
CREATE INDEX card_expiry ON card (valid_to) WHERE phase IN (5, 6, 7);

CREATE TRIGGER card_no_delete BEFORE DELETE ON card
BEGIN SELECT raise(ABORT, 'card-kept'); END;
CREATE TRIGGER card_fixed BEFORE UPDATE OF id, application, round, person,
  number, kind, list, idx, making_key ON card
  WHEN OLD.id <> NEW.id OR OLD.application <> NEW.application
    OR OLD.round <> NEW.round OR OLD.person <> NEW.person
    OR OLD.number <> NEW.number OR OLD.kind <> NEW.kind
    OR OLD.list <> NEW.list OR OLD.idx <> NEW.idx
    OR OLD.making_key <> NEW.making_key
BEGIN SELECT raise(ABORT, 'card-fixed'); END;
CREATE TRIGGER card_starts BEFORE INSERT ON card
  WHEN NEW.phase <> 1 OR NEW.blank IS NOT NULL
BEGIN SELECT raise(ABORT, 'card-starts-reserved'); END;
CREATE TRIGGER card_ended BEFORE UPDATE OF phase ON card
  WHEN OLD.phase IN (11, 13) AND NEW.phase <> OLD.phase
BEGIN SELECT raise(ABORT, 'card-ended'); END;
CREATE TRIGGER card_needs_blank BEFORE UPDATE OF phase, blank ON card
  WHEN NEW.phase IN (2, 3, 4, 5, 6, 7) AND NOT EXISTS (
    SELECT 1 FROM blank WHERE id = NEW.blank AND state = 3)
BEGIN SELECT raise(ABORT, 'card-without-blank'); END;
-- The status list follows the cards, in the same statement.
CREATE TRIGGER card_status AFTER UPDATE OF phase ON card
BEGIN
  UPDATE status_entry SET value = CASE
      WHEN NEW.phase = 5 THEN 0
      WHEN NEW.phase IN (8, 9, 10, 11, 12, 13) THEN 1
      ELSE 2 END
    WHERE list = NEW.list AND idx = NEW.idx;
END;

-- Serial of the card numbers of an area (first six digits) and year.
CREATE TABLE card_serial (
  area TEXT    NOT NULL,
  year INTEGER NOT NULL,
  last INTEGER NOT NULL CHECK (last BETWEEN 0 AND 9999999),
  PRIMARY KEY (area, year)
) STRICT, WITHOUT ROWID;

-- One row: numbers that only grow. serial_floor is raised by a restore, so
-- that no number can come twice.
CREATE TABLE issue_counter (
  id           INTEGER PRIMARY KEY CHECK (id = 1),
  fencing      INTEGER NOT NULL DEFAULT 0,
  serial_floor INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO issue_counter (id) VALUES (1);
CREATE TRIGGER issue_counter_grows BEFORE UPDATE ON issue_counter
  WHEN NEW.fencing < OLD.fencing OR NEW.serial_floor < OLD.serial_floor
BEGIN SELECT raise(ABORT, 'counter-shrinks'); END;
CREATE TRIGGER issue_counter_no_delete BEFORE DELETE ON issue_counter
BEGIN SELECT raise(ABORT, 'counter-kept'); END;

-- References that the log or the signer knows and a restored store did not.
CREATE TABLE card_noted (
  list      INTEGER NOT NULL,
  idx       INTEGER NOT NULL,
  log_index INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  done_at   INTEGER,
  PRIMARY KEY (list, idx)
) STRICT, WITHOUT ROWID;

-- ---- making ----

-- state: 1 waiting, 2 reserved, 3 chip intent, 4 keyed, 5 logged, 6 signed,
-- 7 chip verified, 8 print intent, 9 print done, 10 checked, 11 issued,
-- 12 closed.
CREATE TABLE job (
  id          INTEGER PRIMARY KEY,
  application INTEGER NOT NULL UNIQUE REFERENCES application (id),
  card        INTEGER NOT NULL UNIQUE REFERENCES card (id),
  area        TEXT    NOT NULL,
  state       INTEGER NOT NULL CHECK (state BETWEEN 1 AND 12),
  round       INTEGER NOT NULL,
  station     INTEGER REFERENCES station (id),
  maker       INTEGER REFERENCES staff (id),
  fencing     INTEGER NOT NULL DEFAULT 0,
  lease_until INTEGER NOT NULL DEFAULT 0,
  not_before  INTEGER NOT NULL,
  attempts    INTEGER NOT NULL DEFAULT 0,
  dead_at     INTEGER NOT NULL DEFAULT 0,
  ground      TEXT    NOT NULL DEFAULT '',
  queued_at   INTEGER NOT NULL,
  started_ms  INTEGER NOT NULL DEFAULT 0,
  issued_ms   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX job_waiting ON job (not_before) WHERE state = 1;
CREATE INDEX job_running ON job (station) WHERE state BETWEEN 2 AND 10;
CREATE INDEX job_leased ON job (station) WHERE lease_until > 0;

CREATE TRIGGER job_no_delete BEFORE DELETE ON job
BEGIN SELECT raise(ABORT, 'job-kept'); END;
CREATE TRIGGER job_fencing BEFORE UPDATE OF fencing ON job
  WHEN NEW.fencing < OLD.fencing
BEGIN SELECT raise(ABORT, 'fencing-shrinks'); END;
CREATE TRIGGER job_ended BEFORE UPDATE OF state ON job
  WHEN OLD.state IN (11, 12) AND NEW.state <> OLD.state
BEGIN SELECT raise(ABORT, 'job-ended'); END;
CREATE TRIGGER job_maker BEFORE UPDATE OF maker ON job
  WHEN NEW.maker IS NOT NULL AND EXISTS (
    SELECT 1 FROM application_act
    WHERE application = NEW.application AND staff = NEW.maker
    AND event IN (1, 2, 4, 5, 6, 7))
BEGIN SELECT raise(ABORT, 'who-decided-does-not-make'); END;

-- What each step of a round left behind; id = card * 16 + fact.
CREATE TABLE making_fact (
  id     INTEGER PRIMARY KEY,
  card   INTEGER NOT NULL REFERENCES card (id),
  fact   INTEGER NOT NULL CHECK (fact BETWEEN 1 AND 15),
  sealed BLOB    NOT NULL,
  CHECK (id = card * 16 + fact)
) STRICT;

CREATE TRIGGER making_fact_no_delete BEFORE DELETE ON making_fact
BEGIN SELECT raise(ABORT, 'fact-kept'); END;
-- Signed bytes and signatures are written once a round.
CREATE TRIGGER making_fact_once BEFORE UPDATE ON making_fact
  WHEN OLD.id <> NEW.id OR OLD.fact IN (1, 3, 6, 7, 8, 9)
BEGIN SELECT raise(ABORT, 'fact-once'); END;
