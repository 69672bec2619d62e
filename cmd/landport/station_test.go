package main

import (
	"bufio"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"landport/ledger"
)

// publishes checks that the key a node hands out is that of what it signs.
func publishes(t *testing.T, url, origin string) {
	t.Helper()
	key := strings.TrimSpace(fetch(t, url+"/api/v1/ledger/key"))
	verifier, err := note.NewVerifier(key)
	if err != nil {
		t.Fatalf("%s hands out %q: %v", url, key, err)
	}
	checkpoint, err := ledger.ParseCheckpoint([]byte(fetch(t, url+"/api/v1/ledger/checkpoint")), verifier)
	if err != nil || checkpoint.Origin != origin {
		t.Errorf("with the key of %s: %+v, %v", origin, checkpoint, err)
	}
}

func TestNodesHandOutTheKeyTheySignWith(t *testing.T) {
	publishes(t, serve(t, "--data", filepath.Join(t.TempDir(), "node")).url, "bavet.kh")

	demo := exec.CommandContext(t.Context(), binary, "demo", "--listen", "127.0.0.1:0", "--speed", "0.1")
	out, err := demo.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewReader(out)
	for _, origin := range []string{"bavet.kh", "mocbai.vn"} {
		line, err := said.ReadString('\n')
		url := regexp.MustCompile(`http://[0-9.:]+`).FindString(line)
		if err != nil || url == "" {
			t.Fatalf("it says %q, %v", line, err)
		}
		publishes(t, url, origin)
	}
	if err := demo.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := demo.Wait(); err != nil {
		t.Error(err)
	}
}

// An operator of any post can choose among the gate's policies; the crossing's
// own is in force at the start.
func TestAPostHasPoliciesToChooseFrom(t *testing.T) {
	for _, name := range []string{"bavet", "moc-bai"} {
		_, part, err := openPost(name)
		if err != nil {
			t.Fatal(err)
		}
		if p := part.Layout.Policies; len(p) < 4 || p[0].Name != "first come, first served" {
			t.Errorf("%s has %d policies, the first is %q", name, len(p), p[0].Name)
		}
	}
}
