package main

import (
	"bufio"
	"context"
	"errors"
	"log/slog"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/node"
	"landport/posts"
)

// publishes checks that the key a node hands out is that of what it signs.
func publishes(t *testing.T, url, origin string) {
	t.Helper()
	key := strings.TrimSpace(fetch(t, url+"/api/v1/ledger/key"))
	verifier, err := note.NewVerifier(key)
	if err != nil {
		t.Fatalf("%s hands out %q: %v", url, key, err)
	}
	text := fetch(t, url+"/api/v1/ledger/checkpoint")
	checkpoint, err := ledger.ParseCheckpoint([]byte(text), verifier)
	if err != nil || checkpoint.Origin != origin {
		t.Errorf("with the key of %s: %+v, %v: %s", origin, checkpoint, err, text)
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
		if p := part.Layout.Policies; len(p) < 4 || p[0].Slots.Length == 0 {
			t.Errorf("%s has %d policies, the first is %q", name, len(p), p[0].Name)
		}
	}
}

// What an operator does in a shift can be done at the posts that come with
// Landport: lanes turn, drivers are called, slots are booked.
func TestShippedPostsTakeAWholeShift(t *testing.T) {
	for _, name := range posts.Names() {
		_, part, err := openPost(name)
		if err != nil {
			t.Fatal(err)
		}
		if l := part.Layout; !slices.ContainsFunc(l.Places, func(p gate.Place) bool { return p.Tidal }) ||
			!slices.ContainsFunc(l.Places, func(p gate.Place) bool { return p.Pager }) || l.Policies[0].Slots.Length == 0 {
			t.Errorf("%s has no lane to turn, nobody to call or no slots to book", name)
		}
	}
}

// onceSaid has something done soon after certain words are written.
type onceSaid struct {
	words string
	do    func()
}

func (o onceSaid) Write(text []byte) (int, error) {
	if strings.Contains(string(text), o.words) {
		time.AfterFunc(200*time.Millisecond, o.do)
	}
	return len(text), nil
}

// A demonstration's clock goes on where it stopped, which is after its last
// entry; one that was killed goes on from there.
func TestADemonstrationsClockNeverGoesBack(t *testing.T) {
	dir := t.TempDir()
	if at, err := stoppedAt(dir); at != 0 || err != nil {
		t.Errorf("where none ran: %d, %v", at, err)
	}
	d := demoCommand{Data: dir, Speed: 3600}
	run := func() {
		t.Helper()
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		d.Listen = "127.0.0.1:0"
		if err := d.Run(ctx, console{out: onceSaid{"Two nodes", stop}, err: t.Output()}); err != nil {
			t.Fatal(err)
		}
	}
	run()
	first, err := stoppedAt(dir)
	if err != nil || first == 0 {
		t.Fatalf("it stopped at %d, %v", first, err)
	}
	d.Speed = 0.1
	run()
	second, err := stoppedAt(dir)
	if err != nil || second < first || second > first.Add(border.Minute) {
		t.Errorf("it stopped at %d, went on and stopped at %d, %v", first, second, err)
	}
	write(t, filepath.Join(dir, stopFile), "yesterday\n")
	if _, err := stoppedAt(dir); err == nil || !strings.Contains(err.Error(), `"yesterday\n" is no instant such as 2018-03-05T00:00:00Z`) {
		t.Errorf("from a file that says nothing: %v", err)
	}
}

// A node that does not stop when it is told to is not waited for.
func TestANodeThatIsStuckEnds(t *testing.T) {
	post, part, err := openPost("bavet")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	key, public, err := node.Key(dir, post.Name)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := listenAt(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := startStation(t.Context(), stationConfig{
		post: post, part: part, database: "sqlite:" + filepath.Join(dir, "ledger.db"), key: key, public: public, listen: listener,
		clock: wall(), log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.server.Close() //nolint:errcheck // the test is over
	s.stop = 10 * time.Millisecond
	held, free := make(chan bool), make(chan bool)
	var writer sync.WaitGroup
	writer.Go(func() {
		_, _ = s.ledger.Write(context.WithoutCancel(t.Context()), func(*ledger.Batch) error {
			close(held)
			<-free
			return nil
		})
	})
	<-held
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.run(ctx); !errors.Is(err, errStuck) {
		t.Errorf("it ends with %v", err)
	}
	close(free)
	writer.Wait()
	<-s.node.Done()
	if err := s.ledger.Close(); err != nil {
		t.Error(err)
	}
}
