package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/ledger"
)

// However many reads fail while the database is away, the log says so once, and
// once that it is back; callers are told in a sentence to ask again.
func TestAnAbsenceIsSaidOnce(t *testing.T) {
	var log said
	n, l := opened(t, part(t, 0), filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(time.Now, border.At(morning()), 1))
	defer l.Close() //nolint:errcheck // the test is over
	n.absence.log = log.logger()
	cut := fmt.Errorf("two\n\tlines: %w", &net.OpError{Op: "dial", Err: errors.New("connect: connection refused")})
	for range 3 {
		if err := n.Missed(cut); !errors.Is(err, ErrNotReady) || !errors.Is(err, ledger.ErrAway) || strings.Contains(err.Error(), "\n") {
			t.Errorf("it is told as %q", err)
		}
		for _, other := range []error{context.Canceled, errors.New("a bad query")} {
			if err := n.Missed(other); !errors.Is(err, other) || errors.Is(err, ErrNotReady) {
				t.Errorf("%v is told as %v", other, err)
			}
		}
	}
	n.look(t.Context()) // the database answers
	n.look(t.Context())
	if len(log.lines) != 2 || !strings.Contains(log.lines[0], "the node waits for its database") || !strings.Contains(log.lines[1], "the database answers again") {
		t.Errorf("it is said %q", log.lines)
	}
}
