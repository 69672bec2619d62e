package node

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"landport/border"
	"landport/gate"
	"landport/scenarios"
	"landport/sim"
	"landport/study"
)

func model(t testing.TB, name string) *sim.Model {
	t.Helper()
	m, err := loadModel(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func loadModel(name string) (*sim.Model, error) {
	data, err := scenarios.Read(name)
	if err != nil {
		return nil, err
	}
	file, err := sim.Decode(name, data, time.LoadLocation)
	if err != nil {
		return nil, err
	}
	return file.Model()
}

// noon of the first day: both posts are open and busy.
func noon(m *sim.Model) border.Time { return m.Start.Add(12 * border.Hour) }

// wound is a reel wound forward to an instant in one go.
func wound(m *sim.Model, to border.Time) *reel {
	r := newReel(m, 1, time.Unix(0, 0))
	r.advance(to, 1<<40)
	return r
}

// A warm-up that the scenario leaves open is what a simulation of it leaves
// out: the playback begins and measures after it.
func TestAPlaybackFindsItsWarmUp(t *testing.T) {
	text := `{name: queue, source: a textbook, run: {length: 20d, warmup: auto}, flows: [{rate: 24/hour}], stops: [{name: counter, service: {exponential: 2m}}]}`
	file, err := sim.Decode("queue", []byte(text), time.LoadLocation)
	if err != nil {
		t.Fatal(err)
	}
	m, err := file.Model()
	if err != nil {
		t.Fatal(err)
	}
	want := m.Settled()
	p := NewPlayback(m, 1, 60, time.Now)
	scene := OpeningScene(want)
	if p.Model().Warmup != want.Warmup || p.reel.goal != scene || want.Warmup <= 0 || scene < m.Start.Add(want.Warmup) {
		t.Errorf("it plays from %d on after a warm-up of %d, not %d after %d", p.reel.goal, p.Model().Warmup, scene, want.Warmup)
	}
	p.reel.advance(scene, 1<<40)
	if r := p.reel.report(); r.WarmupRule != study.ByMSER5 || r.WarmupDays != want.Warmup.Hours()/24 || r.MeasuredDays != scene.Sub(m.Start.Add(want.Warmup)).Hours()/24 {
		t.Errorf("%s of %g days, and %g measured", r.WarmupRule, r.WarmupDays, r.MeasuredDays)
	}
}

func TestSameFactsHoweverTheClockTicks(t *testing.T) {
	m := model(t, "bavet-mocbai-2018")
	straight := wound(m, noon(m))
	want := straight.show(Cursor{})
	rapid.Check(t, func(t *rapid.T) {
		r := newReel(m, 1, time.Unix(0, 0))
		for r.at < noon(m) {
			step := border.Micros(rapid.Int64Range(1, int64(12*border.Hour)).Draw(t, "step_us"))
			r.advance(min(noon(m), r.at.Add(step)), rapid.IntRange(1, 9_000).Draw(t, "steps"))
		}
		if got := r.show(Cursor{}); !reflect.DeepEqual(got, want) {
			t.Fatalf("after %d facts the board differs from the one played straight through, after %d", got.Sequence, want.Sequence)
		}
	})
	if other := newReel(m, 2, time.Unix(0, 0)); !other.advance(noon(m), 1<<40) || reflect.DeepEqual(other.show(Cursor{}).Visits, want.Visits) {
		t.Error("another seed gave the same visits")
	}
}

// What changed since a cursor, laid over what was then, is what is now.
func TestChangesLeadToTheWholeBoard(t *testing.T) {
	m := model(t, "bavet-mocbai-2018")
	rapid.Check(t, func(t *rapid.T) {
		r := wound(m, m.Start.Add(border.Micros(rapid.Int64Range(int64(border.Hour), int64(30*border.Hour)).Draw(t, "first_us"))))
		before := r.show(Cursor{})
		known := map[string]Visit{}
		for _, v := range before.Visits {
			known[v.Reference] = v
		}
		r.advance(r.at.Add(border.Micros(rapid.Int64Range(0, int64(3*border.Hour)).Draw(t, "then_us"))), 1<<40)
		change := r.show(before.Cursor)
		if change.Whole && before.Sequence > 0 {
			t.Fatal("a known cursor was answered with the whole board")
		}
		for _, reference := range change.Gone {
			delete(known, reference)
		}
		for _, v := range change.Visits {
			known[v.Reference] = v
		}
		whole := r.show(Cursor{})
		for _, v := range whole.Visits {
			if known[v.Reference] != v {
				t.Fatalf("%s is %+v by the changes, but %+v", v.Reference, known[v.Reference], v)
			}
		}
		if len(known) != len(whole.Visits) {
			t.Fatalf("the changes leave %d visits, the board has %d", len(known), len(whole.Visits))
		}
	})
}

func TestCursorsThatAreNotKnownGetTheWholeBoard(t *testing.T) {
	m := model(t, "bavet-mocbai-2018")
	r := wound(m, m.Start.Add(3*border.Day))
	if r.forgotten == 0 {
		t.Fatal("three days are too short for this test: nothing has been forgotten")
	}
	for _, test := range []struct {
		name string
		c    Cursor
	}{
		{"new reader", Cursor{}},
		{"another run", Cursor{Run: "other", Sequence: r.sequence}},
		{"from ahead", Cursor{Run: r.run, Sequence: r.sequence + 1}},
		{"long forgotten", Cursor{Run: r.run, Sequence: r.forgotten - 1}},
	} {
		if b := r.show(test.c); !b.Whole || len(b.Visits) != len(r.visits) || len(b.Gone) > 0 {
			t.Errorf("%s: whole %v, %d of %d visits, %d gone", test.name, b.Whole, len(b.Visits), len(r.visits), len(b.Gone))
		}
	}
	if b := r.show(Cursor{r.run, r.sequence}); b.Whole || len(b.Visits)+len(b.Gone) > 0 {
		t.Error("a reader who has seen everything was told something")
	}
}

func TestBoardAgreesWithTheGate(t *testing.T) {
	m := model(t, "bavet-mocbai-2018")
	r := wound(m, noon(m))
	b := r.show(Cursor{})
	count := map[gate.PlaceID]int{}
	for _, v := range b.Visits {
		count[v.Place]++
		now, present := r.world.State().Visit(v.ID)
		if !present || now.Place != v.Place || now.Phase != v.Phase {
			t.Errorf("%s: the gate has it elsewhere: %+v", v.Reference, now)
		}
		if v.HereSince < v.ArrivedAt || v.HereSince > b.At {
			t.Errorf("%s: in its place since %d, arrived %d, now %d", v.Reference, v.HereSince, v.ArrivedAt, b.At)
		}
	}
	for p := range m.Layout.Places {
		inside := 0
		for d := range m.Layout.Directions {
			in, _ := r.world.State().Occupancy(gate.PlaceID(p), gate.Direction(d))
			inside += in
			if line := b.Places[p].Lines[d]; p > 0 && line.Present != in {
				t.Errorf("%s: %d present, the gate says %d", m.Layout.Places[p].Name, line.Present, in)
			}
		}
		if p > 0 && count[gate.PlaceID(p)] != inside {
			t.Errorf("%s: %d visits drawn, the gate says %d", m.Layout.Places[p].Name, count[gate.PlaceID(p)], inside)
		}
	}
	if released := b.Posts[0].Released[0]; released == 0 {
		t.Error("nobody was released at Bavet by noon")
	}
	if midnight := wound(m, m.Start.Add(2*border.Day)).show(Cursor{}); slices.Max(midnight.Posts[0].Released) != 0 {
		t.Errorf("%v released today at midnight", midnight.Posts[0].Released)
	}
}

func TestRecordHoldsAVisitsFactsInOrder(t *testing.T) {
	m := model(t, "bavet-mocbai-2018")
	r := wound(m, noon(m))
	for _, v := range r.show(Cursor{}).Visits {
		rec, ok := r.record(v.Reference, r.moment())
		if !ok || len(rec.Facts) == 0 || rec.Facts[len(rec.Facts)-1].Sequence != v.Touched {
			t.Fatalf("%s: record %v with %d facts", v.Reference, ok, len(rec.Facts))
		}
		if !slices.IsSortedFunc(rec.Facts, func(a, b Entry) int { return int(a.Sequence) - int(b.Sequence) }) {
			t.Errorf("%s: facts out of order", v.Reference)
		}
	}
	gone := r.gone[len(r.gone)-1]
	rec, ok := r.record(gone.Reference, r.moment())
	if !ok || rec.Phase != gate.PhaseEnded || rec.Until() != rec.Facts[len(rec.Facts)-1].At {
		t.Errorf("%s has left: %v %v", gone.Reference, ok, rec.Phase)
	}
	if _, ok := r.record("KH01-0000-0000", r.moment()); ok {
		t.Error("a reference nobody minted was found")
	}
}

// play runs a playback by the clock of the test's bubble until the test ends.
func play(t *testing.T, m *sim.Model) *Playback {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	p := NewPlayback(m, 1, 60, time.Now)
	go p.Run(ctx)
	t.Cleanup(func() {
		stop()
		<-p.Done()
		if _, _, err := p.Board(context.Background(), Cursor{}); !errors.Is(err, ErrStopped) {
			t.Errorf("after the end: %v", err)
		}
	})
	return p
}

func at(t *testing.T, p *Playback) border.Time {
	t.Helper()
	synctest.Wait()
	b, _, err := p.Board(t.Context(), Cursor{})
	if err != nil {
		t.Fatal(err)
	}
	return b.At
}

func TestPace(t *testing.T) {
	m := model(t, "bavet-mocbai-2018")
	synctest.Test(t, func(t *testing.T) {
		p := play(t, m)
		start := at(t, p)
		if want := OpeningScene(p.Model()); start != want {
			t.Fatalf("starts at %d, want %d", start, want)
		}
		passes := func(wall time.Duration, want border.Micros) {
			t.Helper()
			before := at(t, p)
			time.Sleep(wall)
			if got := at(t, p).Sub(before); got != want {
				t.Errorf("%v on the wall were %v simulated, want %v", wall, got, want)
			}
		}
		passes(10*time.Second, 10*border.Minute)
		for _, step := range []struct {
			do   func() error
			want border.Micros // in ten seconds
		}{
			{func() error { return p.SetSpeed(t.Context(), 3600) }, 10 * border.Hour},
			{func() error { return p.Pause(t.Context(), true) }, 0},
			{func() error { return p.SetSpeed(t.Context(), 1) }, 0},
			{func() error { return p.Pause(t.Context(), false) }, 10 * border.Second},
		} {
			if err := step.do(); err != nil {
				t.Fatal(err)
			}
			passes(10*time.Second, step.want)
		}
		for _, wrong := range []float64{0, -1, 1e9} {
			if err := p.SetSpeed(t.Context(), wrong); err == nil {
				t.Errorf("a pace of %g was taken", wrong)
			}
		}
	})
}

func TestJump(t *testing.T) {
	m := model(t, "bavet-mocbai-2018")
	synctest.Test(t, func(t *testing.T) {
		p := play(t, m)
		if err := p.Pause(t.Context(), true); err != nil {
			t.Fatal(err)
		}
		first := at(t, p)
		here, _, _ := p.Board(t.Context(), Cursor{})
		for _, to := range []border.Time{first.Add(30 * border.Hour), first.Add(-5 * border.Hour), first} {
			if err := p.Jump(t.Context(), to); err != nil {
				t.Fatal(err)
			}
			if got := at(t, p); got != to {
				t.Errorf("jumped to %d, is at %d", to, got)
			}
		}
		if back, _, _ := p.Board(t.Context(), Cursor{}); !reflect.DeepEqual(back, here) {
			t.Error("back at the same instant, the board is not the same")
		}
		end := p.Model().Start.Add(p.Model().Span)
		for _, to := range []border.Time{p.Model().Start - 1, end + 1} {
			if err := p.Jump(t.Context(), to); err == nil {
				t.Errorf("jumped out of the scenario, to %d", to)
			}
		}
	})
}

func TestEndOfTheScenario(t *testing.T) {
	m := model(t, "bavet-mocbai-2018")
	synctest.Test(t, func(t *testing.T) {
		p := play(t, m)
		end := p.Model().Start.Add(p.Model().Span)
		if err := p.Jump(t.Context(), end.Add(-border.Minute)); err != nil {
			t.Fatal(err)
		}
		at(t, p)
		time.Sleep(time.Minute)
		if got := at(t, p); got != end {
			t.Errorf("plays on to %d after the end, %d", got, end)
		}
	})
}

func TestReadersAreWokenByNews(t *testing.T) {
	m := model(t, "bavet-mocbai-2018")
	synctest.Test(t, func(t *testing.T) {
		p := play(t, m)
		at(t, p)
		b, changed, err := p.Board(t.Context(), Cursor{})
		if err != nil {
			t.Fatal(err)
		}
		<-changed
		next, _, err := p.Board(t.Context(), b.Cursor)
		if err != nil || next.Sequence <= b.Sequence || next.Whole {
			t.Errorf("woken at sequence %d after %d, whole %v: %v", next.Sequence, b.Sequence, next.Whole, err)
		}
	})
}

func TestStudyFollowsTheFacts(t *testing.T) {
	m := model(t, "bavet-mocbai-2018")
	synctest.Test(t, func(t *testing.T) {
		p := play(t, m)
		at(t, p)
		before, _, err := p.Study(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Jump(t.Context(), p.Model().Start.Add(p.Model().Warmup+3*border.Day)); err != nil {
			t.Fatal(err)
		}
		at(t, p)
		after, m, err := p.Study(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if after.Crossing.TimeH.N <= before.Crossing.TimeH.N || after.Facts != int64(m.Sequence) {
			t.Errorf("%d crossings after %d; %d facts studied of %d", after.Crossing.TimeH.N, before.Crossing.TimeH.N, after.Facts, m.Sequence)
		}
		if after.Seed != 1 || after.Scenario != p.Model().Name || after.MeasuredDays != 3 {
			t.Errorf("the report names scenario %s, seed %d, %g days", after.Scenario, after.Seed, after.MeasuredDays)
		}
	})
}

func TestOpeningScene(t *testing.T) {
	for _, test := range []struct{ name, want string }{
		{"bavet-mocbai-2018", "2018-03-13 05:55"}, // five minutes before both open
		{"mm5", "2018-01-07 00:00"},               // never closes: the day after the warm-up's
	} {
		m := model(t, test.name)
		if got := OpeningScene(m).Std(Zone(m.Layout, 0)).Format("2006-01-02 15:04"); got != test.want {
			t.Errorf("%s starts at %s, want %s", test.name, got, test.want)
		}
	}
}

func TestParseCursor(t *testing.T) {
	for _, c := range []Cursor{{"m3k9x2", 0}, {"0", 1 << 63}} {
		if got, err := ParseCursor(c.String()); err != nil || got != c {
			t.Errorf("%s reads back as %v, %v", c, got, err)
		}
	}
	if got, err := ParseCursor("12"); err != nil || got != (Cursor{Sequence: 12}) {
		t.Errorf("a sequence alone reads as %v, %v", got, err)
	}
	for _, s := range []string{"", "12 ", "-12", "m3k9x2-", "m3k9x2--1", "m3k9x2-1.5", "m3k9x2-99999999999999999999"} {
		if _, err := ParseCursor(s); err == nil {
			t.Errorf("%q was read as a cursor", s)
		}
	}
}
