-- +goose Up
-- Which entries speak of a visit, by its serial number.
CREATE TABLE node_entries (
	visit BIGINT NOT NULL,
	seq   BIGINT NOT NULL,
	PRIMARY KEY (visit, seq)
);

-- What the neighbour calls a visit.
CREATE TABLE node_names (
	reference TEXT COLLATE "C" PRIMARY KEY,
	visit     BIGINT NOT NULL
);

-- How far the ledger is in these tables.
CREATE TABLE node_index (
	one BIGINT PRIMARY KEY CHECK (one = 1),
	seq BIGINT NOT NULL
);
INSERT INTO node_index VALUES (1, 0);

-- +goose Down
DROP TABLE node_entries;
DROP TABLE node_names;
DROP TABLE node_index;
