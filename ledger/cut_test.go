package ledger_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"landport/ledger"
	"landport/ledger/pgtest"
)

// A cut is where a connection to PostgreSQL ends.
type cut int32

const (
	nowhere cut = iota
	beforeCommit
	afterCommit // the server has it, the answer is lost
)

// TestAnUnknownOutcomeIsSettled cuts the connection while it commits.
func TestAnUnknownOutcomeIsSettled(t *testing.T) {
	server := postgres(t)
	url := server.Database(t)
	var where atomic.Int32
	c := config(through(t, server, url, &where))
	l := open(t, c)
	for n, at := range []cut{beforeCommit, afterCommit, beforeCommit, afterCommit} {
		where.Store(int32(at))
		id := fmt.Sprint("c-", n)
		_, err := l.Write(t.Context(), func(b *ledger.Batch) error {
			b.Done(id, ledger.Outcome{First: b.Append(fact(n)), Entries: 1})
			return nil
		})
		if !errors.Is(err, ledger.ErrUnknown) {
			t.Errorf("cut %d: Write returns %v", at, err)
		}
		where.Store(int32(nowhere))
		if _, ok, err := l.Outcome(t.Context(), id); err != nil || ok != (at == afterCommit) {
			t.Errorf("cut %d: done is %v, %v", at, ok, err)
		}
	}
	server.Restart(t)
	if _, ok, err := settled(t, l, "c-3"); !ok || err != nil {
		t.Errorf("after the server was killed and started again: %v, %v", ok, err)
	}
	if head := write(t, l, 1); head.Size != 3 {
		t.Errorf("the ledger has %d entries, not 3", head.Size)
	}
	if report := verified(t, url, nil, nil); len(report.Damage) > 0 {
		t.Error(words(report.Damage))
	}
}

// settled asks for an outcome until the connections that died are used up.
func settled(t *testing.T, l *ledger.Ledger, id string) (o ledger.Outcome, ok bool, err error) {
	t.Helper()
	for range 20 {
		if o, ok, err = l.Outcome(t.Context(), id); err == nil {
			break
		}
	}
	return o, ok, err
}

// through returns a URL that leads to the server by way of a proxy, which cuts
// a connection that commits.
func through(t *testing.T, server *pgtest.Server, url string, where *atomic.Int32) string {
	t.Helper()
	door, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { door.Close() }) //nolint:errcheck,gosec // it is only a proxy
	go func() {
		for {
			client, err := door.Accept()
			if err != nil {
				return
			}
			upstream, err := new(net.Dialer).DialContext(t.Context(), "unix", server.Socket())
			if err != nil {
				client.Close() //nolint:errcheck,gosec // it is only a proxy
				continue
			}
			go relay(client, upstream, where)
		}
	}()
	path, _, _ := strings.Cut(strings.TrimPrefix(url, "postgres://"), "?")
	return "postgres://postgres@" + door.Addr().String() + path + "?sslmode=disable"
}

func relay(client, upstream net.Conn, where *atomic.Int32) {
	defer client.Close()   //nolint:errcheck // it is only a proxy
	defer upstream.Close() //nolint:errcheck // as above
	var mute atomic.Bool
	go func() {
		defer client.Close() //nolint:errcheck // as above
		buffer := make([]byte, 1<<16)
		for {
			n, err := upstream.Read(buffer)
			if err != nil || mute.Load() {
				return
			}
			if _, err := client.Write(buffer[:n]); err != nil {
				return
			}
		}
	}()
	buffer := make([]byte, 1<<16)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		commits := strings.Contains(strings.ToLower(string(buffer[:n])), "commit\x00")
		if commits && cut(where.Load()) == beforeCommit {
			return
		}
		mute.Store(commits && cut(where.Load()) == afterCommit)
		if _, err := upstream.Write(buffer[:n]); err != nil {
			return
		}
		if mute.Load() {
			io.Copy(io.Discard, client) //nolint:errcheck,gosec // until the other side closes it
			return
		}
	}
}
