-- +goose Up
-- Times of visits that have left, by stage: study.StageTimes. start_us is the
-- key of study.Span. scope says of whom a row is: 0 of a kind by direction, load
-- and vehicle; 1 of all goods vehicles of a direction; 2 of all goods vehicles,
-- in spans longer than an hour. They are made anew from the first entry on.
CREATE TABLE study_times (
	post      TEXT    NOT NULL,
	span      TEXT    NOT NULL,
	scope     INTEGER NOT NULL,
	start_us  INTEGER NOT NULL,
	direction TEXT    NOT NULL,
	load      TEXT    NOT NULL,
	vehicle   TEXT    NOT NULL,
	visits    INTEGER NOT NULL,
	times     BLOB    NOT NULL,
	PRIMARY KEY (post, span, scope, start_us, direction, load, vehicle)
) STRICT;
DROP TABLE study_views;
UPDATE study_progress SET seq = 0, clock_us = 0, begin_us = 0;
DELETE FROM study_archive;
UPDATE followers SET position = 0, lease_until_us = 0 WHERE name = 'study';

-- +goose Down
DROP TABLE study_times;
CREATE TABLE study_views (
	post      TEXT    NOT NULL,
	span      TEXT    NOT NULL,
	start_us  INTEGER NOT NULL,
	direction TEXT    NOT NULL,
	load      TEXT    NOT NULL,
	vehicle   TEXT    NOT NULL,
	goods     INTEGER NOT NULL,
	visits    INTEGER NOT NULL,
	times     BLOB    NOT NULL,
	PRIMARY KEY (post, span, goods, start_us, direction, load, vehicle)
) STRICT;
UPDATE study_progress SET seq = 0, clock_us = 0, begin_us = 0;
DELETE FROM study_archive;
UPDATE followers SET position = 0, lease_until_us = 0 WHERE name = 'study';
