package node

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/study"
)

// A visit that was at the post when entries were lost counts in no study, not
// as a short stay and not as an endless one. All others count as if nothing had
// happened.
func TestStudiesLeaveOutWhoWasThereWhenEntriesWereLost(t *testing.T) {
	m, err := hutModel()
	if err != nil {
		t.Fatal(err)
	}
	facts := hutFacts(m)[:3600]
	third := len(facts) / 3
	for _, test := range []struct {
		name      string
		statement string
		resumed   int   // the first fact that is written after the recovery
		cuts      []int // the stretches that are known whole end at these facts

	}{
		{"between others", fmt.Sprintf(`DELETE FROM entries WHERE seq = %d`, third), 2 * third, []int{third - 1, third, 2 * third, len(facts)}},
		{"the end", fmt.Sprintf(`DELETE FROM entries WHERE seq > %d`, third), 2 * third, []int{third, 2 * third, len(facts)}},
		{"the beginning", `DELETE FROM entries WHERE seq < 4`, 2 * third, []int{3, 2 * third, len(facts)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			url, now := "sqlite:"+filepath.Join(t.TempDir(), "ledger.db"), facts[0].At
			config := ledger.Config{URL: url, Origin: "hut.kh", Clock: func() border.Time { return now }, Rooms: []ledger.Migrations{studyTables()}}
			write := func(facts []gate.Fact) *ledger.Ledger {
				l, err := ledger.Open(t.Context(), config)
				if err != nil {
					t.Fatal(err)
				}
				for _, page := range [][]gate.Fact{facts[:4], facts[4:200], facts[200:]} { // as they come, more or less
					now = max(now, page[len(page)-1].At)
					state(t, l, m, page)
				}
				return l
			}
			l := write(facts[:test.resumed])
			follow(t, viewer(l, m), int64(test.resumed))
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			tamper(t, url, test.statement)
			head, _, err := ledger.Recover(t.Context(), config, "test")
			if err != nil {
				t.Fatal(err)
			}
			l = write(facts[test.resumed:])
			defer l.Close() //nolint:errcheck // the test is over
			follow(t, viewer(l, m), head.Size+int64(len(facts)-test.resumed))

			want := wholeStays(m.Layout, facts, test.cuts, test.name == "the end")
			if _, err := Study(t.Context(), l, m.Layout, StudyQuery{To: border.Never, Group: ByKind}, func(line StudyLine) error {
				key := fmt.Sprint(line.Kind(), line.Stage)
				if times := want[key]; times != nil {
					if a := line.Times; a.Count() != times.Count() || a.Total() != times.Total() || a.Min() != times.Min() || a.Max() != times.Max() {
						t.Errorf("%s: %d visits, %g in all, not %d and %g", key, a.Count(), a.Total(), times.Count(), times.Total())
					}
					delete(want, key)
				}
				return nil
			}); err != nil || len(want) > 0 {
				t.Errorf("the study has no %v, %v", want, err)
			}
		})
	}
}

// wholeStays are the times at the post of the visits whose facts are all in one
// stretch between cuts; the second stretch may be lost.
func wholeStays(l *gate.Layout, facts []gate.Fact, cuts []int, lost bool) map[string]*study.Sketch {
	stretch := func(i int) (s int) {
		for s < len(cuts) && i >= cuts[s] {
			s++
		}
		return s
	}
	came, out := map[gate.VisitID]int{}, map[string]*study.Sketch{}
	stages := study.NewStages(l, facts[0].At)
	for i := range facts {
		if facts[i].Kind == gate.Arrived {
			came[facts[i].Visit] = stretch(i)
		}
		v, left := stages.Add(&facts[i])
		if at := stretch(i); !left || came[v.Visit] != at || lost && at == 1 {
			continue
		}
		way := l.Directions[v.Direction]
		k := StudyGroupKey{Direction: way.Exit + "-" + way.Entry, Load: border.LoadState.Of(v.Traits).String(), Vehicle: border.VehicleType.Of(v.Traits).String()}
		for _, s := range v.Times {
			if s.Stage == study.StageAtPost {
				key := fmt.Sprint(k.Kind(), s.Stage)
				if out[key] == nil {
					out[key] = &study.Sketch{}
				}
				out[key].Add(s.Time)
			}
		}
	}
	return out
}

// What screens say of those who were there when entries were lost: where the
// end is missing they stand as the last entry has them, and nobody says how long
// they waited; behind a hole the post is empty, and the record of who was there
// has no end.
func TestScreensAcrossALoss(t *testing.T) {
	hand := &hands{morning()}
	clock := NewScaledClock(hand.now, border.At(hand.at), 1)
	for _, test := range []struct{ name, statement string }{
		{"between others", `DELETE FROM entries WHERE seq = 5`}, {"the end", `DELETE FROM entries WHERE seq > 9`},
	} {
		file := filepath.Join(t.TempDir(), test.name+".db")
		n, stop := running(t, part(t, 0), file, clock)
		first := do(t, n, arrival("a0")).Reference
		for i := range 4 {
			do(t, n, arrival(fmt.Sprint("b", i)))
		}
		stop()
		hand.at = hand.at.Add(24 * time.Hour)
		tamper(t, "sqlite:"+file, test.statement)
		tamper(t, "sqlite:"+file, `DELETE FROM snapshots`)
		if _, _, err := ledger.Recover(t.Context(), ledger.Config{URL: "sqlite:" + file, Origin: "bavet.kh", Clock: clock.Now}, "test"); err != nil {
			t.Fatal(err)
		}
		n, stop = running(t, part(t, 0), file, clock)
		emptied := test.name == "between others"
		b, _, _ := n.Board(t.Context(), Cursor{})
		if (len(b.Visits) == 0) != emptied {
			t.Errorf("%s lost: the board shows %d visits", test.name, len(b.Visits))
		}
		if stays, since := n.Stays(); len(stays) > 0 || since != border.At(hand.at) {
			t.Errorf("%s lost: it is said how long visits waited: %+v, since %d", test.name, stays, since)
		}
		rec, ok, err := n.Record(t.Context(), first)
		if !ok || err != nil || rec.Lost != emptied || len(rec.Facts) == 0 {
			t.Errorf("%s lost: the record of %s is %+v, %v", test.name, first, rec, err)
		}
		if emptied { // reported anew, by its reference
			again := arrival("a1")
			again.Reference = first
			do(t, n, again)
			if rec, ok, err = n.Record(t.Context(), first); !ok || err != nil || rec.Lost || rec.ArrivedAt < border.At(hand.at) {
				t.Errorf("the record of %s is %+v, %v", first, rec, err)
			}
		}
		stop()
	}
}
