package gate

import "landport/border"

// coarse is by how much clocks differ, and what people tell as an hour and a
// minute, without contradicting anybody.
const coarse = border.Minute

// placed returns a late observation at an instant that agrees with what is known
// of the visit. One that is a little early is of the earliest instant possible;
// what is told of a wrong day tells nothing but that it has happened by now.
func (s *State) placed(v *visit, in *Input) *Input {
	earliest := v.earliest(in)
	if in.At >= earliest {
		return in
	}
	taken := *in
	if taken.At = earliest; in.At < earliest.Add(-coarse) {
		s.clock = max(s.clock, in.Told)
		taken.At = s.clock
		s.emit(&Fact{Kind: Anomaly, Visit: v.id, Place: v.place, N: int64(in.At), Reason: TooEarly})
	}
	return &taken
}

// earliest is the first instant of which an observation of the visit can be: when
// what it ends began, else when the visit came or was last served. What may have
// been before it came has none.
func (v *visit) earliest(in *Input) border.Time {
	under := v.phase == PhaseInService || v.phase == PhaseDriving && v.reserved || v.phase == PhaseRefused
	switch in.Do {
	case ObserveServed, ObserveInterrupted:
		if v.phase == PhaseInService {
			return v.since
		}
		return 0 // an anomaly anyway
	case ObserveReached:
		if v.phase != PhaseDriving {
			return 0
		}
	case ObserveEntered:
		under = under || v.phase == PhaseCalled
	case ObserveSeen, ObserveArrival:
		if in.Place == v.place {
			return v.arrivedAt
		}
	case ObserveGone:
	case ObserveConfirmed:
		return v.arrivedAt
	default:
		return 0
	}
	switch {
	case v.phase == PhaseAnnounced:
		return 0 // it may have come before it was announced
	case under:
		return v.since
	case v.done != 0:
		return v.lineAt
	}
	return v.arrivedAt
}
