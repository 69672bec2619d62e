package ledger

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
)

// What sessions of PostgreSQL call themselves: those of a node begin so, and say
// who has them and what they run; all others are errands.
const (
	sessionNode   = "landport node "
	sessionErrand = "landport errand"
)

// hostMost is how much of a machine's name a session's has room for: PostgreSQL
// cuts it off after 63 bytes.
const hostMost = 24

// sessionOf is what the sessions of this process call themselves.
func sessionOf(runs string) string {
	host, err := os.Hostname()
	host = strings.Join(strings.Fields(host), "-")
	if err != nil || host == "" {
		host = "unknown"
	}
	return fmt.Sprintf("%s%.*s %d %.8s", sessionNode, hostMost, host, os.Getpid(), cmp.Or(runs, "-"))
}

// pgLock is the advisory lock of a database's ledger, which a session holds until
// it ends: nodes share it, who changes the past has it alone.
const pgLock = 0x6c616e64706f7274

// A session of PostgreSQL ends a moment after its process has, or has closed it.
// So who seems to have the ledger is looked at again, so many times with so long
// between, before it is called in use: others wait meanwhile.
const (
	looks     = 5
	lookAgain = 100 * time.Millisecond
)

// holdPostgres takes the lock. A session of a node that lost its lock with a
// connection, and goes on with others, counts too.
func (d *database) holdPostgres(ctx context.Context, hold lockMode) error {
	lock := `SELECT pg_try_advisory_lock_shared($1), 0`
	if hold == holdAlone {
		lock = `SELECT pg_try_advisory_lock($1), (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '` + sessionNode + `%')`
	}
	var held bool
	var others int
	for look := 0; look <= looks && (!held || others > 0); look++ {
		if look > 0 {
			time.Sleep(lookAgain)
		}
		if err := d.lock.QueryRowContext(ctx, lock, int64(pgLock)).Scan(&held, &others); err != nil {
			return err
		}
	}
	switch {
	case hold == holdAlone && (!held || others > 0):
		return fmt.Errorf("%w: nodes have the database %s open; stop them all", ErrHeld, d.name)
	case !held:
		return fmt.Errorf("%w: the database %s is being recovered or restored; wait until that is done", ErrHeld, d.name)
	}
	return nil
}

// Rivals says which other processes have the ledger open to run something else
// (Config.Runs), such as "process 4711 on bavet-2". One that has just lost all its
// connections is not among them. On SQLite there are none: a file that replicas
// share is no node's.
func (b *Batch) Rivals(ctx context.Context) (who []string, err error) {
	if b.l.db.dialect != goose.DialectPostgres {
		return nil, nil
	}
	for look := 0; ; look++ {
		if who, err = b.rivals(ctx); err != nil || len(who) == 0 || look == looks {
			return who, err
		}
		time.Sleep(lookAgain)
		if _, err := b.tx.ExecContext(ctx, `SELECT pg_stat_clear_snapshot()`); err != nil {
			return nil, err
		}
	}
}

func (b *Batch) rivals(ctx context.Context) (who []string, err error) {
	rows, err := b.tx.QueryContext(ctx, `SELECT DISTINCT application_name FROM pg_stat_activity
WHERE datname = current_database() AND application_name LIKE '`+sessionNode+`%' ORDER BY application_name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	own := strings.Fields(sessionOf(b.l.runs))
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		if of := strings.Fields(name); len(of) == len(own) && of[len(of)-1] != own[len(own)-1] {
			who = append(who, fmt.Sprintf("process %s on %s", of[3], of[2]))
		}
	}
	return who, rows.Err()
}
