package node

import (
	"path/filepath"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
)

// The hours of a day are set by order while the node runs: the entry says them
// by the clock, the board follows, and a node that starts from the ledger goes on
// by them.
func TestHoursOfADay(t *testing.T) {
	m := part(t, 0)
	file := filepath.Join(t.TempDir(), "ledger.db")
	evening := morning().Add(15 * time.Hour) // 23:00, an hour after closing
	n, stop := running(t, m, file, NewScaledClock(time.Now, border.At(evening), 1))
	post := m.Layout.Openings[1].Name
	late := gate.DayHours{Opening: 1, Day: border.Date{Year: 2018, Month: 3, Day: 5}, Opens: 6 * 60, Last: 24*60 + 90, Closes: 26 * 60}
	a := do(t, n, Command{ID: "late", Input: gate.Input{Do: gate.SetHours, N: late.Pack(), Reason: gate.ByAgreement}})
	if a.Refusal != "" || a.Entries < 2 {
		t.Fatalf("%+v", a)
	}
	if again := do(t, n, Command{ID: "again", Input: gate.Input{Do: gate.SetHours, N: late.Pack()}}); again.Refusal != "already-so" {
		t.Errorf("the same again is answered %+v", again)
	}
	entries, err := n.Ledger().Entries(t.Context(), a.Sequence-1, 1)
	want := `{"opening":"` + post + `","day":"2018-03-05","opens":"06:00","last_admission":"01:30","closes":"02:00","reason":"by-agreement"}`
	if err != nil || entries[0].Kind != "gate.hours-set" || string(entries[0].Data) != want {
		t.Errorf("the entry is %s %s, %v", entries[0].Kind, entries[0].Data, err)
	}
	check := func(n *Node) {
		t.Helper()
		b, _, _ := n.Board(t.Context(), Cursor{})
		o := b.Openings[1]
		if closes := border.At(time.Date(2018, 3, 5, 18, 30, 0, 0, time.UTC)); o.Level != gate.Admitting || o.Until != closes || len(o.Set) != 1 || o.Set[0] != late {
			t.Errorf("the board shows %d until %v, set %v", o.Level, o.Until.Std(time.UTC), o.Set)
		}
	}
	check(n)
	stop()
	n, _ = running(t, part(t, 0), file, NewScaledClock(time.Now, border.At(evening.Add(time.Minute)), 1))
	check(n)
}
