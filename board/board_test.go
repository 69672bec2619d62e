package board

import (
	"errors"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/node"
)

func TestStamps(t *testing.T) {
	at := border.At(time.Date(2018, 3, 5, 1, 0, 0, 123_456_000, time.UTC))
	for _, c := range []struct {
		played bool
		at     border.Time
		want   Instant
	}{
		{false, at, "2018-03-05T01:00:00.123456Z"},
		{true, at, "2018-03-05T01:00:00.123Z"},
		{false, border.Never, "9999-12-31T23:59:59.999999Z"},
		{true, border.Never, ""},
	} {
		if got := (&View{Played: c.played}).Stamp(c.at); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

// A board that is not of now says why, and of when it is.
func TestABoardThatStandsSaysWhy(t *testing.T) {
	b := node.Board{}
	b.At = border.At(time.Date(2018, 3, 5, 1, 0, 0, 0, time.UTC))
	v := &View{Layout: &gate.Layout{}, State: &b}
	if m := v.Change().Moment; m.Trouble != "" {
		t.Errorf("while all is well it says %q", m.Trouble)
	}
	b.Trouble = errors.New("the database does not answer")
	if m := v.Change().Moment; m.Trouble != "the database does not answer" || m.At != "2018-03-05T01:00:00.000000Z" {
		t.Errorf("it says %q as of %s", m.Trouble, m.At)
	}
}

func TestSlugs(t *testing.T) {
	for _, test := range []struct{ name, want string }{{"Moc Bai", "moc-bai"}, {"Bavet", "bavet"}, {"Mộc Bài", "mộc-bài"}, {"Km 9 / South", "km-9-south"}} {
		if got := Slug(test.name); got != test.want {
			t.Errorf("%s: %q, not %q", test.name, got, test.want)
		}
	}
}

func TestWhatIsSaidOfAVehicle(t *testing.T) {
	l := &gate.Layout{Places: []gate.Place{{}, {Name: "lane 1"}, {Name: "lane 2"}}, Stops: []gate.Stop{{}, {Name: "booth 1"}}}
	truck := border.ArticulatedTruck | border.Laden
	for _, c := range []struct {
		visit node.Visit
		want  string
		mark  string
	}{
		{node.Visit{Traits: truck, Phase: gate.PhaseAnnounced, Ready: true}, "laden articulated truck, announced, not here yet", ""},
		{node.Visit{Traits: truck, Phase: gate.PhaseCalled, Target: 2, Ready: true}, "laden articulated truck, called to lane 2", MarkCalled},
		{node.Visit{Traits: truck, Phase: gate.PhaseInService, Place: 1, Stop: 1, Ready: true}, "laden articulated truck, being served at booth 1 in lane 1", ""},
		{node.Visit{Traits: truck, Phase: gate.PhaseAtStop, Place: 1, Stop: 1, Ready: true, Held: true}, "laden articulated truck, in line for booth 1 in lane 1, held by an agency", MarkHeld},
		{node.Visit{Traits: truck, Phase: gate.PhaseWaiting, Place: 1}, "laden articulated truck, waiting in lane 1, dossier not ready", MarkUnready},
		{node.Visit{Traits: border.Coach, Phase: gate.PhaseAwaitingPassengers, Place: 1, Ready: true}, "coach, waiting for its passengers in lane 1", MarkPassengers},
		{node.Visit{Traits: border.OnFoot, Phase: gate.PhaseDone, Place: 1, Ready: true}, "person on foot, done in lane 1, the way ahead is not free", MarkBlocked},
		{node.Visit{Traits: truck, Ready: true}, "laden articulated truck, has left the crossing", ""},
		{node.Visit{Traits: truck, Held: true}, "laden articulated truck, has left the crossing", ""},
		{node.Visit{Traits: border.Laden, Phase: gate.PhaseWaiting, Place: 1, Ready: true}, "laden vehicle, waiting in lane 1", ""},
		{node.Visit{Traits: truck, Ready: true, Lost: true}, "laden articulated truck, not here any more; how it left is not known", ""},
		{node.Visit{Traits: truck, Phase: gate.PhaseAstray, Ready: true}, "laden articulated truck, place not known", MarkUnplaced},
		{node.Visit{Phase: gate.PhaseAstray, Place: 1, Ready: true}, "vehicle, not where it should be, in lane 1", MarkAstray},
	} {
		v := &View{Layout: l}
		if got := v.Summary(&c.visit); got != c.want || Mark(&c.visit) != c.mark {
			t.Errorf("%q with mark %q, not %q with %q", got, Mark(&c.visit), c.want, c.mark)
		}
		if c.mark != "" && MarkWords(c.mark) == "" {
			t.Errorf("nothing says what the mark %s means", c.mark)
		}
	}
}

// Hours say until when; an order that closes a post says nothing of its end.
func TestHoursInWords(t *testing.T) {
	calendar := &border.Calendar{Zone: time.UTC}
	calendar.Week[time.Monday] = []border.Span{{From: 6 * 60, To: 22 * 60, Level: gate.Admitting}}
	l := &gate.Layout{Posts: []gate.Post{{Name: "Bavet"}}, Openings: []gate.Opening{{}, {Name: "Bavet", Hours: calendar}, {Name: "yards"}}}
	at := func(day, hour int) border.Time {
		return border.At(time.Date(2018, 3, day, hour, 0, 0, 0, time.UTC))
	}
	for _, c := range []struct {
		level int
		now   border.Time
		until border.Time
		want  string
	}{
		{gate.Admitting, at(5, 8), at(5, 22), "open until 22:00"},
		{gate.Finishing, at(5, 21), at(5, 22), "no new admissions, closes 22:00"},
		{gate.Closed, at(5, 23), at(12, 6), "closed until Mon 06:00"},
		{gate.Closed, at(5, 8), at(5, 22), "closed by order"},
		{gate.Closed, at(6, 8), border.Never, "closed"},
	} {
		b := node.Board{Standing: node.Standing{Openings: make([]node.OpeningState, 3)}}
		b.At = c.now
		b.Openings[1] = node.OpeningState{Level: c.level, Until: c.until, Hours: l.Openings[1].Hours}
		v := &View{Layout: l, State: &b}
		if got := v.Hours(v.Openings(0)[0], 0); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
