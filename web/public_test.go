package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/node"
	"landport/study"
)

func TestThePublicPageShowsNoVehicle(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	p.trade(t, 90*time.Minute)
	p.studied(t)
	page := p.get(t, "/public").text
	if found := regexp.MustCompile(`3A-|[A-Z]{2}[0-9]{2}-[0-9]{4}|visits/`).FindString(page); found != "" {
		t.Errorf("it shows %q", found)
	}
	for _, part := range []string{"Bavet border post", "<b>Open</b> Open until 22:00.", "06:00 to 22:00", "Trucks to Viet Nam", "Trucks from Viet Nam", "today so far"} {
		if !strings.Contains(page, part) {
			t.Errorf("it lacks %q", part)
		}
	}
	p.do(t, http.MethodPost, "/post", filled("do", "close-post", "key", "1", "reason", "weather"))
	if page := p.get(t, "/public").text; !strings.Contains(page, "<b>Closed</b> Closed by order until further notice.") {
		t.Error("it does not tell that the post was closed")
	}
}

func TestThePublicPageSaysWhenItCannotTell(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	page := p.get(t, "/public").text
	for _, part := range []string{"Waiting now: <b>no truck</b>", "No truck left since 07:00."} {
		if !strings.Contains(page, part) {
			t.Errorf("it lacks %q", part)
		}
	}
	if strings.Contains(page, "about") || strings.Contains(page, "The last days") {
		t.Error("it tells a wait that nobody had")
	}
	p.truck(t, "3A-1234")
	p.studied(t)
	if page := p.get(t, "/public").text; !strings.Contains(page, `<th scope="row">today so far</th><td>0</td><td colspan="3">too few to say</td>`) {
		t.Error("it does not say that nobody left today")
	}
}

func TestTypicalTimes(t *testing.T) {
	var times study.Sketch
	if got := typicalOf(&times); got != (typical{}) || got.enough() {
		t.Errorf("of none: %+v", got)
	}
	for i := range 10 {
		times.Add(border.Micros(10-i) * border.Minute)
	}
	if got := typicalOf(&times); got != (typical{10, 330 * border.Second, 546 * border.Second, border.Minute, 10 * border.Minute}) || !got.enough() {
		t.Errorf("of 1 to 10 minutes: %+v", got)
	}
}

// What is told of now is of goods vehicles that are here, or left in the last
// three hours.
func TestBulletinOfNow(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	v := (&Server{source: p.node, node: p.node, plan: NewSchematic(p.node.Model().Layout)}).view(node.Board{})
	v.State.At = border.At(time.Date(2018, 3, 7, 10, 0, 0, 0, v.Zone(0)))
	ago := func(minutes int) border.Time { return v.State.At.Add(-border.Micros(minutes) * border.Minute) }
	var stays []node.Stay
	for i := range 8 {
		minutes := border.Micros(i) * border.Minute
		stays = append(stays,
			node.Stay{Traits: border.RigidTruck, Arrived: ago(660), Waited: 20*border.Minute + minutes, Left: ago(610)},
			node.Stay{Traits: border.RigidTruck, Arrived: ago(120), Waited: border.Hour + minutes, Left: ago(30)},
			node.Stay{Traits: border.Coach, Arrived: ago(120), Left: ago(60), Waited: border.Minute},
			node.Stay{Traits: border.RigidTruck, Direction: 1, Arrived: ago(20 + i), Waited: 10*border.Minute + minutes, Waiting: i != 7},
		)
	}
	b := newBulletin(v, stays, ago(600))
	out, in := b.ways[0], b.ways[1]
	if out.Wait.N != 8 || out.Wait.Half != 63*border.Minute+30*border.Second || out.Stay.Half != 90*border.Minute || out.Waiting.N != 0 || out.grows() || b.lateWords() != "in the last three hours" {
		t.Errorf("outward: %+v", out)
	}
	if in.Waiting.N != 7 || in.Waiting.Most != 16*border.Minute || in.Wait.enough() {
		t.Errorf("inward: %+v", in)
	}
	if said := in.soFar(); said != "So far they have waited about 10 minutes to 15 minutes." {
		t.Errorf("of few it is said: %s", said)
	}
}

// Many that wait and few that left quickly are told apart: the page lets the
// lucky few speak neither for those in line nor against them.
func TestBulletinOfALongLine(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	v := (&Server{source: p.node, node: p.node, plan: NewSchematic(p.node.Model().Layout)}).view(node.Board{})
	v.State.At = border.At(time.Date(2018, 3, 7, 10, 0, 0, 0, v.Zone(0)))
	var stays []node.Stay
	for i := range 40 {
		stays = append(stays, node.Stay{Traits: border.RigidTruck, Arrived: 1, Waited: border.Micros(120+i) * border.Minute, Waiting: true, Ready: i == 0})
	}
	for i := range 2 {
		stays = append(stays, node.Stay{Traits: border.RigidTruck, Arrived: 1, Waited: border.Micros(20+i) * border.Minute, Left: v.State.At})
	}
	b := newBulletin(v, stays, v.State.At.Add(-border.Hour))
	var page strings.Builder
	if err := outlookOf(b, &b.ways[0]).Render(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		"Waiting now: <b>40 trucks</b>", "Half of them have waited about 2 hours 20 minutes or longer so far, the longest about 2 hours 40 minutes.",
		"2 trucks left since 09:00; they had waited about 20 minutes. That is too few to tell what is usual.",
		"The papers of 39 of them are not ready.",
	} {
		if !strings.Contains(page.String(), part) {
			t.Errorf("it lacks %q: %s", part, page.String())
		}
	}
	if strings.Contains(page.String(), "Be ready") {
		t.Error("two that left are taken for what is usual")
	}
}

// A line is said to be longer than what those that left waited only where these
// are enough to tell what is usual.
func TestTheLineSpeaksForItselfOnlyAgainstEnough(t *testing.T) {
	line := typical{N: 40, Half: 2 * border.Hour, Most: 3 * border.Hour}
	for _, test := range []struct {
		left int
		want bool
	}{{0, false}, {1, false}, {enough - 1, false}, {enough, true}} {
		if o := (outlook{Waiting: line, Wait: typical{N: test.left, Half: border.Hour}}); o.grows() != test.want {
			t.Errorf("%d that left: %v", test.left, !test.want)
		}
	}
}

func TestWaitsSoFarInWords(t *testing.T) {
	minutes := func(n int, least, half, most border.Micros) typical {
		return typical{N: n, Least: least * border.Minute, Half: half * border.Minute, Most: most * border.Minute}
	}
	for _, c := range []struct {
		waiting typical
		want    string
	}{
		{typical{}, ""},
		{minutes(1, 2, 2, 2), "It has waited less than 5 minutes so far."},
		{minutes(3, 2, 3, 4), "So far they have waited less than 5 minutes."},
		{minutes(3, 2, 3, 12), "So far they have waited up to about 10 minutes."},
		{minutes(3, 10, 11, 31), "So far they have waited about 10 minutes to 30 minutes."},
		{minutes(9, 0, 2, 4), "All of them have waited less than 5 minutes so far."},
		{minutes(9, 0, 2, 30), "Half of them have waited less than 5 minutes so far, the longest about 30 minutes."},
		{minutes(9, 0, 20, 30), "Half of them have waited about 20 minutes or longer so far, the longest about 30 minutes."},
	} {
		if got := (&outlook{Waiting: c.waiting}).soFar(); got != c.want {
			t.Errorf("%+v: %q, not %q", c.waiting, got, c.want)
		}
	}
}

func TestTimesInATable(t *testing.T) {
	for _, test := range []struct {
		d    border.Micros
		want string
	}{{0, "under 1 min"}, {59 * border.Second, "under 1 min"}, {border.Minute, "1 min"}, {65 * border.Minute, "1 h 05"}} {
		if got := brief(test.d); got != test.want {
			t.Errorf("%d: %q, not %q", test.d, got, test.want)
		}
	}
}

// The last days are the study's: told however many left since, today first, and
// a day of which the record has only a part is said to be one.
func TestBulletinOfTheLastDays(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	p.trade(t, 2*time.Hour)
	p.pass(24*time.Hour - time.Minute)
	p.trade(t, 30*time.Minute)
	p.studied(t)
	v, err := (&Server{source: p.node, node: p.node, plan: NewSchematic(p.node.Model().Layout)}).standing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := newBulletin(v, nil, 0)
	if err := b.readDays(t.Context(), p.node); err != nil {
		t.Fatal(err)
	}
	today, _ := v.localDay(0)
	for d := range b.ways {
		days := b.ways[d].Days
		if len(days) != 2 || days[0].Name != "today so far" || days[1].Name != "Monday 5 March, in part" {
			t.Fatalf("days: %+v", days)
		}
		for i, q := range []node.StudyQuery{{From: today, To: border.Never}, {To: today}} {
			q.Group = node.ByDirection
			_, err := p.node.StudyOf(t.Context(), q, func(l node.StudyLine) error {
				if l.Direction == v.Way(gate.Direction(d)) && l.Stage == study.StageWaiting && days[i].Wait != typicalOf(l.Times) {
					t.Errorf("%s, %s: %+v", l.Direction, days[i].Name, days[i])
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if days[1].Wait.N == 0 || days[1].Stay.N != days[1].Wait.N || days[1].Stay.Half < days[1].Wait.Half {
			t.Errorf("yesterday: %+v", days[1])
		}
	}
}

func TestHoursInWords(t *testing.T) {
	span := func(from, to float64, level int) border.Span {
		return border.Span{From: int(from * 60), To: int(to * 60), Level: level}
	}
	for _, c := range []struct {
		spans []border.Span
		want  string
	}{
		{nil, "closed all day"},
		{[]border.Span{span(6, 22, gate.Admitting)}, "06:00 to 22:00"},
		{[]border.Span{span(0, 24, gate.Admitting)}, "all day and night"},
		{[]border.Span{span(0, 23, gate.Admitting), span(23, 24, gate.Finishing)}, "00:00 to 24:00, last admission 23:00"},
		{[]border.Span{span(6, 21.5, gate.Admitting), span(21.5, 22, gate.Finishing)}, "06:00 to 22:00, last admission 21:30"},
		{[]border.Span{span(7, 11.5, gate.Admitting), span(13, 17, gate.Admitting)}, "07:00 to 11:30 and 13:00 to 17:00"},
		{[]border.Span{span(18, 24, gate.Admitting)}, "18:00 to 24:00"},
		{[]border.Span{span(0, 2, gate.Finishing), span(18, 24, gate.Admitting)}, "18:00 to 24:00"},
	} {
		calendar := &border.Calendar{Zone: time.UTC}
		calendar.Week[time.Monday] = c.spans
		from := border.At(time.Date(2018, 3, 5, 0, 0, 0, 0, time.UTC))
		if got := hoursBetween(calendar, from, from.Add(border.Day), time.UTC); got != c.want {
			t.Errorf("%v: %q, not %q", c.spans, got, c.want)
		}
	}
}

// What drivers are told of now names the last admission where that is not when
// the post closes, as the timetable does.
func TestTheLastAdmissionIsTold(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	for _, c := range []struct{ last, closes, now, today string }{
		{"", "24:00", "Open until 24:00.", "all day and night"},
		{"23:00", "23:30", "Last admission 23:00, closes 23:30.", "00:00 to 23:30, last admission 23:00"},
		{"23:59", "24:00", "Last admission 23:59, closes 24:00.", "00:00 to 24:00, last admission 23:59"},
	} {
		set := filled("do", "set-hours", "key", c.last+c.closes, "opening", "Bavet", "day", "2018-03-05", "opens", "00:00", "last-admission", c.last, "closes", c.closes, "reason", "by-agreement")
		if got := p.do(t, http.MethodPost, "/post", set); got.status != http.StatusSeeOther {
			t.Fatalf("%+v: %d, %s", c, got.status, got.text)
		}
		if page := p.get(t, "/public").text; !strings.Contains(page, "<b>Open</b> "+c.now+"</p>") || !strings.Contains(page, c.today+"</dd>") {
			t.Errorf("%+v: %s", c, page)
		}
	}
}

// Of whom nobody said what they are it is not said that they are trucks.
func TestVehiclesOfNoKnownKindAreNoTrucks(t *testing.T) {
	way := func(unnamed, n int) *outlook {
		return &outlook{Waiting: typical{N: n, Most: border.Hour, Least: border.Hour}, Unnamed: unnamed}
	}
	for _, c := range []struct {
		way         *outlook
		count, more string
	}{
		{way(0, 0), "no truck", ""},
		{way(0, 3), "3 trucks", ""},
		{way(1, 1), "one vehicle", "It is not known whether it is a truck."},
		{way(1, 3), "3 vehicles", "Of one of them it is not known whether it is a truck."},
		{way(3, 3), "3 vehicles", "It is not known which of them are trucks."},
		{way(2, 3), "3 vehicles", "Of 2 of them it is not known whether they are trucks."},
	} {
		if count, more := c.way.count(), c.way.unnamed(); count != c.count || more != c.more {
			t.Errorf("%d of %d: %q, %q", c.way.Unnamed, c.way.Waiting.N, count, more)
		}
	}
}

func TestAbout(t *testing.T) {
	for _, test := range []struct {
		d    border.Micros
		want string
	}{
		{0, "less than 5 minutes"}, {12 * border.Minute, "about 10 minutes"}, {13 * border.Minute, "about 15 minutes"},
		{58 * border.Minute, "about 1 hour"}, {84 * border.Minute, "about 1 hour 20 minutes"}, {4 * border.Hour, "about 4 hours"}, {245 * border.Minute, "about 4 hours 10 minutes"},
		{47 * border.Hour, "about 47 hours"}, {50 * border.Hour, "about 2 days"}, {29*border.Day - 12*border.Minute, "about 29 days"},
	} {
		if got := about(test.d); got != test.want {
			t.Errorf("%d: %q, not %q", test.d, got, test.want)
		}
	}
}
