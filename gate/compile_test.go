package gate

import (
	"slices"
	"strings"
	"testing"
	"time"

	"landport/border"
)

// twoPosts is a crossing point that compiles: out through one of two lanes, over
// a bridge that both directions share, in through a hall; and straight back.
func twoPosts() *Layout {
	day := &border.Calendar{Zone: time.UTC}
	for i := range day.Week {
		day.Week[i] = []border.Span{{From: 360, To: 1320, Level: Admitting}}
	}
	return &Layout{
		Directions:  []Way{{"KH", "VN"}, {"VN", "KH"}},
		Posts:       []Post{{Name: "Bavet", Country: "KH"}, {Name: "Moc Bai", Country: "VN"}},
		Openings:    []Opening{{}, {Name: "day", Hours: day}},
		Formalities: []Formality{{Name: "exit customs"}, {Name: "entry customs", Side: border.Entry}},
		Places: []Place{
			{},
			{Name: "zone", Kind: WaitingZone, Directions: 1, Capacity: 20},
			{Name: "lane 1", Kind: Lane, Directions: 1, Capacity: 1, Opening: 1},
			{Name: "lane 2", Kind: Lane, Directions: 1, Capacity: 1, Opening: 1},
			{Name: "bridge", Kind: NeutralZone, Directions: 3, Capacity: 2},
			{Name: "hall", Kind: CommonControl, Post: 1, Directions: 1, Capacity: 4},
			{Name: "back", Kind: Lane, Directions: 2, Capacity: 4},
		},
		Stops: []Stop{{}, {Name: "exit booth", Servers: 1, Staff: day}, {Name: "entry desk", Post: 1, Servers: 2}},
		Procedures: []Procedure{
			{
				Name: "goods", Legs: []Leg{{[]PlaceID{1}}, {[]PlaceID{2, 3}}, {[]PlaceID{4}}, {[]PlaceID{5}}},
				Steps: []Step{{Leg: 1, Stops: []StopID{1, 1}, Formalities: 1}, {Leg: 3, Stops: []StopID{2}, Formalities: 2}},
			},
			{Name: "empties", Direction: 1, Legs: []Leg{{[]PlaceID{6}}, {[]PlaceID{4}}}, Fallback: 1},
		},
		Policies: []Policy{{Name: "first come"}},
	}
}

func TestCompileSaysWhatIsWrong(t *testing.T) {
	if err := twoPosts().Compile(); err != nil {
		t.Fatal(err)
	}
	long := 400 * border.Day
	for _, c := range []struct {
		want   string
		change func(l *Layout)
	}{
		{"must each start with their reserved entry", func(l *Layout) { l.Places[0].Kind = Lane }},
		{"must each start with their reserved entry", func(l *Layout) { l.Openings[0] = l.Openings[1] }},
		{"has 0 directions", func(l *Layout) { l.Directions = nil }},
		{"has 0 posts", func(l *Layout) { l.Posts = nil }},
		{"has 9 posts; it takes 1 to 8", func(l *Layout) { l.Posts = make([]Post, 9) }},
		{"has 32 formalities; it takes at most 31", func(l *Layout) { l.Formalities = make([]Formality, 32) }},
		{"too large", func(l *Layout) { l.Procedures = make([]Procedure, 257) }},

		{`hours "day": unknown post`, func(l *Layout) { l.Openings[1].Post = 2 }},
		{`hours "day": Monday: 10:00-09:00 ends before it begins`, func(l *Layout) { l.Openings[1].Hours.Week[1] = []border.Span{{From: 600, To: 540, Level: 2}} }},
		{`hours "day": never admits anybody`, func(l *Layout) { l.Openings[1].Hours = border.Always(Finishing) }},
		{`hours "day": level 3`, func(l *Layout) { l.Openings[1].Hours = border.Always(3) }},

		{`place "zone": only the first place is the world outside`, func(l *Layout) { l.Places[1].Kind = World }},
		{`place "zone": serves no direction of this crossing point`, func(l *Layout) { l.Places[1].Directions = 0 }},
		{`place "zone": serves no direction of this crossing point`, func(l *Layout) { l.Places[1].Directions = 4 }},
		{`place "zone": capacity -1; it must be 1 to`, func(l *Layout) { l.Places[1].Capacity = -1 }},
		{`place "zone": unknown post`, func(l *Layout) { l.Places[1].Post = 2 }},
		{`place "lane 1": unknown hours`, func(l *Layout) { l.Places[2].Opening = 2 }},
		{`place "zone": only lanes and other work places can be shut`, func(l *Layout) { l.Places[1].Shut = true }},
		{`place "bridge": only lanes and other work places can be tidal`, func(l *Layout) { l.Places[4].Tidal = true }},
		{`place "hall": a tidal lane starts with exactly one direction`, func(l *Layout) { l.Places[5].Tidal, l.Places[5].Directions = true, 3 }},
		{`place "lane 1": only a place where vehicles wait has a pager`, func(l *Layout) { l.Places[2].Pager = true }},
		{`place "zone": call_tries needs a call_grace`, func(l *Layout) { l.Places[1].CallTries = 2 }},
		{`place "zone": call_grace takes 0 to 366 days`, func(l *Layout) { l.Places[1].CallGrace = long }},

		{`stop "exit booth": 0 servers; it takes 1 to 64`, func(l *Layout) { l.Stops[1].Servers = 0 }},
		{`stop "exit booth": 65 servers; it takes 1 to 64`, func(l *Layout) { l.Stops[1].Servers = 65 }},
		{`stop "exit booth": unknown post`, func(l *Layout) { l.Stops[1].Post = 9 }},
		{`stop "exit booth": never has staff`, func(l *Layout) { l.Stops[1].Staff = border.Always(0) }},
		{`stop "exit booth": the calendar has no time zone`, func(l *Layout) { l.Stops[1].Staff = &border.Calendar{Outside: 1} }},

		{"no procedure; it needs at least one", func(l *Layout) { l.Procedures = nil }},
		{"no procedure in force runs from VN to KH", func(l *Layout) { l.Procedures[1].Suspended = true }},
		{`procedure "goods": unknown direction`, func(l *Layout) { l.Procedures[0].Direction = 2 }},
		{`procedure "empties": its fallback must be a procedure of the same direction`, func(l *Layout) { l.Procedures[1].Fallback = 0 }},
		{`procedure "goods": has no legs`, func(l *Layout) { l.Procedures[0].Legs = nil }},
		{`procedure "goods": leg 1: has 0 places`, func(l *Layout) { l.Procedures[0].Legs[0].Places = nil }},
		{`procedure "goods": leg 1: unknown place`, func(l *Layout) { l.Procedures[0].Legs[0].Places[0] = 7 }},
		{`procedure "goods": leg 2: names "lane 1" twice in a row`, func(l *Layout) { l.Procedures[0].Legs[1].Places[1] = 2 }},
		{`procedure "goods": leg 2: names "zone" twice in a row`, func(l *Layout) { l.Procedures[0].Legs[1].Places[1] = 1 }},
		{`procedure "goods": leg 2: mixes "lane 1" and "bridge"`, func(l *Layout) { l.Procedures[0].Legs[1].Places[1] = 4 }},
		{`procedure "empties": leg 1: place "zone" does not serve VN to KH`, func(l *Layout) { l.Procedures[1].Legs[0].Places[0] = 1 }},
		{`procedure "empties": leg 1: every lane starts in the other direction`, func(l *Layout) { l.Places[6].Tidal, l.Places[6].Directions = true, 1 }},
		{`procedure "goods": leg 3: only lanes and other work places have alternatives; "bridge" stands beside "ford"`, func(l *Layout) {
			l.Places = append(l.Places, Place{Name: "ford", Kind: NeutralZone, Directions: 3})
			l.Procedures[0].Legs[2].Places = []PlaceID{4, 7}
		}},
		{`procedure "goods": starts on "bridge", a way`, func(l *Layout) { l.Procedures[0].Legs = l.Procedures[0].Legs[2:] }},

		{`procedure "goods": step 1: its leg is not one of lanes`, func(l *Layout) { l.Procedures[0].Steps[0].Leg = 0 }},
		{`procedure "goods": step 2: stands before the step ahead of it`, func(l *Layout) {
			s := l.Procedures[0].Steps
			s[0], s[1] = s[1], s[0]
		}},
		{`procedure "goods": step 1: names 1 stops for 2 lanes`, func(l *Layout) { l.Procedures[0].Steps[0].Stops = []StopID{1} }},
		{`procedure "goods": step 2: unknown stop`, func(l *Layout) { l.Procedures[0].Steps[1].Stops[0] = 3 }},
		{`procedure "goods": step 2: is for referred visits only and must name the formalities`, func(l *Layout) {
			l.Procedures[0].Steps[1].Formalities, l.Procedures[0].Steps[1].OnReferral = 0, true
		}},
		{`procedure "goods": step 2: unknown formality`, func(l *Layout) { l.Procedures[0].Steps[1].Formalities = 4 }},
		{`procedure "goods": step 2: exit customs is done at an earlier step`, func(l *Layout) { l.Procedures[0].Steps[1].Formalities = 3 }},
		{`procedure "goods": step 2: exit customs is an exit formality after entry customs, an entry formality`, func(l *Layout) {
			l.Procedures[0].Steps[0].Formalities, l.Procedures[0].Steps[1].Formalities = 2, 1
		}},
		{`procedure "goods": step 2: a coach waits there for its passengers`, func(l *Layout) { l.Procedures[0].Steps[1].Rejoin = true }},
		{`procedure "goods": step 2: a coach waits there for its passengers`, func(l *Layout) { l.Procedures[0].Steps[1] = Step{Leg: 3, Rejoin: true, Formalities: 2} }},

		{"no policy; it needs at least one", func(l *Layout) { l.Policies = nil }},
		{`policy "first come": priorities need an ageing time`, func(l *Layout) { l.Policies[0].Priorities = []Priority{{Class: 1}} }},
		{`policy "first come": priority class 0; it takes 1 to 1000`, func(l *Layout) {
			l.Policies[0].Priorities, l.Policies[0].Ageing = []Priority{{}}, border.Hour
		}},
		{`policy "first come": ageing, slot length and grace take 0 to 366 days`, func(l *Layout) { l.Policies[0].Ageing = long }},
		{`policy "first come": slots need a quota`, func(l *Layout) { l.Policies[0].Slots.Length = border.Hour }},
		{`policy "first come": a slot takes a quota of at most`, func(l *Layout) { l.Policies[0].Slots.OverbookPermille = 20_000 }},
		{`policy "first come": slot length, quota, overbooking and grace cannot be negative`, func(l *Layout) { l.Policies[0].Slots.Grace = -1 }},
	} {
		l := twoPosts()
		c.change(l)
		if err := l.Compile(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("the error is %v; it should say %q", err, c.want)
		}
	}
}

func TestCompileTakesTheMostThatFits(t *testing.T) {
	l := twoPosts()
	l.Formalities = append(l.Formalities, make([]Formality, maxFormalities-2)...)
	l.Posts = append(l.Posts, make([]Post, maxPosts-2)...)
	l.Stops[1].Servers = MaxServers
	l.Places[1].Capacity, l.Places[1].CallGrace, l.Places[1].CallTries = maxCapacity, maxSpan, 1
	l.Policies[0] = Policy{Ageing: maxSpan, Priorities: []Priority{{Class: 1000}}, Slots: Slots{Length: maxSpan, Quota: maxCapacity, OverbookPermille: 10_000, Grace: maxSpan}}
	for len(l.Procedures[0].Legs[1].Places) < maxLegPlaces {
		l.Places = append(l.Places, Place{Name: "lane", Kind: Lane, Directions: 1})
		l.Procedures[0].Legs[1].Places = append(l.Procedures[0].Legs[1].Places, PlaceID(len(l.Places)-1))
		l.Procedures[0].Steps[0].Stops = append(l.Procedures[0].Steps[0].Stops, 1)
	}
	if err := l.Compile(); err != nil {
		t.Error(err)
	}
	l.Procedures[0].Legs[1].Places = append(l.Procedures[0].Legs[1].Places, 2)
	if err := l.Compile(); err == nil || !strings.Contains(err.Error(), "has 65 places; it takes 1 to 64") {
		t.Error(err)
	}
}

// chain is a layout whose procedures run along the given places, each a bay of
// room for one unless changed.
func chain(places string, routes ...string) *Layout {
	l := &Layout{
		Directions: []Way{{"A", "B"}, {"B", "A"}}, Posts: []Post{{}}, Openings: []Opening{{}},
		Places: []Place{{}}, Stops: []Stop{{}, {Name: "desk", Servers: 1}}, Policies: []Policy{{Name: "rule"}},
	}
	kinds := map[byte]PlaceKind{'h': WaitingZone, 'b': Bay, 'w': NeutralZone}
	byName := map[string]PlaceID{}
	for name := range strings.FieldsSeq(places) {
		byName[name] = PlaceID(len(l.Places))
		l.Places = append(l.Places, Place{Name: name, Kind: kinds[name[0]], Directions: 3, Capacity: 1})
	}
	for i, route := range routes {
		p := Procedure{Name: route, Fallback: ProcedureID(i)}
		if strings.HasPrefix(route, "back ") {
			p.Direction = 1
		}
		for stretch := range strings.FieldsSeq(strings.TrimPrefix(route, "back ")) {
			var leg Leg
			var stops []StopID
			for name := range strings.SplitSeq(stretch, "|") {
				leg.Places, stops = append(leg.Places, byName[name]), append(stops, 1)
			}
			if l.Places[leg.Places[0]].Kind.Work() {
				p.Steps = append(p.Steps, Step{Leg: len(p.Legs), Stops: stops})
			}
			p.Legs = append(p.Legs, leg)
		}
		l.Procedures = append(l.Procedures, p)
	}
	return l
}

func TestCompileNamesTheCircle(t *testing.T) {
	far := func(l *Layout) { l.Places[2].EachWay = true }
	for _, c := range []struct {
		name   string
		layout *Layout
		change func(l *Layout)
		circle string // none if empty
	}{
		{"two bays used from both ends", chain("b1 b2", "b1 b2", "back b2 b1"), nil, "b1 → b2 → b1"},
		{"room for each direction breaks it", chain("b1 b2", "b1 b2", "back b2 b1"), far, ""},
		{"room for any number breaks it", chain("b1 b2", "b1 b2", "back b2 b1"), func(l *Layout) { l.Places[1].Capacity = 0 }, ""},
		{"a way between does not help", chain("b1 w b2", "b1 w b2", "back b2 w b1"), nil, "b1 → b2 → b1"},
		{"a shared way alone is no circle", chain("b1 w b2 b3 b4", "b1 w b2", "back b3 w b4"), nil, ""},
		{"three places, two procedures each way", chain("h1 h2 h3", "h1 h2", "h2 h3", "back h3 h1"), nil, "h1 → h2 → h3 → h1"},
		{"a stop that some skip", chain("b1 b2 b3", "b1 b2 b3", "back b3 b1"), func(l *Layout) {
			l.Formalities = []Formality{{Name: "check"}}
			l.Places[2].Capacity = 0
			l.Procedures[0].Steps[1].Formalities, l.Procedures[0].Steps[1].OnReferral = 1, true
		}, "b1 → b3 → b1"},
		{"everybody stops where there is room", chain("b1 b2 b3", "b1 b2 b3", "back b3 b1"), func(l *Layout) { l.Places[2].Capacity = 0 }, ""},
		{"a tidal lane holds one direction at a time", chain("b1 b2 b3 b4", "b1|b3 b2", "back b2 b1|b4"), func(l *Layout) {
			l.Places[1].Tidal, l.Places[1].Directions = true, 1
			l.Places[2].EachWay = true
		}, ""},
		{"strict order holds up who could go on", chain("hA hB hC bX bZ", "hB bZ", "hC bX|bZ", "bZ hA bX", "back bX"), func(l *Layout) { l.Policies[0].Strict = true }, "hA → bZ → hA"},
		{"without strict order they go on", chain("hA hB hC bX bZ", "hB bZ", "hC bX|bZ", "bZ hA bX", "back bX"), nil, ""},
		{"a coach where its passengers walk", chain("b1 b2", "b1 b2", "back b2"), func(l *Layout) {
			l.Procedures[0].Steps = append(l.Procedures[0].Steps, Step{Leg: 1, Rejoin: true})
		}, "b1 → b2 → b1"},
		{"passengers who walk elsewhere", chain("b1 b2 b3", "b1 b2", "back b2", "b3"), func(l *Layout) {
			l.Procedures[0].Steps = append(l.Procedures[0].Steps, Step{Leg: 1, Rejoin: true})
			l.Procedures[0].Accepts.Refused = border.OnFoot
		}, ""},
		{"passengers stuck in single file behind vehicles", chain("b1 b2 b3", "b3 b2", "back b1", "b3"), func(l *Layout) {
			l.Procedures[0].Steps = append(l.Procedures[0].Steps, Step{Leg: 1, Rejoin: true})
			l.Procedures[0].Accepts.Refused = border.OnFoot
			l.Places[3].Capacity, l.Places[3].SingleFile = 0, true
		}, "b2 → b3 → b2"},
	} {
		if c.change != nil {
			c.change(c.layout)
		}
		err := c.layout.Compile()
		switch {
		case c.circle == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.circle != "" && (err == nil || !strings.Contains(err.Error(), "for ever: ") || !sameCircle(err.Error(), c.circle)):
			t.Errorf("%s: the error is %v; it should name %s", c.name, err, c.circle)
		}
	}
}

// sameCircle reports whether a message names the circle, wherever it begins.
func sameCircle(message, circle string) bool {
	names := strings.Split(circle, " → ")
	names = names[:len(names)-1]
	for range names {
		names = append(names[1:], names[0])
		if strings.Contains(message, ": "+strings.Join(append(slices.Clip(names), names[0]), " → ")+";") {
			return true
		}
	}
	return false
}
