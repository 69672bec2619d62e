package gate

import (
	"time"

	"landport/border"
)

// Formalities of the layouts the shift logs use.
const (
	exitImmigration FormalitySet = 1 << iota
	exitCustoms
	entryImmigration
	entryCustoms
	entryQuarantine // for who is referred
)

// The two ways, as indices and as bits.
const (
	outward, homeward         Direction = 0, 1
	runsOut, runsHome, runsTo uint8     = 1, 2, 3
)

// layoutNamed returns one of the crossing points the shift logs are set in,
// between Bavet and Moc Bai. Figures are assumed.
func (s *shift) layoutNamed(name string) *Layout {
	build := map[string]func() *Layout{
		"two stops":      twoStops,
		"pager":          withPager,
		"opening hours":  withHours,
		"roster":         withRoster,
		"dossier desk":   dossierDesk,
		"joint stop":     jointStop,
		"single stop":    singleStop,
		"both ways":      bothWays,
		"tidal lanes":    tidalLanes,
		"passenger hall": passengerHall,
		"transshipment":  transshipment,
		"road full":      roadFull,
		"mixed lanes":    mixedLanes,
	}[name]
	if build == nil {
		s.fatalf("no layout %q", name)
	}
	return build()
}

// site is what all layouts share; it runs one way.
func site() *Layout {
	zone := time.FixedZone("ICT", 7*3600)
	return &Layout{
		Name:       "Bavet and Moc Bai",
		Directions: []Way{{"KH", "VN"}},
		Posts:      []Post{{"Bavet", "KH", zone}, {"Moc Bai", "VN", zone}},
		Openings:   make([]Opening, 1),
		Formalities: []Formality{
			{Name: "exit immigration", Agency: border.Immigration, Country: "KH", Subject: border.Person, Side: border.Exit},
			{Name: "exit customs", Agency: border.Customs, Country: "KH", Subject: border.Goods, Side: border.Exit},
			{Name: "entry immigration", Agency: border.Immigration, Country: "VN", Subject: border.Person, Side: border.Entry},
			{Name: "entry customs", Agency: border.Customs, Country: "VN", Subject: border.Goods, Side: border.Entry},
			{Name: "entry quarantine", Agency: border.PlantQuarantine, Country: "VN", Subject: border.Goods, Side: border.Entry},
		},
		Places: make([]Place, 1),
		Stops:  make([]Stop, 1),
		Policies: []Policy{
			{Name: "shared lanes"},
			{Name: "first come", Strict: true},
			{Name: "ready first", ReadyFirst: true},
			{Name: "perishables first", Ageing: 30 * border.Minute, Priorities: []Priority{{border.Among(border.Perishable), 1}}},
			{Name: "hourly slots", Slots: Slots{Length: border.Hour, Quota: 2, OverbookPermille: 500, Grace: 15 * border.Minute, MaxRebook: 1}},
		},
	}
}

// siteBothWays is a site that also serves who goes home.
func siteBothWays() *Layout {
	l := site()
	l.Directions = append(l.Directions, Way{"VN", "KH"})
	return l
}

func (l *Layout) addPlace(p Place) PlaceID {
	if p.Directions == 0 {
		p.Directions = runsOut
	}
	l.Places = append(l.Places, p)
	return PlaceID(len(l.Places) - 1)
}

func (l *Layout) addStop(s Stop) StopID {
	s.Servers = max(s.Servers, 1)
	l.Stops = append(l.Stops, s)
	return StopID(len(l.Stops) - 1)
}

func route(legs ...[]PlaceID) (out []Leg) {
	for _, places := range legs {
		out = append(out, Leg{places})
	}
	return out
}

// here is a leg of these places.
func here(places ...PlaceID) []PlaceID { return places }

// each is the same stop for n lanes.
func each(s StopID, n int) (out []StopID) {
	for range n {
		out = append(out, s)
	}
	return out
}

// twoStops is the sequence of today: exit on one side, the bridge, entry on the
// other; an examination for who is referred.
func twoStops() *Layout {
	l := site()
	zone := l.addPlace(Place{Name: "waiting zone", Kind: WaitingZone})
	lane1 := l.addPlace(Place{Name: "export lane 1", Kind: Lane, Capacity: 1})
	lane2 := l.addPlace(Place{Name: "export lane 2", Kind: Lane, Capacity: 1, Accepts: border.Predicate{Refused: border.Dangerous}})
	bridge := l.addPlace(Place{Name: "bridge", Kind: NeutralZone, Capacity: 4})
	entry := l.addPlace(Place{Name: "entry lane", Kind: Lane, Post: 1, Capacity: 2})
	bay := l.addPlace(Place{Name: "examination bay", Kind: Bay, Post: 1, Capacity: 1})
	exit := l.addStop(Stop{Name: "exit desk", Agency: border.Customs, Servers: 2})
	desk := l.addStop(Stop{Name: "entry desk", Post: 1, Agency: border.Customs})
	exam := l.addStop(Stop{Name: "quarantine officer", Post: 1, Agency: border.PlantQuarantine})
	l.Procedures = []Procedure{{
		Name:      "two-stop procedure",
		Direction: outward,
		Legs:      route(here(zone), here(lane1, lane2), here(bridge), here(entry), here(bay)),
		Steps: []Step{
			{Leg: 1, Stops: each(exit, 2), Formalities: exitImmigration | exitCustoms},
			{Leg: 3, Stops: each(desk, 1), Formalities: entryImmigration | entryCustoms},
			{Leg: 4, Stops: each(exam, 1), Formalities: entryQuarantine, OnReferral: true},
		},
	}}
	return l
}

func withPager() *Layout {
	l := twoStops()
	zone := &l.Places[1]
	zone.Pager, zone.CallGrace, zone.CallTries = true, 10*border.Minute, 2
	return l
}

// withHours is twoStops with Bavet open 06:00 to 18:00, last admission 17:30.
func withHours() *Layout {
	l := twoStops()
	hours := &border.Calendar{Zone: l.Posts[0].Zone}
	for d := range hours.Week {
		hours.Week[d] = []border.Span{{From: 6 * 60, To: 17*60 + 30, Level: Admitting}, {From: 17*60 + 30, To: 18 * 60, Level: Finishing}}
	}
	l.Openings = append(l.Openings, Opening{Name: "Bavet hours", Hours: hours})
	l.Places[2].Opening, l.Places[3].Opening = 1, 1
	return l
}

// withRoster is twoStops with one officer in the morning, nobody from 08:00 to
// 08:30, and two after.
func withRoster() *Layout {
	l := twoStops()
	roster := &border.Calendar{Zone: l.Posts[0].Zone}
	for d := range roster.Week {
		roster.Week[d] = []border.Span{{From: 6 * 60, To: 8 * 60, Level: 1}, {From: 8*60 + 30, To: 14 * 60, Level: 2}}
	}
	l.Stops[1].Staff = roster
	return l
}

// dossierDesk is twoStops with a desk that takes ready dossiers only.
func dossierDesk() *Layout {
	l := twoStops()
	l.Stops[1].Dossier, l.Stops[1].Servers = true, 1
	l.Places[2].Capacity = 3
	return l
}

// jointStop has both countries' officers act at one stop.
func jointStop() *Layout {
	l := site()
	zone := l.addPlace(Place{Name: "waiting zone", Kind: WaitingZone})
	area := l.addPlace(Place{Name: "common control area", Kind: CommonControl, Post: 1, Capacity: 2})
	joint := l.addStop(Stop{Name: "joint desk", Post: 1, Agency: border.Customs})
	l.Procedures = []Procedure{{
		Name: "joint procedure", Direction: outward, Legs: route(here(zone), here(area)),
		Steps: []Step{{Leg: 1, Stops: each(joint, 1), Formalities: exitImmigration | exitCustoms | entryImmigration | entryCustoms}},
	}}
	return l
}

// singleStop has everything done in the area on Moc Bai's soil, officers of
// Bavet visiting; the two-stop procedure takes over when it is suspended.
func singleStop() *Layout {
	l := site()
	zone := l.addPlace(Place{Name: "waiting zone", Kind: WaitingZone})
	lane := l.addPlace(Place{Name: "export lane", Kind: Lane, Capacity: 1})
	bridge := l.addPlace(Place{Name: "bridge", Kind: NeutralZone, Capacity: 4})
	area := l.addPlace(Place{Name: "common control area", Kind: CommonControl, Post: 1, Capacity: 4, SingleFile: true})
	bavet := l.addStop(Stop{Name: "exit desk at Bavet", Agency: border.Customs})
	visiting := l.addStop(Stop{Name: "visiting exit desk", Agency: border.Customs})
	entry := l.addStop(Stop{Name: "entry desk", Post: 1, Agency: border.Customs})
	entering := Step{Leg: 2, Stops: each(entry, 1), Formalities: entryImmigration | entryCustoms}
	twice := entering
	twice.Leg = 3
	l.Procedures = []Procedure{{
		Name: "single-stop procedure", Direction: outward, Fallback: 1, Legs: route(here(zone), here(bridge), here(area)),
		Steps: []Step{{Leg: 2, Stops: each(visiting, 1), Formalities: exitImmigration | exitCustoms}, entering},
	}, {
		Name: "two-stop procedure", Direction: outward, Fallback: 1, Legs: route(here(zone), here(lane), here(bridge), here(area)),
		Steps: []Step{{Leg: 1, Stops: each(bavet, 1), Formalities: exitImmigration | exitCustoms}, twice},
	}}
	return l
}

// bothWays is twoStops with a lane for who goes home.
func bothWays() *Layout {
	l := twoStops()
	l.Directions = append(l.Directions, Way{"VN", "KH"})
	l.Formalities = append(l.Formalities,
		Formality{Name: "homeward exit", Agency: border.Customs, Country: "VN", Side: border.Exit},
		Formality{Name: "homeward entry", Agency: border.Customs, Country: "KH", Side: border.Entry})
	lane := l.addPlace(Place{Name: "homeward lane", Kind: Lane, Post: 1, Capacity: 2, Directions: runsHome})
	import1 := l.addPlace(Place{Name: "import lane", Kind: Lane, Capacity: 2, Directions: runsHome})
	out := l.addStop(Stop{Name: "homeward exit desk", Post: 1, Agency: border.Customs})
	in := l.addStop(Stop{Name: "import desk", Agency: border.Customs})
	l.Procedures = append(l.Procedures, Procedure{
		Name: "homeward procedure", Direction: homeward, Fallback: 1, Legs: route(here(lane), here(import1)),
		Steps: []Step{{Leg: 0, Stops: each(out, 1), Formalities: 1 << 5}, {Leg: 1, Stops: each(in, 1), Formalities: 1 << 6}},
	})
	return l
}

// tidalLanes has three lanes that can be turned.
func tidalLanes() *Layout {
	l := siteBothWays()
	out := l.addPlace(Place{Name: "Bavet approach", Kind: Approach})
	home := l.addPlace(Place{Name: "Moc Bai approach", Kind: Approach, Post: 1, Directions: runsHome})
	lanes := here(
		l.addPlace(Place{Name: "lane 1", Kind: Lane, Capacity: 1, Tidal: true}),
		l.addPlace(Place{Name: "lane 2", Kind: Lane, Capacity: 1, Tidal: true}),
		l.addPlace(Place{Name: "lane 3", Kind: Lane, Capacity: 1, Tidal: true, Directions: runsHome}))
	booth := l.addStop(Stop{Name: "booth", Agency: border.Immigration, Servers: 3})
	for d, start := range []PlaceID{out, home} {
		l.Procedures = append(l.Procedures, Procedure{
			Name: []string{"outward passage", "homeward passage"}[d], Direction: Direction(d), Fallback: ProcedureID(d),
			Legs: route(here(start), lanes), Steps: []Step{{Leg: 1, Stops: each(booth, 3)}},
		})
	}
	return l
}

// passengerHall has coaches wait for passengers who are cleared on foot.
func passengerHall() *Layout {
	l := site()
	lane := l.addPlace(Place{Name: "coach lane", Kind: Lane})
	hall := l.addPlace(Place{Name: "hall", Kind: Bay})
	coaches := l.addStop(Stop{Name: "coach desk", Agency: border.Customs})
	windows := l.addStop(Stop{Name: "window", Agency: border.Immigration, Servers: 2})
	l.Procedures = []Procedure{{
		Name: "coach procedure", Direction: outward, Accepts: border.Predicate{Required: border.Coach}, Legs: route(here(lane)),
		Steps: []Step{{Leg: 0, Stops: each(coaches, 1), Formalities: exitCustoms}, {Leg: 0, Rejoin: true}},
	}, {
		Name: "persons on foot", Direction: outward, Accepts: border.Only(border.OnFoot), Legs: route(here(hall)), Fallback: 1,
		Steps: []Step{{Leg: 0, Stops: each(windows, 1), Formalities: exitImmigration}},
	}}
	return l
}

// transshipment has trucks without the right to go on hand their trailers over.
func transshipment() *Layout {
	l := siteBothWays()
	lane := l.addPlace(Place{Name: "export lane", Kind: Lane, Capacity: 1})
	yard := l.addPlace(Place{Name: "transshipment yard", Kind: Transshipment, Post: 1, Capacity: 6, EachWay: true, Directions: runsTo})
	exit := l.addStop(Stop{Name: "exit desk", Agency: border.Customs})
	crew := l.addStop(Stop{Name: "yard crew", Post: 1, Agency: border.Operator, Servers: 4})
	l.Procedures = []Procedure{{
		Name: "delivery to the line", Direction: outward, Legs: route(here(lane), here(yard)),
		Steps: []Step{{Leg: 0, Stops: each(exit, 1), Formalities: exitCustoms}, {Leg: 1, Stops: each(crew, 1)}},
	}, {
		Name: "collection at the line", Direction: homeward, Legs: route(here(yard)), Fallback: 1,
		Steps: []Step{{Leg: 0, Stops: each(crew, 1)}},
	}}
	return l
}

// roadFull is twoStops with a waiting zone of two that turns the next away.
func roadFull() *Layout {
	l := twoStops()
	l.Places[1].Capacity, l.Places[1].TurnAway = 2, true
	return l
}

// mixedLanes has a lane for everybody and one that takes only empty trucks.
func mixedLanes() *Layout {
	l := twoStops()
	l.Places[3].Accepts = border.Predicate{Required: border.Empty}
	return l
}
