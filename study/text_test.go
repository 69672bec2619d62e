package study

import (
	"strings"
	"testing"
)

func TestMinutes(t *testing.T) {
	for _, test := range []struct {
		minutes float64
		want    string
	}{
		{0, "0"}, {-1e-9, "0"}, {-0.04, "0"}, {0.04, "0.0 min"}, {-0.06, "-0.1 min"}, {9.94, "9.9 min"}, {9.96, "10 min"}, {99.6, "1.7 h"}, {48 * 60, "2.0 d"},
	} {
		if got := Minutes(test.minutes); got != test.want {
			t.Errorf("%g minutes are shown as %q, want %q", test.minutes, got, test.want)
		}
	}
}

// An interval that reaches below zero comes of too few replications.
func TestFewReplicationsThatSayLittleAreSaidTo(t *testing.T) {
	report := func(replications int, half float64) *Report {
		s := Summary{Mean: 1, CI95: [2]float64{1 - half, 1 + half}, P50: 1, P90: 2, P95: 3, Max: 4, N: 100}
		return &Report{
			Scenario: "x", Replications: replications, Stable: new(true), Crossing: Crossing{TimeH: s},
			Posts: []PostTimes{{Post: "Gate", CrossingH: s}}, Attribution: []Attribution{{Party: "broker", TimeMin: s}},
		}
	}
	for _, test := range []struct {
		report *Report
		times  int // in which tables
		words  string
	}{
		{report(2, 9.5), 3, "(2 replications: an interval that reaches below zero says little; use 10 or more)"},
		{report(1, 1.1), 3, "(1 replication: an interval that reaches below zero"},
		{report(2, 0.9), 0, "± 54 min"},
		{report(10, 1.1), 0, "± 66 min"},
	} {
		text := test.report.Text()
		if n := strings.Count(text, "below zero"); n != test.times || !strings.Contains(text, test.words) {
			t.Errorf("%d replications: said %d times, want %d, and %q:\n%s", test.report.Replications, n, test.times, test.words, text)
		}
	}
}

func TestAssumedWords(t *testing.T) {
	for _, test := range []struct {
		assumed, all int
		want         string
	}{
		{3, 3, "all 3 parameters are assumed"},
		{0, 3, "none of 3 parameters is assumed: all have a source"},
		{1, 3, "1 of 3 parameters is assumed, the others have a source"},
		{2, 3, "2 of 3 parameters are assumed, the others have a source"},
	} {
		if got := AssumedWords(test.assumed, test.all, "parameters"); got != test.want {
			t.Errorf("%d of %d: %q, want %q", test.assumed, test.all, got, test.want)
		}
	}
}
