package study

import (
	"landport/border"
	"landport/gate"
)

// Interval is a stretch of one visit that belongs to one party.
type Interval struct {
	From, To border.Time
	Party    Party
	Active   bool         // something was done with it: a service, a drive; else it waited
	Place    gate.PlaceID // where
	Stop     gate.StopID  // in line or in service there, 0 for none
}

// recorder keeps the intervals of one visit.
type recorder struct {
	visit     gate.VisitID
	intervals []Interval
}

func (r *recorder) add(t *track, s *stay, to border.Time, party partyID, how manner) {
	if s.id != r.visit || s.doing == absent {
		return
	}
	i := Interval{From: s.since, To: to, Party: t.parties.list[party], Active: how == active, Place: s.place}
	if s.doing == lining || s.doing == inService {
		i.Stop = s.stop
	}
	if n := len(r.intervals); n > 0 {
		last := &r.intervals[n-1]
		if last.Party == i.Party && last.Active == i.Active && last.Place == i.Place && last.Stop == i.Stop {
			last.To = to
			return
		}
	}
	r.intervals = append(r.intervals, i)
}

// Intervals returns whose time each stretch of a visit was, in order and
// without gaps from its arrival until it left or until the instant given.
// Facts are all facts of the crossing from start, when it was empty, in order:
// what is closed when, and which policy is in force, is among them.
func Intervals(l *gate.Layout, start border.Time, facts []gate.Fact, visit gate.VisitID, until border.Time) []Interval {
	t := newTrack(l, start)
	t.record = &recorder{visit: visit}
	for i := range facts {
		if facts[i].At > until {
			break
		}
		t.add(&facts[i])
	}
	if s := t.find(visit); s != nil {
		t.close(s, until)
	}
	return t.record.intervals
}
