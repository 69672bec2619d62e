package study

import (
	"landport/border"
	"landport/gate"
)

// PartyKind says what sort of party an interval belongs to.
type PartyKind uint8

// Kinds of party. Every instant of a visit belongs to exactly one.
const (
	Nobody      PartyKind = iota
	Carrier               // driving, called but not yet entered, waiting for its own passengers
	Broker                // waiting for a dossier that is not ready
	Operator              // waiting for a lane or for room ahead
	ClosedHours           // waiting while what lies ahead is closed
	AnAgency              // in line for an agency, in its service, or held by it
)

var partyNames = [...]string{"", "carrier", "broker", "operator", "closed hours", "agency"}

// String returns the kind as written in reports.
func (k PartyKind) String() string { return partyNames[k] }

// Party is one of those whose time a visit spends: for an agency, which one and
// of which country (ISO 3166 alpha-2).
type Party struct {
	Kind    PartyKind
	Agency  border.Agency
	Country string
}

// String names the party, such as "customs KH" or "closed hours".
func (p Party) String() string {
	switch {
	case p.Kind != AnAgency:
		return p.Kind.String()
	case p.Country == "":
		return p.Agency.String()
	}
	return p.Agency.String() + " " + p.Country
}

// partyID indexes parties.list; the first are the kinds that stand alone.
type partyID uint8

// parties lists whose time a layout's visits can spend.
type parties struct {
	list        []Party
	ofStop      []partyID // by stop
	ofFormality []partyID // by formality
}

func partiesOf(l *gate.Layout) parties {
	p := parties{
		list:        []Party{{}, {Kind: Carrier}, {Kind: Broker}, {Kind: Operator}, {Kind: ClosedHours}},
		ofStop:      make([]partyID, len(l.Stops)),
		ofFormality: make([]partyID, len(l.Formalities)),
	}
	for i := 1; i < len(l.Stops); i++ {
		p.ofStop[i] = p.of(l.Stops[i].Agency, countryOf(l, gate.StopID(i)))
	}
	for i, f := range l.Formalities {
		p.ofFormality[i] = p.of(f.Agency, f.Country)
	}
	return p
}

// of returns the party of an agency; the operator of the place, though it can
// hold a stop, is no agency.
func (p *parties) of(a border.Agency, country string) partyID {
	if a == border.Operator {
		return partyID(Operator)
	}
	party := Party{AnAgency, a, country}
	for i, known := range p.list {
		if known == party {
			return partyID(i)
		}
	}
	p.list = append(p.list, party)
	return partyID(len(p.list) - 1)
}

// countryOf returns whose officers serve at a stop: those of the country whose
// formalities are done there, which in a common control area may not be the
// country it stands in.
func countryOf(l *gate.Layout, stop gate.StopID) string {
	for i := range l.Procedures {
		for _, step := range l.Procedures[i].Steps {
			for _, s := range step.Stops {
				if s != stop {
					continue
				}
				for f := range l.Formalities {
					if step.Formalities>>f&1 != 0 && l.Formalities[f].Agency == l.Stops[stop].Agency {
						return l.Formalities[f].Country
					}
				}
			}
		}
	}
	return l.Posts[l.Stops[stop].Post].Country
}
