package gate

import "landport/border"

// turnLane has a tidal lane drain and then serve the other direction. The last
// lane of a direction for some kind is not turned: visits behind it would be cut
// off.
func (s *State) turnLane(in *Input) Refusal {
	place, p := &s.layout.Places[in.Place], &s.places[in.Place]
	switch {
	case !place.Tidal || int(in.Direction) >= len(s.layout.Directions):
		return Refusal{Code: CodeNotTidal, Place: in.Place}
	case p.turning == 0 && p.directions == 1<<in.Direction || p.turning == 1+uint8(in.Direction):
		return Refusal{Code: CodeAlreadySo, Place: in.Place}
	}
	if kind, last := s.lastLane(in.Place); last && p.turning == 0 {
		return Refusal{Code: CodeLastLane, Place: in.Place, N: int64(kind)}
	}
	s.emit(&Fact{Kind: LaneTurning, At: in.At, Place: in.Place, Direction: in.Direction, Reason: in.Reason})
	return Refusal{}
}

// lastLane reports whether some leg of a procedure would have no open lane left
// for a kind of visit that a lane takes, and names such a kind: 0 is every kind.
func (s *State) lastLane(id PlaceID) (border.Traits, bool) {
	for i := range s.layout.Procedures {
		p, lane := &s.layout.Procedures[i], s.places[id].accepts
		if s.places[id].directions>>p.Direction&1 == 0 {
			continue
		}
		here := border.Predicate{Refused: p.Accepts.Refused | lane.Refused, Required: p.Accepts.Required | lane.Required}
		for leg := p.legOf(id, 0); leg >= 0; leg = p.legOf(id, leg+1) {
			if kind, left := s.leftOver(here, p.Direction, p.Legs[leg].Places, id); left {
				return kind, true
			}
		}
	}
	return 0, false
}

// leftOver finds a kind that a predicate accepts and that none of the places but
// one takes now. Of what a place does not take, each trait that it refuses or
// requires is looked at in turn, with the places that follow.
func (s *State) leftOver(of border.Predicate, d Direction, places []PlaceID, but PlaceID) (border.Traits, bool) {
	if of.Required&of.Refused != 0 || of.Required.Check() != nil {
		return 0, false // there is no such kind
	}
	for i, id := range places {
		p := &s.places[id]
		takes := id != but && p.open && p.turning == 0 && p.directions>>d&1 != 0
		if !takes || of.Required&p.accepts.Refused != 0 || of.Refused&p.accepts.Required != 0 {
			continue
		}
		for rest := p.accepts.Refused &^ of.Refused; rest != 0; rest &= rest - 1 {
			with := border.Predicate{Refused: of.Refused, Required: of.Required | rest&-rest}
			if kind, left := s.leftOver(with, d, places[i+1:], but); left {
				return kind, true
			}
		}
		for rest := p.accepts.Required &^ of.Required; rest != 0; rest &= rest - 1 {
			without := border.Predicate{Refused: of.Refused | rest&-rest, Required: of.Required}
			if kind, left := s.leftOver(without, d, places[i+1:], but); left {
				return kind, true
			}
		}
		return 0, false
	}
	return of.Required, true
}
