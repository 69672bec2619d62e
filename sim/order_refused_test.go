package sim

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// turning has three lanes of which two are to change places at six; with
// services of hours the first still drains when the other is to be turned.
const turning = `name: turning
assumed: for tests
run: {length: 4d, warmup: 1d}
posts: [{name: East, country: KH}, {name: West, country: VN}]
directions: [KH-VN, VN-KH]
places:
  - {name: road, kind: approach, post: East}
  - {name: a, kind: lane, post: East, directions: KH-VN, tidal: true, capacity: 1}
  - {name: b, kind: lane, post: East, directions: KH-VN, tidal: true, capacity: 1}
  - {name: c, kind: lane, post: East, directions: VN-KH, tidal: true, capacity: 1}
stops: [{name: s, post: East, servers: 3, service: 3h}]
flows: [{direction: KH-VN, rate: 10/day}, {direction: VN-KH, rate: 1/day}]
procedures:
  - {name: out, direction: KH-VN, route: [road, {place: [a, b, c], stops: [s]}]}
  - {name: back, direction: VN-KH, route: [road, {place: [a, b, c], stops: [s]}]}
orders:
  - {at: 06:00, do: turn-lane, place: a, direction: VN-KH}
  - {at: 06:01, do: turn-lane, place: c, direction: KH-VN}
  - {at: 18:00, do: turn-lane, place: c, direction: VN-KH}
  - {at: 18:01, do: turn-lane, place: a, direction: KH-VN}
  - {at: 18:02, do: turn-lane, place: a, direction: KH-VN}
`

// What the gate refuses of a plan is told: the result is that of another plan.
// What was so already is no refusal.
func TestRefusedOrdersAreTold(t *testing.T) {
	f, err := Decode("turning.yaml", []byte(turning), time.LoadLocation)
	if err != nil {
		t.Fatal(err)
	}
	m, err := f.Model()
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Replications: 4, Seed: 3}
	r, err := Run(m, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.RefusedOrders) == 0 {
		t.Fatal("no order was refused; the second has to be while the lane of the first drains")
	}
	const why = "it is the last open lane of its direction; open another first"
	if got := r.RefusedOrders[0]; got.Order != "turn-lane c to KH-VN" || got.Reason != "last-lane" || got.Why != "c: "+why || got.Times < 1 || got.Times > 16 {
		t.Errorf("refused: %+v", got)
	}
	if text := strings.Join(strings.Fields(r.Text()), " "); !strings.Contains(text, "REFUSED: the gate refused turn-lane c to KH-VN, ") || !strings.Contains(text, why) {
		t.Errorf("the text does not say what was refused:\n%s", r.Text())
	}
	var shards []*Shard
	for part := 1; part <= 2; part++ {
		s, err := RunShard(f, o, part, 2)
		if err != nil {
			t.Fatal(err)
		}
		shards = append(shards, s)
	}
	merged, err := MergeShards(Library{Zones: time.LoadLocation}, shards)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(inJSON(t, r), inJSON(t, merged)) {
		t.Error("shards tell of other refusals than the whole run")
	}
}

// A lane that holds more than it takes is told: visits that find it full stay,
// where nobody turns them away.
func TestAnomaliesAreCounted(t *testing.T) {
	const full = "name: full\nassumed: for tests\nrun: {length: 3d}\nflows: [{rate: 29/hour}]\n" +
		"places: [{name: lane, kind: lane, capacity: 2}]\nstops: [{name: s, service: {exponential: 2m}}]\n"
	for _, test := range []struct {
		name, text, json, words string
		some                    bool
	}{
		{"they stay", full, `"anomalies":[{"reason":"over-capacity","n":`, "Anomalies: what happened and the gate would not have ordered: over-capacity ", true},
		{"they are turned away", strings.Replace(full, "capacity: 2", "capacity: 2, turn_away: true", 1), `"anomalies":[]`, "Anomalies", false},
		{"there is room", strings.Replace(full, "capacity: 2", "capacity: 2000", 1), `"anomalies":[]`, "Anomalies", false},
	} {
		r, err := Run(modelFrom(t, test.text), Options{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		if told := inJSON(t, r); !bytes.Contains(told, []byte(test.json)) {
			t.Errorf("%s: %s lacks %s", test.name, told, test.json)
		}
		if strings.Contains(r.Text(), test.words) != test.some {
			t.Errorf("%s:\n%s", test.name, r.Text())
		}
	}
}

// Little's law is told of the whole run, which is longer than what is measured.
func TestLittlesLawSaysOverHowLong(t *testing.T) {
	r, err := Run(modelFrom(t, "name: x\nassumed: y\nrun: {length: 10d, warmup: 4d}\nflows: [{every: 10m}]\nstops: [{name: s, service: 5m}]\n"), Options{Replications: 2})
	if err != nil {
		t.Fatal(err)
	}
	if l := r.Little; l.Days < 10 || l.Days > 10.1 || l.L == nil || *l.L < 0.49 || *l.L > 0.51 {
		t.Errorf("%+v", l)
	}
	if !strings.Contains(strings.Join(strings.Fields(r.Text()), " "), "Little's law holds exactly over all 10 days of a run, warm-up included: ") {
		t.Error(r.Text())
	}
}

func inJSON(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
