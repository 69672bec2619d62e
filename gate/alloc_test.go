package gate

import (
	"testing"

	"landport/border"
)

// A belt is a world that needs no memory of its own once it has warmed up: what
// it owes stands in a ring.
type belt struct {
	s     *State
	at    border.Time
	facts []Fact
	ring  [1024]Input
	head  int
	tail  int
}

func (b *belt) do(in *Input) {
	in.At = b.at
	b.facts, _ = b.s.Decide(in, b.facts[:0])
	for i := range b.facts {
		f := &b.facts[i]
		owe := Input{Visit: f.Visit}
		switch f.Kind {
		case Called:
			owe.Do = ObserveEntered
		case Departed:
			owe.Do = ObserveReached
		case ServiceStarted:
			owe.Do = ObserveServed
		default:
			continue
		}
		b.ring[b.tail%len(b.ring)] = owe
		b.tail++
	}
}

// round lets one visit of each direction come, one book and be late or not, and
// the world do what it owes.
func (b *belt) round() {
	l := b.s.layout
	b.at = b.at.Add(11 * border.Minute)
	for d := range l.Directions {
		late := b.tail%5 == 0
		b.do(&Input{Do: ObserveArrival, Direction: Direction(d), Traits: traffic[b.tail%len(traffic)], Unready: late})
		if late {
			b.do(&Input{Do: SetReady, Visit: b.facts[0].Visit})
		}
	}
	if l.Policies[0].Slots.Length > 0 {
		b.do(&Input{Do: Announce, Traits: border.Car})
		id := b.facts[0].Visit
		b.do(&Input{Do: Book, Visit: id, N: int64(b.at.Add(2 * border.Hour))})
		switch {
		case len(b.facts) == 0:
			b.do(&Input{Do: Cancel, Visit: id})
		case b.tail%2 == 0:
			b.do(&Input{Do: ObserveArrival, Visit: id})
		}
	}
	for ; b.head < b.tail; b.head++ {
		b.do(&b.ring[b.head%len(b.ring)])
	}
}

// A State that has run for a while allocates nothing, and forgets slots, calls
// and deadlines that are over.
func TestNothingIsAllocatedAfterWarmUp(t *testing.T) {
	slots := twoPosts()
	slots.Policies[0].Slots = Slots{Length: border.Hour, Quota: 4, Grace: 10 * border.Minute}
	pager := twoPosts()
	pager.Places[1].Pager, pager.Places[1].CallGrace, pager.Places[1].CallTries = true, 5*border.Minute, 3
	pager.Policies[0] = Policy{Name: "all", Strict: true, ReadyFirst: true, Ageing: border.Hour, Priorities: []Priority{{border.Among(border.Coach), 1}}}
	for _, test := range []struct {
		name string
		l    *Layout
	}{{"plain", twoPosts()}, {"slots", slots}, {"pager", pager}} {
		t.Run(test.name, func(t *testing.T) {
			if err := test.l.Compile(); err != nil {
				t.Fatal(err)
			}
			b := belt{s: NewState(test.l, monday), at: monday}
			for range 5000 {
				b.round()
			}
			if n := testing.AllocsPerRun(2000, b.round); n != 0 {
				t.Errorf("%v allocations for each round", n)
			}
			if c := b.s.counts; c.Removed < 5000 || len(b.s.slots) > 8 || len(b.s.deadlines) > 64 || len(b.s.visits) > 512 {
				t.Errorf("%+v with %d slots, %d deadlines, %d visits", c, len(b.s.slots), len(b.s.deadlines), len(b.s.visits))
			}
		})
	}
}
