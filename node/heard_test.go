package node

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"landport/border"
	"landport/ledger"
)

// What a node shows while its ledger does not answer is as it was when it last
// did, and says so: whether the ledger fails or is silent.
func TestWhatIsShownStandsWhileTheLedgerIsAway(t *testing.T) {
	clock := NewScaledClock(time.Now, border.At(morning()), 3600)
	n, l := opened(t, part(t, 0), filepath.Join(t.TempDir(), "ledger.db"), clock)
	defer l.Close() //nolint:errcheck // the test is over
	shown := func() Moment {
		b, _, err := n.Board(t.Context(), Cursor{})
		if err != nil {
			t.Fatal(err)
		}
		return b.Moment
	}
	cut := errors.New("a cable is cut")
	for _, c := range []struct {
		name string
		fail func()
		want error
	}{
		{"it fails", func() { n.trouble = cut }, cut},
		{"it is silent", func() { n.heard.on = n.heard.on.Add(-silenceMost) }, ledger.ErrAway},
	} {
		n.look(t.Context()) // the ledger answers
		if m := shown(); m.Trouble != nil || n.Ready() != nil {
			t.Fatalf("%s: before, %v, %v", c.name, m.Trouble, n.Ready())
		}
		c.fail()
		for clock.Now() <= n.heard.at { //nolint:revive // until the clock has gone on
		}
		m := shown()
		if since, why := n.Standstill(); m.At != n.heard.at || since != m.At || !errors.Is(m.Trouble, c.want) || !errors.Is(why, m.Trouble) || !errors.Is(n.Ready(), c.want) {
			t.Errorf("%s: shown as of %v with %v, ready %v; heard at %v", c.name, m.At, m.Trouble, n.Ready(), n.heard.at)
		}
		n.trouble = nil
		n.look(t.Context())
		if after := shown(); after.Trouble != nil || after.At <= m.At {
			t.Errorf("%s: after, as of %v with %v", c.name, after.At, after.Trouble)
		}
	}
}
