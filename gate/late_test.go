package gate

import (
	"slices"
	"testing"

	"landport/border"
)

// lateWorld is a visit in service: it came at 08:00 and service began at once.
func lateWorld(t *testing.T) (w *watcher, id VisitID) {
	t.Helper()
	w = started(t, twoPosts())
	for _, f := range w.come(Input{Traits: border.Car}) {
		if f.Kind == Arrived {
			id = f.Visit
		}
	}
	for v, ok := w.s.Visit(id); v.Phase != PhaseInService; v, ok = w.s.Visit(id) {
		answers := owed(w.s)
		if !ok || len(answers) == 0 {
			t.Fatalf("it is %v and nobody owes anything", v.Phase)
		}
		w.order(answers[0])
	}
	return w, id
}

func atOf(t *testing.T, facts []Fact, k Kind) border.Time {
	t.Helper()
	i := slices.IndexFunc(facts, func(f Fact) bool { return f.Kind == k })
	if i < 0 {
		t.Fatalf("no %v among %v", k, kindsOf(facts))
	}
	return facts[i].At
}

func TestAReadingFromBeforeWhatItEndsIsAnAnomaly(t *testing.T) {
	for _, c := range []struct {
		name string
		in   Input
		ends Kind
	}{
		{"served", Input{Do: ObserveServed}, ServiceEnded},
		{"interrupted", Input{Do: ObserveInterrupted}, Interrupted},
		{"gone", Input{Do: ObserveGone}, TurnedBack},
	} {
		w, id := lateWorld(t)
		v, _ := w.s.Visit(id)
		told := v.Since.Add(50 * border.Second)
		c.in.Visit, c.in.At, c.in.Told = id, v.Since.Add(-3*border.Day), told
		facts, _ := w.do(c.in)
		if !slices.Equal(reasonsFor(facts), []Reason{TooEarly}) || border.Time(facts[0].N) != c.in.At {
			t.Errorf("%s three days before: %v", c.name, facts)
		}
		for _, f := range facts {
			if f.At < told {
				t.Errorf("%s three days before: %v is of %v before it was told", c.name, f.Kind, told.Sub(f.At))
			}
		}
		if at := atOf(t, facts, c.ends); at != told {
			t.Errorf("%s three days before: taken to be of %v after it was told", c.name, at.Sub(told))
		}
	}
}

func TestALateReadingThatAgreesStaysAsItIs(t *testing.T) {
	w, id := lateWorld(t)
	v, _ := w.s.Visit(id)
	w.do(Input{At: v.Since.Add(border.Hour), Do: ObserveArrival, Traits: border.Car})
	at := v.Since.Add(10 * border.Minute)
	facts, _ := w.do(Input{Do: ObserveServed, Visit: id, At: at, Told: v.Since.Add(2 * border.Hour)})
	if len(reasonsFor(facts)) > 0 || atOf(t, facts, ServiceEnded) != at {
		t.Errorf("served ten minutes after it began, told two hours later: %v", facts)
	}
}

// People tell an hour and a minute, and clocks differ.
func TestAReadingALittleEarlyIsOfTheEarliestPossible(t *testing.T) {
	w, id := lateWorld(t)
	v, _ := w.s.Visit(id)
	facts, _ := w.do(Input{Do: ObserveServed, Visit: id, At: v.Since.Add(-40 * border.Second)})
	if len(reasonsFor(facts)) > 0 || atOf(t, facts, ServiceEnded) != v.Since {
		t.Errorf("served 40 seconds before it began: %v", facts)
	}
}

func TestWhatIsSeenBeforeTheArrivalIsAnAnomaly(t *testing.T) {
	w := started(t, twoPosts())
	id := w.come(Input{Traits: border.Car, Formalities: 1})[0].Visit
	v, _ := w.s.Visit(id)
	facts, _ := w.do(Input{Do: ObserveGone, Visit: id, At: v.ArrivedAt.Add(-border.Hour)})
	if !slices.Equal(reasonsFor(facts), []Reason{TooEarly}) {
		t.Errorf("gone an hour before it came: %v", facts)
	}
	// A declaration is often lodged before the vehicle comes.
	id = w.come(Input{Traits: border.Car})[0].Visit
	v, _ = w.s.Visit(id)
	facts, _ = w.do(Input{Do: ObserveMilestone, Visit: id, N: 1, At: v.ArrivedAt.Add(-border.Day)})
	if len(reasonsFor(facts)) > 0 || facts[0].At != v.ArrivedAt.Add(-border.Day) {
		t.Errorf("lodged a day before it came: %v", facts)
	}
}
