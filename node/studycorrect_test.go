package node

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/sim"
	"landport/study"
)

// corrected is a post whose facts are written and corrected.
type corrected struct {
	*testing.T

	l     *ledger.Ledger
	m     *sim.Model
	next  *sim.Model // it goes on by, from half way on; may be nil
	past  crossings
	r     *rand.Rand
	right []gate.Fact // by entry, at the instants that are right
	told  []int       // whose entries are facts

	latest border.Time // of any fact, as it was told
}

// write writes facts.
func (c *corrected) write(page []gate.Fact) {
	c.Helper()
	state(c.T, c.l, c.m, page)
	for i := range page {
		c.told = append(c.told, len(c.right)+i)
		c.latest = max(c.latest, page[i].At)
	}
	c.right = append(c.right, page...)
}

// other writes an entry that is no fact.
func (c *corrected) other() {
	c.right = append(c.right, gate.Fact{Kind: gate.Noted, At: c.right[len(c.right)-1].At})
}

// correct corrects facts, any or late ones and others of the visit, by less than an
// hour or to about the beginning of an hour, a day, a month or a year.
func (c *corrected) correct() {
	c.Helper()
	i := c.told[c.r.IntN(len(c.told))]
	if last := min(200, len(c.told)); c.r.IntN(2) == 0 {
		i = c.told[len(c.told)-1-c.r.IntN(last)]
	}
	facts := []int64{int64(i) + 1}
	for next := i + 1; next < len(c.right) && c.r.IntN(2) == 0; next++ { // and others of its visit
		if c.right[next].Visit == c.right[i].Visit && c.right[i].Visit != 0 {
			facts = append(facts, int64(next)+1)
		}
	}
	zone := Zone(c.m.Layout, 0)
	at := c.right[i].At.Add(border.Micros(c.r.IntN(int(border.Hour))) - border.Hour/2)
	if spans := []study.Span{study.Hour, study.Day, study.Month, study.Year}; c.r.IntN(2) == 0 {
		at = spans[c.r.IntN(len(spans))].Start(at, zone) - border.Time(c.r.IntN(2))
	}
	at = min(at, c.latest)
	corrects(c.T, c.l, at, facts...)
	for _, fact := range facts {
		c.right[fact-1].At = at
	}
	c.other()
}

// replica is a follower that was just started.
func (c *corrected) replica() *studyView {
	v := viewer(c.l, c.m)
	v.past, v.every, v.most = c.past, 150, 16
	return v
}

// same compares the views with those that are made from the first entry on.
func (c *corrected) same(what string) {
	c.Helper()
	have, want := views(c, c.l), c.anew()
	if have = append(have, progress(c, c.l)); !slices.Equal(have, want) {
		c.Errorf("%s, after %d entries: %d rows, made anew %d, or other ones", what, len(c.right), len(have), len(want))
	}
}

// anew makes the views from the first entry on beside those there are, with no
// archive, by all corrections at once.
func (c *corrected) anew() []string {
	c.Helper()
	into, err := hutLedger(c.Context(), "sqlite:"+filepath.Join(c.TempDir(), "anew.db"))
	if err != nil {
		c.Fatal(err)
	}
	defer into.Close() //nolint:errcheck // the test is over
	v := c.replica()
	v.every = 1 << 62
	for after := int64(0); after < int64(len(c.right)); after = v.seq {
		page, err := c.l.Entries(c.Context(), after, 4000)
		if err != nil {
			c.Fatal(err)
		}
		fold, err := v.take(c.Context(), page)
		if err != nil {
			c.Fatal(err)
		}
		if _, err := into.Write(c.Context(), func(b *ledger.Batch) error { return fold(c.Context(), b.Tx()) }); err != nil {
			c.Fatal(err)
		}
	}
	return append(views(c, into), progress(c, into))
}

// progress is how far the views are.
func progress(t testing.TB, l *ledger.Ledger) string {
	t.Helper()
	var seq, clock, begin int64
	if err := l.Reader().QueryRowContext(t.Context(), `SELECT seq, clock_us, begin_us FROM study_progress`).Scan(&seq, &clock, &begin); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(seq, clock, begin)
}

// corrects says of entries when they were.
func corrects(t testing.TB, l *ledger.Ledger, at border.Time, facts ...int64) {
	t.Helper()
	if _, err := l.Write(t.Context(), func(b *ledger.Batch) error {
		seq := b.Append(ledger.Entry{Occurred: b.Now(), Kind: kindTimeCorrected, Version: 1, Cause: facts[0], Data: compact(timeCorrectedData{Facts: facts, At: at})})
		var rows []any
		for _, fact := range facts {
			rows = append(rows, fact, seq, int64(at))
		}
		return b.Insert(t.Context(), "study_corrections (fact, seq, at_us)", 3, rows)
	}); err != nil {
		t.Fatal(err)
	}
}

func modelOf(t *testing.T, text string) *sim.Model {
	t.Helper()
	file, err := sim.Decode("hut.yaml", []byte(text), time.LoadLocation)
	if err != nil {
		t.Fatal(err)
	}
	m, err := file.Model()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// holds has visits held and let go again.
func holds(facts []gate.Fact) (out []gate.Fact) {
	held := gate.VisitID(0)
	for i := range facts {
		f := &facts[i]
		out = append(out, *f)
		switch {
		case held == 0 && f.Kind == gate.ServiceStarted && i%3 == 0:
			held = f.Visit
			out = append(out, gate.Fact{Kind: gate.Held, At: f.At, Visit: held, Formalities: 1})
		case held != 0 && i%11 == 0:
			out = append(out, gate.Fact{Kind: gate.Unheld, At: f.At, Visit: held, Formalities: 1})
			held = 0
		}
	}
	return out
}

// Whenever times are corrected, however often, in whatever order, and whichever
// replica follows, the views are those that are made from the first entry on at
// the instants that are right, and say what the facts say.
func TestTheStudyCountsCorrectedTimes(t *testing.T) {
	m, err := hutModel()
	if err != nil {
		t.Fatal(err)
	}
	hutFacts := hutFacts(m)
	inFile := modelOf(t, strings.ReplaceAll(hut, "capacity: 4,", "capacity: 4, single_file: true,")) // whose time it is depends on who stands ahead
	wider := modelOf(t, strings.Replace(hut, "capacity: 4,", "capacity: 5,", 1))
	bavet := part(t, 0)
	var coaches []gate.Fact
	fillUp(bavet, 2500, func(facts []gate.Fact) { coaches = append(coaches, facts...) })
	on := engines(t)
	lite := func() string { return "sqlite:" + filepath.Join(t.TempDir(), "ledger.db") }
	for i, test := range []struct {
		name  string
		url   string
		m     *sim.Model
		next  *sim.Model
		facts []gate.Fact
	}{
		{on[0].name, on[0].url, m, nil, hutFacts[:3000]},
		{on[1].name, on[1].url, m, nil, hutFacts[2000:3500]},
		{"the end of a year", lite(), m, nil, hutFacts[len(hutFacts)/3:][:3000]},
		{"in single file", lite(), inFile, nil, holds(hutFacts)[:2500]},
		{"coaches", lite(), bavet, nil, coaches},
		{"another crossing", lite(), m, wider, hutFacts[:2500]},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l, err := hutLedger(t.Context(), test.url)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close() //nolint:errcheck // the test is over
			c := &corrected{T: t, l: l, m: test.m, next: test.next, past: viewer(l, test.m).past, r: rand.New(rand.NewPCG(3, uint64(i)))}
			c.play(test.facts)
			if test.m == m && test.next == nil {
				checkStudy(t, l, test.m, c.right)
			}
		})
	}
}

// goOn goes on by another crossing, as a node does that is started on another file.
func (c *corrected) goOn(m *sim.Model) {
	c.Helper()
	codec, err := NewCodec(m.Layout)
	if err != nil {
		c.Fatal(err)
	}
	if _, err := c.l.Write(c.Context(), func(b *ledger.Batch) error {
		seq := b.Append(ledger.Entry{Occurred: c.latest, Kind: kindCrossing, Version: crossingVersion, Data: compact(codec.crossingOf("hut"))})
		c.past = append(c.past, inForce{seq, codec})
		return nil
	}); err != nil {
		c.Fatal(err)
	}
	c.other()
}

// play writes facts, and corrects some as it goes.
func (c *corrected) play(facts []gate.Fact) {
	c.Helper()
	replicas := []*studyView{c.replica(), c.replica()}
	half := len(facts) / 2
	for page := range slices.Chunk(facts, 97) {
		c.write(page)
		if c.r.IntN(2) == 1 { // between facts that were taken in and facts that were not
			follow(c, replicas[c.r.IntN(2)], int64(len(c.right)))
		}
		for range c.r.IntN(3) {
			c.correct()
		}
		if half -= len(page); half <= 0 && c.next != nil {
			c.goOn(c.next)
			replicas, c.next = []*studyView{c.replica(), c.replica()}, nil
		}
		if c.r.IntN(5) == 0 {
			replicas[c.r.IntN(2)] = c.replica()
		}
		follow(c, replicas[c.r.IntN(2)], int64(len(c.right)))
		if c.r.IntN(8) == 0 {
			c.same("under way")
		}
	}
	c.same("at the end")
	for _, v := range replicas {
		if kept, err := v.archives(c.Context()); err != nil || len(kept) > int(v.most)+1 || len(kept) < int(v.most)/4 {
			c.Errorf("of %d archives at most %d are kept, %v", v.most, len(kept), err)
		}
	}
}

// Where the cells of an hour's row cannot tell what is left of it, the views are
// made anew from the first entry on, and only there.
func TestWhatCannotBeTakenOutIsMadeAnew(t *testing.T) {
	m, err := hutModel()
	if err != nil {
		t.Fatal(err)
	}
	l, err := hutLedger(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // the test is over
	c := &corrected{T: t, l: l, m: m, past: viewer(l, m).past, r: rand.New(rand.NewPCG(1, 1))}
	const visits = 1100 // more than a row keeps the times of
	begin := study.Hour.Start(m.Start.Add(border.Day), Zone(m.Layout, 0))
	var facts []gate.Fact
	for i := range border.Time(visits) {
		id := gate.MakeVisitID(uint64(i)+1, int(i))
		facts = append(facts, gate.Fact{Kind: gate.Arrived, Visit: id, At: begin + i, Place: 1, Traits: border.Laden | border.ArticulatedTruck},
			gate.Fact{Kind: gate.Removed, Visit: id, At: begin.Add(10*border.Minute) + i*i%977*1000})
	}
	c.write(facts)
	v := c.replica()
	follow(t, v, int64(len(c.right)))
	c.same("as it was told")
	longest := slices.MaxFunc(facts, func(a, b gate.Fact) int { return int(a.At - b.At) })
	for _, test := range []struct {
		what string
		fact func(f *gate.Fact) bool
		anew bool
	}{
		{"one among many", func(f *gate.Fact) bool {
			return f.Kind == gate.Removed && f.At < longest.At-50_000 && f.At > begin.Add(10*border.Minute)+50_000
		}, false},
		{"the longest", func(f *gate.Fact) bool { return f.At == longest.At }, true},
	} {
		var before, after int64
		known := func(seq *int64) {
			if err := l.Reader().QueryRowContext(t.Context(), `SELECT corrected FROM study_progress`).Scan(seq); err != nil {
				t.Fatal(err)
			}
		}
		known(&before)
		i := slices.IndexFunc(facts, func(f gate.Fact) bool { return test.fact(&f) })
		corrects(t, l, begin.Add(5*border.Minute), int64(i)+1)
		c.other()
		follow(t, v, int64(len(c.right)))
		c.same(test.what)
		if known(&after); (after != before) != test.anew {
			t.Errorf("%s: made anew by corrections up to %d, before up to %d", test.what, after, before)
		}
	}
}
