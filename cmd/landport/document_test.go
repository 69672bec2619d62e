package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"landport/ledger/pgtest"
)

// section returns the text under a heading of docs/operate.md, and the commands
// and the file that stand in it.
func section(t *testing.T, heading string) (commands []string, yaml string) {
	t.Helper()
	text, err := os.ReadFile("../../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	_, body, found := strings.Cut(string(text), "\n## "+heading+"\n")
	if body, _, _ = strings.Cut(body, "\n## "); !found {
		t.Fatalf("docs/operate.md has no section %q", heading)
	}
	for line := range strings.Lines(body) {
		if command, is := strings.CutPrefix(line, "    "); is {
			commands = append(commands, strings.TrimSpace(command))
		}
	}
	if _, yaml, found = strings.Cut(body, "```yaml\n"); found {
		yaml, _, _ = strings.Cut(yaml, "```")
	}
	return commands, yaml
}

// Whoever types what docs/operate.md says, on a cluster that has nothing yet, has
// two replicas that a balancer can stand before.
func TestReplicasAsTheDocumentSays(t *testing.T) {
	t.Parallel()
	server, home := pgtest.Start(t), t.TempDir()
	_, post := section(t, "What a post is")
	file := write(t, filepath.Join(home, "bavet.yaml"), post)
	here := strings.NewReplacer(
		"bavet.yaml", file, "/etc/landport", filepath.Join(home, "keys"), "@db/bavet", "@/bavet?host="+url.QueryEscape(filepath.Dir(server.Socket())),
		"10.0.0.11:8080", "127.0.0.1:0", "10.0.0.12:8080", "127.0.0.1:0",
	)
	commands, _ := section(t, "Two replicas on PostgreSQL")
	var replicas []*replica
	for _, line := range commands {
		words := strings.Fields(here.Replace(line))
		switch {
		case strings.HasPrefix(line, "sudo -u postgres "):
			server.Run(t, "a password\na password\n", words[3], words[4:]...)
		case strings.HasPrefix(line, "landport key "):
			did(t, strings.Join(words[1:], " "))
		case strings.HasPrefix(line, "landport serve "):
			replicas = append(replicas, serve(t, words[2:]...))
		default:
			t.Fatalf("nobody follows %q here", line)
		}
	}
	if len(replicas) != 2 {
		t.Fatalf("the document starts %d replicas", len(replicas))
	}
	front := httptest.NewServer(balancer(replicas, "bavet.example"))
	defer front.Close()
	before := &replica{t: t, url: front.URL}
	references := []string{before.arrive("a", "2A-1111"), before.arrive("b", "2A-2222")}
	replicas[0].end(syscall.SIGKILL)
	references = append(references, before.arrive("c", "2A-3333"))
	contains(t, fetch(t, front.URL+"/api/v1/posts/bavet/board"), references...)
	contains(t, fetch(t, front.URL+"/"), references...)
}

// balancer sends a request to the first replica that is ready, under the name
// that browsers ask for.
func balancer(replicas []*replica, name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		for _, to := range replicas {
			ready, err := http.Get(to.url + "/readyz") //nolint:noctx // of this machine, and there or not
			if err != nil {
				continue
			}
			_ = ready.Body.Close() // it was read for its status
			at, err := url.Parse(to.url)
			if err != nil || ready.StatusCode != http.StatusOK {
				continue
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			(&httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
				p.SetURL(at)
				p.Out.Host = name
			}}).ServeHTTP(w, r)
			return
		}
		http.Error(w, "no replica is ready", http.StatusServiceUnavailable)
	}
}
