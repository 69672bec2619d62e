package study

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// awaiting is what a visit inside waits for. Unlike whose time that is it does
// not depend on the hour: at night not everybody waits for the morning.
type awaiting int

const (
	onItsWay   awaiting = iota // served, or on the move
	roomAhead                  // a lane, or room in the next place
	itsDossier                 // to be ready
	itsPeople                  // passengers who are not back aboard
	takenBack                  // it is refused
	ofParties                  // of each party two: in line for it, and held by it
)

func (t *track) awaits(s *stay) awaiting {
	switch {
	case s.doing == refused:
		return takenBack
	case s.doing == called || s.doing == driving || s.doing == inService || s.doing == astray:
		return onItsWay
	case s.held != 0:
		return ofParties + 2*awaiting(t.holder(s)) + 1
	case s.doing == lining:
		return ofParties + 2*awaiting(t.parties.ofStop[s.stop])
	case s.doing == between && s.passengers > 0:
		return itsPeople
	case s.unready && (s.doing == between && t.outlook(s).dossier != 0 || s.doing == waiting && t.readyFirst):
		return itsDossier
	}
	return roomAhead
}

// words say what so many visits wait for.
func (p *parties) words(w awaiting, one bool) string {
	say := func(single, many string) string {
		if one {
			return single
		}
		return many
	}
	switch w {
	case onItsWay:
		return say("is", "are") + " served or on the move"
	case roomAhead:
		return say("waits", "wait") + " for a lane or for room ahead"
	case itsDossier:
		return say("waits for its dossier", "wait for their dossiers") + " (broker)"
	case itsPeople:
		return say("waits for its", "wait for their") + " own passengers (carrier)"
	case takenBack:
		return say("waits", "wait") + " to be taken back"
	}
	party := p.list[(w-ofParties)/2]
	party.Country = known3166(party.Country)
	if (w-ofParties)%2 == 1 {
		return say("is", "are") + " held by " + party.String()
	}
	return say("stands", "stand") + " in line for " + party.String()
}

// mostNamed is how many things that visits wait for are named.
const mostNamed = 3

// insideWords say what those wait for who are inside when the runs end, on
// average of a run; empty where nobody is.
func (c *Collector) insideWords() string {
	mean := func(n int64) string { return fmt.Sprintf("%.0f", float64(n)/float64(c.runs)) }
	all := int64(0)
	var order []awaiting
	for w, n := range c.atEnd {
		if all += n; mean(n) != "0" {
			order = append(order, awaiting(w))
		}
	}
	if len(order) == 0 {
		return ""
	}
	slices.SortStableFunc(order, func(a, b awaiting) int { return cmp.Compare(c.atEnd[b], c.atEnd[a]) })
	if most := order[0]; mean(c.atEnd[most]) == mean(all) {
		if mean(all) == "1" {
			return "who is inside at the end of the run " + c.track.parties.words(most, true)
		}
		return fmt.Sprintf("all %s inside at the end of the run %s", mean(all), c.track.parties.words(most, false))
	}
	var named []string
	for _, w := range order[:min(mostNamed, len(order))] {
		n := mean(c.atEnd[w])
		named = append(named, n+" "+c.track.parties.words(w, n == "1"))
	}
	return fmt.Sprintf("of %s inside at the end of the run %s", mean(all), strings.Join(named, ", "))
}

// growthWords say what it is that more and more visits do. Those who wait for
// room wait because others stand there, so it is by what the others wait for, and
// by how busy officers are. Where that tells nothing, nothing is blamed.
func (c *Collector) growthWords() string {
	all, most := int64(0), roomAhead
	for w, n := range c.atEnd {
		all += n
		if w := awaiting(w); w != onItsWay && w != roomAhead && n > 0 && (most == roomAhead || n > c.atEnd[most]) {
			most = w
		}
	}
	switch inLine := most >= ofParties && (most-ofParties)%2 == 0; {
	case most != roomAhead && !inLine && 2*c.atEnd[most] > all:
		return "more and more " + c.track.parties.words(most, false)
	case inLine && c.busy(hardlyIdle, partyID((most-ofParties)/2)), c.busy(neverIdle, anybody):
		return "more arrive than are served"
	}
	return "more arrive than leave"
}

// The busy shares from which officers are called short: where most stand in line
// for them, and anywhere. In a run that is not long they had less to do at its
// beginning.
const (
	hardlyIdle = 0.8
	neverIdle  = 0.95
)

// anybody stands for every party.
const anybody partyID = 0

// busy reports whether the officers at some stop of a party are so busy.
func (c *Collector) busy(share float64, party partyID) bool {
	for i, of := range c.track.parties.ofStop {
		if i > 0 && (of == party || party == anybody) && float64(c.stopTimes(i).Utilisation.Mean) >= share {
			return true
		}
	}
	return false
}
