package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/sim"
)

func part(t testing.TB, post gate.PostID) *sim.Model {
	t.Helper()
	m, err := loadPart(post)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// loadPart is a post of Bavet – Moc Bai.
func loadPart(post gate.PostID) (*sim.Model, error) {
	m, err := loadModel("bavet-mocbai-2018")
	if err != nil {
		return nil, err
	}
	return m.Part(post)
}

// hands is a wall clock that a test sets.
type hands struct{ at time.Time }

func (h *hands) now() time.Time { return h.at }

// morning is eight o'clock on a Monday at Bavet.
func morning() time.Time { return time.Date(2018, 3, 5, 1, 0, 0, 0, time.UTC) }

// opened is a node on a ledger file.
func opened(t testing.TB, m *sim.Model, file string, clock *Clock) (*Node, *ledger.Ledger) {
	t.Helper()
	l, err := ledger.Open(t.Context(), ledger.Config{URL: "sqlite:" + file, Origin: "bavet.kh", Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	n, err := New(t.Context(), Config{Post: m, Ledger: l, Clock: clock, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return n, l
}

// running is a node that decides until the test ends, or stop is called.
func running(t testing.TB, m *sim.Model, file string, clock *Clock) (n *Node, stop func()) {
	t.Helper()
	n, l := opened(t, m, file, clock)
	ctx, cancel := context.WithCancel(context.Background())
	go n.Run(ctx)
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		<-n.Done()
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(stop)
	return n, stop
}

func do(t testing.TB, n *Node, c Command) Answer {
	t.Helper()
	if c.Actor == "" {
		c.Actor = "operator-1"
	}
	a, err := n.Do(t.Context(), c)
	if err != nil {
		t.Fatalf("%s %v: %v", c.ID, c.Input.Do, err)
	}
	return a
}

const truck = border.Laden | border.ArticulatedTruck | border.BilateralPermit | border.Regular | border.HomeUse

func arrival(id string) Command {
	return Command{ID: id, Input: gate.Input{Do: gate.ObserveArrival, Traits: truck}}
}

func TestCommandsAreDoneOnce(t *testing.T) {
	clock := NewScaledClock(time.Now, border.At(morning()), 1)
	file := filepath.Join(t.TempDir(), "ledger.db")
	n, stop := running(t, part(t, 0), file, clock)
	first := do(t, n, arrival("a1"))
	if first.Repeated || first.Sequence == 0 || first.Reference == "" {
		t.Fatalf("the first arrival was answered %+v", first)
	}
	again := do(t, n, arrival("a1"))
	if !again.Repeated || again.Sequence != first.Sequence || again.Reference != first.Reference {
		t.Errorf("the same command again was answered %+v, not %+v", again, first)
	}
	other := arrival("a1")
	other.Input.Unready = true
	other.Actor = "operator-1"
	if _, err := n.Do(t.Context(), other); !errors.Is(err, ErrReused) {
		t.Errorf("another command under the same key: %v", err)
	}
	refused := do(t, n, Command{ID: "r1", Reference: first.Reference, Input: gate.Input{Do: gate.Unhold}})
	if refused.Refusal != "not-held" || refused.Entries != 0 || refused.Detail == "" {
		t.Errorf("an order that makes no sense was answered %+v", refused)
	}
	stop()
	n, _ = running(t, part(t, 0), file, NewScaledClock(time.Now, border.At(morning()), 1))
	again = do(t, n, arrival("a1"))
	if !again.Repeated || again.Reference != first.Reference {
		t.Errorf("after a restart the same command was answered %+v", again)
	}
	if got := do(t, n, Command{ID: "r1", Reference: first.Reference, Input: gate.Input{Do: gate.Unhold}}); !got.Repeated || got.Refusal != refused.Refusal {
		t.Errorf("after a restart the refusal was answered %+v", got)
	}
}

func TestNamesOfTheNeighbour(t *testing.T) {
	n, _ := running(t, part(t, 1), filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(time.Now, border.At(morning()), 1))
	reference := border.MintReference("KH", 1, 145).String()
	c := arrival("a1")
	c.Reference, c.Plate = reference, "3A-1234"
	if a := do(t, n, c); a.Reference != reference {
		t.Fatalf("the visit is called %s, not %s", a.Reference, reference)
	}
	rec, ok, _ := n.Record(t.Context(), reference)
	if !ok || rec.Plate == "" || strings.Contains(rec.Plate, "1234") {
		t.Fatalf("the record of %s: %v, plate %q", reference, ok, rec.Plate)
	}
	if _, err := n.Do(t.Context(), Command{ID: "x", Actor: "o", Reference: border.MintReference("KH", 1, 9).String(), Input: gate.Input{Do: gate.Hold}}); err == nil {
		t.Error("a visit that is not here was held")
	} else if _, ok := errors.AsType[*UnknownReference](err); !ok {
		t.Error(err)
	}
}

// A return leg finds its outward visit however long ago that left, and so does
// word that it arrived beyond.
func TestAVisitThatLeftIsFound(t *testing.T) {
	file, clock := filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(time.Now, border.At(morning()), 1)
	n, stop := running(t, part(t, 0), file, clock)
	brought := arrival("a1")
	brought.Reference = border.MintReference("VN", 2, 77).String()
	references := []string{do(t, n, brought).Reference, do(t, n, arrival("a2")).Reference}
	var gone [2]gate.VisitID
	for i, reference := range references {
		gone[i], _ = n.VisitOf(reference)
		do(t, n, Command{ID: fmt.Sprint("g", i), Reference: reference, Input: gate.Input{Do: gate.ObserveGone, Reason: gate.ByDriver}})
	}
	for round, from := range []string{"memory", "the index"} {
		for i, reference := range references {
			back := arrival(fmt.Sprintf("b%d-%d", round, i))
			back.Input.Direction, back.Other = 1, reference
			a := do(t, n, back)
			if rec, ok, err := n.Record(t.Context(), a.Reference); !ok || err != nil || rec.Facts[0].Other != gone[i] || rec.Outward != reference {
				t.Errorf("from %s, the return leg of %s is that of %q, with %+v, %v", from, reference, rec.Outward, rec.Facts, err)
			}
			confirmed := do(t, n, Command{ID: fmt.Sprintf("c%d-%d", round, i), Reference: reference, Input: gate.Input{Do: gate.ObserveConfirmed}})
			rec, ok, err := n.Record(t.Context(), reference)
			if !ok || err != nil || confirmed.Refusal != "" || rec.Facts[len(rec.Facts)-1].Kind != gate.Confirmed {
				t.Errorf("from %s, %s has %+v, %v", from, reference, rec.Facts, err)
			}
			if until := rec.Until(); rec.Phase != gate.PhaseEnded || until >= rec.Facts[len(rec.Facts)-1].At {
				t.Errorf("from %s, %s stayed until %d", from, reference, until)
			}
			do(t, n, Command{ID: fmt.Sprintf("l%d-%d", round, i), Reference: reference, Input: gate.Input{Do: gate.LimitStay, N: int64(border.At(morning()).Add(border.Day))}})
		}
		c := Command{ID: fmt.Sprint("x", round), Actor: "o", Other: border.MintReference("KH", 1, 9_999_999).String(), Input: arrival("").Input}
		if a, err := n.Do(t.Context(), c); err == nil {
			t.Errorf("%+v is answered %+v", c, a)
		} else if _, ok := errors.AsType[*UnknownReference](err); !ok {
			t.Error(err)
		}
		stop()
		n, stop = running(t, part(t, 0), file, clock)
	}
	if b, _, _ := n.Board(t.Context(), Cursor{}); len(b.Visits) != 4 {
		t.Errorf("the board shows %+v, not the four who came back", b.Visits)
	}
}

// Why a lane was closed outlives the remark: its reason stands in the entry.
func TestReasonsStandInTheLog(t *testing.T) {
	m := part(t, 0)
	n, _ := running(t, m, filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(time.Now, border.At(morning()), 1))
	lane, tidal := gate.PlaceID(0), gate.PlaceID(0)
	for i := range m.Layout.Places {
		if p := &m.Layout.Places[i]; p.Kind == gate.Lane {
			lane = gate.PlaceID(i)
			if p.Tidal {
				tidal = lane
			}
		}
	}
	inputs := []gate.Input{
		{Do: gate.CloseLane, Place: lane}, {Do: gate.OpenLane, Place: lane}, {Do: gate.SetServers, Stop: 1, N: 2},
		{Do: gate.SetCapacity, Place: lane, N: 5}, {Do: gate.SetAccepts, Place: lane, Traits: border.Dangerous},
		{Do: gate.ClosePost}, {Do: gate.ReopenPost},
		{Do: gate.SetHours, N: gate.DayHours{Opening: m.Layout.Places[lane].Opening, Day: border.Date{Year: 2018, Month: 3, Day: 6}, Opens: 420, Last: 600, Closes: 660}.Pack()},
	}
	if tidal != 0 {
		inputs = append(inputs, gate.Input{Do: gate.TurnLane, Place: tidal, Direction: 1})
	}
	for i, in := range inputs {
		in.Reason = gate.Weather
		a := do(t, n, Command{ID: fmt.Sprint("r", i), Input: in, Remark: "the road is flooded"})
		if a.Refusal != "" {
			t.Errorf("%v is refused: %s", in.Do, a.Detail)
			continue
		}
		entries, err := n.Ledger().Entries(t.Context(), a.Sequence-1, 1)
		if err != nil || !strings.Contains(string(entries[0].Data), `"reason":"weather"`) {
			t.Errorf("%v is in the log as %s, %v", in.Do, entries[0].Data, err)
		}
	}
}

func TestBusyNode(t *testing.T) {
	n, l := opened(t, part(t, 0), filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(time.Now, border.At(morning()), 1))
	defer l.Close() //nolint:errcheck // the test is over
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for i := range queued {
		if _, err := n.Do(ctx, Command{ID: fmt.Sprint(i), Actor: "o"}); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if _, err := n.Do(ctx, Command{ID: "one more", Actor: "o"}); err == nil {
		t.Error("an idempotency key with spaces was taken")
	}
	if _, err := n.Do(ctx, Command{ID: "one-more", Actor: "o"}); !errors.Is(err, ErrBusy) {
		t.Errorf("the %dth command: %v", queued+1, err)
	}
}

// A wall clock that is set anew stops deadlines until somebody says it is right.
func TestClockThatJumps(t *testing.T) {
	hand := &hands{morning()}
	clock := NewWallClock(hand.now)
	n, l := opened(t, part(t, 0), filepath.Join(t.TempDir(), "ledger.db"), clock)
	defer l.Close() //nolint:errcheck // the test is over
	deadline := n.state.NextDeadline()
	clock.began = clock.began.Add(10 * 24 * time.Hour) // as if ten days had been added to the wall clock alone
	hand.at = hand.at.Add(10 * 24 * time.Hour)
	n.carryOut(t.Context(), nil)
	if err := n.Ready(); err == nil || !strings.Contains(err.Error(), "clock") {
		t.Fatalf("ready after a jump: %v", err)
	}
	put := func(c Command) Answer {
		a := &asked{Command: c, answer: make(chan answered, 1)}
		n.carryOut(t.Context(), []*asked{a})
		r := <-a.answer
		if r.err != nil {
			t.Fatal(r.err)
		}
		return r.Answer
	}
	if a := put(Command{ID: "1", Actor: "o", Input: arrival("").Input}); a.Sequence != 2 || n.state.NextDeadline() != deadline || n.state.Now() >= deadline {
		t.Errorf("while the clock is in doubt an arrival was taken as %+v, at %d, next deadline %d", a, n.state.Now(), n.state.NextDeadline())
	}
	put(Command{ID: "2", Actor: "o", Act: ConfirmClock})
	if err := n.Ready(); err != nil {
		t.Error(err)
	}
	n.carryOut(t.Context(), nil)
	if n.state.NextDeadline() <= border.At(hand.at) || n.state.Now() <= deadline {
		t.Errorf("after confirmation the deadlines still stand still: at %d, next %d", n.state.Now(), n.state.NextDeadline())
	}
	if a := put(Command{ID: "3", Actor: "o", Act: ConfirmClock}); a.Refusal == "" {
		t.Error("a clock that is right was confirmed once more")
	}
}

// A node that starts from a snapshot stands where one stands that replayed
// everything, and so it does when the snapshot is of no use.
func TestSnapshots(t *testing.T) {
	m := part(t, 0)
	file := filepath.Join(t.TempDir(), "ledger.db")
	hand := &hands{morning()}
	n, l := opened(t, m, file, NewScaledClock(hand.now, border.At(morning()), 1))
	defer l.Close() //nolint:errcheck // the test is over
	live(t, n, hand, 7, 400)
	n.keepSnapshot(t.Context(), 1)
	before, _, _ := n.Board(t.Context(), Cursor{})
	again := func(m *sim.Model) *Node {
		t.Helper()
		other, err := New(t.Context(), Config{Post: m, Ledger: l, Clock: n.clock, Log: n.log})
		if err != nil {
			t.Fatal(err)
		}
		return other
	}
	fromSnapshot := again(m)
	if fromSnapshot.kept != n.applied || fromSnapshot.state.Digest() != n.state.Digest() {
		t.Fatalf("the snapshot was at %d, not at %d, or stands elsewhere", fromSnapshot.kept, n.applied)
	}
	after, _, _ := fromSnapshot.Board(t.Context(), Cursor{})
	if len(after.Visits) == 0 || fmt.Sprint(after.Visits) != fmt.Sprint(before.Visits) {
		t.Errorf("the board shows\n%v\nnot\n%v", after.Visits, before.Visits)
	}
	if whole, _, _ := fromSnapshot.Board(t.Context(), Cursor{"e1", 3}); !whole.Whole {
		t.Error("a reader who knows what the snapshot does not is not shown the whole board")
	}
	live2 := live(t, fromSnapshot, hand, 8, 50)
	if live2 <= n.applied {
		t.Error("nothing followed")
	}
	rebuilt := part(t, 0)
	rebuilt.Layout.Places[1].Capacity = 500
	if err := rebuilt.Layout.Compile(); err != nil {
		t.Fatal(err)
	}
	if other := again(rebuilt); other.kept != n.applied || other.applied <= live2 || other.state.Capacity(1) != 500 {
		t.Errorf("a snapshot of the former crossing was not gone on from: kept %d, applied %d of %d", other.kept, other.applied, live2)
	}
}

// A record is there however long ago the visit left.
func TestOldRecords(t *testing.T) {
	m := part(t, 0)
	file := filepath.Join(t.TempDir(), "ledger.db")
	hand := &hands{morning()}
	n, l := opened(t, m, file, NewScaledClock(hand.now, border.At(morning()), 1))
	defer l.Close() //nolint:errcheck // the test is over
	live(t, n, hand, 9, 600)
	if len(n.screen.gone) == 0 {
		t.Fatal("nobody left")
	}
	old := n.screen.gone[0].Visit
	want, ok, err := n.Record(t.Context(), old.Reference)
	if !ok || err != nil || len(want.Facts) == 0 {
		t.Fatalf("%v, %v, %d facts", ok, err, len(want.Facts))
	}
	n.screen.gone, n.screen.byReference = nil, map[string]*visit{}
	got, ok, err := n.Record(t.Context(), old.Reference)
	if !ok || err != nil {
		t.Fatalf("%v, %v", ok, err)
	}
	if got.ID != old.ID || got.Traits != old.Traits || got.Direction != old.Direction || got.Phase != gate.PhaseEnded || fmt.Sprint(got.Facts) != fmt.Sprint(want.Facts) {
		t.Errorf("%s is remembered as %+v, it was %+v", old.Reference, got.Visit, old)
	}
	if _, ok, err := n.Record(t.Context(), border.MintReference("KH", 1, 999_999).String()); ok || err != nil {
		t.Errorf("a visit that never was: %v, %v", ok, err)
	}
}
