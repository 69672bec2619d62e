-- +goose Up
-- Which entries speak of a visit, by its serial number.
CREATE TABLE node_entries (
	visit INTEGER NOT NULL,
	seq   INTEGER NOT NULL,
	PRIMARY KEY (visit, seq)
) WITHOUT ROWID, STRICT;

-- What the neighbour calls a visit.
CREATE TABLE node_names (
	reference TEXT    PRIMARY KEY,
	visit     INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- How far the ledger is in these tables.
CREATE TABLE node_index (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	seq INTEGER NOT NULL
) STRICT;
INSERT INTO node_index VALUES (1, 0);

-- +goose Down
DROP TABLE node_entries;
DROP TABLE node_names;
DROP TABLE node_index;
