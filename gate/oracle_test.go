package gate

import (
	"slices"
)

// The oracle says, slowly and from the visits alone, what the State works out
// fast from its tables.

// loadOf counts who is in a place or has it reserved.
func loadOf(s *State, id PlaceID, d Direction) (n int32) {
	for i := range s.visits {
		v := &s.visits[i]
		if v.id == 0 || v.direction != d && s.layout.Places[id].EachWay {
			continue
		}
		if v.place == id {
			n++
		}
		for _, r := range reservedBy(s, v) {
			if r == id {
				n++
			}
		}
	}
	return n
}

// reservedBy lists the places that a visit has reserved and not reached.
func reservedBy(s *State, v *visit) (out []PlaceID) {
	if !v.reserved {
		return nil
	}
	legs := s.layout.Procedures[v.procedure].Legs
	for i := int(v.leg) + 1; i < int(v.to); i++ {
		if id := legs[i].Places[0]; s.layout.Places[id].Kind.Way() {
			out = append(out, id)
		}
	}
	if v.target != Outside {
		out = append(out, v.target)
	}
	return out
}

func hasRoom(s *State, id PlaceID, d Direction) bool {
	return s.places[id].capacity == 0 || loadOf(s, id, d) < s.places[id].capacity
}

// nextLeg returns the leg a visit must make for and the ways it drives to it.
func nextLeg(s *State, v *visit) (to int, ways []PlaceID) {
	p := &s.layout.Procedures[v.procedure]
	for to = int(v.leg) + 1; to < len(p.Legs); to++ {
		id := p.Legs[to].Places[0]
		kind := s.layout.Places[id].Kind
		if kind.Hold() {
			return to, ways
		}
		if kind.Way() {
			ways = append(ways, id)
			continue
		}
		for k := int(v.step); k < len(p.Steps); k++ {
			st := &p.Steps[k]
			wanted := !st.OnReferral && st.Formalities == 0 && !st.Rejoin ||
				v.need&st.Formalities != 0 || st.Rejoin && v.awaiting > 0
			if st.Leg == to && wanted {
				return to, ways
			}
		}
	}
	return to, ways
}

// mayGo reports whether a visit may leave where it is for its next leg.
func mayGo(s *State, v *visit) bool {
	switch {
	case v.phase != PhaseWaiting && v.phase != PhaseDone || v.held != 0:
		return false
	case s.layout.Places[v.place].SingleFile && !firstOfFile(s, v):
		return false
	case v.phase == PhaseWaiting && v.unready && s.layout.Policies[s.policy].ReadyFirst:
		return false
	}
	return true
}

func firstOfFile(s *State, v *visit) bool {
	for i := s.places[v.place].head; i >= 0; i = s.visits[i].next {
		if u := &s.visits[i]; u.direction == v.direction {
			return u == v
		}
	}
	return false
}

// destinations lists where a visit could go on to now; Outside is one.
func destinations(s *State, v *visit) (out []PlaceID) {
	_, ways := nextLeg(s, v)
	for _, id := range ways {
		if !hasRoom(s, id, v.direction) || keptFrom(s, id, v) {
			return nil
		}
	}
	for _, id := range lanesFor(s, v) {
		if id == Outside || !keptFrom(s, id, v) {
			out = append(out, id)
		}
	}
	return out
}

// lanesFor lists where a visit could go on to, had the ways room; Outside is one.
func lanesFor(s *State, v *visit) (out []PlaceID) {
	to, _ := nextLeg(s, v)
	legs := s.layout.Procedures[v.procedure].Legs
	if to == len(legs) {
		return []PlaceID{Outside}
	}
	for _, id := range legs[to].Places {
		if takes(s, id, v) && admits(s, id, v.direction) && hasRoom(s, id, v.direction) {
			out = append(out, id)
		}
	}
	return out
}

// keptFrom reports whether a place is kept from a visit for somebody who came
// long before, wants it too, and lacks nothing but room on ways that drain.
func keptFrom(s *State, id PlaceID, v *visit) bool {
	if s.layout.Places[v.place].Kind.Way() {
		return false
	}
	for i := range s.visits {
		u := &s.visits[i]
		if u.id == 0 || u == v || !u.inLine || !mayGo(s, u) || instant(s, u)+int64(patience) >= instant(s, v) || strictlyBehind(s, u) {
			continue
		}
		_, ways := nextLeg(s, u)
		lanes := lanesFor(s, u)
		lacks, drains := false, true
		for _, w := range ways {
			if !hasRoom(s, w, u.direction) {
				lacks = true
				drains = drains && onlyDriving(s, w)
			}
		}
		wants := slices.Contains(ways, id) || slices.Contains(lanes, id)
		apart := u.direction != v.direction && s.layout.Places[id].EachWay
		if lacks && drains && wants && !apart && len(lanes) > 0 {
			return true
		}
	}
	return false
}

func onlyDriving(s *State, way PlaceID) bool {
	for i := range s.visits {
		if v := &s.visits[i]; v.id != 0 && v.place == way && !v.drivesOn() {
			return false
		}
	}
	return true
}

func takes(s *State, id PlaceID, v *visit) bool {
	a := s.places[id].accepts
	return v.traits&a.Refused == 0 && v.traits&a.Required == a.Required
}

func admits(s *State, id PlaceID, d Direction) bool {
	place, p := &s.layout.Places[id], &s.places[id]
	if !p.open || p.turning != 0 || p.directions>>d&1 == 0 {
		return false
	}
	if !place.Kind.Work() {
		return true
	}
	hours := &s.layout.Openings[place.Opening]
	return !s.shut[place.Post] && (place.Opening == 0 || !s.shut[hours.Post] && s.openings[place.Opening].level == Admitting)
}

// instant is what a visit counts from: the least goes first.
func instant(s *State, v *visit) int64 {
	if v.phase == PhaseDone && !meetsOthers(s, v) {
		return int64(v.lineAt)
	}
	return int64(v.countsFrom) - advantage(s, v)
}

// meetsOthers reports whether a visit waits for room that the other direction
// shares.
func meetsOthers(s *State, v *visit) bool {
	to, wanted := nextLeg(s, v)
	if legs := s.layout.Procedures[v.procedure].Legs; to < len(legs) {
		wanted = append(wanted, legs[to].Places...)
	}
	return slices.ContainsFunc(wanted, func(id PlaceID) bool {
		p := &s.layout.Places[id]
		return !p.EachWay && p.Directions&(p.Directions-1) != 0
	})
}

// lineKey is what a visit in line at a stop counts from.
func lineKey(s *State, v *visit) int64 { return int64(v.lineAt) - advantage(s, v) }

// advantage is how much time priority is worth to a visit.
func advantage(s *State, v *visit) int64 {
	policy := &s.layout.Policies[s.policy]
	for _, p := range policy.Priorities {
		if p.Accepts.Has(v.traits) {
			return int64(p.Class) * int64(policy.Ageing)
		}
	}
	return 0
}

// first reports whether u stands before v.
func first(s *State, u, v *visit) bool {
	a, b := instant(s, u), instant(s, v)
	return a < b || a == b && u.id.Serial() < v.id.Serial()
}

// strictlyBehind reports whether, first come being first served, somebody
// waits who came before v and may use one of the same lanes.
func strictlyBehind(s *State, v *visit) bool {
	if !s.layout.Policies[s.policy].Strict || v.phase != PhaseWaiting {
		return false
	}
	for i := range s.visits {
		u := &s.visits[i]
		if u.id != 0 && u != v && u.phase == PhaseWaiting && mayGo(s, u) && u.direction == v.direction && first(s, u, v) && shareLane(s, u, v) {
			return true
		}
	}
	return false
}

func shareLane(s *State, u, v *visit) bool {
	lanes := func(v *visit) (out []PlaceID) {
		if to, _ := nextLeg(s, v); to < len(s.layout.Procedures[v.procedure].Legs) {
			for _, id := range s.layout.Procedures[v.procedure].Legs[to].Places {
				if takes(s, id, v) {
					out = append(out, id)
				}
			}
		}
		return out
	}
	for _, a := range lanes(u) {
		if slices.Contains(lanes(v), a) {
			return true
		}
	}
	return false
}

// servers returns how many officers are on duty.
func servers(s *State, id StopID) int {
	return int(min(s.stops[id].servers, s.stops[id].staff))
}
