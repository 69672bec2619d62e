package border

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func instant(t testing.TB, s string) Time {
	t.Helper()
	std, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return At(std)
}

func daily(loc *time.Location, spans ...Span) *Calendar {
	c := &Calendar{Zone: loc}
	for day := range c.Week {
		c.Week[day] = spans
	}
	return c
}

func TestCalendarAt(t *testing.T) {
	day := Span{6 * 60, 22 * 60, Admitting}
	bavet := daily(zone(t, "Asia/Phnom_Penh"), WithLastAdmission([]Span{day}, 30*Minute)...)
	tachileik := daily(zone(t, "Asia/Yangon"), day)
	tachileik.Dates = map[Date][]Span{{2018, time.April, 13}: nil, {2018, time.April, 14}: {{9 * 60, 12 * 60, Admitting}}}
	night := daily(zone(t, "Asia/Phnom_Penh"), Span{22 * 60, 26 * 60, 3})
	berlin := daily(zone(t, "Europe/Berlin"), Span{60, 150, 1}) // 01:00-02:30
	weekdays := daily(time.UTC, day)
	weekdays.Week[time.Saturday], weekdays.Week[time.Sunday] = nil, nil

	for _, c := range []struct {
		name  string
		cal   *Calendar
		at    string
		level int
		until string // empty: Never
	}{
		{"before opening", bavet, "2018-03-05T05:59:59+07:00", Closed, "2018-03-05T06:00:00+07:00"},
		{"opening is included", bavet, "2018-03-05T06:00:00+07:00", Admitting, "2018-03-05T21:30:00+07:00"},
		{"last admission", bavet, "2018-03-05T21:30:00+07:00", Finishing, "2018-03-05T22:00:00+07:00"},
		{"closing is not included", bavet, "2018-03-05T22:00:00+07:00", Closed, "2018-03-06T06:00:00+07:00"},
		{"half-hour zone", tachileik, "2018-03-05T05:00:00+06:30", Closed, "2018-03-05T06:00:00+06:30"},
		{"holiday closed, the next one short", tachileik, "2018-04-12T22:00:00+06:30", Closed, "2018-04-14T09:00:00+06:30"},
		{"after the short holiday", tachileik, "2018-04-14T12:00:00+06:30", Closed, "2018-04-15T06:00:00+06:30"},
		{"over midnight, evening", night, "2018-03-05T23:00:00+07:00", 3, "2018-03-06T02:00:00+07:00"},
		{"over midnight, morning", night, "2018-03-06T01:00:00+07:00", 3, "2018-03-06T02:00:00+07:00"},
		{"weekend", weekdays, "2018-03-02T22:00:00Z", Closed, "2018-03-05T06:00:00Z"},
		{"spring forward: 02:00 to 03:00 does not happen", berlin, "2018-03-25T01:30:00+01:00", 1, "2018-03-25T03:00:00+02:00"},
		{"autumn: first 02:30", berlin, "2018-10-28T02:00:00+02:00", 1, "2018-10-28T02:30:00+02:00"},
		{"autumn: 02:00 comes again", berlin, "2018-10-28T02:30:00+02:00", 0, "2018-10-28T02:00:00+01:00"},
		{"autumn: second 02:30", berlin, "2018-10-28T02:00:00+01:00", 1, "2018-10-28T02:30:00+01:00"},
		{"always", Always(4), "2018-03-05T06:00:00Z", 4, ""},
		{"round the clock", daily(time.UTC, Span{0, 1440, 2}), "2018-03-05T06:00:00Z", 2, ""},
		{"before 1970", bavet, "1969-12-31T23:00:00+07:00", Closed, "1970-01-01T06:00:00+07:00"},
	} {
		level, until := c.cal.At(instant(t, c.at))
		want := Never
		if c.until != "" {
			want = instant(t, c.until)
		}
		if level != c.level || until != want {
			t.Errorf("%s: level %d until %v; want %d until %s", c.name, level, until.Std(time.UTC), c.level, c.until)
		}
	}
}

func TestCalendarAtTheEndsOfTime(t *testing.T) {
	c := daily(zone(t, "Europe/Berlin"), Span{360, 1320, 2})
	for _, at := range []Time{Never, Never - 1, Never - Time(horizon), math.MinInt64, math.MinInt64 + Time(Day)} {
		if _, until := c.At(at); until <= at && at != Never {
			t.Errorf("At(%d): until %d is not later", at, until)
		}
	}
}

// TestDatesBeyondTheHorizonDoNotCount pins the promise that At looks 400 days
// ahead and no further.
func TestDatesBeyondTheHorizonDoNotCount(t *testing.T) {
	start := instant(t, "2018-01-01T00:00:00Z")
	for _, test := range []struct {
		days int
		want Time
	}{{400, start.Add(400 * Day)}, {401, Never}} {
		on := start.Add(Micros(test.days) * Day).Std(time.UTC)
		c := &Calendar{Zone: time.UTC, Dates: map[Date][]Span{{on.Year(), on.Month(), on.Day()}: {{0, 60, 1}}}}
		if _, until := c.At(start); until != test.want {
			t.Errorf("a change after %d days: until %d; want %d", test.days, until, test.want)
		}
	}
}

// wallLevel reads the level off the wall clock, the plain way.
func wallLevel(c *Calendar, t Time) int {
	local := t.Std(c.Zone)
	minute := local.Hour()*60 + local.Minute()
	for back := range 2 {
		y, m, d := local.Date()
		start := time.Date(y, m, d-back, 12, 0, 0, 0, time.UTC)
		y, m, d = start.Date()
		spans, ok := c.Dates[Date{y, m, d}]
		if !ok {
			spans = c.Week[start.Weekday()]
		}
		for _, s := range spans {
			if at := minute + back*1440; s.From <= at && at < s.To {
				return s.Level
			}
		}
	}
	return c.Outside
}

func drawSpans(t *rapid.T) []Span {
	var spans []Span
	for from := 0; len(spans) < 3; {
		from += rapid.IntRange(0, 700).Draw(t, "gap")
		to := from + rapid.IntRange(1, 900).Draw(t, "length")
		if from >= 1440 || to > 2880 {
			break
		}
		spans = append(spans, Span{from, to, rapid.IntRange(0, 3).Draw(t, "level")})
		from = to
	}
	return spans
}

func drawCalendar(t *rapid.T, zones []*time.Location, around time.Time) *Calendar {
	c := &Calendar{
		Zone:    rapid.SampledFrom(zones).Draw(t, "zone"),
		Outside: rapid.IntRange(0, 2).Draw(t, "outside"),
	}
	for day := range c.Week {
		c.Week[day] = drawSpans(t)
	}
	c.Dates = map[Date][]Span{}
	for range rapid.IntRange(0, 3).Draw(t, "exceptions") {
		y, m, d := around.AddDate(0, 0, rapid.IntRange(-2, 5).Draw(t, "day")).Date()
		c.Dates[Date{y, m, d}] = drawSpans(t)
	}
	return c
}

func TestCalendarAgreesWithTheClockMinuteByMinute(t *testing.T) {
	zones := []*time.Location{
		zone(t, "Asia/Phnom_Penh"), zone(t, "Asia/Yangon"), zone(t, "Europe/Berlin"),
		zone(t, "Australia/Lord_Howe"), // daylight saving of half an hour
		zone(t, "America/Santiago"),    // changes at midnight
		zone(t, "Pacific/Apia"),        // skipped 2011-12-30
	}
	starts := []string{"2018-03-05T00:00:00Z", "2018-03-24T00:00:00Z", "2018-10-27T00:00:00Z",
		"2018-04-01T00:00:00Z", "2018-05-12T12:00:00Z", "2018-08-11T12:00:00Z", "2018-10-06T00:00:00Z", "2011-12-29T00:00:00Z"}
	rapid.Check(t, func(t *rapid.T) {
		start, _ := time.Parse(time.RFC3339, rapid.SampledFrom(starts).Draw(t, "start"))
		c := drawCalendar(t, zones, start)
		at := At(start).Add(Micros(rapid.Int64Range(0, int64(2*Day)).Draw(t, "offset")))
		level, until := c.At(at)
		if want := wallLevel(c, at); level != want {
			t.Fatalf("level %d at %v; the clock says %d", level, at.Std(c.Zone), want)
		}
		if until <= at {
			t.Fatalf("until %d is not after %d", until, at)
		}
		// Spans begin on whole minutes and every zone here on quarters of an hour.
		next := at - at%Time(Minute)
		for range 5 * 1440 {
			next = next.Add(Minute)
			if changed := wallLevel(c, next) != level; changed || next == until {
				if next != until {
					t.Fatalf("until %v; the clock changes at %v", until.Std(c.Zone), next.Std(c.Zone))
				}
				if !changed {
					t.Fatalf("no change at %v", until.Std(c.Zone))
				}
				return
			}
		}
		if until <= next {
			t.Fatalf("until %v is not on a whole minute", until.Std(c.Zone))
		}
	})
}

func TestCalendarAtDoesNotAllocate(t *testing.T) {
	c := daily(zone(t, "Asia/Phnom_Penh"), Span{360, 1320, 2})
	c.Dates = map[Date][]Span{{2018, time.April, 14}: nil}
	at := instant(t, "2018-04-13T12:00:00Z")
	if n := testing.AllocsPerRun(100, func() { _, until := c.At(at); at = until }); n != 0 {
		t.Errorf("At allocates %v times", n)
	}
}

func TestCalendarCheck(t *testing.T) {
	on := func(day time.Weekday, spans ...Span) *Calendar {
		c := &Calendar{Zone: time.UTC}
		c.Week[day] = spans
		return c
	}
	overnight := on(time.Saturday, Span{1320, 1560, 2})
	overnight.Week[time.Sunday] = []Span{{60, 600, 2}}
	touching := on(time.Saturday, Span{1320, 1560, 2})
	touching.Week[time.Sunday] = []Span{{120, 600, 2}}
	holidays := &Calendar{Zone: time.UTC, Dates: map[Date][]Span{
		{2018, time.April, 16}: {{600, 540, 2}}, {2018, time.April, 14}: {{600, 500, 2}},
	}}
	for _, c := range []struct {
		cal  *Calendar
		want []string // words of the error; none: valid
	}{
		{Always(2), nil},
		{on(time.Monday, Span{0, 720, 2}, Span{720, 1440, 1}), nil},
		{touching, nil},
		{&Calendar{}, []string{"time zone", "Asia/Phnom_Penh"}},
		{&Calendar{Zone: time.UTC, Outside: -1}, []string{"-1", "0 or more"}},
		{on(time.Monday, Span{1320, 120, 2}), []string{"Monday", "22:00-02:00", "26:00"}},
		{on(time.Monday, Span{600, 600, 2}), []string{"Monday", "no time", "00:00-24:00"}},
		{on(time.Monday, Span{1440, 1500, 2}), []string{"Monday", "24:00-25:00", "between 00:00 and 23:59"}},
		{on(time.Monday, Span{-30, 600, 2}), []string{"Monday", "-00:30", "between 00:00 and 23:59"}},
		{on(time.Monday, Span{600, 2881, 2}), []string{"Monday", "48:00"}},
		{on(time.Monday, Span{600, 700, -2}), []string{"Monday", "level -2"}},
		{on(time.Tuesday, Span{600, 800, 2}, Span{360, 660, 2}), []string{"Tuesday", "06:00-11:00 and 10:00-13:20 overlap", "10:00 or before"}},
		{overnight, []string{"Saturday", "22:00-26:00", "Sunday", "01:00-10:00", "25:00"}},
		{holidays, []string{"2018-04-14", "10:00-08:20"}},
		{&Calendar{Zone: time.UTC, Dates: map[Date][]Span{{2018, time.February, 30}: nil}}, []string{"2018-02-30", "2018-03-02"}},
	} {
		err := c.cal.Check()
		if (err == nil) != (c.want == nil) {
			t.Errorf("%v: %v; want words %q", c.cal.Week, err, c.want)
			continue
		}
		for _, word := range c.want {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("error %q does not say %q", err, word)
			}
		}
	}
}

func TestParseHours(t *testing.T) {
	for _, test := range []struct {
		s    string
		want [2]int
	}{
		{"06:00-22:00", [2]int{360, 1320}}, {"22:00-02:00", [2]int{1320, 1560}}, {"00:00-24:00", [2]int{0, 1440}},
		{"22:00-00:00", [2]int{1320, 1440}}, {" 6:30 – 18:05 ", [2]int{390, 1085}}, {"23:59-23:58", [2]int{1439, 2878}},
	} {
		if from, to, err := ParseHours(test.s); err != nil || from != test.want[0] || to != test.want[1] {
			t.Errorf("ParseHours(%q) = %d, %d, %v; want %v", test.s, from, to, err, test.want)
		}
	}
	for _, test := range []struct{ s, want string }{
		{"", "hyphen"}, {"06:00", "hyphen"}, {"0600-2200", `opening "0600"`}, {"06:00-25:00", `closing "25:00"`},
		{"06:60-22:00", "between 00:00 and 24:00"}, {"06:00-24:01", "between 00:00 and 24:00"}, {"24:00-02:00", "write 00:00"},
		{"06:00-06:00", "00:00-24:00"}, {"06:0-22:00", `opening "06:0"`}, {"06:00-22:00-23:00", "closing"}, {"٠٦:٠٠-22:00", "opening"},
	} {
		if _, _, err := ParseHours(test.s); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("ParseHours(%q): error %v; want it to say %q", test.s, err, test.want)
		}
	}
}

func FuzzParseHours(f *testing.F) {
	for _, s := range []string{"06:00-22:00", "22:00-02:00", "00:00-24:00", "6:00–7:00", "-", ":-:"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		from, to, err := ParseHours(s)
		if err != nil {
			return
		}
		if err := (&Calendar{Zone: time.UTC, Week: [7][]Span{{{from, to, 1}}}}).Check(); err != nil {
			t.Fatalf("ParseHours(%q) gives hours that cannot be: %v", s, err)
		}
		text := fmt.Sprintf("%s-%s", clockText(from), clockText((to-1)%1440+1))
		if f2, t2, err := ParseHours(text); err != nil || f2 != from || t2 != to {
			t.Fatalf("%q became %q, which reads %d, %d, %v", s, text, f2, t2, err)
		}
	})
}

func TestWithLastAdmission(t *testing.T) {
	for _, c := range []struct {
		name        string
		spans, want []Span
		before      Micros
	}{
		{"cut", []Span{{360, 1320, 2}}, []Span{{360, 1290, 2}, {1290, 1320, 1}}, 30 * Minute},
		{"nothing before", []Span{{360, 1320, 2}}, []Span{{360, 1320, 2}}, 0},
		{"negative is nothing", []Span{{360, 1320, 2}}, []Span{{360, 1320, 2}}, -Hour},
		{"rounded up to a minute", []Span{{360, 1320, 2}}, []Span{{360, 1319, 2}, {1319, 1320, 1}}, Second},
		{"longer than the stretch", []Span{{360, 420, 2}}, []Span{{360, 420, 1}}, 2 * Hour},
		{"other levels stay", []Span{{0, 60, 0}, {60, 120, 1}}, []Span{{0, 60, 0}, {60, 120, 1}}, Hour},
		{"lunch break: two stretches", []Span{{360, 720, 2}, {780, 1080, 2}},
			[]Span{{360, 700, 2}, {700, 720, 1}, {780, 1060, 2}, {1060, 1080, 1}}, 20 * Minute},
		{"one stretch in two spans", []Span{{360, 720, 2}, {720, 730, 2}},
			[]Span{{360, 710, 2}, {710, 720, 1}, {720, 730, 1}}, 20 * Minute},
		{"round the clock closes at no hour", []Span{{720, 1440, 2}, {0, 720, 2}}, []Span{{720, 1440, 2}, {0, 720, 2}}, Hour},
		{"until midnight", []Span{{60, 1440, 2}}, []Span{{60, 1380, 2}, {1380, 1440, 1}}, Hour},
		{"over midnight", []Span{{1320, 1560, 2}}, []Span{{1320, 1500, 2}, {1500, 1560, 1}}, Hour},
	} {
		if got := WithLastAdmission(c.spans, c.before); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v; want %v", c.name, got, c.want)
		}
	}
}

func TestHighest(t *testing.T) {
	holiday := map[Date][]Span{{2018, time.April, 14}: {{480, 720, 2}}}
	for _, c := range []struct {
		name     string
		calendar Calendar
		want     int
	}{
		{"always", *Always(3), 3},
		{"a weekday", Calendar{Zone: time.UTC, Week: [7][]Span{1: {{360, 720, 1}, {720, 1080, 4}}}}, 4},
		{"a date alone", Calendar{Zone: time.UTC, Dates: holiday}, 2},
		{"never open", Calendar{Zone: time.UTC, Week: [7][]Span{1: {{360, 720, 0}}}}, 0},
		{"outside is most", Calendar{Zone: time.UTC, Outside: 2, Dates: map[Date][]Span{{2018, time.April, 14}: {{0, 1440, 0}}}}, 2},
	} {
		if got := c.calendar.Highest(); got != c.want {
			t.Errorf("%s: %d; want %d", c.name, got, c.want)
		}
	}
}
