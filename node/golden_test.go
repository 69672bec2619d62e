package node

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/sim"
	"landport/study"
)

// The golden ledgers of a release stay as they are for ever, beside the crossings
// they were written by: every later release reads them to the same state of the
// gate and the same study, unless its method counts otherwise and CHANGELOG.md says
// so: then the lines of the stages are written anew, and no others. A release that
// changes what entries are written makes its own, in testdata/golden-2 and so on,
// and leaves these:
//
//	go test ./node -run Golden -golden testdata/golden-2
var golden = flag.String("golden", "", "make golden ledgers in a new directory that has the crossings")

var goldenPosts = []struct {
	name, crossing string
	post           gate.PostID
}{
	{"bavet", "bavet-mocbai-booked", 0},   // trucks leave the country
	{"moc-bai", "bavet-mocbai-booked", 1}, // and enter the next
	{"kim-thanh", "kimthanh-empties", 0},  // officers by a roster
	{"dry-port", "bavet-mocbai-dryport", 0},
	{"lao-bao", "densavanh-laobao", 1}, // one stop for both countries, until it is suspended
}

// goldenModel is a post as it was when a golden ledger was written.
func goldenModel(t *testing.T, dir, crossing string, post gate.PostID) *sim.Model {
	t.Helper()
	read := func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, name+".yaml")) }
	data, err := read(crossing)
	if err != nil {
		t.Fatal(err)
	}
	file, err := sim.Library{Zones: time.LoadLocation, Base: func(_, extends string) (string, []byte, error) {
		data, err := read(extends)
		return extends + ".yaml", data, err
	}}.Decode(crossing+".yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := file.Model()
	if err != nil {
		t.Fatal(err)
	}
	m, err := whole.Part(post)
	if err == nil {
		err = m.Layout.WithStandardPolicies()
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// restored is a golden ledger, with the epoch that restoring begins.
func restored(t *testing.T, file string) *ledger.Ledger {
	t.Helper()
	c := ledger.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "ledger.db"), Origin: "golden.post"}
	if _, err := ledger.Restore(t.Context(), c, file, "a later release"); err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() }) // it was only read
	return l
}

// reading is what a golden ledger means, in words: the tree's root, the gate's
// state after it, the study by the times that were corrected, and how many facts
// of which kind.
func reading(t *testing.T, l *ledger.Ledger, layout *gate.Layout, fields map[string]bool) (text string, kinds map[gate.Kind]int) {
	t.Helper()
	codec, err := NewCodec(layout)
	if err != nil {
		t.Fatal(err)
	}
	head, err := l.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	size := head.Size - 1 // ahead of the epoch that restoring began
	root, err := l.Root(t.Context(), size)
	if err != nil {
		t.Fatal(err)
	}
	corrected := map[int64]border.Time{}
	for e, err := range l.Each(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		d, err := retimings(&e)
		if err != nil {
			t.Fatal(err)
		}
		for _, seq := range d.Facts {
			corrected[seq] = d.At
		}
	}
	var state *gate.State
	var stages *study.Stages
	var times study.StageTimes
	visits := 0
	kinds = map[gate.Kind]int{}
	for e, err := range l.Each(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Seq == 1 {
			state, stages = gate.NewState(layout, e.Occurred), study.NewStages(layout, e.Occurred)
		}
		if !strings.HasPrefix(e.Kind, gatePrefix) {
			continue
		}
		f, err := codec.Fact(&e)
		if err != nil {
			t.Fatal(err)
		}
		if again := codec.Entry(&f); again.Kind != e.Kind || again.Version != e.Version || string(again.Data) != string(e.Data) {
			t.Errorf("entry %d, %s version %d, %s is written as %s version %d, %s", e.Seq, e.Kind, e.Version, e.Data, again.Kind, again.Version, again.Data)
		}
		kinds[f.Kind]++
		var data map[string]json.RawMessage
		if err := json.Unmarshal(e.Data, &data); err != nil {
			t.Fatal(err)
		}
		for field := range data {
			fields[field] = true
		}
		state.Apply(&f)
		if at, ok := corrected[e.Seq]; ok {
			f.At = at
		}
		if visit, left := stages.Add(&f); left {
			visits++
			for _, s := range visit.Times {
				times.Add(s.Stage, s.Time)
			}
		}
	}
	digest := state.Digest()
	var b strings.Builder
	fmt.Fprintf(&b, "entries %d\nroot %s\nstate %s\nvisits %d\n", size, root, hex.EncodeToString(digest[:]), visits)
	times.Each(func(stage string, s *study.Sketch) {
		data, err := s.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		fmt.Fprintf(&b, "stage %s: %s\n", stage, base64.StdEncoding.EncodeToString(sum[:9]))
	})
	if len(corrected) > 0 {
		fmt.Fprintf(&b, "times corrected %d\n", len(corrected))
	}
	for k := gate.NoFact + 1; k != 0; k++ {
		if _, known := gate.ParseKind(k.String()); !known {
			break
		}
		if kinds[k] > 0 {
			fmt.Fprintf(&b, "%s %d\n", k, kinds[k])
		}
	}
	return b.String(), kinds
}

// What a release wrote is read to the same by every later one: the same root, the
// same state of the gate, the same study; and every fact is written as it was.
func TestGoldenFacts(t *testing.T) {
	dirs, err := filepath.Glob("testdata/golden-*")
	if err != nil || len(dirs) == 0 {
		t.Fatal("there are no golden ledgers", err)
	}
	if *golden != "" {
		makeGolden(t, *golden)
	}
	seen, fields, retimed := map[gate.Kind]bool{}, map[string]bool{}, false
	for _, dir := range dirs {
		for _, p := range goldenPosts {
			t.Run(filepath.Base(dir)+" "+p.name, func(t *testing.T) {
				m := goldenModel(t, dir, p.crossing, p.post)
				file := filepath.Join(dir, p.name)
				text, kinds := reading(t, restored(t, file+".backup"), m.Layout, fields)
				want, err := os.ReadFile(file + ".txt")
				if err != nil {
					t.Fatal(err)
				}
				if text != string(want) {
					t.Errorf("it is read as\n%s\nand not as\n%s", text, want)
				}
				retimed = retimed || strings.Contains(text, "times corrected")
				for k := range kinds {
					seen[k] = true
				}
			})
		}
	}
	if !retimed {
		t.Error("no golden ledger has a time that was corrected")
	}
	for k := gate.NoFact + 1; k != 0; k++ {
		if _, known := gate.ParseKind(k.String()); !known {
			break
		}
		if !seen[k] {
			t.Errorf("no golden ledger has a fact of kind %s; make one of this release that has", k)
		}
	}
	for field := range reflect.TypeFor[factData]().Fields() {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); !fields[name] {
			t.Errorf("no golden ledger has a fact with %q; make one of this release that has", name)
		}
	}
}

// goldenSteps is how many inputs a golden ledger is made of, at least.
const goldenSteps = 3000

// makeGolden writes the golden ledgers of a release.
func makeGolden(t *testing.T, dir string) {
	t.Helper()
	for i, p := range goldenPosts {
		m := goldenModel(t, dir, p.crossing, p.post)
		url := "sqlite:" + filepath.Join(t.TempDir(), "ledger.db")
		now := border.At(morning())
		l, err := ledger.Open(t.Context(), ledger.Config{URL: url, Origin: "golden.post", Clock: func() border.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		s := &goldenShift{m: m, state: gate.NewState(m.Layout, now), r: rand.New(rand.NewPCG(1, uint64(i)))}
		if s.codec, err = NewCodec(m.Layout); err != nil {
			t.Fatal(err)
		}
		for step := range goldenSteps {
			now = now.Add(border.Micros(s.r.IntN(int(6 * border.Minute))))
			if _, err := l.Write(context.Background(), func(b *ledger.Batch) error { s.step(b, now, step); return nil }); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, p.name)
		if _, err := ledger.Backup(t.Context(), url, file+".backup"); err != nil {
			t.Fatal(err)
		}
		text, _ := reading(t, restored(t, file+".backup"), m.Layout, map[string]bool{})
		if err := os.WriteFile(file+".txt", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// goldenShift is a shift in which everything happens that can.
type goldenShift struct {
	m     *sim.Model
	codec *Codec
	state *gate.State
	r     *rand.Rand
	facts []gate.Fact
	known []gate.VisitID
	slot  gate.VisitID // who booked one last

	ended   gate.Fact // the last drive or service that did
	endedIn int64     // its entry
}

// step takes one input, one that fits somebody who is there more often than not.
func (s *goldenShift) step(b *ledger.Batch, now border.Time, n int) {
	l := s.m.Layout
	var visit gate.Visit
	var coach gate.VisitID
	count := 0
	for v := range s.state.Present {
		if count++; s.r.IntN(count) == 0 {
			visit = v
		}
		if v.Traits&border.Coach != 0 {
			coach = v.ID
		}
	}
	direction := gate.Direction(s.r.IntN(len(l.Directions)))
	in := gate.Input{
		At: now, Told: now, Visit: visit.ID, Do: gate.Do(s.r.IntN(int(gate.Call) + 1)), Reason: gate.ByOperator,
		Traits: truck, Direction: direction, Place: gate.PlaceID(s.r.IntN(len(l.Places))), Stop: gate.StopID(s.r.IntN(len(l.Stops))),
		Procedure: gate.ProcedureID(s.r.IntN(len(l.Procedures))), Formalities: 1 << s.r.IntN(len(l.Formalities)), N: int64(1 + s.r.IntN(3)),
		Thing: gate.ThingID(1 + s.r.IntN(20)),
	}
	if s.r.IntN(5) > 0 { // as things go
		switch visit.Phase {
		case gate.PhaseCalled:
			in.Do, in.Place = gate.ObserveEntered, 0
			if s.r.IntN(6) == 0 {
				in.Do = gate.Hold
			}
		case gate.PhaseDriving:
			in.Do = gate.ObserveReached
		case gate.PhaseInService:
			in.Do, in.Outcome = gate.ObserveServed, gate.Passed
			if s.r.IntN(12) == 0 {
				in.Outcome = gate.Outcome(s.r.IntN(int(gate.Again) + 1))
			}
		}
	}
	s.fit(&in, coach, now)
	if count > 60 && in.Do == gate.ObserveArrival {
		in.Do = gate.Tick
	}
	s.facts, _ = s.state.Decide(&in, s.facts[:0])
	first := int64(0)
	command := fmt.Sprint("c", n)
	for i := range s.facts {
		e := s.codec.Entry(&s.facts[i])
		e.Actor, e.Command = "operator-1", command
		if seq := b.Append(e); first == 0 {
			first = seq
		}
		if s.facts[i].Kind == gate.Booked {
			s.slot = s.facts[i].Visit
		}
		if k := s.facts[i].Kind; k == gate.Reached || k == gate.ServiceEnded {
			s.ended, s.endedIn = s.facts[i], first+int64(i)
		}
		if s.facts[i].Visit != 0 {
			s.known = append(s.known, s.facts[i].Visit)
		}
	}
	if first == 0 {
		return
	}
	note := func(kind string, data any) {
		b.Append(ledger.Entry{Occurred: now, Post: s.codec.post, Actor: "operator-1", Command: command, Cause: first, Kind: kind, Version: 1, Data: compact(data)})
	}
	if arrived := s.facts[0]; arrived.Kind == gate.Arrived && n%3 == 0 {
		note(kindNamed, namedData{Visit: arrived.Visit.Serial(), Slot: arrived.Visit.Slot(), Plate: b.Personal("plate", fmt.Sprintf("2A-%04d", n))})
	}
	if s.ended.Visit != 0 && n%20 == 0 {
		b.Append(ledger.Entry{Occurred: now, Post: s.codec.post, Actor: "operator-1", Command: command, Cause: s.endedIn, Kind: kindTimeCorrected, Version: 1, Data: compact(timeCorrectedData{
			remarkData{b.Personal("remark", fmt.Sprint("correction ", n))}, s.ended.Visit.Serial(), s.ended.Visit.Slot(), []int64{s.endedIn},
			s.ended.At.Add(-border.Minute), s.ended.At, gate.Mistake.String(),
		})})
	}
	if n%50 == 0 {
		note(kindRemarked, remarkData{b.Personal("remark", fmt.Sprint("remark ", n))})
	}
}

// fit gives an input what its order or observation needs.
func (s *goldenShift) fit(in *gate.Input, coach gate.VisitID, now border.Time) {
	l := s.m.Layout
	switch in.Do {
	case gate.ObserveArrival, gate.Announce:
		if in.Visit != 0 && s.r.IntN(3) > 0 {
			in.Visit = 0
		}
		in.Place = 0
		in.Formalities = 0
		in.Unready = s.r.IntN(4) == 0
		if s.r.IntN(8) == 0 {
			in.Traits = border.Coach | border.Regular
		}
		if len(s.known) > 0 && s.r.IntN(6) == 0 {
			in.Other = s.known[s.r.IntN(len(s.known))]
		}
	case gate.ObserveAlighted:
		in.Other, in.Visit, in.Traits = coach, 0, border.OnFoot
	case gate.GiveBack:
		in.Visit = s.slot
	case gate.Book:
		in.N = int64(now.Add(border.Micros(s.r.IntN(6)) * border.Hour))
	case gate.LimitStay:
		in.N = int64(now.Add(border.Hour))
		if len(s.known) > 0 {
			in.Visit = s.known[s.r.IntN(len(s.known))]
		}
	case gate.ObserveConfirmed:
		if len(s.known) > 0 {
			in.Visit = s.known[s.r.IntN(len(s.known))]
		}
	case gate.ClosePost, gate.ReopenPost:
		in.N = 0
		if in.Do == gate.ClosePost && s.r.IntN(4) > 0 {
			in.Do = gate.ReopenPost
		}
	case gate.ObserveSealed, gate.ObserveUnsealed:
		if in.N > 1 { // else one with digits alone
			seal, _ := border.ParseSeal(fmt.Sprint("HLB", in.N))
			in.N = int64(seal)
		}
	case gate.SetPolicy:
		in.N = int64(s.r.IntN(len(l.Policies)))
	case gate.SetAccepts:
		in.N, in.Traits = int64(border.Laden)*int64(s.r.IntN(2)), border.Dangerous
	case gate.SetCapacity:
		in.N = int64(5 + s.r.IntN(5))
	case gate.SetServers:
		in.N = int64(1 + s.r.IntN(2))
	case gate.CloseLane:
		if s.r.IntN(3) > 0 {
			in.Do = gate.OpenLane
		}
	case gate.Hold:
		if s.r.IntN(2) > 0 {
			in.Do = gate.Unhold
		}
		in.Reason = gate.Documents
	case gate.ObserveGone, gate.Cancel, gate.Refuse:
		if s.r.IntN(3) > 0 {
			in.Do = gate.ObserveReached
		}
	case gate.SuspendProcedure:
		in.N = int64(s.r.IntN(2))
	case gate.SetHours:
		today := now.Std(Zone(l, 0))
		day := border.Date{Year: today.Year(), Month: today.Month(), Day: today.Day()}
		in.N = gate.DayHours{Opening: gate.OpeningID(s.r.IntN(len(l.Openings))), Day: day, Opens: 6 * 60, Last: 20 * 60, Closes: 22 * 60}.Pack()
	}
}
