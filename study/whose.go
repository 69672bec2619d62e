package study

import (
	"math/bits"

	"landport/border"
)

// manner says whether a visit waits, or something is done with it.
type manner uint8

const (
	waits  manner = iota
	active        // a service or a drive
)

// spent is time of a visit by manner.
type spent [2]border.Micros

// whose says to which party the time of a visit belongs while nothing changes,
// and in which manner. docs/method.md gives the rules.
func (t *track) whose(s *stay) (partyID, manner) {
	switch s.doing {
	case absent:
		return partyID(Nobody), waits
	case inService:
		return t.parties.ofStop[s.stop], active
	case called, driving:
		return partyID(Carrier), active
	case astray:
		return partyID(Carrier), waits
	case refused:
		return partyID(Operator), waits
	}
	return t.whoseWait(s), waits
}

// whoseWait says which party a visit waits for.
func (t *track) whoseWait(s *stay) partyID {
	switch {
	case s.held != 0:
		return t.holder(s)
	case s.doing == lining:
		return t.staffed(s.stop, t.parties.ofStop[s.stop])
	case s.doing == waiting || s.doing == blocked:
		if s.doing == blocked {
			if ahead := t.heldBefore(s); ahead != nil {
				return t.holder(ahead)
			}
		}
		if t.hours.closed(t.outlook(s).next, s.traits) {
			return partyID(ClosedHours)
		}
		if s.doing == waiting && s.unready && t.readyFirst {
			return partyID(Broker)
		}
	case s.passengers > 0:
		return partyID(Carrier)
	case s.unready && t.outlook(s).dossier != 0:
		return t.staffed(t.outlook(s).dossier, partyID(Broker))
	}
	return partyID(Operator)
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
