package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"landport/ledger/pgtest"
)

func TestReplicasOnOneDatabase(t *testing.T) {
	t.Parallel()
	server := cluster.Start(t)
	home := t.TempDir()
	keys := filepath.Join(home, "keys")
	did(t, "key --post bavet --keys "+keys)
	database := server.Database(t)

	t.Run("a node waits for its database, and says so", func(t *testing.T) { waitsForItsDatabase(t, server, keys) })
	missing := regexp.MustCompile(`/test[0-9]+\?`).ReplaceAllString(database, "/none?")
	refused(t, exitFailed, `database "none" does not exist`, "serve --post bavet --listen 127.0.0.1:0", "--database", missing, "--keys", keys)
	refused(t, exitMisuse, "or make one, if this is a new node: landport key --keys "+home, "serve --post bavet --listen 127.0.0.1:0", "--database", database, "--keys", home)

	one, two := serve(t, "--database", database, "--keys", keys), serve(t, "--database", database, "--keys", keys)
	var references []string
	for i := range 6 {
		references = append(references, []*replica{one, two}[i%2].arrive(fmt.Sprint("a", i), fmt.Sprintf("2A-%04d", i)))
	}
	one.end(syscall.SIGKILL)
	references = append(references, two.arrive("b", "2A-9999"))
	if again := two.arrive("a0", "2A-0000"); again != references[0] {
		t.Errorf("asked of the other replica again, the first command brought %s, not %s", again, references[0])
	}
	contains(t, fetch(t, two.url+"/api/v1/posts/bavet/board"), references...)
	contains(t, did(t, "verify", "--database", database, "--keys", keys), " entries of bavet.kh, epoch 1", "14 personal values fit")
	contains(t, did(t, "erase --post bavet --reason r", "--database", database, "--plate", "2A9999"), "gone: 1 (plate 1)")

	// From PostgreSQL to a file and to another database.
	backup, other := filepath.Join(home, "backup"), server.Database(t)
	contains(t, did(t, "backup "+backup, "--database", database), " entries of bavet.kh, epoch 1")
	contains(t, did(t, "restore "+backup, "--database", other, "--keys", keys), "is in epoch 2")
	did(t, "restore "+backup+" --data "+filepath.Join(home, "file"), "--keys", keys)
	three := serve(t, "--database", other, "--keys", keys)
	contains(t, fetch(t, three.url+"/api/v1/posts/bavet/board"), references...)
	two.arrive("c", "2A-1111")
}

// Who starts with another crossing beside a replica that runs is turned away,
// and that one goes on; when all have stopped, the crossing is changed.
func TestReplicasRunOneCrossing(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	keys, database := filepath.Join(home, "keys"), cluster.Start(t).Database(t)
	did(t, "key --post bavet --keys "+keys)
	was := filepath.Join(home, "was.yaml")
	if err := os.WriteFile(was, []byte("name: bavet.kh\ncrossing: bavet-mocbai-2018\npost: Bavet\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	where := []string{"--database", database, "--keys", keys}
	one := serve(t, append(where, "--post", was)...)
	references := []string{one.arrive("a0", "2A-0000"), one.arrive("a1", "2A-0001")}
	contains(t, did(t, "config check bavet", where[:2]...), "A restart now changes the crossing for 2 announced or present.", "new         place ")
	pid := fmt.Sprintf("process %d on ", one.process.Process.Pid)
	for range 2 {
		refused(t, exitFailed, "the post's file names another crossing than the one in force", "serve --post bavet --listen 127.0.0.1:0", where...)
		refused(t, exitFailed, pid, "serve --post bavet --listen 127.0.0.1:0", where...)
	}
	contains(t, fetch(t, one.url+"/readyz"), `"ok"`)
	two := serve(t, append(where, "--post", was)...)
	references = append(references, one.arrive("a2", "2A-0002"), two.arrive("a3", "2A-0003"))
	one.end(syscall.SIGKILL)
	two.end(os.Interrupt)

	three := serve(t, where...)
	contains(t, fetch(t, three.url+"/api/v1/posts/bavet/board"), references...)
	refused(t, exitFailed, "start this one with the file that they run by", "serve --listen 127.0.0.1:0", append(where, "--post", was)...)
	four := serve(t, where...)
	four.arrive("b", "2A-9999")
	contains(t, did(t, "config check bavet", where[:2]...), "The ledger runs by this crossing already")
	contains(t, did(t, "verify --post bavet", where...), "Intact: ", "The tables of records and studies are what the entries give.")
}

// waitsForItsDatabase starts a node before its database can be reached: behind
// a socket that is not there yet.
func waitsForItsDatabase(t *testing.T, server *pgtest.Server, keys string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "lp") //nolint:usetesting // short: a socket's path is at most 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary directory
	url := regexp.MustCompile(`host=.*`).ReplaceAllString(server.Database(t), "host="+dir)
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	closing(t, listener)
	r := launch(t, "--database", url, "--keys", keys, "--listen", address)
	r.start()
	r.url = "http://" + address

	eventually(t, r, http.StatusServiceUnavailable, `"code":"not-ready"`, "the database does not answer: ")
	contains(t, r.said.String(), "landport: the database does not answer: ", "; trying again in 250ms\n")
	contains(t, fetch(t, r.url+"/healthz"), `"ok"`)
	away := forward(t, filepath.Join(dir, ".s.PGSQL.5432"), server.Socket())
	eventually(t, r, http.StatusOK, `"status":"ok"`)
	r.arrive("a1", "2A-1234")
	away()
	eventually(t, r, http.StatusServiceUnavailable, `"code":"not-ready"`, `"the node is not ready: the database does not answer"`)
	away = forward(t, filepath.Join(dir, ".s.PGSQL.5432"), server.Socket())
	defer away()
	eventually(t, r, http.StatusOK, `"status":"ok"`)
	r.arrive("a2", "2A-1234")
	r.end(os.Interrupt)
}

// eventually waits until /readyz answers so.
func eventually(t *testing.T, r *replica, status int, want ...string) {
	t.Helper()
	var got, text string
	for until := time.Now().Add(15 * time.Second); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		response, err := http.Get(r.url + "/readyz") //nolint:bodyclose,noctx // closing does; the server is ours
		if err != nil {
			continue
		}
		body, err := io.ReadAll(response.Body)
		closing(t, response.Body)
		got, text = response.Status, string(body)
		all := err == nil && response.StatusCode == status
		for _, part := range want {
			all = all && strings.Contains(text, part)
		}
		if all {
			return
		}
	}
	t.Fatalf("/readyz says %s %s, not %d with %q\n%s", got, text, status, want, r.said.String())
}

// forward lets a socket lead to another, until it is cut.
func forward(t *testing.T, from, to string) (cut func()) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "unix", from)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	ends := []io.Closer{listener}
	join := func(near, far net.Conn) {
		io.Copy(near, far) //nolint:errcheck,gosec // one end was closed
		near.Close()       //nolint:errcheck,gosec // as above
	}
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := new(net.Dialer).DialContext(context.Background(), "unix", to)
			if err != nil {
				near.Close() //nolint:errcheck,gosec // it is of no use
				return
			}
			mu.Lock()
			ends = append(ends, near, far)
			mu.Unlock()
			go join(near, far)
			go join(far, near)
		}
	}()
	return func() {
		mu.Lock()
		defer mu.Unlock()
		for _, end := range ends {
			end.Close() //nolint:errcheck,gosec // it may have ended
		}
	}
}
