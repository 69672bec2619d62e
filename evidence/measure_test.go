package evidence_test

import (
	"math"
	"testing"

	"landport/evidence"
	"landport/study"
)

// seen is a report with one of everything that a measure can be of.
func seen() *study.Report {
	s := func(mean float64) study.Summary {
		return study.Summary{Mean: mean, P50: mean - 1, P90: mean + 1, P95: mean + 2, Min: 0, Max: mean + 9, N: 100}
	}
	buffer, within := 2.0, s(0.75)
	return &study.Report{
		Scenario: "small",
		Crossing: study.Crossing{TimeH: s(6), BufferH: &buffer, WithinShare: &within},
		Posts:    []study.PostTimes{{Post: "Bavet", CrossingH: s(3), BufferH: &buffer, ThroughputPerDay: s(450)}},
		Stops:    []study.StopTimes{{Stop: "customs (exit)", WaitMin: s(20), ServiceMin: s(10), QueueLength: s(4), Utilisation: s(0.5)}},
		Holds:    []study.HoldTimes{{Hold: "road", WaitMin: s(30), QueueLength: s(5)}},
		Groups:   []study.GroupTimes{{Group: "KH-VN perishable", Label: "KH to VN, perishable", CrossingH: s(5)}},
		System:   study.System{TimeMin: s(300), WaitMin: s(200), Inside: s(40)},
		Attribution: []study.Attribution{
			{Party: "agency", Agency: "customs", Country: "KH", TimeMin: s(60)}, {Party: "agency", Agency: "immigration", Country: "KH", TimeMin: s(8)},
			{Party: "broker", TimeMin: s(33)},
		},
		Officers: []study.OfficerTimes{{Agency: "customs", Country: "KH", Utilisation: &within.Mean, WaitMin: &buffer}},
	}
}

func TestMeasuresReadAReport(t *testing.T) {
	for _, want := range []struct {
		text      string
		canonical string
		value     float64
	}{
		{"mean(crossing_h)", "mean(crossing_h)", 6},
		{"crossing_h", "mean(crossing_h)", 6},
		{" p90( crossing_h ) ", "p90(crossing_h)", 7},
		{"p95(crossing_h@Bavet)", "p95(crossing_h@Bavet)", 5},
		{"max(crossing_h@KH-VN perishable)", "max(crossing_h@KH-VN perishable)", 14},
		{"buffer_h", "mean(buffer_h)", 2},
		{"buffer_h(Bavet)", "mean(buffer_h@Bavet)", 2},
		{"within_share", "mean(within_share)", 0.75},
		{"throughput_per_day(Bavet)", "mean(throughput_per_day@Bavet)", 450},
		{"mean(time_min)", "mean(time_min)", 300},
		{"mean(wait_min)", "mean(wait_min)", 200},
		{"p50(wait_min@customs (exit))", "p50(wait_min@customs (exit))", 19},
		{"min(wait_min@road)", "min(wait_min@road)", 0},
		{"service_min(customs (exit))", "mean(service_min@customs (exit))", 10},
		{"max(queue_length@road)", "max(queue_length@road)", 14},
		{"queue_length(customs (exit))", "mean(queue_length@customs (exit))", 4},
		{"inside", "mean(inside)", 40},
		{"utilisation(customs (exit))", "mean(utilisation@customs (exit))", 0.5},
		{"utilisation(customs KH)", "mean(utilisation@customs KH)", 0.75},
		{"officer_wait_min(customs KH)", "mean(officer_wait_min@customs KH)", 2},
		{"party_min(customs KH)", "mean(party_min@customs KH)", 60},
		{"mean(party_min@broker)", "mean(party_min@broker)", 33},
		{"side_min(KH)", "mean(side_min@KH)", 68},
	} {
		m, err := evidence.Parse(want.text)
		if err != nil {
			t.Error(err)
			continue
		}
		if m.String() != want.canonical {
			t.Errorf("%q reads as %q", want.text, m)
		}
		if again, err := evidence.Parse(m.String()); err != nil || again != m {
			t.Errorf("%q reads as %+v, %v", m, again, err)
		}
		if got, ok := m.Of(seen()); !ok || got != want.value {
			t.Errorf("%s is %g, %v; want %g", m, got, ok, want.value)
		}
		if err := m.Check(seen()); err != nil {
			t.Error(err)
		}
	}
}

func TestWhatIsNoMeasureIsSaid(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"p90(crossing_h", `"p90(crossing_h" is not a measure; write it as p90(crossing_h) or mean(wait_min@NAME)`},
		{"p99(crossing_h)", `"p99(crossing_h)": unknown statistic "p99", perhaps "p90"; there are mean, p50, p90, p95, min, max`},
		{"mean(crossing)", `"mean(crossing)": unknown quantity "crossing", perhaps "crossing_h"; there are crossing_h, buffer_h, within_share, day_sd_h, throughput_per_day, direction_share, cost, time_min, wait_min, service_min, queue_length, inside, utilisation, officer_wait_min, party_min, side_min`},
		{"utilisation", `"utilisation" lacks where, as in mean(utilisation@NAME): busy share of the officers available; at a stop, or of an agency such as customs KH`},
		{"mean(within_share@x)", `"mean(within_share@x)": within_share is of the whole crossing; leave out @x`},
		{"p90(within_share)", `"p90(within_share)": of within_share there is only the mean`},
	} {
		if _, err := evidence.Parse(test.text); err == nil || err.Error() != test.want {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
	m, err := evidence.Parse("mean(wait_min@rode)")
	if err != nil {
		t.Fatal(err)
	}
	const want = `mean(wait_min@rode): small has no "rode", perhaps "road"; there are customs (exit), road`
	if err := m.Check(seen()); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if _, ok := m.Of(seen()); ok {
		t.Error("a place that is not there was measured")
	}
}

func TestWhatCannotBeToldIsNotMeasured(t *testing.T) {
	r := seen()
	r.Crossing.TimeH.Mean, r.Crossing.BufferH, r.Crossing.WithinShare = math.NaN(), nil, nil
	for _, text := range []string{"mean(crossing_h)", "buffer_h", "within_share"} {
		m, err := evidence.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if x, ok := m.Of(r); ok {
			t.Errorf("%s is %g", m, x)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("p95(crossing_h@Bavet)")
	f.Add("utilisation(customs (exit))")
	f.Add("mean(wait_min@)")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := evidence.Parse(text)
		if err != nil {
			return
		}
		if again, err := evidence.Parse(m.String()); err != nil || again != m {
			t.Errorf("%q reads as %+v, written %q reads as %+v, %v", text, m, m, again, err)
		}
		m.Of(seen())
	})
}
