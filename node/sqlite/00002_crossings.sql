-- +goose Up
-- Entries that say by which crossing the node went on.
CREATE TABLE node_crossings (
	seq INTEGER PRIMARY KEY
) STRICT;

-- +goose Down
DROP TABLE node_crossings;
