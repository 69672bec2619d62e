package main

import (
	"encoding/json"
	"strings"
	"testing"

	"landport/study"
)

func TestSimulateUntilTheHalfWidthAskedFor(t *testing.T) {
	mine := file(t, counter)
	for _, test := range []struct {
		of      string
		reached bool
	}{{"mean(wait_min)", true}, {"p90(wait_min@counter)", false}} {
		args := []string{"simulate", mine, "--days", "2", "--half-width", "20%", "--of", test.of}
		if !test.reached {
			args = append(args, "--replications", "2")
		}
		code, out, complaint := landport(t, append(args, "--format", "json")...)
		var r struct {
			Replications int
			Precision    study.Precision
		}
		if err := json.Unmarshal([]byte(out), &r); err != nil || code != 0 {
			t.Fatalf("exit code %d, %v: %s", code, err, complaint)
		}
		if p := r.Precision; p.Measure != test.of || p.Asked != 0.2 || p.Reached != test.reached || test.reached && *p.HalfWidth > 0.2 || !test.reached && r.Replications != 2 {
			t.Errorf("%s: %+v after %d replications", test.of, p, r.Replications)
		}
		words := map[bool]string{true: "reached after", false: "NOT reached"}[test.reached]
		if _, out, _ := landport(t, args...); !strings.Contains(out, "Precision: "+test.of+" within ±20%") || !strings.Contains(out, words) {
			t.Errorf("%s: the text does not say %q:\n%s", test.of, words, out)
		}
	}
}

func TestSimulateRefusesWhatDoesNotGoTogether(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"mm5 --half-width 5", `"5" is not a percentage; give one such as 5%`},
		{"mm5 --half-width 100%", "less than 100%"},
		{"mm5 --half-width 5% --of mean(speed)", "unknown quantity"},
		{"mm5 --half-width 5% --replications 1", "give 2 or more"},
		{"mm5 --half-width 5% --against gate16", "--half-width is of one scenario"},
		{"mm5 --of mean(wait_min)", "--half-width"},
		{"mm5 --half-width 5% --days 0.1 --of wait_min(nowhere)", "there are counter"},
	} {
		code, out, complaint := landport(t, append([]string{"simulate"}, strings.Fields(test.args)...)...)
		if code != exitMisuse || out != "" || strings.Count(complaint, "\n") != 1 || !strings.Contains(complaint, test.want) {
			t.Errorf("landport simulate %s: exit code %d, %s%q, want one line with %q", test.args, code, out, complaint, test.want)
		}
	}
}

func TestSimulateWithValuesSet(t *testing.T) {
	mine := file(t, counter)
	simulated := func(args ...string) study.Report {
		code, out, complaint := landport(t, append([]string{"simulate", mine, "--days", "2", "--format", "json"}, args...)...)
		var r study.Report
		if err := json.Unmarshal([]byte(out), &r); err != nil || code != 0 {
			t.Fatalf("exit code %d, %v: %s", code, err, complaint)
		}
		return r
	}
	as := simulated()
	twice := simulated("--set", "flows[1].rate*=0.5", "--set", "stops[counter].servers=3")
	if n := float64(twice.Counts.Arrived) / float64(as.Counts.Arrived); n < 0.4 || n > 0.6 {
		t.Errorf("with half the traffic %.2f times as many arrive", n)
	}
	code, out, _ := landport(t, "simulate", mine, "--against", mine, "--days", "2", "--replications", "2", "--set", "stops[counter].servers=3")
	if code != 0 || !strings.Contains(out, "the same with counter, officers: ") {
		t.Errorf("exit code %d: %s", code, out)
	}
	fitted := []string{"simulate", "densavanh-laobao", "--days", "1"}
	_, asIs, _ := landport(t, fitted...)
	if _, other, _ := landport(t, append(fitted, "--set", "service_standard=3h")...); !strings.Contains(asIs, "is calibrated to") || strings.Contains(other, "is calibrated to") {
		t.Errorf("what was fitted as the file says it is called calibrated with values set:\n%s", other)
	}
	for _, test := range []struct{ set, want string }{{"stops[counter]", "changes nothing"}, {"stops[desk].servers=3", "there is no stops[desk]"}, {"stops[counter].servers=many", `"many"`}} {
		if code, _, complaint := landport(t, "simulate", mine, "--set", test.set); code != exitMisuse || !strings.Contains(complaint, test.want) {
			t.Errorf("--set %s: exit code %d, %s", test.set, code, complaint)
		}
	}
}
