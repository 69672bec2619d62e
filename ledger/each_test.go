package ledger_test

import (
	"context"
	"errors"
	"testing"

	"landport/ledger"
)

// Each reads every entry once and in order, ends where it is told to, and says
// what is missing.
func TestEach(t *testing.T) {
	c := config(newFile(t))
	l := open(t, c)
	const size = 5500
	write(t, l, size)
	for _, after := range []int64{0, 1, 499, 500, 501, 4500, size - 1, size, size + 1} {
		next := after + 1
		for e, err := range l.Each(t.Context(), after) {
			if err != nil || e.Seq != next {
				t.Fatalf("after %d: entry %d, want %d; %v", after, e.Seq, next, err)
			}
			next++
		}
		if next != max(after, size)+1 {
			t.Errorf("after %d it ended ahead of %d", after, next)
		}
	}
	for e, err := range l.Each(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Seq == 2100 {
			break
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for e, err := range l.Each(ctx, 0) {
		if e.Seq == 1500 {
			cancel()
		}
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("cut off, it ended with %v", last)
	}
}

func TestEachNamesWhatIsMissing(t *testing.T) {
	for _, gone := range [][2]int64{{1, 1}, {1000, 1000}, {1001, 1001}, {1001, 2000}, {1500, 4500}, {3001, 5000}} {
		c := config(newFile(t))
		l := open(t, c)
		write(t, l, 5500)
		if _, err := raw(t, c.URL).ExecContext(t.Context(), `DELETE FROM entries WHERE seq BETWEEN $1 AND $2`, gone[0], gone[1]); err != nil {
			t.Fatal(err)
		}
		var damage *ledger.Damage
		for e, err := range l.Each(t.Context(), 0) {
			if e.Seq >= gone[0] {
				t.Fatalf("entry %d is handed out, %d is missing", e.Seq, gone[0])
			}
			errors.As(err, &damage)
		}
		if damage == nil || damage.From != gone[0] || damage.To != gone[1] {
			t.Errorf("without entries %d to %d: %v", gone[0], gone[1], damage)
		}
	}
}
