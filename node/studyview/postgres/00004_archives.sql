-- +goose Up
-- The visits under way at some entries. Who goes on reads from the last of them,
-- and who corrects a time from the last ahead of it. They are made anew from the
-- first entry on.
DROP TABLE study_archive;
CREATE TABLE study_archive (
	seq    bigint PRIMARY KEY,
	layout bytea NOT NULL,
	state  bytea NOT NULL
);
UPDATE study_progress SET seq = 0, clock_us = 0, begin_us = 0;
UPDATE followers SET position = 0, lease_until_us = 0 WHERE name = 'study';

-- +goose Down
DROP TABLE study_archive;
CREATE TABLE study_archive (
	one    bigint PRIMARY KEY CHECK (one = 1),
	seq    bigint NOT NULL,
	layout bytea NOT NULL,
	state  bytea NOT NULL
);
UPDATE study_progress SET seq = 0, clock_us = 0, begin_us = 0;
UPDATE followers SET position = 0, lease_until_us = 0 WHERE name = 'study';
