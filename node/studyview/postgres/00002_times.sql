-- +goose Up
-- Times of visits that have left, by stage: study.StageTimes. start_us is the
-- key of study.Span. scope says of whom a row is: 0 of a kind by direction, load
-- and vehicle; 1 of all goods vehicles of a direction; 2 of all goods vehicles,
-- in spans longer than an hour. They are made anew from the first entry on.
CREATE TABLE study_times (
	post      text COLLATE "C" NOT NULL,
	span      text COLLATE "C" NOT NULL,
	scope     bigint NOT NULL,
	start_us  bigint NOT NULL,
	direction text COLLATE "C" NOT NULL,
	load      text COLLATE "C" NOT NULL,
	vehicle   text COLLATE "C" NOT NULL,
	visits    bigint NOT NULL,
	times     bytea NOT NULL,
	PRIMARY KEY (post, span, scope, start_us, direction, load, vehicle)
);
ALTER TABLE study_times ALTER COLUMN times SET STORAGE EXTERNAL; -- it is small already
DROP TABLE study_views;
UPDATE study_progress SET seq = 0, clock_us = 0, begin_us = 0;
DELETE FROM study_archive;
UPDATE followers SET position = 0, lease_until_us = 0 WHERE name = 'study';

-- +goose Down
DROP TABLE study_times;
CREATE TABLE study_views (
	post      text COLLATE "C" NOT NULL,
	span      text COLLATE "C" NOT NULL,
	start_us  bigint NOT NULL,
	direction text COLLATE "C" NOT NULL,
	load      text COLLATE "C" NOT NULL,
	vehicle   text COLLATE "C" NOT NULL,
	goods     bigint NOT NULL,
	visits    bigint NOT NULL,
	times     bytea  NOT NULL,
	PRIMARY KEY (post, span, goods, start_us, direction, load, vehicle)
);
ALTER TABLE study_views ALTER COLUMN times SET STORAGE EXTERNAL; -- it is small already
UPDATE study_progress SET seq = 0, clock_us = 0, begin_us = 0;
DELETE FROM study_archive;
UPDATE followers SET position = 0, lease_until_us = 0 WHERE name = 'study';
