package sim

import (
	"math"
	"strings"
	"testing"
	"time"

	"landport/study"
)

// Fees count for those they concern, time at what an hour is worth, and the
// mean cost of time is the mean time at that price.
func TestCostsFollowTheVisits(t *testing.T) {
	m := loadModel(t, "testdata/tidal.yaml")
	r, err := Run(m, Options{Seed: 3, Replications: 2})
	if err != nil {
		t.Fatal(err)
	}
	fee, worth, other := r.Costs[0], r.Costs[1], r.Costs[2]
	if fee.Kind != study.OfficialFee || fee.Each.Mean != 12.5 || fee.Each.N != r.Groups[0].CrossingH.N {
		t.Errorf("the fee: %+v, want 12.50 for each of %d", fee, r.Groups[0].CrossingH.N)
	}
	if day := 12.5 * float64(fee.Each.N) / 80; math.Abs(*fee.PerDay-day) > 1e-6 {
		t.Errorf("fees come to %g a day, want %g", *fee.PerDay, day)
	}
	if want := 200000 * r.System.TimeMin.Mean / 60; worth.Kind != study.ValueOfTime || math.Abs(worth.Each.Mean-want) > 1e-6*want {
		t.Errorf("time costs %g a visit, want %g", worth.Each.Mean, want)
	}
	if other.Currency != "USD" || worth.Currency != "VND" || other.Samples != 5 || other.Assumed == "" {
		t.Errorf("%+v", other)
	}
	if text := r.Text(); !strings.Contains(text, "What it costs") {
		t.Error("the text does not show costs")
	}
}

// Who has no load state pays no fee for laden vehicles.
func TestACostIsChargedToThoseItNames(t *testing.T) {
	const scenario = "name: x\nassumed: y\nrun: {length: 20d}\nstops: [{name: s, service: 5m}]\n" +
		"classes: [{name: truck, traits: [laden, rigid-truck]}, {name: empty, traits: [empty, rigid-truck]}, {name: motorbike, traits: motorbike}]\n" +
		"flows: [{rate: 40/day, classes: {truck: 0.25, empty: 0.25, motorbike: 0.5}}]\n" +
		"costs: [{name: fee, kind: official, accepts: laden, amount: 10 USD, assumed: a tariff (2018)}, {name: other fee, kind: official, refuses: laden, amount: 1 USD, assumed: a tariff (2018)}]\n"
	f, err := Decode("x.yaml", []byte(scenario), time.LoadLocation)
	if err != nil {
		t.Fatal(err)
	}
	m, err := f.Model()
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(m, Options{Seed: 3, Replications: 2})
	if err != nil {
		t.Fatal(err)
	}
	all := r.System.TimeMin.N
	if fee, rest := r.Costs[0].Each.N, r.Costs[1].Each.N; fee+rest != all || fee < all/5 || fee > all*3/10 {
		t.Errorf("of %d visits %d were charged as laden and %d as not; a quarter are laden", all, fee, rest)
	}
}

func TestCostsThatCannotBe(t *testing.T) {
	const base = "name: x\nassumed: y\nstops: [{name: s, service: 5m}]\nflows: [{rate: 1/day}]\ncosts: "
	for _, test := range []struct{ cost, want string }{
		{`[{name: a, kind: official, amount: 12}]`, "not a currency of ISO 4217"},
		{`[{name: a, kind: official, amount: 12 usd}]`, "not a currency of ISO 4217"},
		{`[{name: a, kind: official, amount: -1 USD}]`, "is not an amount"},
		{`[{name: a, kind: official}]`, "takes either amount"},
		{`[{name: a, amount: 1 USD}]`, "amount goes with kind: official, other, reported or expense"},
		{`[{name: a, kind: value-of-time, amount: 1 USD}]`, "amount goes with kind: official, other, reported or expense"},
		{`[{name: a, kind: bribe, amount: 1 USD}]`, "unknown kind of cost"},
		{`[{name: a, kind: official, amount: 1 USD, direction: a-b}]`, "unknown direction"},
	} {
		f, err := Decode("x.yaml", []byte(base+test.cost+"\n"), time.LoadLocation)
		if err == nil {
			_, err = f.Model()
		}
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "x.yaml:5:") {
			t.Errorf("%s: %v, want %q at line 5", test.cost, err, test.want)
		}
	}
}

// Whatever it is called, what was paid and stands in no tariff is of five samples
// or more, or published by somebody who is named with a year.
func TestWhatFewPaidIsShownOnlyAsPublished(t *testing.T) {
	const base = "name: x\nassumed: y\nstops: [{name: s, service: 5m}]\nflows: [{rate: 1/day}]\ncosts: "
	const quoting = "source: a survey quoted by JICA (project from 2018)"
	for _, test := range []struct{ cost, refused, publisher string }{
		{"kind: other, amount: 20 USD, samples: 4", "5 samples or more only", ""},
		{"kind: reported, amount: 20 USD, samples: 1, source: one driver", "5 samples or more only", ""},
		{"kind: reported, amount: 20 USD, source: one driver", "5 samples or more only", ""},
		{"kind: reported, amount: 20 USD, samples: 4, source: one driver (2024)", "5 samples or more only", ""},
		{"kind: reported, amount: 20 USD, samples: 4, source: one driver quoted by another", "5 samples or more only", ""},
		{"kind: expense, amount: 20 USD, samples: 4, assumed: one driver quoted by JICA (2018)", "5 samples or more only", ""},
		{"kind: expense, per_hour: 20 USD, samples: 1, source: one driver", "5 samples or more only", ""},
		{"kind: official, amount: 20 USD, samples: 1, source: one driver", "a fee of a tariff has no samples", ""},
		{"kind: official, amount: 20 USD, source: one driver", "names the tariff it stands in", ""},
		{"kind: value-of-time, per_hour: 20 USD, samples: 1, source: one driver", "could be what few people paid", ""},
		{"per_hour: 20 USD, samples: 4, source: one driver", "could be what few people paid", ""},
		{"kind: other, amount: 20 USD, samples: 5, source: a survey", "", ""},
		{"kind: reported, amount: 20 USD, samples: 7, source: a survey", "", ""},
		{"kind: reported, amount: 20 USD, samples: 4, " + quoting, "", "JICA (project from 2018)"},
		{"kind: other, per_hour: 20 USD, samples: 1, " + quoting, "", "JICA (project from 2018)"},
		{"kind: expense, amount: 20 USD, source: \"published by the Ministry of Trade (Hanoi, 2019), table 3\"", "", "the Ministry of Trade (Hanoi, 2019)"},
		{"kind: official, amount: 20 USD, source: Decree 123 (2016)", "", ""},
		{"kind: official, amount: 20 USD, assumed: I was told", "names the tariff it stands in", ""},
		{"kind: official, amount: 20 USD", "names the tariff it stands in", ""},
		{"kind: official, per_hour: 1 USD, assumed: half that of Decree 123 (2016)", "", ""},
		{"per_hour: 20 USD, source: a wage", "", ""},
	} {
		f, err := Decode("x.yaml", []byte(base+"[{name: tea money, "+test.cost+"}]\n"), time.LoadLocation)
		var m *Model
		if err == nil {
			m, err = f.Model()
		}
		switch {
		case test.refused != "":
			if err == nil || !strings.Contains(err.Error(), test.refused) || !strings.Contains(err.Error(), "x.yaml:5:") {
				t.Errorf("%s: %v, want %q", test.cost, err, test.refused)
			}
		case err != nil:
			t.Errorf("%s: %v", test.cost, err)
		case m.Costs[0].Publisher != test.publisher:
			t.Errorf("%s: published by %q, want %q", test.cost, m.Costs[0].Publisher, test.publisher)
		}
	}
}

// What a fee of a tariff is set to, to try it, needs no tariff: nor in the file that
// is written then.
func TestAnotherFeeCanBeTried(t *testing.T) {
	const text = "name: x\nassumed: y\nstops: [{name: s, service: 5m}]\nflows: [{rate: 1/day}]\ncosts: [{name: fee, kind: official, amount: 20 USD, source: Decree 123 (2016)}]\n"
	f, err := Decode("x.yaml", []byte(text), time.LoadLocation)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []Setting{{Path: "costs[fee].amount", Value: "10 USD"}, {Path: "costs[fee].amount", Value: "10 USD", Assumed: "without fees: half"}} {
		set, err := f.With(s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := set.Model(); err != nil {
			t.Error(err)
		}
		if again, err := Decode("again.yaml", set.YAML(), time.LoadLocation); err != nil {
			t.Error(err)
		} else if _, err = again.Model(); (err == nil) != (s.Assumed == "") {
			t.Errorf("%s: %v", set.YAML(), err)
		}
	}
}
