package study

import (
	"math/bits"

	"landport/border"
	"landport/gate"
)

// whose says to which party the time of a visit belongs, and by which clock
// part of it may belong to closed hours. docs/method.md gives the rules.
func (t *track) whose(s *stay, at border.Time) (partyID, clockID) {
	switch s.doing {
	case called, driving, astray:
		return partyID(Carrier), neverClosed
	case inService:
		return t.parties.ofStop[s.stop], neverClosed
	case refused:
		return partyID(Operator), neverClosed
	}
	if s.held != 0 {
		return t.holder(s), neverClosed
	}
	switch s.doing {
	case lining:
		return t.parties.ofStop[s.stop], clockID(s.stop)
	case waiting, blocked:
		clock := neverClosed
		if leg := t.next[s.procedure][s.place]; leg >= 0 {
			clock = t.hours.entering(t.layout.Procedures[s.procedure].Legs[leg].Places, s.traits, at)
		}
		if s.doing == waiting && s.unready && t.readyFirst {
			return partyID(Broker), clock
		}
		return partyID(Operator), clock
	}
	if s.passengers > 0 {
		return partyID(Carrier), neverClosed
	}
	if s.unready {
		if stop := t.dossierStop(s); stop != 0 {
			return partyID(Broker), clockID(stop)
		}
	}
	return partyID(Operator), neverClosed
}

// dossierStop returns the first stop in the place of a visit that needs a ready
// dossier, 0 if there is none.
func (t *track) dossierStop(s *stay) gate.StopID {
	p := &t.layout.Procedures[s.procedure]
	for _, step := range p.Steps {
		for i, stop := range step.Stops {
			if p.Legs[step.Leg].Places[i] == s.place && t.layout.Stops[stop].Dossier {
				return stop
			}
		}
	}
	return 0
}

// holder returns the agency that holds a visit, or the one at whose stop it was
// held when the hold names no formality.
func (t *track) holder(s *stay) partyID {
	if i := bits.TrailingZeros32(uint32(s.held)); i < len(t.parties.ofFormality) {
		return t.parties.ofFormality[i]
	}
	if s.stop != 0 {
		return t.parties.ofStop[s.stop]
	}
	return partyID(Operator)
}
