package gate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"landport/border"
)

// monday is 2018-03-05 00:00 in Phnom Penh, where the tests' days begin.
const monday = border.Time(1_520_182_800_000_000)

// traffic lists the kinds of visit that the random tests know.
var traffic = []border.Traits{
	border.Laden | border.ArticulatedTruck, border.Empty | border.RigidTruck, border.Laden | border.Perishable | border.RigidTruck,
	border.Coach, border.Car, border.OnFoot | border.BorderPass, border.Laden | border.Dangerous | border.LocalOnly,
}

// dice throws a number from lo to hi; what says what for.
type dice func(what string, lo, hi int) int

// drawn are dice whose throws rapid makes smaller when a test fails.
func drawn(t *rapid.T) dice {
	return func(what string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, what) }
}

// seeded are even dice: rapid's prefer small numbers, and so plain layouts.
func seeded(seed uint64) dice {
	r := rand.New(rand.NewPCG(seed, 1))
	return func(_ string, lo, hi int) int { return lo + r.IntN(hi-lo+1) }
}

// upTo throws a span of time.
func (d dice) upTo(most border.Micros) border.Micros {
	return border.Micros(d("seconds", 0, int(most/border.Second))) * border.Second
}

// layoutMaker draws a layout piece by piece.
type layoutMaker struct {
	dice   dice
	l      *Layout
	shared map[string]PlaceID // places that both directions use
}

// drawLayout returns a random layout that Compile accepts. Where visits could
// wait for each other for ever, the directions get capacities of their own, or
// nothing but the ways is bounded.
func drawLayout(throw dice) *Layout {
	zone := time.FixedZone("ICT", 7*3600)
	m := layoutMaker{dice: throw, shared: map[string]PlaceID{}, l: &Layout{
		Name:       "random",
		Directions: []Way{{"KH", "VN"}, {"VN", "KH"}}[:throw("directions", 1, 2)],
		Posts:      []Post{{"Bavet", "KH", zone}, {"Moc Bai", "VN", zone}},
		Openings:   []Opening{{}},
		Places:     []Place{{}},
		Stops:      []Stop{{}},
		Formalities: []Formality{
			{Name: "exit customs", Side: border.Exit}, {Name: "exit immigration", Side: border.Exit, Subject: border.Person},
			{Name: "entry customs", Side: border.Entry}, {Name: "entry immigration", Side: border.Entry, Subject: border.Person},
			{Name: "quarantine", Side: border.Entry},
		},
	}}
	l := m.l
	for range m.dice("openings", 0, 2) {
		l.Openings = append(l.Openings, m.opening(zone))
	}
	for d := range l.Directions {
		m.direction(Direction(d))
	}
	for range m.dice("policies", 1, 3) {
		l.Policies = append(l.Policies, m.policy())
	}
	locksUp := func(err error) bool { return err != nil && strings.Contains(err.Error(), "for ever") }
	err := l.Compile()
	if locksUp(err) {
		for i := range l.Places {
			l.Places[i].EachWay = true
		}
		err = l.Compile()
	}
	if locksUp(err) {
		for i := range l.Places {
			if !l.Places[i].Kind.Way() {
				l.Places[i].Capacity, l.Places[i].SingleFile = 0, false
			}
		}
		err = l.Compile()
	}
	if err != nil {
		panic(fmt.Sprintf("%v\n%+v", err, l))
	}
	return l
}

func (m *layoutMaker) chance(what string, percent int) bool {
	return m.dice(what, 0, 99) >= 100-percent
}

func (m *layoutMaker) opening(zone *time.Location) Opening {
	c := &border.Calendar{Zone: zone}
	from, until := m.dice("opens", 4, 9), m.dice("closes", 15, 26)
	for day := range c.Week {
		c.Week[day] = border.WithLastAdmission([]border.Span{{From: from * 60, To: until*60 - 150, Level: Admitting}}, border.Hour)
	}
	return Opening{Name: "day", Post: PostID(m.dice("post", 0, 1)), Hours: c}
}

func (m *layoutMaker) policy() Policy {
	p := Policy{Name: "some", Strict: m.chance("strict", 25), ReadyFirst: m.chance("ready first", 30)}
	if m.chance("priorities", 40) {
		p.Ageing = border.Micros(m.dice("ageing", 1, 60)) * border.Minute
		p.Priorities = []Priority{{border.Among(border.Perishable), 3}, {border.Among(border.Coach), 1}}
	}
	if m.chance("slots", 30) {
		p.Slots = Slots{Length: 30 * border.Minute, Quota: 2, OverbookPermille: 500, Grace: 15 * border.Minute, MaxRebook: 1}
	}
	return p
}

// direction draws the route of one direction and one or two procedures on it;
// the second may start further on.
func (m *layoutMaker) direction(d Direction) {
	legs := m.route(d)
	id := ProcedureID(len(m.l.Procedures))
	m.l.Procedures = append(m.l.Procedures, Procedure{
		Name: fmt.Sprint("goods ", d), Direction: d, Legs: legs, Steps: m.steps(legs), Fallback: id,
	})
	if m.chance("second procedure", 60) {
		if m.chance("starts further on", 40) {
			legs = m.rest(legs)
		}
		q := Procedure{Name: fmt.Sprint("other ", d), Direction: d, Legs: legs, Steps: m.steps(legs), Fallback: id}
		if m.chance("for some", 50) {
			some := traffic[m.dice("which", 0, len(traffic)-1)] & border.VehicleType.Mask()
			q.Accepts.Refused = some
			m.l.Procedures[id].Accepts = border.Only(some)
		}
		m.l.Procedures = append(m.l.Procedures, q)
		if m.chance("falls back on it", 50) {
			m.l.Procedures[id].Fallback = id + 1
		}
	}
	if m.chance("passengers walk", 40) {
		m.walk(d)
	}
}

// rest returns a route from some later hold or work place on that still has
// work on it.
func (m *layoutMaker) rest(legs []Leg) []Leg {
	for i := m.dice("from", 0, len(legs)-1); i >= 0; i-- {
		if !m.l.Places[legs[i].Places[0]].Kind.Way() && len(m.work(legs[i:])) > 0 {
			return legs[i:]
		}
	}
	return legs
}

// work lists the legs where formalities can be done.
func (m *layoutMaker) work(legs []Leg) (at []int) {
	for i, leg := range legs {
		if m.l.Places[leg.Places[0]].Kind.Work() {
			at = append(at, i)
		}
	}
	return at
}

// walk gives coaches a place to wait for their passengers, who pass a hall.
func (m *layoutMaker) walk(d Direction) {
	for i := range m.l.Procedures {
		if p := &m.l.Procedures[i]; p.Direction == d {
			p.Accepts.Refused |= border.OnFoot
			p.Steps = append(p.Steps, Step{Leg: p.Steps[len(p.Steps)-1].Leg, Rejoin: true})
		}
	}
	hall, stop := m.place(d, Bay, "hall"), m.stop()
	if legs := m.l.Procedures[len(m.l.Procedures)-1].Legs; m.chance("through the vehicles", 30) {
		work := m.work(legs)
		hall = legs[work[m.dice("which", 0, len(work)-1)]].Places[0]
	}
	m.l.Procedures = append(m.l.Procedures, Procedure{
		Name: fmt.Sprint("on foot ", d), Direction: d, Accepts: border.Only(border.OnFoot), Legs: []Leg{{[]PlaceID{hall}}},
		Steps:    []Step{{Leg: 0, Stops: []StopID{stop}, Formalities: 1 << 1}, {Leg: 0, Stops: []StopID{stop}, Formalities: 1 << 3}},
		Fallback: ProcedureID(len(m.l.Procedures)),
	})
}

func (m *layoutMaker) route(d Direction) []Leg {
	var legs []Leg
	add := func(places ...PlaceID) { legs = append(legs, Leg{places}) }
	if m.chance("approach", 85) {
		add(m.place(d, Approach, "approach"))
	}
	posts := []int{0, 1}[:m.dice("posts", 1, 2)]
	if d == 1 {
		slices.Reverse(posts) // the other direction meets them the other way round
	}
	for _, post := range posts {
		if m.chance("zone", 50) {
			if m.chance("escort", 30) && len(legs) > 0 {
				add(m.place(d, EscortLeg, fmt.Sprint("escort ", post)))
			}
			add(m.place(d, WaitingZone, fmt.Sprint("zone ", post)))
		}
		add(m.lanes(d, fmt.Sprint("lane ", post))...)
		if m.chance("bay", 40) {
			add(m.place(d, Bay, fmt.Sprint("bay ", post)))
		}
		for _, way := range []string{"bridge", "road"}[:m.dice("ways", 0, 2)] {
			add(m.place(d, NeutralZone, fmt.Sprint(way, " ", post)))
		}
	}
	return legs
}

// place draws a place, which the other direction may come to share.
func (m *layoutMaker) place(d Direction, k PlaceKind, name string) PlaceID {
	if id, ok := m.shared[name]; ok && (k == NeutralZone || m.chance("shared", 60)) {
		m.l.Places[id].Directions |= 1 << d
		return id
	}
	id := PlaceID(len(m.l.Places))
	p := Place{Name: fmt.Sprint(name, " ", d), Kind: k, Directions: 1 << d, Post: PostID(m.dice("holder", 0, 1))}
	if m.chance("bounded", 75) {
		p.Capacity = int32(m.dice("capacity", 1, 4))
	}
	p.EachWay = m.chance("each way", 30)
	p.SingleFile = m.chance("single file", 25)
	if k.Hold() {
		p.TurnAway = m.chance("turn away", 20)
		if p.Pager = m.chance("pager", 40); p.Pager && m.chance("grace", 70) {
			p.CallGrace = border.Micros(m.dice("grace", 5, 20)) * border.Minute
			p.CallTries = uint8(m.dice("tries", 0, 3))
		}
	}
	if k.Work() {
		p.Opening = OpeningID(m.dice("hours", 0, len(m.l.Openings)-1))
	}
	m.l.Places = append(m.l.Places, p)
	m.shared[name] = id
	return id
}

// lanes draws one to three lanes side by side; the first takes everybody and
// is not tidal.
func (m *layoutMaker) lanes(d Direction, name string) (ids []PlaceID) {
	tidal := fmt.Sprint(name, " tidal")
	other, both := m.shared[tidal]
	for i := range m.dice("lanes", 1, 3) {
		if both && i > 0 && m.l.Places[other].Directions != 1<<d {
			ids = append(ids, other)
			both = false
			continue
		}
		id := PlaceID(len(m.l.Places))
		p := Place{Name: fmt.Sprint(name, ".", i, " ", d), Kind: Lane, Directions: 1 << d, Capacity: int32(m.dice("lane capacity", 0, 3))}
		p.SingleFile = m.chance("single file lane", 40)
		p.Opening = OpeningID(m.dice("lane hours", 0, len(m.l.Openings)-1))
		if i > 0 {
			if p.Tidal = m.chance("tidal", 30); p.Tidal {
				m.shared[tidal] = id
			} else if m.chance("predicate", 50) {
				p.Accepts.Refused = traffic[m.dice("lane refuses", 0, len(traffic)-1)]
			}
			p.Shut = m.chance("shut", 15)
		}
		m.l.Places = append(m.l.Places, p)
		ids = append(ids, id)
	}
	return ids
}

func (m *layoutMaker) stop() StopID {
	s := Stop{Name: fmt.Sprint("stop ", len(m.l.Stops)), Servers: int32(m.dice("servers", 1, 3))}
	s.Dossier = m.chance("dossier", 20)
	if m.chance("shifts", 25) {
		c := &border.Calendar{Zone: m.l.Posts[0].Zone}
		for day := range c.Week {
			c.Week[day] = []border.Span{{From: 360, To: 720, Level: m.dice("staff", 1, 3)}, {From: 780, To: 1320, Level: 1}}
		}
		s.Staff = c
	}
	m.l.Stops = append(m.l.Stops, s)
	return StopID(len(m.l.Stops) - 1)
}

// steps spreads the formalities over the work places: exit, then entry, perhaps
// the last of one and the first of the other at one stop.
func (m *layoutMaker) steps(legs []Leg) (steps []Step) {
	work := m.work(legs)
	groups := []FormalitySet{1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 4}
	switch m.dice("mode", 0, 4) {
	case 0:
		groups = []FormalitySet{1<<0 | 1<<1, 1<<2 | 1<<3, 1 << 4}
	case 1:
		groups = []FormalitySet{1 << 1, 1<<0 | 1<<2, 1 << 3, 1 << 4}
	case 2:
		groups = []FormalitySet{0, 0}
	case 3:
		groups = []FormalitySet{1<<0 | 1<<1, 1 << 4}
	}
	at := 0
	for i, g := range groups {
		at = max(at, m.dice("leg", 0, len(work)-1))
		if i == len(groups)-1 && m.chance("to the end", 30) {
			at = len(work) - 1
		}
		st := Step{Leg: work[at], Formalities: g, OnReferral: g != 0 && m.chance("on referral", 25)}
		stop := m.stop()
		for range legs[work[at]].Places {
			if m.chance("own booth", 50) {
				stop = m.stop()
			}
			st.Stops = append(st.Stops, stop)
		}
		steps = append(steps, st)
	}
	return steps
}
