package gate

import "landport/border"

func refuse(code RefusalCode) Refusal { return Refusal{Code: code} }

// orderVisit carries out an order about one visit, or says why not.
func (s *State) orderVisit(in *Input) Refusal {
	if in.Do == Announce {
		return s.announce(in)
	}
	if in.Do == LimitStay {
		return s.limitStay(in)
	}
	v := s.find(in.Visit)
	switch {
	case v == nil && in.Do == Note && s.absent(in.Visit) == HasLeft:
		s.emit(&Fact{Kind: Noted, At: in.At, Visit: in.Visit, Reason: in.Reason})
		return Refusal{}
	case v == nil:
		return refuse(CodeUnknownVisit)
	}
	switch in.Do {
	case Book, GiveBack, Cancel:
		return s.orderBooking(v, in)
	case SetReady, SetUnready:
		return s.orderReady(v, in)
	case Hold, Unhold, Refer, Refuse:
		return s.orderDecision(v, in)
	case Readmit, CancelExport, ReturnGoods:
		return s.orderReturn(v, in)
	case Recall, Move:
		return s.orderMove(v, in)
	case Call:
		return s.orderCall(v, in)
	case Correct:
		return s.correct(v, in)
	case Note:
		s.emit(&Fact{Kind: Noted, At: in.At, Visit: v.id, Reason: in.Reason})
		return Refusal{}
	}
	return refuse(CodeUnknownOrder)
}

func (s *State) announce(in *Input) Refusal {
	if int(in.Direction) >= len(s.layout.Directions) {
		return refuse(CodeUnknownProcedure)
	}
	if in.Traits.Check() != nil {
		return refuse(CodeBadTraits)
	}
	s.emit(&Fact{Kind: Announced, At: in.At, Visit: s.mint(), Traits: in.Traits, Direction: in.Direction})
	return Refusal{}
}

func (s *State) limitStay(in *Input) Refusal {
	if in.Visit == 0 || in.Visit.Serial() > s.serial {
		return refuse(CodeUnknownVisit)
	}
	if border.Time(in.N) <= s.clock {
		return Refusal{Code: CodeTimePast, N: in.N}
	}
	if i, limited := s.stayOf(in.Visit); limited && s.stays[i].until == border.Time(in.N) {
		return refuse(CodeAlreadySo)
	}
	s.emit(&Fact{Kind: StayLimited, At: in.At, Visit: in.Visit, N: in.N})
	return Refusal{}
}

func (s *State) orderBooking(v *visit, in *Input) Refusal {
	if v.phase != PhaseAnnounced {
		return refuse(CodeAlreadyPresent)
	}
	switch in.Do {
	case Cancel:
		s.emit(&Fact{Kind: Cancelled, At: in.At, Visit: v.id, Reason: in.Reason})
	case GiveBack:
		if !v.booked {
			return refuse(CodeNotBooked)
		}
		s.emit(&Fact{Kind: Unbooked, At: in.At, Visit: v.id, N: int64(v.slotStart)})
	default:
		return s.book(v, in)
	}
	return Refusal{}
}

// bookAhead is how long before a slot it can be booked.
const bookAhead = 366 * border.Day

// book gives a visit the slot an instant lies in. A slot takes its quota and
// the overbooking that no-shows allow. Booking again gives up the earlier slot
// and is limited in number, also after a booking was given back.
func (s *State) book(v *visit, in *Input) Refusal {
	slots := &s.rules.Slots
	if slots.Length == 0 {
		return refuse(CodeNoSlots)
	}
	given := v.rebooked // bookings it had and gave up
	if v.booked {
		given++
	}
	if given > slots.MaxRebook {
		return Refusal{Code: CodeTooManyRebookings, N: int64(slots.MaxRebook)}
	}
	if latest := s.clock.Add(bookAhead); in.N > int64(latest) {
		return Refusal{Code: CodeSlotFar, N: int64(latest)}
	}
	start := s.slotStart(border.Time(in.N))
	if start.Add(slots.Length) <= s.clock {
		return refuse(CodeSlotPast)
	}
	limit := slots.limit()
	if s.bookings(start, v.direction) >= limit {
		next := start.Add(slots.Length)
		for s.bookings(next, v.direction) >= limit {
			next = next.Add(slots.Length)
		}
		return Refusal{Code: CodeSlotFull, N: int64(next)}
	}
	s.emit(&Fact{Kind: Booked, At: in.At, Visit: v.id, N: int64(start)})
	return Refusal{}
}

// limit is how many a slot takes, with overbooking.
func (s *Slots) limit() int32 {
	return int32(int64(s.Quota) * (1000 + int64(s.OverbookPermille)) / 1000)
}

func (s *State) orderReady(v *visit, in *Input) Refusal {
	kind := Ready
	if in.Do == SetUnready {
		kind = Unready
	}
	if v.unready == (kind == Unready) {
		return refuse(CodeAlreadySo)
	}
	s.emit(&Fact{Kind: kind, At: in.At, Visit: v.id, Place: v.place})
	s.proceed(v)
	return Refusal{}
}

func (s *State) orderDecision(v *visit, in *Input) Refusal {
	if v.phase == PhaseAnnounced {
		return refuse(CodeNotAnnounced)
	}
	switch in.Do {
	case Hold:
		if orAny(in.Formalities)&^v.held == 0 {
			return refuse(CodeAlreadySo)
		}
		s.emit(&Fact{Kind: Held, At: in.At, Visit: v.id, Place: v.place, Formalities: orAny(in.Formalities), Reason: in.Reason})
		if v.phase == PhaseCalled {
			s.emit(&Fact{Kind: CallWithdrawn, Visit: v.id, Place: v.target})
		}
	case Unhold:
		lifted := in.Formalities & v.held
		if in.Formalities == 0 {
			lifted = v.held
		}
		if lifted == 0 {
			return Refusal{Code: CodeNotHeld, N: int64(v.held)}
		}
		s.emit(&Fact{Kind: Unheld, At: in.At, Visit: v.id, Place: v.place, Formalities: lifted})
		s.proceed(v)
	case Refer:
		if !s.canRefer(v, in.Formalities, int(v.step)) {
			return refuse(CodeTooLate)
		}
		if in.Formalities&^v.need == 0 {
			return refuse(CodeAlreadySo)
		}
		s.emit(&Fact{Kind: Referred, At: in.At, Visit: v.id, Formalities: in.Formalities})
		s.proceed(v)
	case Refuse:
		if v.phase == PhaseInService {
			return refuse(CodeInService)
		}
		if v.phase == PhaseRefused {
			return refuse(CodeAlreadySo)
		}
		s.emit(&Fact{Kind: Refused, At: in.At, Visit: v.id, Place: v.place, Formalities: in.Formalities, Reason: in.Reason})
		s.turnBackIfExit(v)
	}
	return Refusal{}
}

func (s *State) orderReturn(v *visit, in *Input) Refusal {
	if v.phase == PhaseAnnounced {
		return refuse(CodeNotAnnounced)
	}
	handedOver := v.passed&passedHandOver != 0
	switch in.Do {
	case Readmit:
		if !handedOver {
			return refuse(CodeNotHandedOver)
		}
		if v.phase != PhaseRefused {
			return refuse(CodeNotRefused)
		}
		s.emit(&Fact{Kind: Readmitted, At: in.At, Visit: v.id, Place: v.place})
	case CancelExport:
		if handedOver {
			return refuse(CodeHandedOver)
		}
		if v.phase == PhaseInService {
			return refuse(CodeInService)
		}
		s.emit(&Fact{Kind: ExportCancelled, At: in.At, Visit: v.id, Place: v.place})
	case ReturnGoods:
		if in.Thing == 0 || int(in.Thing) >= len(s.things) || s.things[in.Thing].visit != v.id {
			return refuse(CodeUnknownThing)
		}
		s.emit(&Fact{Kind: GoodsReturned, At: in.At, Visit: v.id, Thing: in.Thing})
	}
	return Refusal{}
}

func (s *State) orderMove(v *visit, in *Input) Refusal {
	if in.Do == Recall {
		if v.phase != PhaseCalled {
			return refuse(CodeNotCalled)
		}
		s.emit(&Fact{Kind: Called, Visit: v.id, Place: v.target, Reason: ByOperator})
		return Refusal{}
	}
	to := s.known(in.Place)
	switch {
	case to == Outside:
		return refuse(CodeUnknownPlace)
	case in.Reason == NoReason:
		return refuse(CodeReasonNeeded)
	case v.phase == PhaseAnnounced:
		return refuse(CodeNotAnnounced)
	case to == v.place:
		return refuse(CodeAlreadySo)
	case v.phase == PhaseInService && in.Reason != BreakGlass:
		return Refusal{Code: CodeInService, Place: v.place, Stop: v.stop}
	case v.legAt(to) < 0 && in.Reason != BreakGlass:
		return Refusal{Code: CodeNotItsWay, Place: to}
	case !s.room(to, v.direction) && in.Reason != BreakGlass:
		return Refusal{Code: CodePlaceFull, Place: to, N: int64(s.places[to].capacity)}
	}
	full := !s.room(to, v.direction)
	s.interrupt(v, in.At)
	s.emit(&Fact{Kind: Relocated, At: in.At, Visit: v.id, Place: to, N: int64(v.place), Reason: in.Reason})
	s.oddities(v, 0, full)
	s.carryOn(v)
	return Refusal{}
}

func (s *State) correct(v *visit, in *Input) Refusal {
	if in.Reason == NoReason {
		return refuse(CodeReasonNeeded)
	}
	if in.Traits.Check() != nil {
		return refuse(CodeBadTraits)
	}
	s.emit(&Fact{Kind: Corrected, At: in.At, Visit: v.id, Traits: in.Traits, Reason: in.Reason})
	s.proceed(v)
	return Refusal{}
}

// orderPost carries out an order about the post itself, or says why not.
func (s *State) orderPost(in *Input) Refusal {
	switch in.Do {
	case SetServers:
		if in.Stop == 0 || int(in.Stop) >= len(s.stops) {
			return refuse(CodeUnknownStop)
		}
		if in.N < 0 || in.N > MaxServers {
			return Refusal{Code: CodeBadNumber, Stop: in.Stop, N: MaxServers}
		}
		if int64(s.stops[in.Stop].servers) == in.N {
			return Refusal{Code: CodeAlreadySo, Stop: in.Stop}
		}
		s.emit(&Fact{Kind: ServersSet, At: in.At, Stop: in.Stop, N: in.N, Reason: in.Reason})
	case SetCapacity, SetAccepts, OpenLane, CloseLane, TurnLane:
		if s.known(in.Place) == Outside {
			return refuse(CodeUnknownPlace)
		}
		return s.orderPlace(in)
	case ClosePost, ReopenPost:
		if in.N < 0 || in.N >= int64(len(s.shut)) {
			return refuse(CodeUnknownPost)
		}
		if s.shut[in.N] == (in.Do == ClosePost) {
			return refuse(CodeAlreadySo)
		}
		kind := PostClosed
		if in.Do == ReopenPost {
			kind = PostReopened
		}
		s.emit(&Fact{Kind: kind, At: in.At, N: in.N, Reason: in.Reason})
	case StartProcedure, SuspendProcedure:
		return s.orderProcedure(in)
	case SetHours:
		return s.orderHours(in)
	case SetPolicy:
		if in.N < 0 || in.N >= int64(len(s.layout.Policies)) {
			return refuse(CodeUnknownPolicy)
		}
		if int64(s.policy) == in.N {
			return refuse(CodeAlreadySo)
		}
		s.emit(&Fact{Kind: PolicySet, At: in.At, N: in.N, Reason: in.Reason})
	default:
		return refuse(CodeUnknownOrder)
	}
	return Refusal{}
}

func (s *State) orderPlace(in *Input) Refusal {
	place, p := &s.layout.Places[in.Place], &s.places[in.Place]
	f := Fact{At: in.At, Place: in.Place, Reason: in.Reason}
	switch in.Do {
	case SetCapacity:
		if (place.Capacity == 0) != (in.N == 0) || in.N < 0 || in.N > maxCapacity {
			// Bounded or not is part of the proof that flows cannot deadlock.
			return Refusal{Code: CodeBadNumber, Place: in.Place, N: maxCapacity}
		}
		if int64(p.capacity) == in.N {
			return Refusal{Code: CodeAlreadySo, Place: in.Place}
		}
		f.Kind, f.N = CapacitySet, in.N
	case SetAccepts:
		if p.accepts == (border.Predicate{Refused: in.Traits, Required: border.Traits(in.N)}) {
			return Refusal{Code: CodeAlreadySo, Place: in.Place}
		}
		f.Kind, f.Traits, f.N = AcceptsSet, in.Traits, in.N
	case OpenLane, CloseLane:
		if !place.Kind.Work() {
			return Refusal{Code: CodeNotALane, Place: in.Place}
		}
		if p.open == (in.Do == OpenLane) {
			return Refusal{Code: CodeAlreadySo, Place: in.Place}
		}
		f.Kind = LaneClosed
		if in.Do == OpenLane {
			f.Kind = LaneOpened
		}
	default:
		return s.turnLane(in)
	}
	s.emit(&f)
	return Refusal{}
}

func (s *State) orderProcedure(in *Input) Refusal {
	if int(in.Procedure) >= len(s.suspended) {
		return refuse(CodeUnknownProcedure)
	}
	suspend := in.Do == SuspendProcedure
	if s.suspended[in.Procedure] == suspend {
		return refuse(CodeAlreadySo)
	}
	if !suspend {
		s.emit(&Fact{Kind: ProcedureStarted, At: in.At, Procedure: in.Procedure, Reason: in.Reason})
		return Refusal{}
	}
	to := s.layout.Procedures[in.Procedure].Fallback
	if to == in.Procedure || s.suspended[to] {
		return refuse(CodeNoFallback)
	}
	s.emit(&Fact{Kind: ProcedureSuspended, At: in.At, Procedure: in.Procedure, Reason: in.Reason})
	for i := range s.visits {
		if v := &s.visits[i]; v.id != 0 && v.procedure == in.Procedure && v.phase != PhaseAnnounced {
			s.fallBack(v, to, in.N == 1)
		}
	}
	return Refusal{}
}

// fallBack moves a visit to another procedure where nothing it needs there lies
// behind it, and nothing for exit once it is handed over; else the visit
// finishes under its own.
func (s *State) fallBack(v *visit, to ProcedureID, wanted bool) {
	p, plan := &s.layout.Procedures[to], &s.layout.plans[to]
	leg := p.legOf(v.place, 0)
	referred := v.need &^ v.plan.need
	need := (plan.need | referred) &^ v.done
	still := v.phase == PhaseWaiting || v.phase == PhaseAtStop || v.phase == PhaseDone || v.phase == PhaseAwaitingDossier
	if !wanted || !still || leg < 0 || !p.Accepts.Accepts(v.traits) || need&^p.ahead(leg) != 0 ||
		v.passed&passedHandOver != 0 && need&plan.exit != 0 {
		s.emit(&Fact{Kind: KeptProcedure, Visit: v.id, Place: v.place, Procedure: v.procedure})
		return
	}
	s.emit(&Fact{Kind: FellBack, Visit: v.id, Place: v.place, Procedure: to, Formalities: need})
	s.carryOn(v)
}
