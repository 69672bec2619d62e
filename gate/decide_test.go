package gate

import (
	"slices"
	"testing"
	"time"

	"landport/border"
)

// started returns a watched State on a layout.
func started(t *testing.T, l *Layout) *watcher {
	t.Helper()
	if err := l.Compile(); err != nil {
		t.Fatal(err)
	}
	return watch(l, monday, t.Fatalf)
}

// come has a visit arrive and returns the facts.
func (w *watcher) come(in Input) []Fact {
	in.At, in.Do = w.at.Add(border.Minute), ObserveArrival
	facts, _ := w.do(in)
	return slices.Clone(facts)
}

func (w *watcher) order(in Input) ([]Fact, Refusal) {
	in.At = w.at.Add(border.Minute)
	return w.do(in)
}

func reasonsFor(facts []Fact) (out []Reason) {
	for _, f := range facts {
		if f.Kind == Anomaly {
			out = append(out, f.Reason)
		}
	}
	return out
}

// What is seen of a visit when it comes counts; of what is not told then, what
// was announced.
func TestWhoWasAnnouncedArrives(t *testing.T) {
	const announced = border.Laden | border.Perishable | border.RigidTruck
	for _, test := range []struct{ told, want border.Traits }{
		{0, announced},
		{border.Regular, announced | border.Regular},
		{border.Empty, border.Empty | border.Perishable | border.RigidTruck},
		{border.ArticulatedTruck | border.Dangerous, border.Laden | border.Dangerous | border.ArticulatedTruck},
	} {
		w := started(t, twoPosts())
		facts, _ := w.order(Input{Do: Announce, Traits: announced, Direction: 1})
		id := facts[0].Visit
		facts = w.come(Input{Visit: id, Traits: test.told})
		if f := facts[0]; f.Kind != Arrived || f.Visit != id || f.Traits != test.want || f.Direction != 1 {
			t.Errorf("announced as %s from VN to KH and told as %s it arrived as %+v", announced, test.told, f)
		}
	}
}

// What is told of who is here already is kept in the anomaly.
func TestAnArrivalOfWhoIsHereKeepsWhatIsTold(t *testing.T) {
	w := started(t, twoPosts())
	id := w.come(Input{Traits: border.Van})[0].Visit
	facts := w.come(Input{Visit: id, Traits: border.Car | border.Empty, Formalities: 2, Unready: true})
	if f := facts[0]; f.Kind != Anomaly || f.Reason != NotExpected || f.Traits != border.Car|border.Empty || f.Formalities != 2 {
		t.Errorf("%+v", facts)
	}
	if v, _ := w.s.Visit(id); v.Traits != border.Van || !v.Unready {
		t.Errorf("it is %+v now", v)
	}
}

func TestAnArrivalOfWhoIsHereIsASighting(t *testing.T) {
	w := started(t, twoPosts())
	id := w.come(Input{Traits: border.Van})[0].Visit
	facts := w.come(Input{Visit: id, Place: 5})
	if v, _ := w.s.Visit(id); v.Place != 5 || !slices.Contains(reasonsFor(facts), NotExpected) {
		t.Errorf("%v; it is now in %d", kindsOf(facts), v.Place)
	}
}

func TestWhoFitsNoProcedureIsAnAnomaly(t *testing.T) {
	l := twoPosts()
	l.Procedures[0].Accepts.Refused = border.Barge
	w := started(t, l)
	if why := reasonsFor(w.come(Input{Traits: border.Barge})); !slices.Equal(why, []Reason{NoProcedure}) {
		t.Errorf("the anomalies are %v", why)
	}
	if why := reasonsFor(w.come(Input{Traits: border.Car, Formalities: 1 << 9})); !slices.Equal(why, []Reason{CannotRefer}) {
		t.Errorf("referred for what nobody does; the anomalies are %v", why)
	}
	if why := reasonsFor(w.come(Input{Traits: border.Car, Place: 5})); !slices.Equal(why, []Reason{Astray}) {
		t.Errorf("seen beyond a stop it needs; the anomalies are %v", why)
	}
}

// Whoever comes as nothing in particular is looked into where that matters.
func TestWhoIsOfNoKnownKindIsAnAnomaly(t *testing.T) {
	l := twoPosts()
	if why := reasonsFor(started(t, l).come(Input{Traits: border.Laden})); len(why) > 0 {
		t.Errorf("where all kinds go the same way, the anomalies are %v", why)
	}
	l = twoPosts()
	l.Procedures[0].Accepts.Refused = border.Barge
	if why := reasonsFor(started(t, l).come(Input{Traits: border.Laden})); !slices.Equal(why, []Reason{KindUnknown}) {
		t.Errorf("where they differ, the anomalies are %v", why)
	}
}

// Where a procedure starts with lanes, a visit is seen in the emptiest that
// takes it.
func TestArrivalsSpreadOverLanes(t *testing.T) {
	l := twoPosts()
	l.Procedures[0].Legs = l.Procedures[0].Legs[1:]
	for i := range l.Procedures[0].Steps {
		l.Procedures[0].Steps[i].Leg--
	}
	for i := range 2 {
		l.Places[2+i].Capacity, l.Places[2+i].Opening = 0, 0
	}
	l.Places[2].Accepts.Refused = border.Coach
	w := started(t, l)
	for i, c := range []struct {
		kind border.Traits
		want PlaceID
	}{{border.Car, 2}, {border.Car, 3}, {border.Coach, 3}, {border.Coach, 3}, {border.Car, 2}} {
		if f := w.come(Input{Traits: c.kind})[0]; f.Place != c.want {
			t.Errorf("arrival %d goes to lane %d; want %d", i, f.Place, c.want)
		}
	}
}

// Room that an order makes is used at once.
func TestRaisedCapacityIsUsedAtOnce(t *testing.T) {
	l := twoPosts()
	l.Places[2].Opening, l.Places[3].Opening, l.Places[3].Shut = 0, 0, true
	w := started(t, l)
	for range 3 {
		w.come(Input{Traits: border.Car})
	}
	if facts, r := w.order(Input{Do: SetCapacity, Place: 2, N: 2}); r.Refused() || !slices.ContainsFunc(facts, func(f Fact) bool { return f.Kind == Moved }) {
		t.Errorf("%v %v", kindsOf(facts), r)
	}
	if _, r := w.order(Input{Do: SetCapacity, Place: 2}); r.Code != CodeBadNumber {
		t.Errorf("a lane made unbounded: %v", r.Code)
	}
	if _, r := w.order(Input{Do: SetServers, Stop: 1, N: MaxServers + 1}); r.Code != CodeBadNumber || r.N != MaxServers {
		t.Errorf("too many officers: %v", r)
	}
}

// A call that expires gives back its lane and the way to it.
func TestExpiredCallGivesBackTheWay(t *testing.T) {
	l := chain("h1 h2 w1 b1 b2", "h1 w1 b1", "h2 w1 b2", "back b2")
	l.Procedures[0].Accepts, l.Procedures[1].Accepts = border.Only(border.Car), border.Only(border.Van)
	l.Places[1].Pager, l.Places[1].CallGrace = true, 5*border.Minute
	w := started(t, l)
	w.come(Input{Traits: border.Car})
	w.come(Input{Traits: border.Van})
	facts, _ := w.do(Input{At: w.at.Add(10 * border.Minute)})
	if facts[0].Kind != CallExpired || facts[1].Kind != Departed {
		t.Errorf("%v", kindsOf(facts))
	}
}

// What nobody on the crossing point knows is an anomaly, never an error.
func TestObservationsOfNobody(t *testing.T) {
	w := started(t, twoPosts())
	for do := ObserveEntered; do < Announce; do++ {
		facts, r := w.order(Input{Do: do, Visit: 7 << slotBits, Other: 7 << slotBits, Thing: 7})
		if r.Refused() || len(facts) != 1 || facts[0].Kind != Anomaly || facts[0].Reason != UnknownVisit {
			t.Errorf("observation %d: %v %v", do, kindsOf(facts), r)
		}
	}
	for do := Announce; do <= dos; do++ {
		if do == Announce || do == ClosePost || do == SetPolicy || do == SuspendProcedure {
			continue
		}
		if facts, r := w.order(Input{Do: do, Visit: 7 << slotBits, Place: 99, Stop: 99, Procedure: 99}); !r.Refused() || len(facts) > 0 {
			t.Errorf("order %d: %v %v", do, kindsOf(facts), r)
		}
	}
}

// What is told of who has left is an anomaly of that visit.
func TestObservationsOfWhoHasLeft(t *testing.T) {
	w := started(t, twoPosts())
	id := w.come(Input{Traits: border.Coach})[0].Visit
	w.do(Input{Do: ObserveGone, Visit: id, Reason: ByDriver})
	for do := ObserveEntered; do < ObserveConfirmed; do++ {
		if do == ObserveUnlinked || do == ObserveSealed || do == ObserveUnsealed {
			continue // about a thing
		}
		in := Input{Do: do, Visit: id, Place: 1}
		if do == ObserveAlighted {
			in.Visit, in.Other = 0, id
		}
		facts, r := w.order(in)
		if r.Refused() || len(facts) != 1 || facts[0].Kind != Anomaly || facts[0].Reason != HasLeft || facts[0].Visit != id {
			t.Errorf("observation %d: %v %v", do, facts, r)
		}
	}
}

// A passenger who alights is there, whatever brought them: what is no coach is
// out of the ordinary.
func TestPassengersOfWhatIsNoCoach(t *testing.T) {
	for _, test := range []struct {
		of  border.Traits
		odd bool
	}{{border.Coach, false}, {border.ArticulatedTruck, true}, {border.Car, true}, {0, false}} {
		w := started(t, twoPosts())
		id := w.come(Input{Traits: test.of})[0].Visit
		facts, _ := w.do(Input{Do: ObserveAlighted, Other: id, Place: 1, Traits: border.OnFoot})
		if facts[0].Kind != Alighted {
			t.Errorf("from %v nobody alighted: %v", test.of, kindsOf(facts))
		}
		odd := slices.ContainsFunc(facts, func(f Fact) bool { return f.Kind == Anomaly && f.Reason == NoCoach && f.Visit == id })
		if odd != test.odd {
			t.Errorf("from %v: %v", test.of, facts)
		}
	}
}

// A holiday counts however far ahead it was written down.
func TestHolidayYearsAhead(t *testing.T) {
	l := twoPosts()
	l.Openings[1].Hours = &border.Calendar{
		Zone: time.UTC, Outside: Admitting,
		Dates: map[border.Date][]border.Span{{Year: 2021, Month: time.April, Day: 14}: {{From: 0, To: 1440, Level: Closed}}},
	}
	w := started(t, l)
	holiday := border.At(time.Date(2021, time.April, 14, 0, 0, 0, 0, time.UTC))
	w.do(Input{At: holiday.Add(-1)})
	if level := w.s.Level(1); level != Admitting {
		t.Errorf("level %d before the holiday", level)
	}
	w.do(Input{At: holiday})
	if level := w.s.Level(1); level != Closed {
		t.Errorf("level %d on the holiday", level)
	}
}

// An operator moves a visit where its procedure leads, and elsewhere in an
// emergency alone.
func TestMovesKeepToTheWay(t *testing.T) {
	l := twoPosts()
	l.Places = append(l.Places, Place{Name: "shed", Kind: Bay, Directions: 1})
	shed := PlaceID(len(l.Places) - 1)
	w := started(t, l)
	var v Visit
	for range 8 { // the last of them waits
		v, _ = w.s.Visit(w.come(Input{Traits: border.Car})[0].Visit)
	}
	for _, c := range []struct {
		to   PlaceID
		why  Reason
		code RefusalCode
	}{
		{v.Place, ByOfficer, CodeAlreadySo},
		{v.Place, BreakGlass, CodeAlreadySo},
		{shed, ByOfficer, CodeNotItsWay},
		{shed, BreakGlass, Accepted},
	} {
		if _, r := w.order(Input{Do: Move, Visit: v.ID, Place: c.to, Reason: c.why}); r.Code != c.code {
			t.Errorf("to %s, %v: %v, not %v", l.Places[c.to].Name, c.why, r.Code, c.code)
		}
	}
	if now, _ := w.s.Visit(v.ID); now.Place != shed || now.Phase != PhaseAstray {
		t.Errorf("it is %v in %s", now.Phase, l.Places[now.Place].Name)
	}
}
