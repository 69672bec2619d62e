package study_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/scenarios"
	"landport/sim"
	"landport/study"
)

func model(t testing.TB, name string, data []byte) *sim.Model {
	t.Helper()
	f, err := sim.Library{Zones: time.LoadLocation, Base: scenarios.Base}.Decode(name, data)
	if err != nil {
		t.Fatal(err)
	}
	m, err := f.Model()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// shipped reads the scenarios that come with the program.
func shipped(t testing.TB) map[string]*sim.Model {
	t.Helper()
	paths, _ := filepath.Glob("../scenarios/*.yaml")
	models := map[string]*sim.Model{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		models[filepath.Base(path)] = model(t, path, data)
	}
	if len(models) == 0 {
		t.Fatal("no scenarios")
	}
	return models
}

// factsOf runs a model for some days.
func factsOf(m *sim.Model, days int) (facts []gate.Fact) {
	w := sim.NewWorld(m, 1, 0)
	to := m.Start.Add(border.Micros(days) * border.Day)
	for w.Next() < to {
		facts = append(facts, w.Step()...)
	}
	return facts
}

// A small crossing: a waiting zone with a pager, a lane that is open 06:00 to
// 18:00 with immigration, then a yard where customs, on duty 06:00 to 20:00,
// wants a ready dossier.
const small = `
name: small
assumed: a crossing to tell stories about
run: {length: 10d}
posts: [{name: Here, country: KH, zone: Asia/Phnom_Penh}]
directions: [KH-VN]
openings:
  - {name: lane hours, hours: 06:00-18:00}
formalities:
  - {name: leave, agency: immigration, country: KH, subject: person, side: exit}
  - {name: export, agency: customs, country: KH, subject: goods, side: exit}
places:
  - {name: zone, kind: waiting-zone, pager: true}
  - {name: lane, kind: lane, capacity: 1, opening: lane hours, drive: 2m}
  - {name: yard, kind: bay, capacity: 1}
stops:
  - {name: booth, agency: immigration, service: 5m}
  - {name: office, agency: customs, needs_dossier: true, service: 10m, shifts: [{hours: 06:00-20:00}]}
procedures:
  - name: export
    route:
      - zone
      - {place: lane, stops: [{stop: booth, formalities: leave}]}
      - {place: yard, stops: [{stop: office, formalities: export}]}
flows: [{rate: 1/day}]
`

// story drives a gate by hand: each line is a time of the first day and what
// is reported then.
type story struct {
	t     *testing.T
	m     *sim.Model
	state *gate.State
	facts []gate.Fact
}

func tell(t *testing.T) *story {
	t.Helper()
	m := model(t, "small.yaml", []byte(small))
	return &story{t: t, m: m, state: gate.NewState(m.Layout, m.Start)}
}

func (s *story) at(clock string) border.Time {
	var h, m int
	if _, err := fmt.Sscanf(clock, "%d:%d", &h, &m); err != nil {
		s.t.Fatal(err)
	}
	return s.m.Start.Add(border.Micros(h)*border.Hour + border.Micros(m)*border.Minute)
}

func (s *story) put(clock string, in gate.Input) gate.VisitID {
	s.t.Helper()
	in.At = s.at(clock)
	before := len(s.facts)
	facts, refusal := s.state.Decide(&in, s.facts)
	if refusal != (gate.Refusal{}) {
		s.t.Fatalf("%s: refused: %+v", clock, refusal)
	}
	s.facts = facts
	for _, f := range facts[before:] {
		if f.Kind == gate.Arrived || f.Kind == gate.Announced {
			return f.Visit
		}
	}
	return in.Visit
}

// intervals writes the intervals of a visit as lines.
func (s *story) intervals(visit gate.VisitID, until string) string {
	var lines []string
	for _, i := range study.Intervals(s.m.Layout, s.m.Start, s.facts, visit, s.at(until)) {
		doing := "waiting"
		if i.Active {
			doing = "active"
		}
		clock := func(t border.Time) string {
			d := t.Sub(s.m.Start)
			return fmt.Sprintf("%02d:%02d", d/border.Hour, d%border.Hour/border.Minute)
		}
		lines = append(lines, fmt.Sprintf("%s-%s %s %s %s", clock(i.From), clock(i.To), i.Party, doing, s.m.Layout.Places[i.Place].Name))
	}
	return strings.Join(lines, "\n")
}

func (s *story) want(visit gate.VisitID, until, want string) {
	s.t.Helper()
	if got := s.intervals(visit, until); got != strings.TrimSpace(want) {
		s.t.Errorf("intervals:\n%s\nwant:\n%s", got, strings.TrimSpace(want))
	}
}

func TestWhoseTimeItIs(t *testing.T) {
	s := tell(t)
	// It comes before the lane opens, is called when it does, and drives.
	a := s.put("05:00", gate.Input{Do: gate.ObserveArrival, Unready: true})
	s.put("06:00", gate.Input{Do: gate.Tick})
	b := s.put("06:01", gate.Input{Do: gate.ObserveArrival})
	s.put("06:02", gate.Input{Do: gate.ObserveEntered, Visit: a})
	s.put("06:07", gate.Input{Do: gate.ObserveServed, Visit: a})
	// b is called as soon as a is through; a waits in the yard for its broker.
	s.put("06:10", gate.Input{Do: gate.ObserveEntered, Visit: b})
	s.put("06:15", gate.Input{Do: gate.ObserveServed, Visit: b})
	s.put("07:00", gate.Input{Do: gate.SetReady, Visit: a})
	s.put("07:20", gate.Input{Do: gate.ObserveServed, Visit: a})
	// b was blocked in the lane until the yard was free; customs hold it.
	s.put("07:30", gate.Input{Do: gate.ObserveServed, Visit: b, Outcome: gate.HeldBack, Formalities: 2})
	s.put("08:00", gate.Input{Do: gate.Unhold, Visit: b})
	s.want(a, "23:00", `
05:00-06:00 closed hours waiting zone
06:00-06:02 carrier active zone
06:02-06:07 immigration KH active lane
06:07-07:00 broker waiting yard
07:00-07:20 customs KH active yard`)
	s.want(b, "23:00", `
06:01-06:07 operator waiting zone
06:07-06:10 carrier active zone
06:10-06:15 immigration KH active lane
06:15-07:20 operator waiting lane
07:20-07:30 customs KH active yard
07:30-08:00 customs KH waiting yard`)
}

// An office without an officer on duty is closed; so is a lane without hours,
// to who waits for it, from the minute it admits nobody.
func TestClosedHoursAreTakenOutOfWaits(t *testing.T) {
	s := tell(t)
	a := s.put("17:50", gate.Input{Do: gate.ObserveArrival})
	b := s.put("17:55", gate.Input{Do: gate.ObserveArrival})
	s.put("17:58", gate.Input{Do: gate.ObserveEntered, Visit: a})
	s.put("20:30", gate.Input{Do: gate.ObserveServed, Visit: a})
	s.put("30:10", gate.Input{Do: gate.ObserveServed, Visit: a})
	s.want(a, "40:00", `
17:50-17:58 carrier active zone
17:58-20:30 immigration KH active lane
20:30-30:00 closed hours waiting yard
30:00-30:10 customs KH active yard`)
	s.want(b, "31:00", `
17:55-18:00 operator waiting zone
18:00-30:00 closed hours waiting zone
30:00-31:00 carrier active zone`)
}

// Every instant of a visit belongs to exactly one party, whatever happens to
// it: intervals follow each other without a gap from arrival to end.
func TestIntervalsAddUpToTheVisit(t *testing.T) {
	for name, m := range shipped(t) {
		facts := factsOf(m, 3)
		end := facts[len(facts)-1].At
		ends := []gate.Kind{gate.Removed, gate.TurnedBack, gate.Readmitted, gate.NoShow, gate.Boarded}
		began, ended := map[gate.VisitID]border.Time{}, map[gate.VisitID]border.Time{}
		var visits []gate.VisitID
		for _, f := range facts {
			if f.Kind == gate.Arrived || f.Kind == gate.Alighted {
				began[f.Visit] = f.At
				visits = append(visits, f.Visit)
			}
			if slices.Contains(ends, f.Kind) {
				ended[f.Visit] = f.At
			}
		}
		for i := 0; i < len(visits); i += 1 + len(visits)/60 {
			id := visits[i]
			last, ok := ended[id]
			if !ok {
				last = end
			}
			at := began[id]
			for _, part := range study.Intervals(m.Layout, m.Start, facts, id, end) {
				if part.From != at || part.To <= part.From || part.Party.Kind == study.Nobody {
					t.Fatalf("%s: visit %d: %+v follows %d", name, id.Serial(), part, at)
				}
				at = part.To
			}
			if at != last {
				t.Fatalf("%s: visit %d: intervals end at %d, it was there until %d", name, id.Serial(), at, last)
			}
		}
	}
}

func TestTimelineOfAVisit(t *testing.T) {
	s := tell(t)
	a := s.put("06:00", gate.Input{Do: gate.ObserveArrival, Unready: true})
	s.put("06:02", gate.Input{Do: gate.ObserveEntered, Visit: a})
	s.put("06:03", gate.Input{Do: gate.ObserveMilestone, Visit: a, N: int64(study.Payment), Formalities: 2})
	s.put("06:07", gate.Input{Do: gate.ObserveServed, Visit: a})
	s.put("07:00", gate.Input{Do: gate.SetReady, Visit: a})
	s.put("07:20", gate.Input{Do: gate.ObserveServed, Visit: a, Outcome: gate.HeldBack, Formalities: 2})
	s.put("09:00", gate.Input{Do: gate.Unhold, Visit: a})
	var got []string
	for _, e := range study.Timeline(s.m.Layout, s.facts, a) {
		d := e.At.Sub(s.m.Start)
		got = append(got, strings.TrimSpace(fmt.Sprintf("%02d:%02d %s %s", d/border.Hour, d%border.Hour/border.Minute, e.Code, e.Party)))
	}
	want := `
06:00 arrival
06:02 examination start immigration KH
06:03 payment or guarantee customs KH
06:07 examination end immigration KH
06:07 agency release immigration KH
07:00 lodgement
07:00 examination start customs KH
07:20 examination end customs KH
09:00 customs release customs KH
09:00 removal`
	if strings.Join(got, "\n") != strings.TrimSpace(want) {
		t.Errorf("timeline:\n%s\nwant:%s", strings.Join(got, "\n"), want)
	}
}
