package gate

import (
	"fmt"
	"slices"

	"landport/border"
)

// Carry returns the State as it goes on by another layout of the same post,
// compiled, from an instant on. It decides nothing and leaves s as it is.
//
// Everything is found again by its name. Who is present stays in the place of
// that name, in the same order, and goes on by the procedure of that name: in
// line by the instant that counted before, at the same stop, under the same call
// or reservation where these are still to be had. Where the procedure is gone it
// follows the one that took over for it, or one that takes it. What was ordered
// otherwise than the former layout has it stays in force: capacities, officers,
// traffic accepted, lanes closed, opened or turned, hours of single days,
// procedures, the policy, the closed post. Who was in a place that is gone is
// astray outside. TakeUp states all that is out of the ordinary.
//
// The error says why the layout is not one of the same post.
func (s *State) Carry(l *Layout, at border.Time) (*State, error) {
	c, err := newCarrier(s, l, at)
	if err != nil {
		return nil, err
	}
	c.keepOrders()
	c.keepBooks()
	to := c.to
	for i := range s.visits {
		if old := &s.visits[i]; old.id != 0 {
			c.keepVisit(old)
		}
	}
	present := c.inOrder()
	for _, old := range present {
		c.place(old)
	}
	to.now = c.now
	for _, old := range present {
		c.goOn(old)
	}
	for i := range to.visits {
		if v := &to.visits[i]; v.id != 0 {
			if v.deadline != 0 {
				to.remind(deadline{v.deadline, v.id})
			}
			to.wake(v)
		}
	}
	for _, st := range to.stays {
		to.remind(deadline{st.until, st.visit})
	}
	for i := range to.places {
		to.admit(PlaceID(i))
	}
	for i := range to.stops {
		to.markStop(StopID(i))
	}
	to.due = to.findDue()
	return to, nil
}

// carrier takes a State to another layout.
type carrier struct {
	Match

	from, to *State
	now      border.Time
}

func newCarrier(s *State, l *Layout, at border.Time) (*carrier, error) {
	was := s.layout
	if !slices.EqualFunc(was.Posts, l.Posts, func(a, b Post) bool {
		return a.Name == b.Name && a.Country == b.Country && a.Zone.String() == b.Zone.String()
	}) {
		return nil, fmt.Errorf("the posts were %v and are now %v; their names, countries and clocks stay as they are", was.Posts, l.Posts)
	}
	c := &carrier{Match: was.Match(l), from: s, now: max(s.now, at)}
	if i := slices.Index(c.Directions, -1); i >= 0 {
		return nil, fmt.Errorf("nothing goes from %s to %s any more; every direction stays, its lanes closed if need be", was.Directions[i].Exit, was.Directions[i].Entry)
	}
	c.to = NewState(l, c.now)
	return c, nil
}

func (c *carrier) ways(directions uint8) (out uint8) {
	for d, to := range c.Directions {
		if directions>>d&1 != 0 {
			out |= 1 << to
		}
	}
	return out
}

// keepOrders keeps in force what was ordered otherwise than the layout had it.
func (c *carrier) keepOrders() {
	s, to := c.from, c.to
	copy(to.shut, s.shut)
	for i, id := range c.Procedures {
		if p := &s.layout.Procedures[i]; id >= 0 && s.suspended[i] != p.Suspended {
			to.suspended[id] = s.suspended[i]
		}
	}
	if name := s.rules.Name; s.policy != 0 {
		to.policy = max(0, slices.IndexFunc(to.layout.Policies, func(p Policy) bool { return p.Name == name }))
		to.rules = &to.layout.Policies[to.policy]
	}
	for i, id := range c.Stops {
		if id > 0 && s.stops[i].servers != s.layout.Stops[i].Servers {
			to.stops[id].servers = s.stops[i].servers
		}
	}
	for i, id := range c.Places {
		if id > 0 {
			c.keepPlace(PlaceID(i), PlaceID(id))
		}
	}
	for i, id := range c.Places {
		if id > 0 && to.layout.Places[id].Tidal {
			c.keepTurn(PlaceID(i), PlaceID(id))
		}
	}
	c.keepHours()
}

func (c *carrier) keepPlace(was, is PlaceID) {
	had, has, place := &c.from.places[was], &c.to.places[is], &c.from.layout.Places[was]
	if had.capacity != place.Capacity && has.capacity != 0 {
		has.capacity = had.capacity
	}
	if had.open == place.Shut && has.Kind.Work() {
		has.open = had.open
	}
	if had.accepts != place.Accepts {
		has.accepts = had.accepts
	}
}

// keepTurn keeps a tidal lane turned, or turning, where others still serve the
// direction that it left.
func (c *carrier) keepTurn(was, is PlaceID) {
	had, has, place := &c.from.places[was], &c.to.places[is], &c.from.layout.Places[was]
	if had.directions == place.Directions && had.turning == 0 || !place.Tidal {
		return
	}
	if _, last := c.to.lastLane(is); last {
		return
	}
	if has.directions = c.ways(had.directions); had.turning != 0 {
		has.turning = 1 + uint8(c.Directions[had.turning-1])
	}
}

func (c *carrier) keepHours() {
	to := c.to
	for _, n := range c.from.special {
		h, _ := UnpackHours(n)
		if h.Opening = OpeningID(c.Openings[h.Opening]); h.Opening != 0 && to.openings[h.Opening].hours != nil {
			to.special = append(to.special, h.Pack())
		}
	}
	slices.Sort(to.special)
	for _, h := range to.HoursSet() {
		to.readHours(h.Opening)
		o := &to.openings[h.Opening]
		level, until := lookAhead(o.hours, c.now)
		o.level, o.until = int8(level), until
	}
	to.setCalendarDue()
}

// keepBooks keeps what is known of bookings, stays, things and totals.
func (c *carrier) keepBooks() {
	s, to := c.from, c.to
	to.serial, to.counts = s.serial, s.counts
	to.free, to.stays = slices.Clone(s.free), slices.Clone(s.stays)
	for _, slot := range s.slots {
		slot.direction = Direction(c.Directions[slot.direction])
		i, _ := to.findSlot(slot.start, slot.direction)
		to.slots = slices.Insert(to.slots, i, slot)
	}
	to.things = slices.Clone(s.things)
	for i := range to.things {
		to.things[i].place = PlaceID(c.Places[to.things[i].place])
	}
	to.visits = make([]visit, len(s.visits))
}

// keepVisit keeps what is known of a visit, without a place.
func (c *carrier) keepVisit(old *visit) {
	to := c.to
	v := &to.visits[old.id.Slot()]
	*v = *old
	v.direction = Direction(c.Directions[old.direction])
	v.done, v.held = c.Set(old.done), c.Set(old.held)
	v.class = to.rules.classOf(v.traits)
	v.next, v.prev, v.queue, v.to = -1, -1, -1, -1
	v.place, v.target, v.stop, v.inLine, v.reserved = Outside, Outside, 0, false, false
	if old.phase != PhaseAnnounced {
		v.deadline = 0
	}
	to.follow(v, c.procedureOf(old, v))
	v.need = c.needOf(old, v)
}

// keeps reports whether a visit follows a procedure of the same name.
func (c *carrier) keeps(old, v *visit) bool { return c.Procedures[old.procedure] == int(v.procedure) }

// procedureOf is the procedure a visit goes on by: that of the same name, what
// took over for it, or one that takes the visit where it is.
func (c *carrier) procedureOf(old, v *visit) ProcedureID {
	to := c.to
	if old.phase == PhaseAnnounced {
		return 0 // it is chosen on arrival
	}
	same := func(id int) bool { return id >= 0 && to.layout.Procedures[id].Direction == v.direction }
	if id := c.Procedures[old.procedure]; same(id) {
		return ProcedureID(id)
	}
	if id := c.Procedures[c.from.layout.Procedures[old.procedure].Fallback]; same(id) && !to.suspended[id] {
		return ProcedureID(id)
	}
	for _, at := range []PlaceID{PlaceID(c.Places[old.place]), Outside} {
		if id, ok := to.procedureFor(v.traits, v.direction, at); ok {
			return id
		}
	}
	return to.layout.of[v.direction][0]
}

// needOf is what a visit still needs: what its procedure asks of everybody, and
// what it was referred for. What is new and lies behind it is not asked for, nor
// is new exit once the visit is handed over.
func (c *carrier) needOf(old, v *visit) FormalitySet {
	if old.phase == PhaseAnnounced {
		return c.Set(old.need)
	}
	plan, owed := v.plan, c.Set(old.need)
	need := plan.needWith(c.Set(old.need&^old.plan.need)) &^ v.done
	if leg := plan.legAt[c.Places[old.place]]; leg >= 0 {
		need &= owed | plan.ahead[leg]
	}
	if v.passed&passedHandOver != 0 {
		need &^= plan.exit &^ owed
	}
	return need
}

// inOrder lists who has arrived: place by place, as they came into it.
func (c *carrier) inOrder() (present []*visit) {
	s := c.from
	for i := range s.places {
		for slot := s.places[i].head; slot >= 0; slot = s.visits[slot].next {
			present = append(present, &s.visits[slot])
		}
	}
	for i := range s.visits {
		if old := &s.visits[i]; old.id != 0 && old.place == Outside && old.phase != PhaseAnnounced {
			present = append(present, old)
		}
	}
	return present
}

// place puts a visit where it stands, as if it came there when it did.
func (c *carrier) place(old *visit) {
	to := c.to
	v, id := &to.visits[old.id.Slot()], PlaceID(c.Places[old.place])
	if id == Outside {
		v.phase, v.said, v.leg = PhaseAstray, 0, -1
		return
	}
	leg := v.legAt(id)
	v.step = c.stepOf(old, v, id, leg)
	to.now = old.lineAt
	to.enter(v, id, leg)
}

// stepOf is the step at which a visit goes on in a place: the first that it
// needs, or the one whose stop it is at. Stops for everybody that it has passed
// are not done again.
func (c *carrier) stepOf(old, v *visit, id PlaceID, leg int) int16 {
	k := v.plan.firstStep(leg)
	if leg < 0 || !old.phase.working() || !c.keeps(old, v) {
		return k
	}
	atStop := old.phase == PhaseAtStop || old.phase == PhaseInService || old.phase == PhaseAwaitingDossier
	for ; int(k) < len(v.plan.steps) && int(v.plan.steps[k].leg) == leg; k++ {
		step := &v.plan.steps[k]
		here := atStop && int(step.stops[id]) == c.Stops[old.stop] || old.phase == PhaseAwaitingPassengers && step.rejoin
		if v.need&step.acts != 0 || here && v.stopsAt(step) {
			break
		}
	}
	return k
}

// working reports whether a visit has begun what is done in a work place.
func (p Phase) working() bool { return p >= PhaseAtStop && p <= PhaseDone }

// goOn has a visit go on with what it was doing in its place, if that can be.
func (c *carrier) goOn(old *visit) {
	to, v := c.to, &c.to.visits[old.id.Slot()]
	switch {
	case old.phase == PhaseRefused:
		to.dequeue(v)
		v.phase, v.said = PhaseRefused, 0
	case old.phase == PhaseCalled && v.phase == PhaseWaiting:
		if c.reserve(old, v) {
			v.phase, v.deadline = PhaseCalled, old.deadline
		}
	case v.phase == PhaseDriving:
		if old.reserved {
			c.reserve(old, v)
		}
		if old.phase == PhaseWayEnd || old.phase == PhaseDone {
			to.applyReached(v, old.lineAt)
			v.lineAt = old.lineAt
		}
	case (v.phase == PhaseAtStop || v.phase == PhaseAwaitingDossier) && int(v.stop) == c.Stops[old.stop] && c.keeps(old, v):
		if st := &to.stops[v.stop]; old.phase == PhaseInService && st.busy>>old.server&1 == 0 {
			to.applyServiceStarted(v, st, old.server)
		} else if v.phase == PhaseAtStop && old.phase == PhaseAtStop && old.inLine {
			to.joinLine(v)
		}
	}
	if v.since = c.now; v.phase == old.phase {
		v.since = old.since
		c.stay(old, v)
	}
}

// stay keeps what is known of a visit that does what it did.
func (c *carrier) stay(old, v *visit) {
	if v.stop == 0 && c.to.places[v.place].Kind.Work() {
		v.stop = StopID(c.Stops[old.stop]) // where it was last
	}
	if old.said&saidBlocked != 0 && v.phase == PhaseDone {
		c.to.applyBlocked(v)
	}
	if v.queue >= 0 && c.to.queues[v.queue].accepted == 0 {
		v.said |= old.said & saidNoLane
	}
}

// reserve keeps for a visit what was reserved for it, if its way still leads
// there, even if there is less room now or it takes other traffic.
func (c *carrier) reserve(old, v *visit) bool {
	to, target := c.to, PlaceID(c.Places[old.target])
	if !c.keeps(old, v) || target == Outside != (old.target == Outside) {
		return false
	}
	to.assign(v)
	if v.queue < 0 { // it drives out
		v.reserved = target == Outside
		return v.reserved
	}
	q := &to.queues[v.queue]
	if len(q.places) == 0 != (target == Outside) || target != Outside && !slices.Contains(q.places, target) {
		return false
	}
	to.reserve(v, target)
	return true
}
