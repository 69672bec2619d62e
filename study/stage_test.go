package study_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"landport/border"
	"landport/gate"
	"landport/study"
)

// stagesOf cuts a run's visits into stages.
func stagesOf(s *study.Stages, facts []gate.Fact) (all []study.Finished) {
	for i := range facts {
		if v, left := s.Add(&facts[i]); left {
			all = append(all, v)
		}
	}
	return all
}

func find(v *study.Finished, stage string) border.Micros {
	i := slices.IndexFunc(v.Times, func(t study.Staged) bool { return t.Stage == stage })
	return v.Times[i].Time
}

// The parties' times are the visit's, and the figures are the Collector's.
func TestStagesAddUpToTheStudy(t *testing.T) {
	for name, m := range shipped(t) {
		facts := factsOf(m, 3)
		whole := study.NewCollector(m.Layout, study.Window{Start: m.Start, From: m.Start, To: border.Never}, 0)
		for i := range facts {
			whole.Add(&facts[i])
		}
		report := whole.Report(facts[len(facts)-1].At)
		released, other, goods := 0, 0, study.StageTimes{}
		stages := study.NewStages(m.Layout, m.Start)
		for _, v := range stagesOf(stages, facts) {
			if !v.Released {
				other++
				continue
			}
			released++
			at := find(&v, study.StageAtPost)
			waiting := find(&v, study.StageWaiting)
			active := find(&v, study.StageActive)
			sum := border.Micros(0)
			for _, spent := range v.Times[3:] {
				if spent.Stage != study.StageFirstService && !strings.HasSuffix(spent.Stage, study.Active("")) {
					sum += spent.Time
				}
			}
			if at != v.Left.Sub(v.Arrived) || waiting+active != at || sum != at {
				t.Fatalf("%s: a visit of %d µs waited %d, was served and drove %d; the parties had %d", name, at, waiting, active, sum)
			}
			for _, s := range v.Times {
				if v.Goods() {
					goods.Add(s.Stage, s.Time)
				}
			}
		}
		if c := report.Counts; int64(released) != c.Released || int64(other) != c.TurnedAway+c.TurnedBack+c.GivenUp {
			t.Errorf("%s: %d released and %d not, the study has %+v", name, released, other, c)
		}
		if !report.Copes() {
			continue
		}
		goods.Each(func(stage string, times *study.Sketch) {
			for _, a := range report.Attribution {
				if mean := times.Mean() / float64(border.Minute); stage == a.Party || stage == a.Agency+" "+a.Country {
					if !near(mean, a.TimeMin.Mean) || times.Count() != a.TimeMin.N {
						t.Errorf("%s: %s has a mean of %g min, the study %g", name, stage, mean, a.TimeMin.Mean)
					}
				}
			}
		})
	}
}

// What is archived and restored in the middle goes on as if nothing had been.
func TestStagesAreArchived(t *testing.T) {
	for name, m := range shipped(t) {
		facts := factsOf(m, 2)
		facts = facts[:min(len(facts), 60_000)]
		want := stagesOf(study.NewStages(m.Layout, m.Start), facts)
		stages := study.NewStages(m.Layout, m.Start)
		var got []study.Finished
		for i := 0; i < len(facts); i += 1 + len(facts)/7 {
			got = append(got, stagesOf(stages, facts[i:min(len(facts), i+1+len(facts)/7)])...)
			archived := stages.AppendArchive(nil)
			var err error
			if stages, err = study.RestoreStages(m.Layout, archived); err != nil {
				t.Fatal(err)
			}
			if again := stages.AppendArchive(nil); !slices.Equal(again, archived) {
				t.Fatalf("%s: what was restored is archived differently", name)
			}
			if _, err := study.RestoreStages(m.Layout, archived[:len(archived)-1]); err == nil {
				t.Error("an archive that is cut off was restored")
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) || len(want) == 0 {
			t.Errorf("%s: %d visits with archives between, %d without, or other ones", name, len(got), len(want))
		}
	}
}

func FuzzRestoreStages(f *testing.F) {
	m := shipped(f)["bavet-mocbai-2018.yaml"]
	s := study.NewStages(m.Layout, m.Start)
	stagesOf(s, factsOf(m, 2)[:200])
	f.Add(s.AppendArchive(nil))
	f.Fuzz(func(t *testing.T, archived []byte) {
		s, err := study.RestoreStages(m.Layout, archived)
		if err != nil {
			return
		}
		again, err := study.RestoreStages(m.Layout, s.AppendArchive(nil))
		if err != nil || !slices.Equal(again.AppendArchive(nil), s.AppendArchive(nil)) {
			t.Errorf("what was restored cannot be archived: %v", err)
		}
	})
}

// Written and read back, sketches have the same statistics, merged in any
// grouping, and are exact as long as they are small.
func TestSketchesAreWritten(t *testing.T) {
	for _, n := range []int{0, 1, 2, 500, 1024, 1025, 5000} {
		var whole, merged study.Sketch
		for part := range 4 {
			var s study.Sketch
			for i := part; i < n; i += 4 {
				v := border.Micros(i%97) * border.Micros(i) * 7919
				s.Add(v)
				whole.Add(v)
			}
			s.Add(-1)
			whole.Add(-1)
			bytes, err := s.AppendBinary(nil)
			if err != nil {
				t.Fatal(err)
			}
			rest, err := merged.MergeBinary(append(bytes, "rest"...))
			if err != nil || string(rest) != "rest" {
				t.Fatalf("%q remains, %v", rest, err)
			}
		}
		if merged.Count() != whole.Count() || merged.Refused() != 4 || merged.Total() != whole.Total() || merged.Min() != whole.Min() || merged.Max() != whole.Max() {
			t.Errorf("of %d: %d from %d to %d, refused %d", n, merged.Count(), merged.Min(), merged.Max(), merged.Refused())
		}
		for _, q := range []float64{0, 0.5, 0.9, 0.95, 1} {
			if a, b := merged.Quantile(q), whole.Quantile(q); a != b && !math.IsNaN(a) {
				t.Errorf("of %d: quantile %g is %g, not %g", n, q, a, b)
			}
		}
	}
}

func TestStageTimesAreMerged(t *testing.T) {
	var a, b, c study.StageTimes
	a.Add("one", 3)
	a.Add("two", 4)
	b.Add("two", 6)
	b.Add("three", 1)
	for _, t2 := range []*study.StageTimes{&a, &b} {
		bytes, err := t2.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.MergeBinary(bytes); err != nil {
			t.Fatal(err)
		}
	}
	got := ""
	c.Each(func(stage string, s *study.Sketch) { got += fmt.Sprintf("%s %d %g; ", stage, s.Count(), s.Mean()) })
	if want := "one 1 3; three 1 1; two 2 5; "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func FuzzStageTimes(f *testing.F) {
	var t study.StageTimes
	for i := range border.Micros(1100) {
		t.Add("at post", i*i)
	}
	t.Add("customs KH", 7)
	seed, _ := t.AppendBinary(nil)
	f.Add(seed)
	f.Fuzz(func(t *testing.T, data []byte) {
		var s, again study.StageTimes
		if s.MergeBinary(data) != nil {
			return
		}
		bytes, err := s.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := again.MergeBinary(bytes); err != nil {
			t.Errorf("what was read cannot be written: %v", err)
		}
	})
}
