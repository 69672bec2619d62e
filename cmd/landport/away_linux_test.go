package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// While the database is away every page and read of the API says so in one
// sentence and when to ask again; the log says it once, and once that it is over.
func TestPagesWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	server := cluster.Start(t)
	keys := t.TempDir()
	dir, err := os.MkdirTemp("", "lp") //nolint:usetesting // short: a socket's path is at most 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary directory
	did(t, "key --post bavet --keys "+keys)
	socket := filepath.Join(dir, ".s.PGSQL.5432")
	cut := forward(t, socket, server.Socket())
	r := serve(t, "--keys", keys, "--database", regexp.MustCompile(`host=.*`).ReplaceAllString(server.Database(t), "host="+dir))
	reference := r.arrive("a1", "2A-1234")
	cut()
	eventually(t, r, http.StatusServiceUnavailable, `"code":"not-ready"`)
	for range 3 {
		for _, path := range []string{"/study", "/visits/" + reference, "/find?q=2A-1234", "/api/v1/posts/bavet/study", "/api/v1/visits/" + reference, "/api/v1/ledger/checkpoint", "/readyz"} {
			response, err := http.Get(r.url + path) //nolint:bodyclose,noctx // closing does; the server is ours
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(response.Body)
			closing(t, response.Body)
			text := string(body)
			if err != nil || response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" || !strings.Contains(text, "database does not answer") {
				t.Errorf("%s: %s, Retry-After %q: %s", path, response.Status, response.Header.Get("Retry-After"), text)
			}
			if strings.HasPrefix(path, "/api/") || path == "/readyz" {
				if strings.Contains(text, `\n`) || !strings.Contains(response.Header.Get("Content-Type"), "problem+json") {
					t.Errorf("%s: no problem in a line: %s", path, text)
				}
			} else if strings.Contains(text, dir) || response.Header.Get("Refresh") == "" {
				t.Errorf("%s tells people of sockets, or does not come by itself: %s", path, text)
			}
		}
	}
	response, err := http.Get(r.url + "/public") //nolint:bodyclose,noctx // closing does; the server is ours
	if err != nil {
		t.Fatal(err)
	}
	drivers, err := io.ReadAll(response.Body)
	closing(t, response.Body)
	if page := string(drivers); err != nil || !strings.Contains(page, "This page cannot be renewed just now") || strings.Contains(page, dir) {
		t.Errorf("drivers are not told that the page stands: %s", page)
	}
	cut = forward(t, socket, server.Socket())
	defer cut()
	eventually(t, r, http.StatusOK, `"status":"ok"`)
	for until := time.Now().Add(10 * time.Second); !strings.Contains(r.said.String(), "answers again") && time.Now().Before(until); {
		time.Sleep(20 * time.Millisecond)
	}
	r.end(os.Interrupt)
	log := r.said.String()
	if strings.Count(log, "the node waits for its database") != 1 || strings.Count(log, "the database answers again") != 1 || strings.Contains(log, "request failed") || strings.Contains(log, "no longer") {
		t.Errorf("the log says\n%s", log)
	}
}
