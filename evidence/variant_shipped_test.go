package evidence_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"landport/evidence"
	"landport/scenarios"
	"landport/sim"
	"landport/study"
)

// What single measures of the plans, and other modes of transport, do in the
// scenarios that ship. Their figures are assumed, so only directions and orders
// of size are said here.

func beside2018(t *testing.T, plan string, replications int) *evidence.Comparison {
	t.Helper()
	c := compared(t, shipped(t, "bavet-mocbai-2018"), shipped(t, plan), sim.Options{Replications: replications, Days: 28, Seed: 1, Workers: 2})
	if !c.Stable || c.Assumptions.Changed == 0 || c.Assumptions.ChangedAssumed != c.Assumptions.Changed {
		t.Fatalf("%s: %s; %+v", plan, c.Plan.StableReason, c.Assumptions)
	}
	return c
}

func TestADetourTakesPassengersPastTheTrucks(t *testing.T) {
	c := beside2018(t, "bavet-mocbai-detour", 32)
	if r := rowOf(t, c, "mean(crossing_h@VN-KH coach)"); r.Verdict != evidence.Better || *r.Difference > -1.0/60 {
		t.Errorf("coaches: %s, %+.3f h", r.Verdict, *r.Difference)
	}
	if r := rowOf(t, c, "mean(crossing_h)"); *r.Relative < -0.02 {
		t.Errorf("trucks gain %+.0f%%, and the gates are as they were", 100**r.Relative)
	}
}

func TestAnExpresswayAloneMovesTheQueueToTheGate(t *testing.T) {
	c := beside2018(t, "bavet-mocbai-expressway", 8)
	if r := rowOf(t, c, "mean(party_min@carrier)"); r.Verdict != evidence.Better {
		t.Errorf("on the way: %s", r.Verdict)
	}
	if r := rowOf(t, c, "mean(crossing_h)"); r.Verdict != evidence.Worse {
		t.Errorf("in all: %s, %+.1f h", r.Verdict, *r.Difference)
	}
}

func TestDryPortsTakeTheQueueOffTheRoad(t *testing.T) {
	c := beside2018(t, "bavet-mocbai-dryport", 4)
	for _, post := range []string{"Bavet", "Moc Bai"} {
		if r := rowOf(t, c, "mean(wait_min@road to "+post+")"); r.Verdict != evidence.Better || *r.Plan > 1 {
			t.Errorf("on the road to %s: %s, %.0f min", post, r.Verdict, *r.Plan)
		}
		if r := rowOf(t, c, "mean(wait_min@"+post+" dry port)"); r.Plan == nil || *r.Plan < 60 {
			t.Errorf("%s dry port: %+v", post, r)
		}
	}
	if r := rowOf(t, c, "mean(party_min@carrier)"); *r.Difference < 6 || *r.Difference > 8 {
		t.Errorf("an escort of 6 minutes and its call take %+.1f min", *r.Difference)
	}
}

// Of those who book, one in twelve never comes and some are later than the grace.
func TestBookedSlotsHaveNoShows(t *testing.T) {
	r := ran(t, shipped(t, "bavet-mocbai-booked"))
	booked := 0.7 * (122 + 143) * 28
	if share := float64(r.Counts.NoShows) / booked; !r.Copes() || share < 0.07 || share > 0.14 {
		t.Errorf("stable %t, %.3f never kept their booking", r.Copes(), share)
	}
}

// A train is a batch that waits for cranes; with more of them it is over sooner.
func TestATrainIsABatchAndAChangeOfGaugeATransshipment(t *testing.T) {
	file := shipped(t, "hekou-rail")
	four, err := file.With(sim.Setting{Path: "stops[Lao Cai cranes].servers", Value: "4"})
	if err != nil {
		t.Fatal(err)
	}
	now, then := ran(t, file), ran(t, four)
	cranes := func(r *study.Report) *study.StopTimes { return stopOf(t, r, "Lao Cai cranes") }
	if now.Counts.Arrived%20 != 0 || cranes(now).QueueLength.Max < 18 {
		t.Errorf("%d wagons, %.0f in line at most", now.Counts.Arrived, cranes(now).QueueLength.Max)
	}
	if a, b := cranes(now).WaitMin.Mean, cranes(then).WaitMin.Mean; b > 0.7*a {
		t.Errorf("with two cranes a load waits %.0f min, with four %.0f", a, b)
	}
}

// A berth is a lane: with two instead of three, barges lie in the roads.
func TestABerthIsALane(t *testing.T) {
	file := shipped(t, "mekong-barges")
	two, err := file.With(sim.Setting{Path: "places[Vinh Xuong berth *].count", Value: "2"})
	if err != nil {
		t.Fatal(err)
	}
	c := compared(t, file, two, sim.Options{Replications: 4, Days: 56, Seed: 1, Workers: 2})
	if r := rowOf(t, c, "mean(wait_min@Vinh Xuong roads)"); r.Verdict != evidence.Worse || *r.Relative < 1 {
		t.Errorf("with two berths instead of three: %s, from %.0f to %.0f min", r.Verdict, *r.Base, *r.Plan)
	}
}

// The value of time that the documentation shows has costs follow a plan.
func TestAValueOfTimeHasCostsFollowThePlan(t *testing.T) {
	docs, err := os.ReadFile("../docs/evidence.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(docs), "```yaml\nname: mine\n")
	block, _, _ := strings.Cut("name: mine\n"+rest, "```")
	mine, err := sim.Library{Zones: time.LoadLocation, Base: scenarios.Base}.Decode("mine.yaml", []byte(block))
	if err != nil {
		t.Fatal(err)
	}
	more, err := mine.With(sim.Setting{Path: "stops[Bavet entry customs].shifts[1].servers", Value: "5"})
	if err != nil {
		t.Fatal(err)
	}
	c := compared(t, mine, more, sim.Options{Replications: 6, Days: 28, Seed: 1, Workers: 2})
	if r := rowOf(t, c, "mean(cost@USD)"); r.Verdict != evidence.Better || *r.Base < (416.7+49.2)/2 || r.Unit != "USD" {
		t.Errorf("%s, from %.2f to %.2f %s", r.Verdict, *r.Base, *r.Plan, r.Unit)
	}
}

func ran(t *testing.T, file *sim.File) *study.Report {
	t.Helper()
	m, err := file.Model()
	if err != nil {
		t.Fatal(err)
	}
	r, err := sim.Run(m, sim.Options{Days: 28, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func stopOf(t *testing.T, r *study.Report, name string) *study.StopTimes {
	t.Helper()
	for i := range r.Stops {
		if r.Stops[i].Stop == name {
			return &r.Stops[i]
		}
	}
	t.Fatalf("there is no stop %s", name)
	return nil
}
