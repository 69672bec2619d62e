package gate

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"landport/border"
)

// fuzzLayouts are crossing points of every sort for the fuzzer to play with.
func fuzzLayouts(t testing.TB) []*Layout {
	t.Helper()
	pager := twoPosts()
	pager.Places[1].Pager, pager.Places[1].CallGrace, pager.Places[1].CallTries = true, 5*border.Minute, 2
	pager.Policies = []Policy{
		{Name: "ready first", ReadyFirst: true}, {Name: "strict", Strict: true},
		{Name: "slots", Slots: Slots{Length: border.Hour, Quota: 1, OverbookPermille: 1000, Grace: border.Minute, MaxRebook: 1}},
		{Name: "coaches", Ageing: border.Hour, Priorities: []Priority{{border.Among(border.Coach), 2}}},
	}
	pager.Procedures = append(pager.Procedures, pager.Procedures[0])
	pager.Procedures[2].Name, pager.Procedures[2].Suspended = "goods, fallback", true
	pager.Procedures[0].Fallback = 2
	two := chain("h1 h2 h3 w1 w2 b1 b2", "h1 w1 w2 b1", "h2 b1", "h3 w1 b2", "h3 w2 b2", "back b2")
	two.Places[7].Capacity = 0
	layouts := []*Layout{twoPosts(), pager, two}
	for seed := range uint64(5) {
		layouts = append(layouts, drawLayout(seeded(seed+20)))
	}
	for _, l := range layouts {
		if err := l.Compile(); err != nil {
			t.Fatal(err)
		}
	}
	return layouts
}

// inputSize is how many bytes one input is read from.
const inputSize = 16

// readInput makes an input of any bytes: contradictory, out of range, reported
// late by minutes or by centuries, with numbers of any size.
func readInput(b []byte, w *watcher) Input {
	in := Input{
		Do: Do(b[0]), At: w.at, Place: PlaceID(b[2] & 15), Stop: StopID(b[3] & 15), Procedure: ProcedureID(b[4] & 7), Direction: Direction(b[4] >> 6),
		Thing: ThingID(b[5] & 7), Formalities: FormalitySet(b[6]), Reason: Reason(b[7] & 63), Outcome: Outcome(b[8] & 7), Unready: b[8]&128 != 0,
		Traits: traffic[int(b[9])%len(traffic)], N: int64(b[10]&15) - 1,
	}
	if b[0] >= 128 {
		in.Do = Do(b[0] % uint8(dos)) // half of all bytes name one
	}
	switch span := border.Micros(b[1]) * border.Minute; b[10] >> 5 {
	case 0:
		in.At = w.at.Add(-span)
	case 1:
		in.At = math.MinInt64
	case 2:
		in.At = w.at.Add(span * 4)
	case 3:
		in.At = min(w.s.NextDeadline(), w.at.Add(border.Day))
	default:
		in.At = w.at.Add(span / 16)
	}
	switch b[11] >> 5 {
	case 0:
		in.Traits, in.Formalities = border.Traits(binary.LittleEndian.Uint64(b[8:])), FormalitySet(binary.LittleEndian.Uint32(b[4:]))
	case 1:
		in.N = int64(binary.LittleEndian.Uint64(b[4:]))
	case 2, 3:
		in.N = int64(w.at.Add(border.Micros(b[2]) * 10 * border.Minute))
	case 4:
		in.Place, in.Stop, in.Procedure, in.Direction, in.Thing = PlaceID(b[2])<<8, StopID(b[3])<<8, ProcedureID(b[4]), Direction(b[5]), ThingID(b[6])<<16
	}
	in.Visit, in.Other = readVisit(b[12:14], w), readVisit(b[14:16], w)
	return in
}

// readVisit names a visit that is there, mostly.
func readVisit(b []byte, w *watcher) VisitID {
	switch n := len(w.s.visits); {
	case b[0] == 255:
		return VisitID(b[1]) << 60
	case b[0] >= 240:
		return VisitID(b[1])<<slotBits | VisitID(b[0]-240)
	case n > 0 && b[0] > 20:
		return w.s.visits[int(b[1])%n].id
	}
	return 0
}

// FuzzDecide throws anything at a State: it never panics, and everything the
// watcher checks holds throughout, replay included.
func FuzzDecide(f *testing.F) {
	layouts := fuzzLayouts(f)
	for which := range layouts {
		r := rand.NewChaCha8([32]byte{byte(which)})
		data := make([]byte, 60*inputSize)
		if _, err := r.Read(data); err != nil {
			f.Fatal(err)
		}
		f.Add(byte(which), data)
	}
	f.Fuzz(func(t *testing.T, which byte, data []byte) {
		w := watch(layouts[int(which)%len(layouts)], monday, t.Fatalf)
		for len(data) >= inputSize && len(w.inputs) < 400 {
			w.do(readInput(data[:inputSize], w))
			data = data[inputSize:]
		}
	})
}
