package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Server is a running cluster.
type Server struct {
	bin, dir  string
	as        *syscall.SysProcAttr
	process   *exec.Cmd
	broom     *exec.Cmd
	handle    io.Closer // of the broom
	databases atomic.Int64
}

// Shared is the one cluster of all tests of a package, which keeps it in a
// variable and closes it in its TestMain.
type Shared struct {
	start  sync.Once
	server *Server
}

// Start makes the cluster for the first test that asks, and returns it.
func (s *Shared) Start(t testing.TB) *Server {
	t.Helper()
	s.start.Do(func() {
		var err error
		if s.server, err = newServer(); err != nil {
			t.Error(err)
		}
	})
	if s.server == nil {
		t.Fatal("PostgreSQL did not start")
	}
	return s.server
}

// Close ends the cluster, if any test asked for it.
func (s *Shared) Close() error {
	if s.server == nil {
		return nil
	}
	return s.server.close()
}

// Start makes a cluster and runs it until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	s, err := newServer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func newServer() (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "landport-pg-") // short: a socket's path is at most 107 bytes
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, dir: dir}
	if s.as, err = unprivileged(dir); err == nil {
		err = s.sweepAfterwards()
	}
	if err == nil {
		var said []byte
		said, err = s.command("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "-D", s.data()).CombinedOutput()
		if err != nil {
			err = fmt.Errorf("initdb: %w\n%s", err, said)
		}
	}
	if err == nil {
		err = s.run()
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// sweep ends a server and removes what it had, once nobody holds the other end
// of its input.
const sweep = `trap '' HUP INT QUIT TERM
read -r _
[ ! -f data/postmaster.pid ] || kill -QUIT "$(head -n 1 data/postmaster.pid)"
cd /
rm -rf "$0"`

// sweepAfterwards has a process of its own clean up, so that a test program that
// is killed leaves nothing behind.
func (s *Server) sweepAfterwards() error {
	broom := exec.CommandContext(context.Background(), "sh", "-c", sweep, s.dir) //nolint:gosec // a directory of ours
	as := syscall.SysProcAttr{}
	if s.as != nil {
		as = *s.as
	}
	as.Setsid = true // else it is killed with the group of the test program
	broom.SysProcAttr, broom.Dir = &as, s.dir
	handle, err := broom.StdinPipe()
	if err != nil {
		return err
	}
	if err := broom.Start(); err != nil {
		return err
	}
	s.broom, s.handle = broom, handle
	return nil
}

// close ends the server, whoever is connected, and removes what it had.
func (s *Server) close() error {
	err := s.kill()
	if s.broom == nil {
		return errors.Join(err, os.RemoveAll(s.dir))
	}
	return errors.Join(err, s.handle.Close(), s.broom.Wait(), os.RemoveAll(s.dir))
}

// Database makes an empty database and returns its URL.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	return s.create(t, "")
}

// Copy makes a database like the one at url, to which nobody is connected.
func (s *Server) Copy(t testing.TB, url string) string {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	return s.create(t, " TEMPLATE "+config.Database)
}

func (s *Server) create(t testing.TB, how string) string {
	t.Helper()
	db, err := s.admin()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // it has said what it had to
	name := fmt.Sprintf("test%d", s.databases.Add(1))
	if _, err := db.ExecContext(t.Context(), "CREATE DATABASE "+name+how); err != nil {
		t.Fatal(err)
	}
	return s.url(name)
}

// Socket is the path of the socket the server listens on.
func (s *Server) Socket() string { return filepath.Join(s.dir, ".s.PGSQL.5432") }

// Restart kills the server as a power cut would and starts it again.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	if err := errors.Join(s.kill(), s.run()); err != nil {
		t.Fatal(err)
	}
}

// Spoil stops the server, as one should, has the file of a table changed behind
// its back, and starts it again.
func (s *Server) Spoil(t testing.TB, url, table string, change func(file []byte)) {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	db := stdlib.OpenDB(*config)
	var path string
	err = db.QueryRowContext(t.Context(), `SELECT pg_relation_filepath($1::regclass)`, table).Scan(&path)
	if err = errors.Join(err, db.Close(), s.end(syscall.SIGINT)); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(filepath.Join(s.data(), path), os.O_RDWR, 0) //nolint:gosec // of the cluster's own files
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(file)
	if err == nil {
		change(data)
		_, err = file.WriteAt(data, 0)
	}
	if err = errors.Join(err, file.Close(), s.run()); err != nil {
		t.Fatal(err)
	}
}

// Run runs one of PostgreSQL's programs as the cluster's superuser, with what is
// typed to it, and fails the test unless it succeeds.
func (s *Server) Run(t testing.TB, typed, name string, args ...string) {
	t.Helper()
	c := s.command(name, args...)
	as := syscall.SysProcAttr{}
	if s.as != nil {
		as = *s.as
	}
	as.Setsid = true // else it asks the terminal of whoever runs the test
	c.SysProcAttr, c.Stdin = &as, strings.NewReader(typed)
	c.Env = append(os.Environ(), "PGHOST="+s.dir, "PGUSER=postgres")
	if said, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, said)
	}
}

// kill ends the server without a word to anybody.
func (s *Server) kill() error { return s.end(syscall.SIGQUIT) }

func (s *Server) end(how os.Signal) error {
	if s.process == nil {
		return nil
	}
	signalled := s.process.Process.Signal(how)
	err := s.process.Wait()
	if _, exited := errors.AsType[*exec.ExitError](err); exited {
		err = nil // as was to be
	}
	s.process = nil
	return errors.Join(signalled, err)
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

func (s *Server) url(database string) string {
	return "postgres:///" + database + "?user=postgres&host=" + url.QueryEscape(s.dir)
}

func (s *Server) command(name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(context.Background(), filepath.Join(s.bin, name), args...) //nolint:gosec // PostgreSQL's own programs
	c.SysProcAttr, c.Dir = s.as, s.dir
	return c
}

// run starts the server and waits until it answers.
func (s *Server) run() error {
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // the server writes it
	s.process = s.command("postgres", "-D", s.data(), "-k", s.dir, "-c", "listen_addresses=", "-c", "max_connections=200")
	s.process.Stdout, s.process.Stderr = log, log
	if err := s.process.Start(); err != nil {
		s.process = nil
		return err
	}
	db, err := s.admin()
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // it has said what it had to
	for wait := 0; ; wait++ {
		err := db.PingContext(context.Background())
		if err == nil {
			return nil
		}
		if wait == 1200 {
			said, _ := os.ReadFile(log.Name())
			return fmt.Errorf("PostgreSQL does not answer: %w\n%s", err, said)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (s *Server) admin() (*sql.DB, error) {
	config, err := pgx.ParseConfig(s.url("postgres"))
	if err != nil {
		return nil, err
	}
	return stdlib.OpenDB(*config), nil
}

// binaries finds the directory of the server's programs.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		path, err = filepath.EvalSymlinks(path) // the other programs are beside what it links to
		return filepath.Dir(path), err
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.New("the tests need PostgreSQL's server programs; install Debian's package postgresql (make deps does)")
	}
	return filepath.Dir(found[len(found)-1]), nil
}

// unprivileged returns who may run a server in dir: root may not.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	if os.Geteuid() != 0 {
		return nil, nil //nolint:nilnil // nobody in particular
	}
	someone, err := user.Lookup("postgres")
	if err != nil {
		someone, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, err
	}
	uid, errUser := strconv.ParseUint(someone.Uid, 10, 32)
	gid, errGroup := strconv.ParseUint(someone.Gid, 10, 32)
	if err := errors.Join(errUser, errGroup, os.Chown(dir, int(uid), int(gid))); err != nil {
		return nil, err
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}
