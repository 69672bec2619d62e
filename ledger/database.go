package ledger

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	_ "modernc.org/sqlite" // the driver of that name
)

//go:embed sqlite/*.sql postgres/*.sql
var schemas embed.FS

// database is one of the two engines, opened.
type database struct {
	dialect     goose.Dialect
	name        string  // as a sentence may say it: no password
	write, read *sql.DB // on SQLite, readers cannot write
	lock        *sql.DB // what keeps other processes out
	rows        int     // to one INSERT, a power of two
}

// connect opens the database behind a URL, "sqlite:DIR/ledger.db" or
// "postgres://…". A file of SQLite is made if it does not exist.
func connect(ctx context.Context, address string, hold lockMode, runs string) (*database, error) {
	scheme, rest, _ := strings.Cut(address, ":")
	switch scheme {
	case "sqlite":
		return connectSQLite(ctx, rest, hold)
	case "postgres", "postgresql":
		return connectPostgres(ctx, address, hold, runs)
	}
	return nil, fmt.Errorf("%q is not the address of a database; give sqlite:DIR/ledger.db or postgres://USER@HOST/NAME", scheme+":…")
}

// Rows to one INSERT, measured; wider statements gain nothing.
const sqliteRows, postgresRows = 32, 128

// lockMode is what a process holds of a ledger while it has it open: on SQLite
// the statement that takes it.
type lockMode string

const (
	holdAlone  lockMode = "BEGIN EXCLUSIVE"
	holdShared lockMode = "BEGIN; SELECT count(*) FROM sqlite_schema"
	holdNone   lockMode = ""
)

func connectSQLite(ctx context.Context, file string, hold lockMode) (*database, error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, err
	}
	// Nobody else on the machine reads plates: SQLite gives the files beside a
	// database the mode of its own. What is wrong with the file is for it to say.
	if own, err := os.OpenFile(file, os.O_CREATE|os.O_RDONLY, 0o600); err == nil { //nolint:gosec // the operator's own file
		_ = own.Close()
	}
	d := &database{dialect: goose.DialectSQLite3, name: file, rows: sqliteRows}
	if hold != holdNone {
		d.lock = openSQLite(file+".lock", "_pragma=busy_timeout(0)")
		d.lock.SetMaxOpenConns(1)
		if _, err := d.lock.ExecContext(ctx, string(hold)); ctx.Err() != nil {
			return nil, errors.Join(ctx.Err(), d.close())
		} else if err != nil {
			return nil, errors.Join(fmt.Errorf("%w: %s is open in another process; stop that one, or give this one a directory of its own", ErrHeld, file), d.close())
		}
	}
	d.write = openSQLite(file, "_txlock=immediate", "_pragma=busy_timeout(10000)", "_pragma=journal_mode(WAL)", "_pragma=synchronous(FULL)", "_pragma=secure_delete(ON)")
	d.write.SetMaxOpenConns(2) // one has the turn, one prepares what it has yet to say
	d.write.SetMaxIdleConns(2)
	d.read = openSQLite(file, "_pragma=busy_timeout(10000)", "_pragma=query_only(ON)")
	d.read.SetMaxOpenConns(4)
	d.read.SetMaxIdleConns(4)
	return d.reached(ctx)
}

func openSQLite(file string, settings ...string) *sql.DB {
	path := (&url.URL{Path: file}).EscapedPath()
	db, err := sql.Open("sqlite", "file:"+path+"?"+strings.Join(settings, "&"))
	if err != nil {
		panic(err) // the driver is not registered
	}
	return db
}

// connectReadOnly opens a database that exists, whoever else has it open.
func connectReadOnly(ctx context.Context, address string) (*database, error) {
	file, ok := strings.CutPrefix(address, "sqlite:")
	if !ok {
		return connect(ctx, address, holdNone, "")
	}
	if _, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("there is no ledger at %s", file)
	}
	db := openSQLite(file, "mode=ro", "_pragma=busy_timeout(10000)")
	return (&database{dialect: goose.DialectSQLite3, name: file, read: db, write: db}).reached(ctx)
}

func connectPostgres(ctx context.Context, address string, hold lockMode, runs string) (*database, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("the address of the database is not one PostgreSQL understands: %w", err)
	}
	// A replica whose machine is gone must not keep the head row for long, nor be
	// counted as one that runs.
	config.RuntimeParams["idle_in_transaction_session_timeout"] = "30s"
	config.RuntimeParams["tcp_keepalives_idle"] = "20"
	config.RuntimeParams["tcp_keepalives_interval"] = "5"
	config.RuntimeParams["tcp_keepalives_count"] = "4"
	config.RuntimeParams["application_name"] = sessionErrand
	if hold == holdShared {
		config.RuntimeParams["application_name"] = sessionOf(runs)
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 10 * time.Second
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(16)
	d := &database{dialect: goose.DialectPostgres, name: fmt.Sprintf("%s at %s", config.Database, config.Host), write: db, read: db, rows: postgresRows}
	if _, err := d.reached(ctx); err != nil {
		return nil, err
	}
	for _, setting := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		var value string
		if err := db.QueryRowContext(ctx, "SELECT current_setting($1)", setting).Scan(&value); err != nil {
			return nil, errors.Join(err, d.close())
		}
		if value == "off" {
			return nil, errors.Join(fmt.Errorf("the database %s runs with %s off and would lose what it has confirmed; turn it on", d.name, setting), d.close())
		}
	}
	if hold == holdNone {
		return d, nil
	}
	d.lock = stdlib.OpenDB(*config)
	d.lock.SetMaxOpenConns(1)
	if err := d.holdPostgres(ctx, hold); err != nil {
		return nil, errors.Join(d.told(ctx, err), d.close())
	}
	return d, nil
}

// reached returns d if the database answers.
func (d *database) reached(ctx context.Context) (*database, error) {
	var one int
	err := d.write.QueryRowContext(ctx, "SELECT 1").Scan(&one)
	if err == nil {
		return d, nil
	}
	if _, bad := spoilt(err); bad {
		err = d.condemn(err)
	} else if err = d.told(ctx, err); !errors.Is(err, ErrAway) {
		why, _ := unreached(err)
		err = fmt.Errorf("the database %s cannot be opened: %s", d.name, why)
	}
	return nil, errors.Join(err, d.close())
}

// told says an error in a sentence if it is that the database does not answer,
// or cannot read its files.
func (d *database) told(ctx context.Context, err error) error {
	if _, away := unreached(err); away && ctx.Err() != nil {
		return err // who asked gave up
	}
	return d.tell(err)
}

func (d *database) tell(err error) error {
	if err == nil {
		return nil
	}
	if why, away := unreached(err); away {
		return fmt.Errorf("%w: %s: %s", ErrAway, d.name, why)
	}
	if _, bad := spoilt(err); bad {
		return d.condemn(err)
	}
	return err
}

// unreached says in a line why a database cannot be reached, and whether it may
// be reached later.
func unreached(err error) (why string, away bool) {
	if err == nil {
		return "", false
	}
	if said, ok := errors.AsType[*pgconn.PgError](err); ok {
		// It starts, stops or has too many connections (PostgreSQL, appendix A).
		return said.Message, strings.HasPrefix(said.Code, "57P0") || strings.HasPrefix(said.Code, "53")
	}
	if line, ok := errors.AsType[*net.OpError](err); ok {
		return line.Err.Error(), true
	}
	_, away = errors.AsType[*pgconn.ConnectError](err)
	away = away || errors.Is(err, io.ErrUnexpectedEOF) // the server broke the line off
	return strings.Join(strings.Fields(err.Error()), " "), away
}

func (d *database) close() error {
	var errs []error
	for _, db := range []*sql.DB{d.read, d.write, d.lock} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// Migrations are the tables of another room, kept in the same database: goose
// files for each engine. Their versions are counted for the room alone.
type Migrations struct {
	Room             string // such as "study"
	SQLite, Postgres fs.FS
}

// migrate brings the tables of rooms to the versions this program knows.
func (d *database) migrate(ctx context.Context, rooms []Migrations) (err error) {
	if d.dialect == goose.DialectSQLite3 { // goose has a lock for PostgreSQL only
		lock := openSQLite(d.name+".migrating", "_pragma=busy_timeout(60000)")
		lock.SetMaxOpenConns(1)
		defer func() { err = errors.Join(err, lock.Close()) }()
		if _, err := lock.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
			return err
		}
	}
	for _, room := range rooms {
		if err := d.migrateRoom(ctx, room); err != nil {
			return err
		}
	}
	return nil
}

func (d *database) migrateRoom(ctx context.Context, m Migrations) error {
	var version int64 // goose takes a table that cannot be read for one that is not there
	err := d.write.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM schema_`+m.Room).Scan(&version)
	if _, bad := spoilt(err); bad {
		return fmt.Errorf("schema_%s cannot be read: %w", m.Room, err)
	}
	files, options := m.SQLite, []goose.ProviderOption{
		goose.WithTableName("schema_" + m.Room), goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()),
	}
	if d.dialect == goose.DialectPostgres {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
		if err != nil {
			return err
		}
		files, options = m.Postgres, append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(d.dialect, d.write, files, options...)
	if err != nil {
		return fmt.Errorf("migrations of %s: %w", m.Room, err)
	}
	have, know, err := provider.GetVersions(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("migrations of %s: %w", m.Room, err)
	case have > know:
		return d.newer(m.Room, have, know)
	case have == know:
		return nil
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrations of %s: %w", m.Room, err)
	}
	return nil
}

func (d *database) newer(room string, have, know int64) error {
	return fmt.Errorf("%w: the tables of %s in %s have version %d, and this program knows none above %d; run the newer program", ErrNewer, room, d.name, have, know)
}

// checkVersion refuses, without changing anything, a database that holds no
// ledger or one of a newer version.
func (d *database) checkVersion(ctx context.Context) error {
	known, err := schemas.ReadDir("sqlite") // a file for each version
	if err != nil {
		panic(err) // it is embedded
	}
	var have int64
	err = d.read.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM schema_ledger`).Scan(&have)
	switch said := (*pgconn.PgError)(nil); {
	case err != nil && strings.Contains(err.Error(), "no such table"), errors.As(err, &said) && said.Code == pgUndefinedTable:
		return fmt.Errorf("there is no ledger in %s", d.name)
	case err != nil:
		return d.told(ctx, err)
	case have > int64(len(known)):
		return d.newer("ledger", have, int64(len(known)))
	}
	return nil
}

// pgUndefinedTable is PostgreSQL's code of it (appendix A).
const pgUndefinedTable = "42P01"

func ownMigrations() Migrations {
	sub := func(dir string) fs.FS {
		files, err := fs.Sub(schemas, dir)
		if err != nil {
			panic(err) // dir is no path
		}
		return files
	}
	return Migrations{Room: "ledger", SQLite: sub("sqlite"), Postgres: sub("postgres")}
}
