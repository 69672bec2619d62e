package study_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"landport/border"
	"landport/study"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func spans() []study.Span {
	return []study.Span{study.Hour, study.Day, study.Month, study.Year, study.HoursOfMonth, study.HoursOfYear}
}

// Spans follow each other without a gap, in zones with half hours and where
// clocks are set at midnight too.
func TestSpansFollowEachOther(t *testing.T) {
	zones := []*time.Location{time.UTC, zone(t, "Asia/Phnom_Penh"), zone(t, "Asia/Yangon"), zone(t, "America/Santiago"), zone(t, "Africa/Cairo"), zone(t, "Europe/Berlin")}
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.SampledFrom(zones).Draw(t, "zone")
		at := border.Time(rapid.Int64Range(0, 2_000_000_000_000_000).Draw(t, "µs"))
		for _, s := range spans() {
			start, next := s.Start(at, z), s.Next(at, z)
			if start > at || next <= at || s.Start(start, z) != start || s.Start(next, z) != next || s.Start(next-1, z) != start {
				t.Fatalf("%s in %s: %s is in %s to %s", s, z, at.Std(z), start.Std(z), next.Std(z))
			}
			hour := study.Hour.Start(at, z)
			if key := s.Key(hour, z); s.Start(key, z) != start {
				t.Fatalf("%s in %s: %s is kept under %s", s, z, hour.Std(z), key.Std(z))
			}
		}
		hour := study.Hour.Start(at, z)
		for _, r := range study.Rollups() {
			if key := r.Into.Rekey(r.From, r.From.Key(hour, z), z); key != r.Into.Key(hour, z) {
				t.Fatalf("%s in %s: %s goes by way of %s under %s", r.Into, z, hour.Std(z), r.From, key.Std(z))
			}
		}
		if s := study.HoursOfYear; s.HourOfDay(s.Key(hour, z), z) != hour.Std(z).Hour() {
			t.Fatalf("%s is kept under %s", hour.Std(z), s.Key(hour, z).Std(z))
		}
	})
}

func TestPeriodsInPieces(t *testing.T) {
	z := zone(t, "Asia/Phnom_Penh")
	at := func(text string) border.Time {
		v, err := time.ParseInLocation("2006-01-02 15", text, z)
		if err != nil {
			t.Fatal(err)
		}
		return border.At(v)
	}
	for _, c := range []struct{ from, to, over, want string }{
		{"2018-03-05 08", "2018-03-05 11", "2018-03-05 10", "hour 05 08 to 05 11"},
		{"2018-03-05 08", "2018-03-08 03", "2018-03-08 01", "hour 05 08 to 06 00; day 06 00 to 08 00; hour 08 00 to 08 03"},
		{"2018-03-05 08", "2018-03-08 03", "2018-03-06 23", "hour 05 08 to 08 03"},
		{"2016-11-30 23", "2019-02-02 01", "2020-01-01 00", "hour 30 23 to 01 00; month 01 00 to 01 00; year 01 00 to 01 00; month 01 00 to 01 00; day 01 00 to 02 00; hour 02 00 to 02 01"},
		{"2018-01-01 00", "2019-01-01 00", "2018-12-31 23", "month 01 00 to 01 00; day 01 00 to 31 00; hour 31 00 to 01 00"},
		{"2018-01-01 00", "2018-01-01 00", "2019-01-01 00", ""},
	} {
		var got []string
		for _, p := range study.Pieces(at(c.from), at(c.to), at(c.over), z, study.Year, study.Month, study.Day) {
			got = append(got, fmt.Sprintf("%s %s to %s", p.Span, p.From.Std(z).Format("02 15"), p.To.Std(z).Format("02 15")))
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s to %s, %s being over:\n%s, want\n%s", c.from, c.to, c.over, strings.Join(got, "; "), c.want)
		}
	}
}
