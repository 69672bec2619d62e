package sim

import (
	"bytes"
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"landport/border"
	"landport/gate"
	"landport/study"
)

// shipped lists the scenarios that come with the program.
func shipped(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("../scenarios/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	return paths
}

// runTo steps a world to an instant and hands over every fact.
func runTo(w *World, to border.Time, take func(*gate.Fact)) {
	for w.Next() < to {
		facts := w.Step()
		for i := range facts {
			take(&facts[i])
		}
	}
}

// The same seed gives the same bytes on one worker and several, another seed others.
func TestSameSeedSameBytes(t *testing.T) {
	report := func(m *Model, o Options) []byte {
		r, err := Run(m, o)
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, path := range shipped(t) {
		m := loadModel(t, path)
		one := report(m, Options{Replications: 3, Seed: 7, Days: 3, Workers: 1})
		if two := report(m, Options{Replications: 3, Seed: 7, Days: 3, Workers: 2}); !bytes.Equal(one, two) {
			t.Errorf("%s: two workers report otherwise than one", path)
		}
		if again := report(loadModel(t, path), Options{Replications: 3, Seed: 7, Days: 3, Workers: 3}); !bytes.Equal(one, again) {
			t.Errorf("%s: read again and run by three workers it reports otherwise", path)
		}
		if other := report(m, Options{Replications: 3, Seed: 8, Days: 3}); bytes.Equal(one, bytes.Replace(other, []byte(`"seed":8`), []byte(`"seed":7`), 1)) {
			t.Errorf("%s: another seed gives the same report", path)
		}
	}
}

// Applying the facts of a run, and deciding nothing, leads to the same gate.
func TestAuditReplayReachesTheSameState(t *testing.T) {
	for _, path := range shipped(t) {
		m := loadModel(t, path)
		w := NewWorld(m, 3, 0)
		replayed := gate.NewState(m.Layout, m.Start)
		for day := range 4 {
			runTo(w, m.Start.Add(border.Micros(day+1)*border.Day), replayed.Apply)
			if w.State().Digest() != replayed.Digest() {
				t.Fatalf("%s: after %d days the replay is another state", path, day+1)
			}
		}
	}
}

// Once as many visits have been present as ever will be, a world and the study
// of it allocate nothing, so nothing is allocated per vehicle.
func TestNoAllocationPerVehicle(t *testing.T) {
	for _, path := range shipped(t) {
		m := loadModel(t, path)
		if m.Name == "pingxiang-ten-hours" {
			continue // more and more are present there, without end
		}
		w := NewWorld(m, 1, 0)
		c := study.NewCollector(m.Layout, study.Window{Start: m.Start, From: m.Start, To: border.Never}, m.Standard)
		to := m.Start.Add(40 * border.Day)
		runTo(w, to, c.Add)
		before := w.State().Counts().Arrived
		span := 20 * border.Day * border.Micros(max(1, 4000/before)) // of a quiet border a longer one
		allocations := testing.AllocsPerRun(1, func() {
			to = to.Add(span)
			runTo(w, to, c.Add)
		})
		vehicles := float64(w.State().Counts().Arrived-before) / 2
		// A longest queue or time on record makes room for itself, now and then.
		if vehicles < 1000 || allocations > vehicles/100 {
			t.Errorf("%s: %.0f allocations for %.0f vehicles", path, allocations, vehicles)
		}
	}
}

// Stepping a world changes neither the model nor another world on it.
func TestWorldsOfOneModelAreIndependent(t *testing.T) {
	m := loadModel(t, "../scenarios/bavet-mocbai-2018.yaml")
	alone, beside, other := NewWorld(m, 1, 0), NewWorld(m, 1, 0), NewWorld(m, 1, 1)
	to := m.Start.Add(2 * border.Day)
	runTo(alone, to, func(*gate.Fact) {})
	for other.Next() < to || beside.Next() < to {
		if beside.Next() < to {
			beside.Step()
		}
		other.Step()
	}
	if alone.State().Digest() != beside.State().Digest() {
		t.Error("a world beside another went another way")
	}
	if alone.State().Digest() == other.State().Digest() {
		t.Error("another replication went the same way")
	}
}

// Slower officers at one stop leave who arrives, and when, as it was.
func TestStreamsAreIndependent(t *testing.T) {
	arrivals := func(change func(*Model)) (at []border.Time) {
		m := loadModel(t, "testdata/jackson.yaml")
		change(m)
		w := NewWorld(m, 1, 0)
		runTo(w, m.Start.Add(5*border.Day), func(f *gate.Fact) {
			if f.Kind == gate.Arrived {
				at = append(at, f.At)
			}
		})
		return at
	}
	was := arrivals(func(*Model) {})
	is := arrivals(func(m *Model) { m.Services[1][0].Time = Exponential(3 * border.Minute) })
	if len(was) < 1000 || len(was) != len(is) {
		t.Fatalf("%d arrivals became %d", len(was), len(is))
	}
	for i := range was {
		if was[i] != is[i] {
			t.Fatalf("arrival %d moved from %d to %d", i, was[i], is[i])
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, o := range []Options{{Replications: -1}, {Replications: 20_000}, {Days: -1}, {Days: 1e9}, {Workers: -2}} {
		if _, err := Run(nil, o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}

// A crossing that cannot cope says so in words and quotes no mean.
func TestOverloadIsCalledUnstable(t *testing.T) {
	m := loadModel(t, "testdata/mm1.yaml")
	m.Services[1][0].Time = Exponential(3 * border.Minute) // load 1.2
	r, err := Run(m, Options{Replications: 3, Seed: 1, Days: 20})
	if err != nil {
		t.Fatal(err)
	}
	if r.Copes() {
		t.Fatalf("load 1.2 is called stable: %s", r.StableReason)
	}
	if mean := r.System.TimeMin.Mean; !math.IsNaN(mean) {
		t.Errorf("a mean is quoted: %g min", mean)
	}
	if l := r.Little; !l.Exact || l.L != nil || l.WH != nil || l.LambdaPerH == nil {
		t.Errorf("Little's law quotes a mean, or was not checked: %+v", l)
	}
	if text := r.Text(); !strings.Contains(text, "Little's law holds exactly\n") {
		t.Errorf("the text quotes a mean of Little's law:\n%s", text)
	}
	if r.Stops[0].ServiceMin.Mean < 2.9 || r.Stops[0].Utilisation.Mean < 0.99 {
		t.Errorf("what does not grow is not told: %+v", r.Stops[0])
	}
}

// Load 0.95 is heavy but bearable.
func TestHeavyLoadIsCalledStable(t *testing.T) {
	m := loadModel(t, "testdata/mm1.yaml")
	m.Services[1][0].Time = Exponential(border.Micros(2.375 * float64(border.Minute)))
	for seed := range uint64(20) {
		r, err := Run(m, Options{Seed: seed, Days: 20})
		if err != nil {
			t.Fatal(err)
		}
		if !r.Copes() {
			t.Errorf("seed %d: %s", seed, r.StableReason)
		}
	}
}

func TestProgressCountsReplicationsInOrder(t *testing.T) {
	m := loadModel(t, "testdata/mm1.yaml")
	var seen []int
	_, err := Run(m, Options{Replications: 6, Workers: 3, Days: 1, Progress: func(done, total int) {
		seen = append(seen, done)
		if total != 6 {
			t.Errorf("total %d, want 6", total)
		}
	}})
	if err != nil || len(seen) != 6 || seen[0] != 1 || seen[5] != 6 {
		t.Fatalf("progress %v, %v", seen, err)
	}
}
