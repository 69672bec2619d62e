package gate

import "slices"

// Fits reports whether a fact can be the next of a history on this layout, as
// far as the State tells. Apply takes what fits without fail; a history that was
// written on another layout does not fit for long.
func (s *State) Fits(f *Fact) bool {
	v := s.find(f.Visit)
	switch f.Kind {
	case Announced, Alighted:
		return v == nil && s.fitsSlot(f.Visit)
	case Arrived:
		return v == nil && s.fitsSlot(f.Visit) || v != nil && v.phase == PhaseAnnounced
	case Confirmed, Sealed, Unsealed, StayLimited, Overstayed, Anomaly, Noted:
		return true
	case Linked:
		return f.Thing > 0 && int(f.Thing) <= len(s.things)
	case Unlinked, GoodsReturned:
		return int(f.Thing) < len(s.things)
	}
	if f.Kind >= HoursChanged && f.Kind <= PolicySet || f.Kind == HoursSet {
		return s.fitsPost(f)
	}
	return v != nil && s.fitsVisit(v, f)
}

// fitsSlot reports whether a new visit would be held there.
func (s *State) fitsSlot(id VisitID) bool {
	return id.Serial() > s.serial && s.mint().Slot() == id.Slot()
}

func (s *State) fitsPost(f *Fact) bool {
	switch f.Kind {
	case HoursChanged:
		o := int(f.N >> 8)
		return o < len(s.openings) && s.openings[o].hours != nil
	case HoursSet:
		h, ok := UnpackHours(f.N)
		return ok && int(h.Opening) < len(s.openings) && s.openings[h.Opening].hours != nil
	case StaffChanged:
		return s.layout.Stops[f.Stop].Staff != nil
	case PostClosed, PostReopened:
		return f.N >= 0 && int(f.N) < len(s.shut)
	}
	return true
}

func (s *State) fitsVisit(v *visit, f *Fact) bool {
	atStop := f.Stop != 0 && v.stop == f.Stop && v.place == f.Place
	switch f.Kind {
	case Called:
		return v.phase == PhaseCalled && v.target == f.Place || v.phase == PhaseWaiting && s.leadsTo(v, f.Place)
	case CallExpired, CallWithdrawn, Entered:
		return v.phase == PhaseCalled && v.target == f.Place
	case Moved:
		return v.phase == PhaseWayEnd && v.target == f.Place || (v.phase == PhaseWaiting || v.phase == PhaseDone) && s.leadsTo(v, f.Place)
	case Departed:
		return s.fitsDeparture(v, f)
	case Reached:
		return v.phase == PhaseDriving && v.place == f.Place
	case Joined:
		return v.phase == PhaseAtStop && !v.inLine && atStop
	case ServiceStarted:
		return v.phase == PhaseAtStop && atStop && f.Server < MaxServers && s.stops[f.Stop].busy>>f.Server&1 == 0
	case ServiceEnded, Interrupted:
		return v.phase == PhaseInService && atStop && v.server == f.Server
	case Blocked:
		return v.phase == PhaseDone && v.place == f.Place
	case Removed, Boarded, Seen:
		return v.place == f.Place
	case Strayed, Relocated:
		return f.Place != Outside && v.place == PlaceID(f.N)
	case FellBack:
		return v.place == f.Place && v.phase != PhaseInService && !v.reserved
	case Booked, Unbooked, NoShow:
		return v.phase == PhaseAnnounced || f.Kind == NoShow && v.phase == PhaseCalled
	}
	return v.phase != PhaseAnnounced || f.Kind == Cancelled || f.Kind == Ready || f.Kind == Unready || f.Kind == Corrected || f.Kind == Milestone
}

// leadsTo reports whether a place is among those for which a visit stands in
// its queue, none of them by way of others.
func (s *State) leadsTo(v *visit, to PlaceID) bool {
	if v.queue < 0 || int(v.queue) >= len(s.queues) {
		return false
	}
	i := slices.Index(s.queues[v.queue].places, to)
	return i >= 0 && s.queues[v.queue].accepted>>i&1 != 0
}

// fitsDeparture reports whether the next way that a visit takes is the one of a
// fact, and what is reserved beyond it too.
func (s *State) fitsDeparture(v *visit, f *Fact) bool {
	beyond := PlaceID(f.N)
	switch v.phase {
	case PhaseCalled, PhaseWayEnd:
		if !v.reserved || v.target != beyond {
			return false
		}
	case PhaseWaiting, PhaseDone:
		if v.queue < 0 || len(s.queues[v.queue].places) == 0 != (beyond == Outside) || beyond != Outside && !s.leadsTo(v, beyond) {
			return false
		}
	default:
		return false
	}
	leg, ok := v.nextWay()
	return ok && v.plan.Legs[leg].Places[0] == f.Place
}
