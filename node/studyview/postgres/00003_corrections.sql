-- +goose Up
-- Which entries were of another instant than they say, by the entry that says so.
CREATE TABLE study_corrections (
	fact  bigint NOT NULL,
	seq   bigint NOT NULL,
	at_us bigint NOT NULL,
	PRIMARY KEY (fact, seq)
);

-- Up to which entry these are in the views, from the first entry on.
ALTER TABLE study_progress ADD COLUMN corrected bigint NOT NULL DEFAULT 0;

-- +goose Down
DROP TABLE study_corrections;
ALTER TABLE study_progress DROP COLUMN corrected;
