package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
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
	databases atomic.Int64
}

// Start makes a cluster and runs it until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "landport-pg-") //nolint:usetesting // short, for a socket's path, and open to the server's user
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{bin: binaries(t), dir: dir, as: unprivileged(t, dir)}
	t.Cleanup(func() { os.RemoveAll(dir) }) //nolint:errcheck,gosec // a temporary directory
	made, err := s.command("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "-D", s.data()).CombinedOutput()
	if err != nil {
		t.Fatalf("initdb: %v\n%s", err, made)
	}
	s.run(t)
	t.Cleanup(func() { s.Stop(t) })
	return s
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
	db := s.admin(t)
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
	s.end(t, syscall.SIGQUIT)
	s.run(t)
}

// Stop ends the server, whoever is connected.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	s.end(t, syscall.SIGINT)
}

func (s *Server) end(t testing.TB, signal syscall.Signal) {
	t.Helper()
	if s.process == nil {
		return
	}
	if err := s.process.Process.Signal(signal); err != nil {
		t.Error(err)
	}
	var exit *exec.ExitError
	if err := s.process.Wait(); err != nil && !errors.As(err, &exit) {
		t.Error(err)
	}
	s.process = nil
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
func (s *Server) run(t testing.TB) {
	t.Helper()
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close() //nolint:errcheck // the server writes it
	s.process = s.command("postgres", "-D", s.data(), "-k", s.dir, "-c", "listen_addresses=", "-c", "max_connections=200")
	s.process.Stdout, s.process.Stderr = log, log
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	db := s.admin(t)
	defer db.Close() //nolint:errcheck // it has said what it had to
	for wait := 0; ; wait++ {
		err := db.PingContext(t.Context())
		if err == nil {
			return
		}
		if wait == 600 {
			said, _ := os.ReadFile(log.Name())
			t.Fatalf("PostgreSQL does not answer: %v\n%s", err, said)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (s *Server) admin(t testing.TB) *sql.DB {
	t.Helper()
	config, err := pgx.ParseConfig(s.url("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	return stdlib.OpenDB(*config)
}

// binaries finds the directory of the server's programs.
func binaries(t testing.TB) string {
	t.Helper()
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		t.Fatal("the tests need PostgreSQL's server programs; install Debian's package postgresql (make deps does)")
	}
	return filepath.Dir(found[len(found)-1])
}

// unprivileged returns who may run a server in dir: root may not.
func unprivileged(t testing.TB, dir string) *syscall.SysProcAttr {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	someone, err := user.Lookup("postgres")
	if err != nil {
		someone, err = user.Lookup("nobody")
	}
	if err != nil {
		t.Fatal(err)
	}
	uid, err := strconv.ParseUint(someone.Uid, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	gid, err := strconv.ParseUint(someone.Gid, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(dir, int(uid), int(gid)); err != nil {
		t.Fatal(err)
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}
