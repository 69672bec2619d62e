package study

import (
	"math/bits"

	"landport/border"
)

// account is whose an interval was and whether something was done with the
// visit in it, rather than waited for.
type account uint16

func (p partyID) waiting() account { return account(p) << 1 }
func (p partyID) active() account  { return account(p)<<1 | 1 }

func (a account) party() partyID { return partyID(a >> 1) }
func (a account) isActive() bool { return a&1 != 0 }

// accounts is how many there are.
func (p *parties) accounts() int { return 2 * len(p.list) }

// spent is how long a visit waited for a party, and was active with it.
func (s *stay) spent(p partyID) (waiting, active border.Micros) {
	return s.times[p.waiting()], s.times[p.active()]
}

// whose says to which account the time of a visit goes while nothing changes.
// docs/method.md gives the rules.
func (t *track) whose(s *stay) account {
	switch s.doing {
	case inService:
		return t.parties.ofStop[s.stop].active()
	case called, driving:
		return partyID(Carrier).active()
	case astray:
		return partyID(Carrier).waiting()
	case refused:
		return partyID(Operator).waiting()
	}
	return t.whoseWait(s).waiting()
}

// whoseWait says which party a visit waits for.
func (t *track) whoseWait(s *stay) partyID {
	switch {
	case s.held != 0:
		return t.holder(s)
	case s.doing == lining:
		return t.staffed(s.stop, t.parties.ofStop[s.stop])
	case s.doing == waiting || s.doing == blocked:
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
