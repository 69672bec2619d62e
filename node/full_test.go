package node

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/ledger"
)

// full makes every write of a ledger's file fail as on a full disk, until the
// returned function makes room.
func full(t *testing.T, file string) (room func()) {
	t.Helper()
	tamper(t, "sqlite:"+file, `CREATE TRIGGER full BEFORE UPDATE ON head BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`)
	return func() { tamper(t, "sqlite:"+file, `DROP TRIGGER full`) }
}

// A node whose disk takes nothing is not ready, for as long as it is so, and
// says why; then what was refused is done once.
func TestAFullDisk(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ledger.db")
	n, _ := running(t, part(t, 0), file, NewScaledClock(time.Now, border.At(morning()), 1))
	do(t, n, arrival("a1"))
	room := full(t, file)
	refused := func(err error) {
		t.Helper()
		if !errors.Is(err, ErrNotReady) || !strings.Contains(err.Error(), "the disk is full") {
			t.Errorf("it is told as %v", err)
		}
	}
	for range 2 {
		_, err := n.Do(t.Context(), func() Command { c := arrival("a2"); c.Actor = "operator-1"; return c }())
		refused(err)
		for range 5 { // over some glances at the database, which can be read
			refused(n.Ready())
			time.Sleep(glance / 4)
		}
	}
	room()
	for n.Ready() != nil {
		if t.Context().Err() != nil {
			t.Fatal("there is room again, and it is not ready")
		}
		time.Sleep(glance / 4)
	}
	if first, again := do(t, n, arrival("a2")), do(t, n, arrival("a2")); first.Repeated || !again.Repeated {
		t.Errorf("what was refused was done before: %+v, then %+v", first, again)
	}
}

// A commit that may or may not have gone through while nothing can be asked
// is put off with the reason.
func TestAnOutcomeThatCannotBeAsked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ledger.db")
	n, l := opened(t, part(t, 0), file, NewScaledClock(time.Now, border.At(morning()), 1))
	defer l.Close() //nolint:errcheck // the test is over
	room := full(t, file)
	a := &asked{Command: arrival("a1"), answer: make(chan answered, 1)}
	n.failed(t.Context(), []*asked{a}, fmt.Errorf("%w: %w", ledger.ErrUnknown, errors.New("no space")))
	for _, err := range []error{(<-a.answer).err, n.Ready()} {
		if !errors.Is(err, ErrNotReady) || !strings.Contains(err.Error(), "the disk is full") {
			t.Errorf("it is told as %v", err)
		}
	}
	room()
	if err := n.recover(t.Context()); err != nil || n.Ready() != nil {
		t.Errorf("with room again: %v, %v", err, n.Ready())
	}
}
