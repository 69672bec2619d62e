-- +goose Up
-- Which entries were of another instant than they say, by the entry that says so.
CREATE TABLE study_corrections (
	fact  INTEGER NOT NULL,
	seq   INTEGER NOT NULL,
	at_us INTEGER NOT NULL,
	PRIMARY KEY (fact, seq)
) WITHOUT ROWID, STRICT;

-- Up to which entry these are in the views, from the first entry on.
ALTER TABLE study_progress ADD COLUMN corrected INTEGER NOT NULL DEFAULT 0;

-- +goose Down
DROP TABLE study_corrections;
ALTER TABLE study_progress DROP COLUMN corrected;
