-- +goose Up
-- The form in which personal values are searched; see searchVersion.
ALTER TABLE head ADD COLUMN search_version INTEGER NOT NULL DEFAULT 1;

-- +goose Down
ALTER TABLE head DROP COLUMN search_version;
