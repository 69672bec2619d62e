package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const counterSpace = `cost_unit: officers
figures: [{name: officers, path: "stops[counter].servers", low: 1, high: 4, cost: 1}]
`

// busyCounter is M/M/1 at a load of 0.8, with a mean time of 0.25 h.
const busyCounter = `name: mine
assumed: a textbook's figures
run: {length: 40d, warmup: 1d}
stops:
  - {name: counter, servers: 1, service: {exponential: 3m}}
flows:
  - {rate: 16/hour}
`

func TestOptimiseAnswersAndFails(t *testing.T) {
	mine := file(t, busyCounter)
	space := filepath.Join(t.TempDir(), "space.yaml")
	if err := os.WriteFile(space, []byte(counterSpace), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"optimise", mine, "--search", space, "--days", "14", "--replications", "3", "--format", "json", "--goal"}
	code, out, complaint := landport(t, append(args, "mean(crossing_h) <= 0.1")...)
	var found struct {
		Best *struct {
			Cost float64
			Plan []struct{ Value string }
		}
		Frontier, Finalists []any
	}
	if err := json.Unmarshal([]byte(out), &found); err != nil || code != 0 || complaint != "" {
		t.Fatalf("%d, %v, %s", code, err, complaint)
	}
	if found.Best == nil || found.Best.Cost != 1 || found.Best.Plan[0].Value != "2" || len(found.Frontier) < 2 || len(found.Finalists) != 4 {
		t.Errorf("%+v", found)
	}
	code, out, complaint = landport(t, append(args, "mean(crossing_h) <= 0.01")...)
	if code != 1 || !strings.Contains(out, `"best": null`) || complaint != "landport: no plan meets the goals\n" {
		t.Errorf("%d, %s", code, complaint)
	}
}

func TestLimitsAndTornadoAnswer(t *testing.T) {
	mine := file(t, busyCounter)
	for _, test := range []struct{ args, want string }{
		{"limits " + mine + " --days 14 --replications 2 --within 0.1 --demand 0.5,1", "More arrive than are served from between"},
		{"tornado " + mine + " --days 14 --replications 2", "What assumptions move mean(crossing_h) in mine"},
	} {
		code, out, complaint := landport(t, strings.Fields(test.args)...)
		if code != 0 || complaint != "" || !strings.Contains(out, test.want) {
			t.Errorf("%s: exit code %d, %s%s", test.args, code, complaint, out)
		}
	}
}

func TestSearchesAreMisusedInOneSentence(t *testing.T) {
	mine := file(t, busyCounter)
	for _, c := range []struct {
		want string
		args []string
	}{
		{`"p90(crossing_h) < 2" is not a goal`, []string{"optimise", mine, "--goal", "p90(crossing_h) < 2"}},
		{"no space of plans comes with \"mine\"", []string{"optimise", mine, "--goal", "p90(crossing_h) <= 2"}},
		{"there is no file ./none.yaml", []string{"optimise", mine, "--goal", "p90(crossing_h) <= 2", "--search", "./none.yaml"}},
		{"give a goal such as", []string{"optimise", "kimthanh-peaks"}},
		{`there is no part "room", perhaps "rooms"`, []string{"limits", mine, "--parts", "room"}},
		{`has no flow "trucks"`, []string{"limits", mine, "--flow", "trucks"}},
		{`--room "road" is not a place`, []string{"limits", mine, "--room", "road"}},
		{"0 times today's demand is out of reach", []string{"limits", mine, "--at", "0"}},
		{"--at is the demand at which single changes are tried", []string{"limits", mine, "--at", "1.1", "--parts", "demand"}},
		{"--growth -2 is no growth of traffic in a year", []string{"limits", mine, "--growth", "-2"}},
		{"--watch shows nothing in so few days", []string{"limits", mine, "--watch", "0"}},
		{"--growth, --watch and --room are about places of waiting", []string{"limits", mine, "--room", "road=3", "--parts", "demand"}},
		{"--demand: \"x\" is not a number", []string{"limits", mine, "--demand", "x"}},
		{"give more than 1 and up to 10", []string{"tornado", mine, "--by", "0.5"}},
	} {
		code, _, complaint := landport(t, c.args...)
		if code != 2 || !strings.Contains(complaint, c.want) || strings.Count(complaint, "\n") != 1 {
			t.Errorf("%q: exit code %d, %s, want %q", c.args, code, complaint, c.want)
		}
	}
	for _, command := range []string{"tornado", "limits", "optimise"} {
		if code, out, _ := landport(t, command, "--help"); code != 0 || !strings.Contains(out, "  landport "+command) {
			t.Errorf("landport %s --help: %d, %s", command, code, out)
		}
	}
}

// A report names the files it was made from by what was in them.
func TestReportsHashTheirScenarios(t *testing.T) {
	mine := file(t, busyCounter)
	plan := filepath.Join(filepath.Dir(mine), "plan.yaml")
	text := "name: plan\nextends: ./" + filepath.Base(mine) + "\nstops: [{name: counter, servers: 2, assumed: to try}]\n"
	if err := os.WriteFile(plan, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "report.html")
	if code, _, said := landport(t, "report", plan, "--replications", "2", "--days", "2", "--out", out); code != 0 {
		t.Fatalf("%d: %s", code, said)
	}
	page, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range []string{text, busyCounter} {
		if sum := fmt.Sprintf("%x", sha256.Sum256([]byte(data))); !strings.Contains(string(page), sum) {
			t.Errorf("the report has no %s of\n%s", sum, data)
		}
	}
}

// Runs that answer nothing, and options that would be ignored, are refused by every
// command alike, and before anything runs.
func TestRunsThatAnswerNothingAreRefused(t *testing.T) {
	out := filepath.Join(t.TempDir(), "r.html")
	for _, command := range []string{
		"simulate mm5", "simulate mm5 --against mm5", "why mm5", "report mm5 --out " + out,
		"validate mm5", "calibrate mm5", "tornado mm5", "limits mm5", "optimise kimthanh-peaks --goal mean(crossing_h)<=1",
	} {
		for _, c := range []struct{ options, want string }{
			{"--replications 0", "0 replications answer nothing; give 1 or more"},
			{"--replications=-1", "-1 replications are impossible; give 1 to 10,000"},
			{"--replications 10001", "10001 replications are impossible; give 1 to 10,000"},
			{"--days 0", "0 days are impossible; give more than 0 and up to 36,525"},
		} {
			misused(t, command+" "+c.options, c.want)
		}
	}
	for _, c := range []struct{ args, want string }{
		{"why bavet-mocbai-2018 --assumed=-1", "give 1 figure or more to move"},
		{"why bavet-mocbai-2018 --assumed 0", "give 1 figure or more to move"},
		{"why bavet-mocbai-2018 --off 1.1", "--off says how far --assumed moves figures"},
		{"why bavet-mocbai-2018 --off 1 --assumed 3", "figures cannot be moved by a factor of 1;"},
		{"why bavet-mocbai-2018 --replications 1 --assumed 3", "no interval in one replication"},
		{"simulate mm5 --against mm5 --off 1.1", "--off says how far --assumed moves figures"},
		{"simulate mm5 --against mm5 --off 1 --assumed 3", "figures cannot be moved by a factor of 1;"},
		{"simulate bavet-mocbai-2018 --assumed 0", "--demand and --assumed are of a comparison"},
		{"report bavet-mocbai-2018 --why --off 1.1 --out " + out, "--off says how far --assumed moves figures"},
		{"report bavet-mocbai-2018 --why --off 1 --assumed 3 --out " + out, "figures cannot be moved by a factor of 1;"},
		{"report kimthanh-hekou --tornado --why --assumed=-1 --out " + out, "give 1 figure or more to move"},
	} {
		misused(t, c.args, c.want)
	}
}

func misused(t *testing.T, args, want string) {
	t.Helper()
	code, said, complaint := landport(t, strings.Fields(args)...)
	if code != 2 || said != "" || !strings.Contains(complaint, want) || strings.Count(complaint, "\n") != 1 {
		t.Errorf("%s: exit code %d, %s%s, want %q", args, code, said, complaint, want)
	}
}
