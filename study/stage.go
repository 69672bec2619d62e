package study

import (
	"landport/border"
	"landport/gate"
)

// Stages that every post has. The others are the parties whose time it was, by
// their names, and of each the part in which something was done: see Active.
const (
	StageAtPost       = "at post"          // arrival until it left by a way out
	StageFirstService = "to first service" // arrival until its first service began
	StageWaiting      = "waiting"          // all time in which nothing was done with it
	StageActive       = "active"           // services and drives
	StageNotReleased  = "not released"     // arrival until it left otherwise: turned back or away, or gone; the one stage of such a visit
)

// Active names the part of a party's stage in which something was done.
func Active(party string) string { return party + ", active" }

// Finished is a visit that has left, cut into stages.
type Finished struct {
	Visit         gate.VisitID
	Arrived, Left border.Time
	Released      bool // it left by a way out
	Direction     gate.Direction
	Traits        border.Traits // as they were when it left
	Times         []Staged
}

// Staged is how long a visit spent in a stage.
type Staged struct {
	Stage string
	Time  border.Micros
}

// Goods reports whether the visit was a goods vehicle's: all but coaches, cars,
// motorbikes and persons on foot.
func (v *Finished) Goods() bool { return v.Traits&notGoods == 0 }

// Stages cuts visits into stages, from the facts that a Collector reads. What
// it keeps are the visits present.
type Stages struct {
	track   track
	clock   border.Time
	served  []border.Time // by slot: when the first service began, 0 if none has
	parties []partyStages // by party
}

// partyStages are the names of a party's stages; the second is empty where
// nothing is ever done.
type partyStages struct {
	all, active string
	here        bool // no agency, or one with a stop of its own
}

// NewStages returns Stages for a compiled layout whose post was empty at start.
func NewStages(l *gate.Layout, start border.Time) *Stages {
	s := &Stages{track: newTrack(l, start), clock: start}
	for _, p := range s.track.parties.list {
		names := partyStages{all: p.String(), here: p.Kind != AnAgency}
		if p.Kind == Carrier || p.Kind == AnAgency {
			names.active = Active(names.all)
		}
		s.parties = append(s.parties, names)
	}
	for _, id := range s.track.parties.ofStop {
		s.parties[id].here = true
	}
	return s
}

// Clock returns the latest instant of any fact, as it was told.
func (s *Stages) Clock() border.Time { return s.clock }

// Names lists the stages that there can be, in the order in which they are read.
func (s *Stages) Names() []string {
	names := []string{StageAtPost, StageFirstService, StageWaiting, StageActive}
	for _, p := range s.parties[1:] {
		if !p.here {
			continue
		}
		names = append(names, p.all)
		if p.active != "" {
			names = append(names, p.active)
		}
	}
	return append(names, StageNotReleased)
}

// Add takes in the next fact, and returns the visit that left with it, if one
// did. Coaches' passengers are of their coach, and no visits here. The times
// are good until the next call; parties that had none, agencies without a stop
// here apart, have zero, so that the parties' times, and their means, add up to
// the time at the post exactly.
func (s *Stages) Add(f *gate.Fact) (v Finished, left bool) {
	s.Reach(f.At)
	return s.AddAmended(f)
}

// Reach has the clock be at an instant, unless it is later already.
func (s *Stages) Reach(at border.Time) { s.clock = max(s.clock, at) }

// AddAmended is Add of a fact whose instant was told otherwise at first, and by
// which the clock does not go.
func (s *Stages) AddAmended(f *gate.Fact) (v Finished, left bool) {
	before := s.track.find(f.Visit)
	present := before != nil && before.doing != absent
	stay := s.track.add(f)
	if stay == nil {
		return v, false
	}
	slot := stay.id.Slot()
	for slot >= len(s.served) {
		s.served = append(s.served, 0)
	}
	switch f.Kind {
	case gate.Announced, gate.Arrived, gate.Alighted:
		s.served[slot] = 0
	case gate.ServiceStarted:
		if s.served[slot] == 0 {
			s.served[slot] = f.At
		}
	case gate.Removed, gate.Boarded, gate.TurnedBack, gate.Readmitted, gate.ExportCancelled, gate.Cancelled, gate.NoShow:
		if present && !stay.passenger {
			v, left = s.finish(stay, f.Kind == gate.Removed), true
		}
		stay.id = 0
	}
	return v, left
}

// finish cuts up the stay of a visit that has left. A late reading may tell of
// an end before what is already known; the visit then left when it was last
// heard of.
func (s *Stages) finish(stay *stay, released bool) Finished {
	v := Finished{
		Visit: stay.id, Arrived: stay.arrived, Left: stay.since, Released: released,
		Direction: stay.direction, Traits: stay.traits,
	}
	time := v.Left.Sub(v.Arrived)
	if !released {
		v.Times = []Staged{{StageNotReleased, time}}
		return v
	}
	var waited, done border.Micros
	for id := 1; id < len(s.parties); id++ {
		waited += stay.spent[id][waits]
		done += stay.spent[id][active]
	}
	v.Times = append(make([]Staged, 0, 4+2*len(s.parties)), Staged{StageAtPost, time}, Staged{StageWaiting, waited}, Staged{StageActive, done})
	if served := s.served[stay.id.Slot()]; served != 0 {
		v.Times = append(v.Times, Staged{StageFirstService, max(0, served.Sub(v.Arrived))})
	}
	for id := 1; id < len(s.parties); id++ {
		spent := &stay.spent[id]
		if !s.parties[id].here && spent[waits]+spent[active] == 0 {
			continue
		}
		v.Times = append(v.Times, Staged{s.parties[id].all, spent[waits] + spent[active]})
		if s.parties[id].active != "" {
			v.Times = append(v.Times, Staged{s.parties[id].active, spent[active]})
		}
	}
	return v
}
