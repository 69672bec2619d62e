package node

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"landport/border"
	"landport/ledger"
)

// noRoomBeyond has this process's files grow to a size and no further, as on a
// disk that fills: a write stops in its middle. The returned function makes room.
func noRoomBeyond(t *testing.T, size int64) (room func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ) // the write fails instead
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: uint64(size), Max: was.Max}); err != nil {
		t.Fatal(err)
	}
	room = func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
			t.Error(err)
		}
		signal.Reset(syscall.SIGXFSZ)
	}
	t.Cleanup(room)
	return room
}

// On a disk that fills while SQLite writes, nothing is acknowledged that is not
// in the ledger, and nothing that was refused is; with room again the node goes
// on.
func TestADiskThatFills(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ledger.db")
	clock := NewScaledClock(time.Now, border.At(morning()), 1)
	n, stop := running(t, part(t, 0), file, clock)
	acknowledged := map[string]Answer{}
	try := func(id string) error {
		c := arrival(id)
		c.Actor, c.Plate = "operator-1", "3A-4711"
		a, err := n.Do(t.Context(), c)
		if err == nil {
			acknowledged[id] = a
		}
		return err
	}
	for i := range 10 {
		if err := try(fmt.Sprint("ahead-", i)); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.Stat(file + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	room := noRoomBeyond(t, written.Size()+100_001) // in the middle of a page
	var refused []string
	for i := 0; len(refused) < 3; i++ {
		id := fmt.Sprint("full-", i)
		err := try(id)
		switch {
		case err == nil:
			refused = nil
		case errors.Is(err, ErrNotReady):
			refused = append(refused, id)
		default:
			t.Fatal(err)
		}
		if i == 1000 {
			t.Fatal("the disk does not fill")
		}
	}
	if err := n.Ready(); err == nil {
		t.Error("it is ready, and the disk is full")
	}
	if len(acknowledged) == 10 {
		t.Error("nothing was acknowledged while there was some room")
	}
	for _, id := range refused {
		if _, ok, err := n.ledger.Outcome(t.Context(), id); ok || err != nil && !errors.Is(err, ledger.ErrUnknown) {
			t.Errorf("%s was refused, and it is in the ledger: %t, %v", id, ok, err)
		}
	}
	room()
	for n.Ready() != nil {
		if t.Context().Err() != nil {
			t.Fatal("there is room again, and it is not ready")
		}
		time.Sleep(glance / 4)
	}
	for _, id := range append(refused, "after") {
		if err := try(id); err != nil || acknowledged[id].Repeated {
			t.Errorf("%s, with room again: %+v, %v", id, acknowledged[id], err)
		}
	}
	stop()
	again, l := opened(t, part(t, 0), file, clock)
	defer l.Close() //nolint:errcheck // the test is over
	if again.Present() != len(acknowledged) {
		t.Errorf("%d visits came, and %d are here", len(acknowledged), again.Present())
	}
	for id, was := range acknowledged {
		o, ok, err := l.Outcome(t.Context(), id)
		if err != nil || !ok || o.First != was.Sequence || o.Entries != was.Entries {
			t.Errorf("%s was acknowledged as %+v, and the ledger has %+v, %t, %v", id, was, o, ok, err)
		}
	}
}
