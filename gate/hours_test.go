package gate

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"landport/border"
)

// wallClock is an instant of the first days of March 2018 on the wall in Phnom Penh.
func wallClock(l *Layout, day, hour, minute int) border.Time {
	return border.At(time.Date(2018, time.March, day, hour, minute, 0, 0, l.Openings[1].Hours.Zone))
}

func march(day int) border.Date { return border.Date{Year: 2018, Month: time.March, Day: day} }

// An order sets the hours of one day: those of every other stay as they are.
// withHours opens from 06:00 to 18:00, last admission 17:30.
func TestHoursOfADay(t *testing.T) {
	l := withHours()
	w := started(t, l)
	set := func(at border.Time, h DayHours, kinds ...Kind) {
		t.Helper()
		facts, r := w.do(Input{At: at, Do: SetHours, N: h.Pack(), Reason: ByAgreement})
		if r.Refused() || len(facts) != len(kinds) {
			t.Fatalf("%v, %v", kindsOf(facts), l.Explain(r))
		}
		for i, k := range kinds {
			if facts[i].Kind != k {
				t.Errorf("fact %d is %v, not %v", i, facts[i].Kind, k)
			}
		}
	}
	level := func(day, hour, minute, want int) {
		t.Helper()
		w.do(Input{At: wallClock(l, day, hour, minute)})
		if got := w.s.Level(1); got != want {
			t.Errorf("on %d March at %02d:%02d the level is %d, not %d", day, hour, minute, got, want)
		}
	}
	noon := wallClock(l, 5, 12, 0)
	set(noon, DayHours{1, march(5), 6 * 60, 20 * 60, 21 * 60}, HoursSet) // longer today
	set(noon, DayHours{1, march(6), 0, 0, 0}, HoursSet)                  // closed tomorrow
	set(noon, DayHours{1, march(7), 8 * 60, 26 * 60, 26 * 60}, HoursSet) // and then over midnight
	level(5, 19, 59, Admitting)                                          // longer than by the week
	level(5, 20, 30, Finishing)
	level(5, 21, 0, Closed)
	level(6, 12, 0, Closed)
	level(7, 7, 59, Closed)
	level(8, 1, 59, Admitting)
	level(8, 2, 0, Closed)
	level(8, 17, 29, Admitting)
	level(8, 17, 30, Finishing)
	level(8, 18, 0, Closed)
	set(wallClock(l, 8, 19, 0), DayHours{1, march(8), 6 * 60, 22 * 60, 22 * 60}, HoursSet, HoursChanged) // opens at once
	set(wallClock(l, 8, 20, 0), DayHours{1, march(8), 6 * 60, 19 * 60, 19 * 60}, HoursSet, HoursChanged) // closes at once
	if days := w.s.HoursSet(); len(days) != 3 || days[2].Day != march(8) || days[2].Closes != 19*60 {
		t.Errorf("the days that were set are %v; those long past are forgotten", days)
	}
	again, err := RestoreState(l, w.s.AppendArchive(nil))
	if err != nil || again.Digest() != w.s.Digest() || again.NextDeadline() != w.s.NextDeadline() {
		t.Errorf("restored it is another state: %v", err)
	}
	tick := Input{At: wallClock(l, 9, 12, 0)}
	if again.Decide(&tick, nil); again.Level(1) != Admitting {
		t.Error("restored it does not go on by the week")
	}
}

func TestHoursRefused(t *testing.T) {
	l := withHours()
	w := started(t, l)
	noon := wallClock(l, 5, 12, 0)
	good := DayHours{1, march(5), 6 * 60, 20 * 60, 21 * 60}
	for _, c := range []struct {
		name string
		n    int64
		code RefusalCode
	}{
		{"nothing", 0, CodeUnknownHours},
		{"less", -1, CodeBadHours},
		{"backwards", good.Pack() - 2*60, CodeBadHours}, // closes before the last admission
		{"other hours", DayHours{9, good.Day, 0, 0, 0}.Pack(), CodeUnknownHours},
		{"always open", DayHours{0, good.Day, 0, 60, 60}.Pack(), CodeUnknownHours},
		{"yesterday", DayHours{1, march(4), 0, 0, 0}.Pack(), CodeDayFar},
		{"in two years", DayHours{1, border.Date{Year: 2020, Month: 3, Day: 5}, 0, 0, 0}.Pack(), CodeDayFar},
		{"as by the week", DayHours{1, good.Day, 6 * 60, 17*60 + 30, 18 * 60}.Pack(), CodeAlreadySo},
	} {
		if facts, r := w.do(Input{At: noon, Do: SetHours, N: c.n}); r.Code != c.code || len(facts) > 0 {
			t.Errorf("%s: %v, %v", c.name, r.Code, kindsOf(facts))
		}
	}
	w.do(Input{At: noon, Do: SetHours, N: good.Pack()})
	if _, r := w.do(Input{At: noon, Do: SetHours, N: good.Pack()}); r.Code != CodeAlreadySo {
		t.Errorf("the same again: %v", r.Code)
	}
}

// Hours that Check lets through are read back from their number as they were.
func TestHoursPack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minute := rapid.IntRange(-1, 48*60+1)
		h := DayHours{
			OpeningID(rapid.IntRange(0, 255).Draw(t, "opening")), dateOf(rapid.Int64Range(-1, 1<<dayBits).Draw(t, "day")),
			minute.Draw(t, "opens"), minute.Draw(t, "last"), minute.Draw(t, "closes"),
		}
		if !h.Check() {
			return
		}
		if got, ok := UnpackHours(h.Pack()); !ok || got != h {
			t.Fatalf("%+v is read as %+v, %v", h, got, ok)
		}
		opens, last, closes := h.Clocks()
		if got, err := ParseDayHours(h.Opening, h.Day.String(), opens, last, closes); err != nil || got != h {
			t.Fatalf("%s, %s, %s is read as %+v, %v", opens, last, closes, got, err)
		}
	})
}
