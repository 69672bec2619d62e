package ledger

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
)

// Read opens a ledger, whoever else has it open, for reading alone: it makes and
// changes nothing, and takes no lock.
func Read(ctx context.Context, url string) (*Ledger, error) {
	db, err := connectReadOnly(ctx, url)
	if err != nil {
		return nil, err
	}
	if err := db.checkVersion(ctx); err != nil {
		return nil, errors.Join(err, db.close())
	}
	return &Ledger{db: db}, nil
}

// Furnished reports whether the tables of other rooms are there, in the version
// that this program knows.
func (l *Ledger) Furnished(ctx context.Context, rooms ...Migrations) (bool, error) {
	for _, m := range rooms {
		files := m.SQLite
		if l.db.dialect == goose.DialectPostgres {
			files = m.Postgres
		}
		provider, err := goose.NewProvider(l.db.dialect, l.db.read, files, goose.WithTableName("schema_"+m.Room), goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
		if err != nil {
			return false, err
		}
		sources := provider.ListSources()
		var have int64
		err = l.db.read.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM schema_`+m.Room).Scan(&have)
		switch said := (*pgconn.PgError)(nil); {
		case err != nil && strings.Contains(err.Error(), "no such table"), errors.As(err, &said) && said.Code == pgUndefinedTable:
			return false, nil
		case err != nil:
			return false, l.db.told(ctx, err)
		case have > sources[len(sources)-1].Version:
			return false, l.db.newer(m.Room, have, sources[len(sources)-1].Version)
		case have < sources[len(sources)-1].Version:
			return false, nil
		}
	}
	return true, nil
}

// Refold has everything that is made of the entries made anew: it drops the
// snapshots, sends the followers back to the first entry and carries out what
// the rooms of c do to begin anew. Nobody may have the ledger open.
func Refold(ctx context.Context, c Config, statements ...string) error {
	l, err := open(ctx, c)
	if err != nil {
		return err
	}
	err = l.transact(ctx, true, func(tx *sql.Tx) error {
		for _, statement := range append([]string{`DELETE FROM snapshots`, `UPDATE followers SET position = 0, lease_until_us = 0`}, statements...) {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(err, l.Close())
}
