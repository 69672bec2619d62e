-- +goose Up
-- Entries that say by which crossing the node went on.
CREATE TABLE node_crossings (
	seq BIGINT PRIMARY KEY
);

-- +goose Down
DROP TABLE node_crossings;
