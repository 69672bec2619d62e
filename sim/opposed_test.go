package sim

import (
	"math"
	"slices"
	"testing"
	"time"

	"landport/study"
)

// opposed has one bay on which both directions depend. Those from the west come
// to it one by one, through a lane for one; those from the east stand in line
// before it.
const opposed = `name: opposed
assumed: for tests
run: {start: 2024-01-01, length: 40d}
posts: [{name: A, country: KH}, {name: B, country: VN}]
directions: [KH-VN, VN-KH]
flows:
  - {direction: KH-VN, rate: 5.5/hour, classes: {t: 1}}
  - {direction: VN-KH, rate: 0.4/hour, classes: {t: 1}}
classes: [{name: t, traits: [laden, home-use, rigid-truck]}]
places:
  - {name: ra, kind: approach, post: A}
  - {name: rb, kind: approach, post: B}
  - {name: yard, kind: bay, post: A, capacity: 1}
  - {name: bay, kind: bay, post: B, directions: KH-VN}
  - {name: lane, kind: lane, post: B, capacity: 1, directions: VN-KH}
  - {name: bridge, kind: neutral-zone, post: A, drive: 3m}
stops:
  - {name: sA, post: A, service: 10m}
  - {name: sC, post: B, servers: 4, service: 1m}
  - {name: sB, post: B, service: 1m}
formalities:
  - {name: eKH, agency: customs, country: KH, subject: goods, side: exit}
  - {name: iKH, agency: customs, country: KH, subject: goods, side: entry}
  - {name: eVN, agency: customs, country: VN, subject: goods, side: exit}
  - {name: iVN, agency: customs, country: VN, subject: goods, side: entry}
procedures:
  - {name: go, direction: KH-VN, route: [ra, {place: yard, stops: [{stop: sA, formalities: eKH}]}, bridge, {place: bay, stops: [{stop: sC, formalities: iVN}]}]}
  - {name: back, direction: VN-KH, route: [rb, {place: lane, stops: [{stop: sB, formalities: eVN}]}, bridge, {place: yard, stops: [{stop: sA, formalities: iKH}]}]}
`

// Where directions share room, who came to the crossing first goes first: both
// wait as long, however narrow the way of one to that room is.
func TestDirectionsThatMeetWaitAsLong(t *testing.T) {
	f, err := Decode("opposed.yaml", []byte(opposed), time.LoadLocation)
	if err != nil {
		t.Fatal(err)
	}
	m, err := f.Model()
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(m, Options{Replications: 2, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	hours := func(group string) float64 {
		i := slices.IndexFunc(r.Groups, func(g study.GroupTimes) bool { return g.Group == group })
		if i < 0 {
			t.Fatalf("%s is not told", group)
		}
		return r.Groups[i].CrossingH.Mean
	}
	if east, west := hours("KH-VN"), hours("VN-KH"); math.Abs(east-west) > 0.25*min(east, west) || east < 1 {
		t.Errorf("crossing takes %.1f h from the east and %.1f h from the west", east, west)
	}
}
