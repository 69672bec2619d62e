-- +goose Up
-- Times of visits that have left, by stage: study.StageTimes. start_us is the
-- key of study.Span. Rows of a kind have direction, load and vehicle; rows with
-- goods = 1 sum up all goods vehicles of a direction.
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

-- How far the ledger is in the views: the last entry, the latest instant of
-- any fact, the first entry's instant.
CREATE TABLE study_progress (
	one      INTEGER PRIMARY KEY CHECK (one = 1),
	seq      INTEGER NOT NULL,
	clock_us INTEGER NOT NULL,
	begin_us INTEGER NOT NULL
) STRICT;
INSERT INTO study_progress VALUES (1, 0, 0, 0);

-- The visits under way at an entry not long ago, from where who goes on
-- reads.
CREATE TABLE study_archive (
	one    INTEGER PRIMARY KEY CHECK (one = 1),
	seq    INTEGER NOT NULL,
	layout BLOB    NOT NULL,
	state  BLOB    NOT NULL
) STRICT;

-- +goose Down
DROP TABLE study_views;
DROP TABLE study_progress;
DROP TABLE study_archive;
