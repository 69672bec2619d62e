package node

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/ledger"
)

// handed has the node carry out a command at once.
func handed(t *testing.T, n *Node, c Command) (Answer, error) {
	t.Helper()
	c.Actor = "operator-1"
	a := &asked{Command: c, digest: c.digest(), answer: make(chan answered, 1)}
	n.carryOut(t.Context(), []*asked{a})
	r := <-a.answer
	return r.Answer, r.err
}

// A node whose clock is far off its ledger when it starts records nothing and
// erases nothing, however often it is started, until the clock is set right or
// somebody confirms it.
func TestAClockThatIsFarOffAtTheStart(t *testing.T) {
	terms := map[string]border.Term{"plate": {Years: 1}}
	for _, test := range []struct {
		what  string
		years int
		days  int
		said  string // "" for no doubt
		taken bool   // is what people report
	}{
		{"three weeks off", 0, 21, "", true},
		{"ahead", 3, 0, "the clock shows 2021-03-05T01:00:00Z, 1096 days ahead of the last entry; nothing is recorded or erased until", false},
		{"behind", -10, 0, "the clock shows 2008-03-05T01:00:00Z, 3652 days behind the last entry; nothing is recorded or erased until", false},
		{"a day behind", 0, -1, "the clock shows 2018-03-04T01:00:00Z, 24h0m0s behind the last entry; deadlines stand still until", true},
	} {
		t.Run(test.what, func(t *testing.T) {
			file, m := filepath.Join(t.TempDir(), "ledger.db"), part(t, 0)
			hand := &hands{morning()}
			first := arrival("a1")
			first.Plate = "2A-1234"
			n, stop := running(t, m, file, NewWallClock(hand.now))
			do(t, n, first)
			stop()

			hand.at = morning().AddDate(test.years, 0, test.days)
			var l *ledger.Ledger
			for range 3 {
				n, l = opened(t, m, file, NewWallClock(hand.now))
				before := last(t, l)
				n.carryOut(t.Context(), nil)
				said := ""
				if err := n.Ready(); err != nil {
					said = err.Error()
				}
				if !strings.Contains(said, test.said) || (test.said == "") != (said == "") {
					t.Fatalf("Ready says %q, not %q", said, test.said)
				}
				if err := n.retain(t.Context(), terms); (err != nil) != (test.said != "") {
					t.Errorf("of the terms of retention it says %v", err)
				}
				if test.said != "" && last(t, l).Seq != before.Seq {
					t.Errorf("entry %+v follows", last(t, l))
				}
				n.keepSnapshot(t.Context(), 1)
				if err := l.Close(); err != nil {
					t.Fatal(err)
				}
			}
			if test.said != "" {
				right := &hands{morning().Add(time.Hour)}
				n, l = opened(t, m, file, NewWallClock(right.now))
				if err := errors.Join(n.Ready(), l.Close()); err != nil {
					t.Errorf("started with the clock set right it says %v", err)
				}
			}
			n, l = opened(t, m, file, NewWallClock(hand.now))
			defer l.Close() //nolint:errcheck // the test is over
			if _, err := handed(t, n, arrival("a2")); (err == nil) != test.taken || err != nil && !errors.Is(err, ErrNotReady) {
				t.Errorf("an arrival is answered %v", err)
			}
			if _, err := n.TakeSamples(t.Context(), []Sample{sample("s1", "2A-1")}); (err == nil) != test.taken || err != nil && !errors.Is(err, ErrNotReady) {
				t.Errorf("a sample is answered %v", err)
			}
			if test.said == "" {
				return
			}
			if a, err := handed(t, n, Command{ID: "c1", Act: ConfirmClock}); err != nil || a.Refusal != "" {
				t.Errorf("the confirmation is answered %+v, %v", a, err)
			}
			if _, err := handed(t, n, arrival("a3")); err != nil || n.Ready() != nil {
				t.Errorf("after the confirmation: %v, %v", err, n.Ready())
			}
		})
	}
}

// NTP may need a while after the machine started.
func TestAClockThatIsSetRightAfterTheStart(t *testing.T) {
	file, m := filepath.Join(t.TempDir(), "ledger.db"), part(t, 0)
	hand := &hands{morning()}
	n, stop := running(t, m, file, NewWallClock(hand.now))
	do(t, n, arrival("a1"))
	stop()
	for _, wrong := range []time.Time{time.Unix(0, 0), morning().AddDate(3, 0, 0), morning().Add(-time.Hour)} {
		hand.at = wrong
		clock := NewWallClock(hand.now)
		n, l := opened(t, m, file, clock)
		n.carryOut(t.Context(), nil)
		if n.Ready() == nil {
			t.Errorf("%v is not in doubt", wrong)
		}
		hand.at = morning().Add(time.Hour)
		clock.began = clock.began.Add(hand.at.Sub(wrong)) // the wall clock was set; no time went by
		n.carryOut(t.Context(), nil)
		if err := n.Ready(); err != nil || clock.Now() != border.At(hand.at) {
			t.Errorf("set right after %v, the clock shows %d: %v", wrong, clock.Now(), err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A replica's doubt is about its own clock: nobody settles it at another.
func TestAConfirmationIsOfOneClock(t *testing.T) {
	file, m := filepath.Join(t.TempDir(), "ledger.db"), part(t, 0)
	hand := &hands{morning()}
	n, l := opened(t, m, file, NewWallClock(hand.now))
	defer l.Close() //nolint:errcheck // the test is over
	if _, err := handed(t, n, arrival("a1")); err != nil {
		t.Fatal(err)
	}
	ahead := &hands{morning().AddDate(3, 0, 0)}
	other, err := New(t.Context(), Config{Post: m, Ledger: l, Clock: NewWallClock(ahead.now), Log: n.log})
	if err != nil {
		t.Fatal(err)
	}
	n.jump = border.Hour
	if a, err := handed(t, n, Command{ID: "c1", Act: ConfirmClock}); err != nil || a.Refusal != "" || n.Ready() != nil {
		t.Fatalf("%+v, %v, %v", a, err, n.Ready())
	}
	other.carryOut(t.Context(), nil)
	if other.applied != n.applied || other.Ready() == nil {
		t.Errorf("the other replica, at entry %d of %d, is ready: %v", other.applied, n.applied, other.Ready())
	}
}
