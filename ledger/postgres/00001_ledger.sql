-- +goose Up
CREATE TABLE head (
	one         integer PRIMARY KEY CHECK (one = 1),
	origin      text COLLATE "C" NOT NULL,
	epoch       bigint  NOT NULL,
	size        bigint  NOT NULL,
	recorded_us bigint  NOT NULL,
	frontier    bytea   NOT NULL,
	turn        bigint  NOT NULL,
	search_key  bytea   NOT NULL
);

CREATE TABLE entries (
	seq          bigint  PRIMARY KEY,
	recorded_us  bigint  NOT NULL,
	occurred_us  bigint  NOT NULL,
	post         text COLLATE "C" NOT NULL,
	actor        text COLLATE "C" NOT NULL,
	on_behalf_of text COLLATE "C" NOT NULL,
	command      text COLLATE "C" NOT NULL,
	cause        bigint  NOT NULL,
	kind         text COLLATE "C" NOT NULL,
	version      bigint  NOT NULL,
	data         text COLLATE "C" NOT NULL,
	leaf         bytea   NOT NULL
);

CREATE TABLE subtrees (
	level bigint  NOT NULL,
	n     bigint  NOT NULL,
	hash  bytea   NOT NULL,
	PRIMARY KEY (level, n)
);

CREATE TABLE checkpoints (
	epoch bigint  NOT NULL,
	size  bigint  NOT NULL,
	note  text COLLATE "C" NOT NULL,
	PRIMARY KEY (epoch, size)
);

CREATE TABLE commands (
	id        text COLLATE "C" PRIMARY KEY,
	request   bytea   NOT NULL,
	first_seq bigint  NOT NULL,
	entries   bigint  NOT NULL,
	answer    text COLLATE "C" NOT NULL
);

CREATE TABLE personal (
	commitment  text COLLATE "C" PRIMARY KEY,
	kind        text COLLATE "C" NOT NULL,
	value       text COLLATE "C" NOT NULL,
	secret      bytea   NOT NULL,
	search      bytea   NOT NULL,
	recorded_us bigint  NOT NULL
);
CREATE INDEX personal_search ON personal (search);
CREATE INDEX personal_recorded ON personal (recorded_us);

CREATE TABLE followers (
	name           text COLLATE "C" PRIMARY KEY,
	position       bigint  NOT NULL,
	holder         text COLLATE "C" NOT NULL,
	lease_until_us bigint  NOT NULL
);

CREATE TABLE snapshots (
	version bigint  NOT NULL,
	seq     bigint  NOT NULL,
	digest  bytea   NOT NULL,
	state   bytea   NOT NULL,
	PRIMARY KEY (version, seq)
);
