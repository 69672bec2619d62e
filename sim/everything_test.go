package sim

import (
	"testing"

	"landport/border"
	"landport/gate"
)

// On a crossing with bookings, no-shows, pagers, holds, referrals, refusals on
// both sides, coaches, batches and return legs, everything does happen, nothing
// comes as a surprise to the gate, the facts replay, and nobody is lost.
func TestEverythingHappens(t *testing.T) {
	m := loadModel(t, "testdata/everything.yaml")
	w := NewWorld(m, 1, 0)
	replayed := gate.NewState(m.Layout, m.Start)
	seen := map[gate.Kind]int{}
	ended := map[gate.VisitID]bool{}
	runTo(w, m.Start.Add(m.Span), func(f *gate.Fact) {
		seen[f.Kind]++
		replayed.Apply(f)
		switch f.Kind {
		case gate.Anomaly:
			t.Errorf("anomaly %v at %d: visit %d in %q", f.Reason, f.At, f.Visit.Serial(), m.Layout.Places[f.Place].Name)
		case gate.Removed, gate.TurnedBack, gate.Boarded, gate.Readmitted, gate.NoShow:
			if ended[f.Visit] {
				t.Errorf("visit %d ended twice", f.Visit.Serial())
			}
			ended[f.Visit] = true
		}
	})
	for _, kind := range []gate.Kind{
		gate.Announced, gate.Booked, gate.NoShow, gate.Arrived, gate.Called, gate.CallExpired, gate.Entered, gate.Departed, gate.Reached,
		gate.Joined, gate.ServiceStarted, gate.ServiceEnded, gate.Referred, gate.HandedOver, gate.Blocked, gate.Removed, gate.Refused,
		gate.TurnedBack, gate.Readmitted, gate.Ready, gate.Unready, gate.Held, gate.Unheld, gate.Alighted, gate.Boarded,
		gate.StaffChanged, gate.HoursChanged, gate.StayLimited, gate.Overstayed,
	} {
		if seen[kind] == 0 {
			t.Errorf("no fact %v in %v", kind, m.Span)
		}
	}
	if replayed.Digest() != w.State().Digest() {
		t.Error("the replay is another state")
	}
	c := w.State().Counts()
	present := int64(0)
	for v := range w.State().Present {
		if v.Phase == gate.PhaseAnnounced {
			continue
		}
		present++
		if age := w.State().Now().Sub(v.ArrivedAt); age > 3*border.Day {
			t.Errorf("visit %d has been there for %.0f h: %v in %q", v.ID.Serial(), age.Hours(), v.Phase, m.Layout.Places[v.Place].Name)
		}
	}
	if int64(len(ended))+present < c.Arrived || c.Arrived < 1000 {
		t.Errorf("%d arrived, %d ended, %d present", c.Arrived, len(ended), present)
	}
	r, err := Run(m, Options{Replications: 2, Seed: 4})
	if err != nil || !r.Copes() || r.Counts.TurnedAway == 0 || r.Counts.TurnedBack == 0 || r.Counts.GivenUp == 0 || r.Counts.NoShows == 0 || r.Counts.Passengers == 0 {
		t.Errorf("%v, stable %t (%s), %+v", err, r.Copes(), r.StableReason, r.Counts)
	}
}

// What was reserved for a booking is kept, and those who never come are as many
// as the scenario says.
func TestBookingsAreKept(t *testing.T) {
	m := loadModel(t, "testdata/everything.yaml")
	w := NewWorld(m, 2, 0)
	kept, missed := 0, 0
	slots := map[border.Time]int{}
	booked := map[gate.VisitID]bool{}
	runTo(w, m.Start.Add(60*border.Day), func(f *gate.Fact) {
		switch {
		case f.Kind == gate.Booked:
			booked[f.Visit] = true
			slots[border.Time(f.N)]++
		case f.Kind == gate.Arrived && booked[f.Visit]:
			kept++
		case f.Kind == gate.NoShow && f.Reason == gate.BookingMissed:
			missed++
		}
	})
	for start, n := range slots {
		if n > 6 {
			t.Errorf("slot %d has %d bookings, quota 6 and a tenth", start, n)
		}
	}
	// A tenth never comes, and some come later than the grace allows.
	if share := float64(missed) / float64(kept+missed); kept < 1000 || share < 0.09 || share > 0.16 {
		t.Errorf("%d kept, %d missed", kept, missed)
	}
}
