-- Cases that a reviewer accepts together, once a random sample of them has
-- been looked at one by one.

-- state: 1 drawn, 2 accepted, 3 dropped
CREATE TABLE batch (
	id INTEGER PRIMARY KEY,
	staff INTEGER NOT NULL REFERENCES staff (id),
	at INTEGER NOT NULL,
	state INTEGER NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 3)
) STRICT;

CREATE INDEX batch_open ON batch (staff) WHERE state = 1;

-- outcome: 0 waits, 1 accepted, 2 refused, with the refusal's slug
CREATE TABLE batch_case (
	batch INTEGER NOT NULL REFERENCES batch (id),
	application INTEGER NOT NULL REFERENCES application (id),
	step INTEGER NOT NULL,
	sampled INTEGER NOT NULL CHECK (sampled IN (0, 1)),
	confirmed_at INTEGER CHECK (confirmed_at IS NULL OR sampled = 1),
	outcome INTEGER NOT NULL DEFAULT 0 CHECK (outcome BETWEEN 0 AND 2),
	refusal TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (batch, application)
) STRICT, WITHOUT ROWID;

CREATE INDEX batch_case_sampled ON batch_case (application, step)
	WHERE sampled = 1 AND confirmed_at IS NULL;

CREATE TRIGGER batch_no_delete BEFORE DELETE ON batch
BEGIN SELECT raise(ABORT, 'batch-kept'); END;
CREATE TRIGGER batch_case_no_delete BEFORE DELETE ON batch_case
BEGIN SELECT raise(ABORT, 'batch-kept'); END;
CREATE TRIGGER batch_sample_looked_at BEFORE UPDATE OF state ON batch
	WHEN NEW.state = 2 AND (NOT EXISTS (
		SELECT 1 FROM batch_case WHERE batch = NEW.id AND sampled = 1)
	OR EXISTS (
		SELECT 1 FROM batch_case WHERE batch = NEW.id AND sampled = 1
		AND confirmed_at IS NULL))
BEGIN SELECT raise(ABORT, 'sample-not-confirmed'); END;
CREATE TRIGGER batch_ended BEFORE UPDATE OF state ON batch
	WHEN OLD.state <> 1 AND NEW.state <> OLD.state
BEGIN SELECT raise(ABORT, 'batch-ended'); END;
CREATE TRIGGER batch_fixed BEFORE UPDATE OF id, staff, at ON batch
BEGIN SELECT raise(ABORT, 'batch-fixed'); END;
-- Drawn once: who is in the sample is not changed afterwards.
CREATE TRIGGER batch_case_fixed BEFORE UPDATE OF
	batch, application, step, sampled ON batch_case
BEGIN SELECT raise(ABORT, 'batch-fixed'); END;
CREATE TRIGGER batch_case_drawn BEFORE INSERT ON batch_case
	WHEN (SELECT state FROM batch WHERE id = NEW.batch) <> 1
BEGIN SELECT raise(ABORT, 'batch-ended'); END;
CREATE TRIGGER batch_case_confirmed BEFORE UPDATE OF confirmed_at ON batch_case
	WHEN OLD.confirmed_at IS NOT NULL
	OR (SELECT state FROM batch WHERE id = NEW.batch) <> 1
BEGIN SELECT raise(ABORT, 'batch-fixed'); END;
CREATE TRIGGER batch_case_outcome BEFORE UPDATE OF outcome ON batch_case
	WHEN OLD.outcome = 1 OR (SELECT state FROM batch WHERE id = NEW.batch) <> 2
BEGIN SELECT raise(ABORT, 'batch-fixed'); END;
