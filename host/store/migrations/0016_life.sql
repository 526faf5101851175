-- A card's life in its holder's hand.

-- Suspensions that end by themselves; without a term lift_at is 0.
CREATE INDEX card_suspension ON card (lift_at) WHERE phase = 7
  AND lift_at > 0;

-- Who collected a card, and that they signed for it. Column sealed holds the
-- collector's name and ID number and the signature's strokes; it may be
-- emptied when the time to keep it is over.
-- collector: 1 the holder, 2 a guardian, 3 an agent. signed: 1 on paper,
-- 2 on the page.
CREATE TABLE hand_over (
  card      INTEGER PRIMARY KEY REFERENCES card (id),
  collector INTEGER NOT NULL CHECK (collector BETWEEN 1 AND 3),
  signed    INTEGER NOT NULL CHECK (signed BETWEEN 1 AND 2),
  staff     INTEGER NOT NULL REFERENCES staff (id),
  at        INTEGER NOT NULL,
  sealed    BLOB
) STRICT;

CREATE TRIGGER hand_over_no_delete BEFORE DELETE ON hand_over
BEGIN SELECT raise(ABORT, 'hand-over-kept'); END;
CREATE TRIGGER hand_over_fixed BEFORE UPDATE ON hand_over
  WHEN NEW.sealed IS NOT NULL OR NEW.card <> OLD.card
    OR NEW.collector <> OLD.collector OR NEW.signed <> OLD.signed
    OR NEW.staff <> OLD.staff OR NEW.at <> OLD.at
BEGIN SELECT raise(ABORT, 'hand-over-kept'); END;

-- No card reaches a hand that did not sign for it.
CREATE TRIGGER card_signed_for BEFORE UPDATE OF phase ON card
  WHEN NEW.phase = 5 AND OLD.phase IN (2, 4)
    AND NOT EXISTS (SELECT 1 FROM hand_over WHERE card = NEW.id)
BEGIN SELECT raise(ABORT, 'card-not-signed-for'); END;

-- Deaths told of by a list; sealed: the day, YYYY-MM-DD.
CREATE TABLE death (
  person INTEGER PRIMARY KEY REFERENCES person (id),
  staff  INTEGER REFERENCES staff (id),
  at     INTEGER NOT NULL,
  sealed BLOB
) STRICT;
