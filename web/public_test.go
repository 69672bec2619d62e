package web

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/node"
)

func TestThePublicPageShowsNoVehicle(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	p.trade(t, 90*time.Minute)
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
	for _, part := range []string{"too few trucks to say", "No truck left in the last three hours.", "No truck is waiting.", "too few to say"} {
		if !strings.Contains(page, part) {
			t.Errorf("it lacks %q", part)
		}
	}
	if strings.Contains(page, "about") {
		t.Error("it tells a wait that nobody had")
	}
}

func TestTypicalTimes(t *testing.T) {
	var times []border.Micros
	for i := range 10 {
		times = append(times, border.Micros(10-i)*border.Minute)
	}
	if got := newTypical(times); got.N != 10 || got.Half != 5*border.Minute || got.Ten != 9*border.Minute || !got.enough() {
		t.Errorf("of 1 to 10 minutes: %+v", got)
	}
	if got := newTypical(times[:1]); got.Half != times[0] || got.Ten != times[0] || got.enough() {
		t.Errorf("of one: %+v", got)
	}
}

// Stays count by when they ended, in the post's own days and for goods vehicles.
func TestBulletinCountsByDay(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	v := (&Server{source: p.node, node: p.node, plan: NewSchematic(p.node.Model().Layout)}).view(node.Board{})
	zone := v.zone(0)
	at := func(day, hour, minute int) border.Time {
		return border.At(time.Date(2018, 3, day, hour, minute, 0, 0, zone))
	}
	v.board.At = at(7, 10, 0)
	var stays []node.Stay
	for i := range 8 {
		minutes := border.Micros(i) * border.Minute
		stays = append(stays,
			node.Stay{Traits: border.RigidTruck, Arrived: at(6, 23, 0), Waited: 20*border.Minute + minutes, Left: at(6, 23, 50)},
			node.Stay{Traits: border.RigidTruck, Arrived: at(7, 8, 0), Waited: border.Hour + minutes, Left: at(7, 9, 30)},
			node.Stay{Traits: border.Coach, Arrived: at(7, 8, 0), Left: at(7, 9, 0), Waited: border.Minute},
			node.Stay{Traits: border.RigidTruck, Direction: 1, Arrived: at(7, 9, 50-i), Waiting: i != 7},
		)
	}
	b := newBulletin(v, stays, at(6, 12, 0))
	out, in := b.ways[0], b.ways[1]
	if out.Wait.N != 8 || out.Wait.Half != 63*border.Minute || out.Stay.Half != 90*border.Minute || out.Waiting != 0 {
		t.Errorf("now, outward: %+v", out)
	}
	if in.Waiting != 7 || in.Longest != 16*border.Minute || in.Wait.enough() {
		t.Errorf("now, inward: %+v", in)
	}
	want := "[{today so far {8 3780000000 4020000000} {8 5400000000 5400000000}} {Tuesday 6 March, in part {8 1380000000 1620000000} {8 3000000000 3000000000}}]"
	if got := fmt.Sprint(out.Days); got != want {
		t.Errorf("days: %s", got)
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

func TestAbout(t *testing.T) {
	for d, want := range map[border.Micros]string{
		0: "less than 5 minutes", 12 * border.Minute: "about 10 minutes", 13 * border.Minute: "about 15 minutes",
		58 * border.Minute: "about 1 hour", 84 * border.Minute: "about 1 hour 20 minutes", 4 * border.Hour: "about 4 hours", 245 * border.Minute: "about 4 hours 10 minutes",
	} {
		if got := about(d); got != want {
			t.Errorf("%d: %q, not %q", d, got, want)
		}
	}
}
