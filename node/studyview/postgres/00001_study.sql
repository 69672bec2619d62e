-- +goose Up
-- Times of visits that have left, by stage: study.StageTimes. start_us is the
-- key of study.Span. Rows of a kind have direction, load and vehicle; rows with
-- goods = 1 sum up all goods vehicles of a direction.
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

-- How far the ledger is in the views: the last entry, the latest instant of
-- any fact, the first entry's instant.
CREATE TABLE study_progress (
	one      integer PRIMARY KEY CHECK (one = 1),
	seq      bigint NOT NULL,
	clock_us bigint NOT NULL,
	begin_us bigint NOT NULL
);
INSERT INTO study_progress VALUES (1, 0, 0, 0);

-- The visits under way at an entry not long ago, from where who goes on
-- reads.
CREATE TABLE study_archive (
	one    integer PRIMARY KEY CHECK (one = 1),
	seq    bigint NOT NULL,
	layout bytea  NOT NULL,
	state  bytea  NOT NULL
);

-- +goose Down
DROP TABLE study_views;
DROP TABLE study_progress;
DROP TABLE study_archive;
