package gate

import (
	"fmt"
	"testing"

	"landport/border"
)

// The names stand in JSON, logs and URLs: each thing has its own.
func TestEveryNameIsItsOwn(t *testing.T) {
	check := func(what string, from, to int, name func(int) string) {
		seen := map[string]int{}
		for i := from; i < to; i++ {
			n := name(i)
			if before, twice := seen[n]; n == "" || n == "unknown" || twice {
				t.Errorf("%s %d is called %q, like %d", what, i, n, before)
			}
			seen[n] = i
		}
		if got := name(to); got != "unknown" {
			t.Errorf("%s %d does not exist and is called %q", what, to, got)
		}
	}
	check("fact", int(NoFact)+1, int(kinds), func(i int) string { return Kind(i).String() })
	check("reason", int(NoReason)+1, int(reasons), func(i int) string { return Reason(i).String() })
	check("phase", 0, int(phases), func(i int) string { return Phase(i).String() })
	check("outcome", 0, int(Again)+1, func(i int) string { return Outcome(i).String() })
	check("refusal", int(Accepted)+1, int(codes), func(i int) string { return RefusalCode(i).String() })
	check("kind of place", 0, int(Transshipment)+1, func(i int) string { return PlaceKind(i).String() })
	l := twoPosts()
	check("refusal's sentence", int(Accepted)+1, int(codes), func(i int) string {
		if i == int(codes) {
			return "unknown"
		}
		return l.Explain(Refusal{Code: RefusalCode(i), N: 1})
	})
}

func TestParsePlaceKind(t *testing.T) {
	for k := range Transshipment + 1 {
		if got, ok := ParsePlaceKind(k.String()); ok != (k != World) || got != k && ok {
			t.Errorf("%q reads as %v, %v", k, got, ok)
		}
	}
	if _, ok := ParsePlaceKind("car park"); ok {
		t.Error("a car park is no kind of place")
	}
}

// A refusal says where, and what would be right.
func TestExplain(t *testing.T) {
	l := twoPosts()
	l.Places[6].Capacity = 0
	for _, test := range []struct {
		want string
		r    Refusal
	}{
		{"lane 1: there is no room: it takes 1; wait until one has left, choose another place, or, in an emergency, give that as the reason", Refusal{Code: CodePlaceFull, Place: 2, N: 1}},
		{"the visit is being served at exit booth; let the service end or be interrupted first", Refusal{Code: CodeInService, Place: 2, Stop: 1}},
		{"the visit is being served; let the service end or be interrupted first", Refusal{Code: CodeInService}},
		{"the visit's procedure does not lead to lane 1, or not before what is still to be done; in an emergency, given as the reason, it is moved all the same", Refusal{Code: CodeNotItsWay, Place: 2}},
		{"lane 1: it is the last open lane of its direction for laden vehicles; open another first", Refusal{Code: CodeLastLane, Place: 2, N: int64(border.Laden)}},
		{"lane 1: it is the last open lane of its direction for part loaded coaches; open another first", Refusal{Code: CodeLastLane, Place: 2, N: int64(border.PartLoaded | border.Coach)}},
		{"lane 1: it is the last open lane of its direction for people on foot; open another first", Refusal{Code: CodeLastLane, Place: 2, N: int64(border.OnFoot)}},
		{"lane 1: it is the last open lane of its direction for laden rigid trucks with cargo that is dangerous and oversize (transit, authorised); open another first",
			Refusal{Code: CodeLastLane, Place: 2, N: int64(border.Laden | border.RigidTruck | border.Dangerous | border.Oversize | border.Transit | border.Authorised)}},
		{"there is no such hold to lift; the visit is held for exit customs", Refusal{Code: CodeNotHeld, N: 1}},
		{"there is no such hold to lift; the visit is held for nothing", Refusal{Code: CodeNotHeld}},
		{"there is no such hold to lift; the visit is held for whatever comes", Refusal{Code: CodeNotHeld, N: 1 << 31}},
		{"exit booth: the number must be 0 or more, up to 64", Refusal{Code: CodeBadNumber, Stop: 1, N: 64}},
		{"lane 1: the number must be 1 or more, up to 1048576", Refusal{Code: CodeBadNumber, Place: 2, N: maxCapacity}},
		{"back: the number must be 0: nothing limits how many it takes, and nothing can", Refusal{Code: CodeBadNumber, Place: 6, N: maxCapacity}},
		{"the slot is full; the next with room starts at 07:00 on 5 March 2018", Refusal{Code: CodeSlotFull, N: int64(monday) + 14*3600*1_000_000}},
		{"the order was refused", Refusal{Code: codes}},
	} {
		if got := l.Explain(test.r); got != test.want {
			t.Errorf("%v: %q; want %q", test.r.Code, got, test.want)
		}
	}
	if fmt.Sprint(Refusal{}.Refused(), Refusal{Code: codes}.Code) != "false unknown" {
		t.Error("the zero Refusal is none, and a code that does not exist is unknown")
	}
}
