-- Work lists in their order, oldest deadline first and what has none last,
-- however many cases a county has. Both indexes carry all that a list asks
-- before it reads a row.

ALTER TABLE application ADD COLUMN county TEXT
	GENERATED ALWAYS AS (substr(area, 1, 6)) VIRTUAL;
ALTER TABLE application ADD COLUMN due_order INTEGER
	GENERATED ALWAYS AS (iif(due = 0, 9223372036854775807, due)) VIRTUAL;

-- one step's list in a county
CREATE INDEX application_work
	ON application (county, state, step, due_order, id, area);
-- lists over all steps, or wider than a county
CREATE INDEX application_due
	ON application (state, due_order, id, area, step);
DROP INDEX application_waiting;
