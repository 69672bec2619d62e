-- +goose Up
-- The visits under way at some entries. Who goes on reads from the last of them,
-- and who corrects a time from the last ahead of it. They are made anew from the
-- first entry on.
DROP TABLE study_archive;
CREATE TABLE study_archive (
	seq    INTEGER PRIMARY KEY,
	layout BLOB NOT NULL,
	state  BLOB NOT NULL
) STRICT;
UPDATE study_progress SET seq = 0, clock_us = 0, begin_us = 0;
UPDATE followers SET position = 0, lease_until_us = 0 WHERE name = 'study';

-- +goose Down
DROP TABLE study_archive;
CREATE TABLE study_archive (
	one    INTEGER PRIMARY KEY CHECK (one = 1),
	seq    INTEGER NOT NULL,
	layout BLOB NOT NULL,
	state  BLOB NOT NULL
) STRICT;
UPDATE study_progress SET seq = 0, clock_us = 0, begin_us = 0;
UPDATE followers SET position = 0, lease_until_us = 0 WHERE name = 'study';
