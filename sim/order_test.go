package sim

import (
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
)

// A plan's orders are given at their local times, on their days alone, and the
// gate carries them out as it would live.
func TestPlannedOrdersAreGiven(t *testing.T) {
	m := loadModel(t, "testdata/tidal.yaml")
	zone := m.Layout.Posts[0].Zone
	var turning []string
	closed, reopened, down, downFor := border.Time(0), border.Time(0), border.Time(0), border.Micros(0)
	failures := 0
	runTo(NewWorld(m, 1, 0), m.Start.Add(m.Span), func(f *gate.Fact) {
		switch f.Kind {
		case gate.LaneTurning:
			turning = append(turning, f.At.Std(zone).Format("Mon 15:04 ")+m.Layout.Directions[f.Direction].Entry)
		case gate.PostClosed:
			closed = f.At
		case gate.PostReopened:
			reopened = f.At
		case gate.Arrived:
			if f.At > closed && reopened == 0 && closed != 0 && m.Layout.Places[f.Place].Kind.Work() {
				t.Errorf("a visit came into %q while the post was closed", m.Layout.Places[f.Place].Name)
			}
		case gate.ServersSet:
			if f.N == 0 {
				failures, down = failures+1, f.At
			} else {
				downFor += f.At.Sub(down)
			}
		case gate.Anomaly:
			t.Errorf("anomaly %v at %d", f.Reason, f.At)
		}
	})
	if got := strings.Join(turning[:4], ", "); got != "Mon 06:00 KH, Mon 14:30 VN, Tue 06:00 KH, Tue 14:30 VN" {
		t.Errorf("lane 2 was turned on %s", got)
	}
	for _, at := range turning {
		if strings.HasPrefix(at, "Sun 06") {
			t.Error("lane 2 was turned on a Sunday morning, which the plan leaves out")
		}
	}
	if want := border.At(time.Date(2018, 3, 7, 10, 0, 0, 0, zone)); closed != want || reopened != want.Add(6*border.Hour) {
		t.Errorf("the post was closed from %d to %d", closed, reopened)
	}
	// 960 h by cycles of 22 h on average: about 44 failures of 2 h.
	if mean := downFor.Hours() / float64(failures); failures < 25 || failures > 65 || mean < 1.2 || mean > 3 {
		t.Errorf("the scanner failed %d times for %.1f h on average", failures, mean)
	}
}

func TestOrdersThatCannotBe(t *testing.T) {
	const base = "name: x\nassumed: y\nposts: [{name: East, country: KH}, {name: West, country: VN}]\n" +
		"places: [{name: lane, kind: lane, post: East, capacity: 2}, {name: zone, kind: approach, post: East}]\n" +
		"stops: [{name: s, post: East, service: 5m}]\nflows: [{direction: KH-VN, rate: 1/day}]\n" +
		"procedures: [{name: p, direction: KH-VN, route: [zone, {place: lane, stops: [s]}]}]\norders: "
	for _, test := range []struct{ order, want string }{
		{`[{at: 25:00, do: open-lane, place: lane}]`, "is not a time"},
		{`[{at: 06:00, do: open-lanes, place: lane}]`, `perhaps "open-lane"`},
		{`[{at: 06:00, do: open-lane}]`, "lacks its place"},
		{`[{at: 06:00, do: open-lane, place: lane, n: 3}]`, "open-lane takes place"},
		{`[{at: 06:00, do: turn-lane, place: lane, direction: KH-VN}]`, "tidal: true"},
		{`[{at: 06:00, do: close-lane, place: zone}]`, "no lane and no bay"},
		{`[{at: 06:00, do: set-capacity, place: zone, n: 3}]`, "appear or vanish"},
		{`[{at: 2011-01-01 06:00, do: close-lane, place: lane}]`, "outside the run"},
		{`[{at: 06:00, do: set-policy, policy: best}]`, "unknown policy"},
		{`[{at: 06:00, do: set-servers, stop: s, n: 65}]`, "up to 64 servers"},
		{`[{at: 06:00, do: close-post, post: North}]`, "unknown post"},
		{`[{at: someday 06:00, do: close-post, post: East}]`, "is not a day"},
		{`[{at: 06:00, do: suspend-procedure, procedure: q, assumed: because}]`, "unknown procedure"},
	} {
		f, err := Decode("x.yaml", []byte(base+test.order+"\n"), time.LoadLocation)
		if err == nil {
			_, err = f.Model()
		}
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "x.yaml:8:") {
			t.Errorf("%s: %v, want %q at line 8", test.order, err, test.want)
		}
	}
}
