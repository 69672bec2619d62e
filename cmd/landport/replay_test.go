package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"landport/evidence"
)

// The post as it ships has slots to be booked, pagers and coaches. Its ledger,
// cut at any instant, under its own plan again is what it was: what differs is
// said, and who was inside when it was cut is left out on both sides.
func TestReplayOfALedgerUnderItsOwnPlan(t *testing.T) {
	t.Parallel()
	dir, _ := lived(t)
	for _, period := range [][]string{nil, {"--to", "2018-03-05T09:47:00+07:00"}, {"--from", "2018-03-05T16:20:00+07:00"}} {
		code, out, said := landport(t, append([]string{"replay", "--data", dir, "--post", "bavet", "--with", "bavet-mocbai-shift", "--format", "json"}, period...)...)
		if code != 0 {
			t.Fatalf("%v: exit code %d: %s", period, code, said)
		}
		var r evidence.Replay
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatal(err)
		}
		for _, x := range r.Rows {
			if x.Scope != "total" && x.Scope != "kind" {
				continue
			}
			if values := []*float64{x.Was, x.Again, x.Plan}; !near(values, 0.01) {
				t.Errorf("%v: %s %s: was, again and under the same plan %v", period, x.Name, x.Measure, values)
			}
		}
	}
}

// near reports whether values are alike, or none can be told.
func near(values []*float64, most float64) bool {
	for _, x := range values[1:] {
		if (x == nil) != (values[0] == nil) || x != nil && math.Abs(*x-*values[0]) > most {
			return false
		}
	}
	return true
}

// A ledger's past under the plan it was lived under is what it was; with more
// officers it is shorter.
func TestReplayOfALedger(t *testing.T) {
	t.Parallel()
	dir, _ := lived(t)
	plan := filepath.Join(t.TempDir(), "more.yaml")
	text := "name: more\nextends: bavet-mocbai-2018\nassumed: to try it\nstops:\n  - {name: Bavet entry customs, shifts: [{hours: 00:00-24:00, servers: 12}]}\n  - {name: Bavet exit customs, shifts: [{hours: 00:00-24:00, servers: 12}]}\n"
	if err := os.WriteFile(plan, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	replay := func(with string, more ...string) (code int, out, said string) {
		return landport(t, append([]string{"replay", "--data", dir, "--post", "bavet", "--with", with, "--format", "json"}, more...)...)
	}
	read := func(with string) (r evidence.Replay) {
		code, out, said := replay(with, "--to", "2018-03-06") // by the ledger's end all of them have left
		if code != 0 {
			t.Fatalf("exit code %d: %s", code, said)
		}
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	same, more := read("bavet-mocbai-2018"), read(plan)
	was, again := same.Rows[0].Was, same.Rows[0].Again
	if !same.Faithful || was == nil || again == nil || math.Abs(*was-*again) > 0.02 || same.Visits < 150 {
		t.Errorf("%d visits, faithful %t: it was %v h, again %v h", same.Visits, same.Faithful, *was, *again)
	}
	if d := more.Differs; d == nil || !slices.ContainsFunc(d.Rules, func(x evidence.Change) bool { return x.Path == "policy in force at the start" }) {
		t.Errorf("the two plans call others first, and differ in %+v", d)
	}
	if more.Rows[0].Plan == nil || *more.Rows[0].Plan >= *was {
		t.Errorf("with twelve officers: %+v", more.Rows[0])
	}
	for _, wrong := range []struct {
		args []string
		want string
	}{
		{[]string{"--from", "2031-01-01", "--to", "2031-01-02"}, "its ledger holds 2018-03-0"},
		{[]string{"--from", "2018-03-06", "--to", "2018-03-05"}, "ends before it begins; the ledger holds 2018-03-0"},
		{[]string{"--from", "2030-01-01"}, "ends before it begins; the ledger holds 2018-03-0"},
		{[]string{"--from", "soon"}, "--from"},
	} {
		if code, _, said := replay("bavet-mocbai-2018", wrong.args...); code == 0 || !strings.Contains(said, wrong.want) {
			t.Errorf("%v: exit code %d, %s", wrong.args, code, said)
		}
	}
}
