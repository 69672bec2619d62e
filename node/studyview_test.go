package node

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/sim"
	"landport/study"
)

// hut is a post with little traffic over the turn of a year.
const hut = `
name: hut
assumed: a post with little traffic
run: {start: 2017-11-20, length: 90d}
posts: [{name: Hut, country: KH, zone: Asia/Phnom_Penh, hours: 06:00-20:00}]
directions: [KH-VN, VN-KH]
classes:
  - {name: truck, traits: [laden, articulated-truck]}
  - {name: car, traits: [car]}
places:
  - {name: road, kind: approach, directions: KH-VN}
  - {name: way, kind: approach, directions: VN-KH}
  - {name: lane, kind: lane, capacity: 4, drive: 2m, directions: KH-VN}
  - {name: gate, kind: lane, capacity: 4, drive: 2m, directions: VN-KH}
formalities:
  - {name: export, agency: customs, country: KH, subject: goods, side: exit}
  - {name: import, agency: customs, country: KH, subject: goods, side: entry}
stops:
  - {name: out, agency: customs, service: {exponential: 20m}}
  - {name: in, agency: customs, service: {exponential: 20m}}
procedures:
  - {name: leave, direction: KH-VN, route: [road, {place: lane, stops: [{stop: out, formalities: export}]}]}
  - {name: enter, direction: VN-KH, route: [way, {place: gate, stops: [{stop: in, formalities: import}]}]}
flows:
  - {direction: KH-VN, rate: 12/day, classes: {truck: 0.8, car: 0.2}}
  - {direction: VN-KH, rate: 8/day, classes: {truck: 0.8, car: 0.2}}
`

func hutModel() (*sim.Model, error) {
	file, err := sim.Decode("hut.yaml", []byte(hut), time.LoadLocation)
	if err != nil {
		return nil, err
	}
	return file.Model()
}

// hutFacts are its facts of all days. Visits have slots of their own, so that
// one in twenty can be heard to have left days late.
func hutFacts(m *sim.Model) (facts []gate.Fact) {
	w := sim.NewWorld(m, 1, 0)
	late := map[int][]gate.Fact{}
	alone := func(id gate.VisitID) gate.VisitID {
		if id == 0 {
			return 0
		}
		return gate.MakeVisitID(id.Serial(), int(id.Serial()))
	}
	for end := m.Start.Add(m.Span); w.Next() < end; {
		for _, f := range w.Step() {
			f.Visit, f.Other = alone(f.Visit), alone(f.Other)
			if f.Kind == gate.Removed && f.Visit.Serial()%20 == 0 {
				at := len(facts) + 40 + int(f.Visit.Serial())
				late[at] = append(late[at], f)
				continue
			}
			facts = append(facts, f)
		}
		for at, told := range late {
			if at <= len(facts) {
				facts = append(facts, told...)
				delete(late, at)
			}
		}
	}
	return facts
}

// state writes facts into a ledger.
func state(t testing.TB, l *ledger.Ledger, m *sim.Model, facts []gate.Fact) {
	t.Helper()
	codec, err := NewCodec(m.Layout)
	if err != nil {
		t.Fatal(err)
	}
	for page := range slices.Chunk(facts, 2000) {
		if _, err := l.Write(t.Context(), func(b *ledger.Batch) error {
			for i := range page {
				b.Append(codec.Entry(&page[i]))
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func hutLedger(ctx context.Context, url string) (*ledger.Ledger, error) {
	l, err := ledger.Open(ctx, ledger.Config{URL: url, Origin: "hut.kh", Shared: true, Rooms: []ledger.Migrations{studyTables()}})
	return l, err
}

// viewer is a follower of its own, as a replica has one.
func viewer(l *ledger.Ledger, m *sim.Model) *studyView {
	codec, err := NewCodec(m.Layout)
	if err != nil {
		panic(err)
	}
	v := newStudyView(l, crossings{{codec: codec}}, slog.New(slog.DiscardHandler))
	v.every = 1500
	return v
}

// views are all rows, written out.
func views(t testing.TB, l *ledger.Ledger) (rows []string) {
	t.Helper()
	found, err := l.Reader().QueryContext(t.Context(), `SELECT span, start_us, direction, load, vehicle, scope, visits, times FROM study_times
ORDER BY span, scope, start_us, direction, load, vehicle`)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close() //nolint:errcheck // the test is over
	for found.Next() {
		var span, direction, load, vehicle string
		var start, scope, visits int64
		var times []byte
		if err := found.Scan(&span, &start, &direction, &load, &vehicle, &scope, &visits, &times); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, fmt.Sprint(span, start, direction, load, vehicle, scope, visits, times))
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

// follow runs a follower until it has taken in an entry.
func follow(t testing.TB, v *studyView, seq int64) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		v.follow(ctx, func(err error) error { return err })
	}()
	for reached := int64(0); reached < seq; {
		if err := v.ledger.Reader().QueryRowContext(ctx, `SELECT seq FROM study_progress`).Scan(&reached); err != nil {
			t.Error(err)
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	stop()
	<-done
}

// anew has the views made from the first entry on, as after a recovery.
func anew(t testing.TB, l *ledger.Ledger, m *sim.Model, seq int64) []string {
	t.Helper()
	if _, err := l.Write(t.Context(), func(b *ledger.Batch) error {
		for _, text := range []string{`UPDATE followers SET position = 0, lease_until_us = 0`, `UPDATE study_progress SET seq = 0`} {
			if _, err := b.Tx().ExecContext(t.Context(), text); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	follow(t, viewer(l, m), seq)
	return views(t, l)
}

// What the views say of any period is what the facts say.
func TestStudyOfAnyPeriod(t *testing.T) {
	m, err := hutModel()
	if err != nil {
		t.Fatal(err)
	}
	facts := hutFacts(m)
	for _, test := range engines(t) {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l, err := hutLedger(t.Context(), test.url)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close() //nolint:errcheck // the test is over
			v := viewer(l, m)
			written := 0
			for written < len(facts) { // as they come: some pages are short
				next := min(len(facts), written+1+written%1777)
				state(t, l, m, facts[written:next])
				written = next
				if written%3 == 0 {
					v = viewer(l, m) // a replica that has to find its way in
				}
				follow(t, v, int64(written))
			}
			checkStudy(t, l, m, facts)
			before := views(t, l)
			if after := anew(t, l, m, int64(len(facts))); !slices.Equal(before, after) {
				t.Errorf("%d rows, made anew %d, or other ones", len(before), len(after))
			}
		})
	}
}

// checkStudy compares studies of some periods with the facts.
func checkStudy(t *testing.T, l *ledger.Ledger, m *sim.Model, facts []gate.Fact) {
	t.Helper()
	var all []study.Finished
	stages := study.NewStages(m.Layout, facts[0].At)
	for i := range facts {
		if v, left := stages.Add(&facts[i]); left {
			all = append(all, v)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	hours := int(m.Span / border.Hour)
	for range 40 {
		q := StudyQuery{Group: StudyGroups()[r.IntN(5)], To: border.Never}
		if from := r.IntN(hours); r.IntN(4) > 0 {
			q.From = m.Start.Add(border.Micros(from) * border.Hour)
			q.To = q.From.Add(border.Micros(1+r.IntN(hours-from)) * border.Hour)
		}
		zone := Zone(m.Layout, 0)
		if err := q.Check(zone); err != nil {
			t.Fatal(err)
		}
		want, visits := map[string]*study.Sketch{}, int64(0)
		for i := range all {
			v := &all[i]
			if v.Left < q.From || v.Left >= q.To || q.Group != ByKind && !v.Goods() {
				continue
			}
			visits++
			way := m.Layout.Directions[v.Direction]
			key := StudyGroupKey{}
			switch q.Group {
			case ByDirection:
				key.Direction = way.Exit + "-" + way.Entry
			case ByKind:
				key.Direction, key.Load, key.Vehicle = way.Exit+"-"+way.Entry, border.LoadState.Of(v.Traits).String(), border.VehicleType.Of(v.Traits).String()
			case ByDay:
				key.Start = study.Day.Start(v.Left, zone)
			case ByHour:
				key.Hour = v.Left.Std(zone).Hour()
			}
			for _, s := range v.Times {
				name := fmt.Sprint(key, s.Stage)
				if want[name] == nil {
					want[name] = &study.Sketch{}
				}
				want[name].Add(s.Time)
			}
		}
		lines := 0
		cover, err := Study(t.Context(), l, m.Layout, q, func(line StudyLine) error {
			lines++
			a, b := line.Times, want[fmt.Sprint(line.StudyGroupKey, line.Stage)]
			if b == nil || a.Count() != b.Count() || a.Total() != b.Total() || a.Min() != b.Min() || a.Max() != b.Max() || a.Quantile(0.9) != b.Quantile(0.9) {
				t.Errorf("%v: %v %s: %d, total %g; the facts say otherwise", q, line.StudyGroupKey, line.Stage, a.Count(), a.Total())
			}
			return nil
		})
		if err != nil || lines != len(want) || cover.Visits != visits || cover.Sequence != int64(len(facts)) {
			t.Errorf("%v: %d lines of %d visits, the facts have %d of %d; %+v, %v", q, lines, cover.Visits, len(want), visits, cover, err)
		}
	}
}

// studyVictim follows a ledger until it is killed.
func studyVictim(url string) {
	m, err := hutModel()
	if err == nil {
		var l *ledger.Ledger
		if l, err = hutLedger(context.Background(), url); err == nil {
			_, _ = os.Stdout.WriteString("up")
			viewer(l, m).follow(context.Background(), func(err error) error { return err })
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// killStudy runs a victim for a while and ends it by SIGKILL.
func killStudy(t *testing.T, url string, after time.Duration) {
	t.Helper()
	c := exec.Command(os.Args[0]) //nolint:gosec,noctx // this very program
	c.Env = append(os.Environ(), victimURL+"="+url, victimName+"=study")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Error(err)
		return
	}
	if err := c.Start(); err != nil {
		t.Error(err)
		return
	}
	said := make([]byte, 2)
	if _, err := out.Read(said); err != nil {
		t.Error("a follower did not come up")
	}
	time.Sleep(after)
	_ = c.Process.Kill()
	_ = c.Wait()
}

// However often followers are killed, and on whichever replica, the views are
// those that one makes that is left alone.
func TestKilledStudies(t *testing.T) {
	m, err := hutModel()
	if err != nil {
		t.Fatal(err)
	}
	facts := hutFacts(m)
	for replicas, test := range engines(t) { // of one and of two
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l, err := hutLedger(t.Context(), test.url)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close() //nolint:errcheck // the test is over
			state(t, l, m, facts)
			r := rand.New(rand.NewPCG(3, 1))
			for round, done := 0, int64(0); round < *kills/10 && done < int64(len(facts))*3/4; round++ {
				// The dead hold their lease for some seconds.
				if _, err := l.Write(t.Context(), func(b *ledger.Batch) error {
					_, err := b.Tx().ExecContext(t.Context(), `UPDATE followers SET lease_until_us = 0`)
					return err
				}); err != nil {
					t.Fatal(err)
				}
				var all sync.WaitGroup
				for range 1 + replicas {
					after := time.Duration(r.IntN(60)) * time.Millisecond
					all.Go(func() { killStudy(t, test.url, after) })
				}
				all.Wait()
				if err := l.Reader().QueryRowContext(t.Context(), `SELECT seq FROM study_progress`).Scan(&done); err != nil && !errors.Is(err, sql.ErrNoRows) {
					t.Fatal(err)
				}
			}
			follow(t, viewer(l, m), int64(len(facts)))
			before := views(t, l)
			if after := anew(t, l, m, int64(len(facts))); !slices.Equal(before, after) || len(after) == 0 {
				t.Errorf("%d rows, made anew %d, or other ones", len(before), len(after))
			}
			checkStudy(t, l, m, facts)
		})
	}
}
