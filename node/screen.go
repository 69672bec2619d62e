package node

import (
	"slices"
	"strconv"

	"landport/border"
	"landport/gate"
)

// remembered is how many visits that have left stay open to inspection.
const remembered = 2_000

// screen is what boards and records show of a gate: it is handed every fact in
// its order and asks the State where things stand.
type screen struct {
	layout      *gate.Layout
	run         string
	state       *gate.State
	sequence    uint64
	at          border.Time // of what is shown
	standing    Standing
	visits      map[gate.VisitID]*visit
	byReference map[string]*visit
	gone        []*visit // oldest first
	forgotten   uint64   // the latest sequence of a visit no longer in gone
	released    []tally  // by post
}

func newScreen(l *gate.Layout, run string, state *gate.State) *screen {
	s := &screen{
		layout: l, run: run, state: state, at: state.Now(),
		visits: map[gate.VisitID]*visit{}, byReference: map[string]*visit{}, released: make([]tally, len(l.Posts)),
	}
	for i := range s.released {
		s.released[i].ByWay = make([]int, len(l.Directions))
	}
	return s
}

// visit is one vehicle's or person's record.
type visit struct {
	Visit
	facts []Entry
}

func (v *visit) read(now *gate.Visit) {
	v.Traits, v.Direction, v.Procedure = now.Traits, now.Direction, now.Procedure
	v.Phase, v.Place, v.Target, v.Stop = now.Phase, now.Place, now.Target, now.Stop
	v.Ready, v.Held = !now.Unready, now.Held != 0
	v.Since, v.ArrivedAt, v.Slot = now.Since, now.ArrivedAt, now.Slot
}

// take files facts that led to where the State is now.
func (s *screen) take(facts []gate.Fact) {
	for i := range facts {
		s.sequence++
		s.note(&facts[i])
	}
	for i := range facts {
		s.refresh(facts[i].Visit)
		s.refresh(facts[i].Other)
	}
}

// note files the fact of the present sequence.
func (s *screen) note(f *gate.Fact) {
	s.at = max(s.at, f.At)
	s.count(f)
	s.file(f.Visit, f)
	s.file(f.Other, f)
}

// file adds a fact to the record of a visit it speaks of.
func (s *screen) file(id gate.VisitID, f *gate.Fact) {
	if id == 0 {
		return
	}
	v := s.visits[id]
	if v == nil {
		if id != f.Visit {
			return // the outward visit of a return leg has long left
		}
		v = &visit{}
		v.ID, v.Direction = id, f.Direction
		s.visits[id] = v
	}
	v.facts = append(v.facts, Entry{Sequence: s.sequence, Fact: *f})
	if id == f.Visit {
		v.clock(f)
	}
	v.Touched = s.sequence
	switch f.Kind {
	case gate.Arrived, gate.Alighted, gate.Entered, gate.Moved, gate.Departed, gate.Strayed, gate.Relocated:
		if id == f.Visit {
			v.HereSince, v.Order = f.At, int64(s.sequence)
		}
	case gate.Joined:
		v.Order = int64(s.sequence)
	}
}

// clock adds up how long the visit was in service or drove.
func (v *Visit) clock(f *gate.Fact) {
	switch f.Kind {
	case gate.ServiceStarted, gate.Departed, gate.ServiceEnded, gate.Interrupted, gate.Reached, gate.Strayed, gate.Relocated, gate.Removed:
	default:
		return
	}
	if v.BusySince != 0 {
		v.Busy += f.At.Sub(v.BusySince)
		v.BusySince = 0
	}
	switch f.Kind {
	case gate.ServiceStarted, gate.Departed:
		v.BusySince = f.At
	case gate.Removed:
		v.Left = f.At
	}
}

// refresh copies what the gate now knows of a visit.
func (s *screen) refresh(id gate.VisitID) {
	v := s.visits[id]
	if v == nil {
		return
	}
	now, present := s.state.Visit(id)
	if !present {
		s.retire(v)
		return
	}
	if s.layout.Places[now.Place].Kind.Hold() {
		v.Order = int64(now.CountsFrom)
	}
	v.read(&now)
	if v.Reference == "" {
		s.call(v, s.mint(v.ID))
	}
}

// call has a visit go by a reference.
func (s *screen) call(v *visit, reference string) {
	s.forget(v)
	v.Reference = reference
	s.byReference[reference] = v
}

// forget has a visit no longer found by its reference.
func (s *screen) forget(v *visit) {
	if s.byReference[v.Reference] == v {
		delete(s.byReference, v.Reference)
	}
}

// retire keeps the record of a visit that has left, for a while.
func (s *screen) retire(v *visit) {
	delete(s.visits, v.ID)
	v.Phase, v.Held = gate.PhaseEnded, false
	if v.Reference == "" {
		return
	}
	s.gone = append(s.gone, v)
	if len(s.gone) > remembered {
		oldest := s.gone[0]
		s.forget(oldest)
		s.forgotten = oldest.Touched
		s.gone = s.gone[1:]
	}
}

// survey reads how the posts stand.
func (s *screen) survey() {
	l := s.layout
	b := Standing{
		Openings: make([]OpeningState, 0, len(l.Openings)), Places: make([]PlaceState, 0, len(l.Places)),
		Stops: make([]StopState, 0, len(l.Stops)), Suspended: make([]bool, 0, len(l.Procedures)),
	}
	ways := len(l.Directions)
	lines := make([]Line, len(l.Places)*ways)
	for i := range l.Openings {
		level, until := gate.Admitting, border.Never
		if i > 0 {
			level, until = s.state.Level(gate.OpeningID(i)), s.state.OpeningUntil(gate.OpeningID(i))
		}
		b.Openings = append(b.Openings, OpeningState{Level: level, Until: until, Hours: s.state.Hours(gate.OpeningID(i))})
	}
	for _, h := range s.state.HoursSet() {
		b.Openings[h.Opening].Set = append(b.Openings[h.Opening].Set, h)
	}
	for i := range l.Places {
		open, directions, turning := s.state.LaneOpen(gate.PlaceID(i))
		b.Places = append(b.Places, PlaceState{
			open, directions, turning, s.state.Capacity(gate.PlaceID(i)), s.state.Accepts(gate.PlaceID(i)), lines[i*ways:][:ways:ways],
		})
	}
	for i := range l.Stops {
		servers, busy := s.state.OnDuty(gate.StopID(i))
		b.Stops = append(b.Stops, StopState{servers, busy, s.state.Line(gate.StopID(i))})
	}
	for _, v := range s.visits {
		if v.Phase == gate.PhaseAnnounced {
			continue
		}
		at := &b.Places[v.Place].Lines[v.Direction]
		at.Present++
		if v.Waits() {
			if at.Waiting == 0 || v.HereSince < at.Since {
				at.Since = v.HereSince
			}
			at.Waiting++
		}
		if v.Held {
			if behind := s.state.Behind(v.ID); len(behind) > len(at.Barred.Behind) {
				at.Barred = Barred{v.Reference, behind}
			}
		}
	}
	for i := range l.Procedures {
		b.Suspended = append(b.Suspended, s.state.Suspended(gate.ProcedureID(i)))
	}
	b.Policy = l.Policies[s.state.PolicyInForce()].Name
	s.standing = b
}

func (s *screen) record(reference string, m Moment) (Record, bool) {
	v := s.byReference[reference]
	if v == nil {
		return Record{}, false
	}
	rec := Record{Visit: v.Visit, Facts: slices.Clone(v.facts), Moment: m}
	rec.Outward = s.called(rec.outward())
	return rec, true
}

// called is the reference of a visit that is present or recently left, "" if
// it is neither.
func (s *screen) called(id gate.VisitID) string {
	if v := s.visits[id]; v != nil {
		return v.Reference
	}
	for _, v := range s.gone {
		if v.ID == id {
			return v.Reference
		}
	}
	return ""
}

// mint is the name of a visit that brought none: minted by the country of exit
// where the crossing is seen whole, else by the post. Crossings without
// countries, such as a textbook's queue, count.
func (s *screen) mint(id gate.VisitID) string {
	l := s.layout
	post := 0
	if v := s.visits[id]; v != nil && len(l.Posts) > 1 {
		exit := l.Directions[v.Direction].Exit
		post = slices.IndexFunc(l.Posts, func(p gate.Post) bool { return p.Country == exit })
	}
	if post < 0 || !border.KnownCountry(l.Posts[post].Country) {
		return strconv.FormatUint(id.Serial(), 10)
	}
	return border.MintReference(l.Posts[post].Country, post+1, id.Serial()).String()
}

// name gives a visit the reference that the neighbour minted, and the
// commitment to its plate.
func (s *screen) name(id gate.VisitID, reference, plate string) {
	if _, here := s.state.Visit(id); !here && plate != "" { // it was corrected since it left
		for _, v := range s.gone {
			if v.ID == id {
				v.Plate = plate
			}
		}
	}
	v := s.visits[id]
	if v == nil {
		return
	}
	v.Plate = plate
	v.Touched = s.sequence
	if reference != "" {
		s.call(v, reference)
	}
}

func (s *screen) board(after Cursor, m Moment) Board {
	if after.Run == "" && after.Sequence > 0 {
		after.Run = s.run
	}
	if after.Run != s.run || after.Sequence > s.sequence || after.Sequence < s.forgotten {
		after.Sequence = 0
	}
	b := Board{Moment: m, Standing: s.standing, Whole: after.Sequence == 0}
	for i := range s.released {
		b.Posts = append(b.Posts, PostState{s.released[i].today(m.At)})
	}
	for _, v := range s.visits {
		if v.Touched > after.Sequence && v.Reference != "" {
			b.Visits = append(b.Visits, v.Visit)
		}
	}
	slices.SortFunc(b.Visits, func(x, y Visit) int { return int(x.ID.Serial()) - int(y.ID.Serial()) })
	for i := len(s.gone) - 1; !b.Whole && i >= 0 && s.gone[i].Touched > after.Sequence; i-- {
		b.Gone = append(b.Gone, s.gone[i].Reference)
	}
	return b
}
