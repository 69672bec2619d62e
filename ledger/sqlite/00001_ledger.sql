-- +goose Up
CREATE TABLE head (
	one         INTEGER PRIMARY KEY CHECK (one = 1),
	origin      TEXT    NOT NULL,
	epoch       INTEGER NOT NULL,
	size        INTEGER NOT NULL,
	recorded_us INTEGER NOT NULL,
	frontier    BLOB    NOT NULL,
	turn        INTEGER NOT NULL,
	search_key  BLOB    NOT NULL
) STRICT;

CREATE TABLE entries (
	seq          INTEGER PRIMARY KEY,
	recorded_us  INTEGER NOT NULL,
	occurred_us  INTEGER NOT NULL,
	post         TEXT    NOT NULL,
	actor        TEXT    NOT NULL,
	on_behalf_of TEXT    NOT NULL,
	command      TEXT    NOT NULL,
	cause        INTEGER NOT NULL,
	kind         TEXT    NOT NULL,
	version      INTEGER NOT NULL,
	data         TEXT    NOT NULL,
	leaf         BLOB    NOT NULL
) STRICT;

CREATE TABLE subtrees (
	level INTEGER NOT NULL,
	n     INTEGER NOT NULL,
	hash  BLOB    NOT NULL,
	PRIMARY KEY (level, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
	epoch INTEGER NOT NULL,
	size  INTEGER NOT NULL,
	note  TEXT    NOT NULL,
	PRIMARY KEY (epoch, size)
) STRICT, WITHOUT ROWID;

CREATE TABLE commands (
	id        TEXT    PRIMARY KEY,
	request   BLOB    NOT NULL,
	first_seq INTEGER NOT NULL,
	entries   INTEGER NOT NULL,
	answer    TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE personal (
	commitment  TEXT    PRIMARY KEY,
	kind        TEXT    NOT NULL,
	value       TEXT    NOT NULL,
	secret      BLOB    NOT NULL,
	search      BLOB    NOT NULL,
	recorded_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX personal_search ON personal (search);
CREATE INDEX personal_recorded ON personal (recorded_us);

CREATE TABLE followers (
	name           TEXT    PRIMARY KEY,
	position       INTEGER NOT NULL,
	holder         TEXT    NOT NULL,
	lease_until_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE snapshots (
	version INTEGER NOT NULL,
	seq     INTEGER NOT NULL,
	digest  BLOB    NOT NULL,
	state   BLOB    NOT NULL,
	PRIMARY KEY (version, seq)
) STRICT;
