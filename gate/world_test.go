package gate

import "landport/border"

// serveAll plays the world's part, in any order, until nobody is left: whoever
// is called enters, whoever drives arrives, every service ends. It reports
// whether the crossing point ran empty.
func (w *watcher) serveAll(throw dice) bool {
	for range 5_000 {
		answers := owed(w.s)
		in := Input{At: w.s.NextDeadline()}
		switch {
		case len(answers) > 0:
			in = answers[throw("answer", 0, len(answers)-1)]
			in.At = w.at.Add(throw.upTo(5 * border.Minute))
		case w.empty():
			return true
		case in.At == border.Never || in.At.Sub(w.at) > 10*border.Day:
			return false
		}
		w.do(in)
	}
	return false
}

func (w *watcher) empty() bool {
	for range w.s.Present {
		return false
	}
	return true
}

// owed lists what the world has to report next of every visit.
func owed(s *State) (out []Input) {
	for v := range s.Present {
		in := Input{Visit: v.ID}
		switch v.Phase {
		case PhaseAnnounced:
			in.Do = ObserveArrival
		case PhaseCalled:
			in.Do = ObserveEntered
		case PhaseDriving:
			in.Do = ObserveReached
		case PhaseInService:
			in.Do = ObserveServed
		case PhaseRefused:
			in.Do = Readmit
		default:
			switch {
			case v.Held != 0:
				in.Do = Unhold
			case v.Unready:
				in.Do = SetReady
			default:
				continue
			}
		}
		out = append(out, in)
	}
	return out
}

// calm takes back what random orders may have done to the post, so that
// everybody can be served: it opens what is closed, staffs every stop, lifts
// holds and lets those go who stand where nothing takes them.
func (w *watcher) calm() {
	l := w.s.layout
	order := func(in Input) {
		in.At = w.at
		w.do(in)
	}
	for i := range l.Posts {
		order(Input{Do: ReopenPost, N: int64(i)})
	}
	for i := 1; i < len(l.Stops); i++ {
		order(Input{Do: SetServers, Stop: StopID(i), N: int64(l.Stops[i].Servers)})
	}
	for i := 1; i < len(l.Places); i++ {
		if w.s.places[i].accepts != l.Places[i].Accepts {
			a := l.Places[i].Accepts
			order(Input{Do: SetAccepts, Place: PlaceID(i), Traits: a.Refused, N: int64(a.Required)})
		}
		order(Input{Do: OpenLane, Place: PlaceID(i)})
	}
	var ids []VisitID
	for v := range w.s.Present {
		ids = append(ids, v.ID)
	}
	for _, id := range ids {
		order(Input{Do: Unhold, Visit: id})
		order(Input{Do: SetReady, Visit: id})
		if v, ok := w.s.Visit(id); ok && (v.Phase == PhaseAstray || v.Phase == PhaseRefused && !v.HandedOver || l.Places[v.Place].Kind.Way()) {
			order(Input{Do: ObserveGone, Visit: id})
		}
	}
}

// drawOrderly draws what comes next where everybody does as told: arrivals,
// passengers who alight, holds and dossiers, lanes that turn, and answers.
func drawOrderly(throw dice, w *watcher) Input {
	l := w.s.layout
	in := Input{At: w.at.Add(throw.upTo(5 * border.Minute)), Visit: drawVisit(throw, w, Hold)}
	switch throw("what", 0, 11) {
	case 0, 1, 2, 3:
		in.Do, in.Visit, in.Direction = ObserveArrival, 0, Direction(throw("direction", 0, len(l.Directions)-1))
		in.Traits, in.Unready = traffic[throw("traits", 0, len(traffic)-1)], throw("unready", 0, 4) == 0
	case 4:
		in.Do, in.Formalities = Hold, 1
	case 5:
		in.Do, in.Place, in.Direction = TurnLane, PlaceID(throw("lane", 0, len(l.Places)-1)), Direction(throw("direction", 0, 1))
	case 6:
		in.Do, in.Other, in.Traits = ObserveAlighted, in.Visit, border.BorderPass
		if v, ok := w.s.Visit(in.Other); ok {
			in.Place = hallFor(l, v.Direction)
		}
	case 7:
		in.Do, in.Formalities = Refer, FormalitySet(throw("formality", 1, 31))
	default:
		if answers := owed(w.s); len(answers) > 0 {
			at := in.At
			in = answers[throw("answer", 0, len(answers)-1)]
			in.At = at
		}
	}
	return in
}

// hallFor returns where passengers alight in a direction, Outside if nowhere.
func hallFor(l *Layout, d Direction) PlaceID {
	for i := range l.Procedures {
		if p := &l.Procedures[i]; p.Direction == d && p.Accepts == border.Only(border.OnFoot) {
			return p.Legs[0].Places[0]
		}
	}
	return Outside
}

// A crowd keeps a crossing point full: for each visit that leaves, one comes.
type crowd struct {
	s     *State
	throw dice
	at    border.Time
	facts []Fact
}

func (c *crowd) do(in Input) {
	in.At = c.at
	c.facts, _ = c.s.Decide(&in, c.facts[:0])
}

func (c *crowd) arrive() VisitID {
	c.do(Input{Do: ObserveArrival, Direction: Direction(c.throw("direction", 0, len(c.s.layout.Directions)-1)),
		Traits: traffic[c.throw("traits", 0, len(traffic)-1)]})
	for i := range c.facts {
		if c.facts[i].Kind == Arrived {
			return c.facts[i].Visit
		}
	}
	return 0
}

func (c *crowd) step() {
	answers := owed(c.s)
	if len(answers) == 0 {
		c.at = c.s.NextDeadline()
		c.do(Input{})
		return
	}
	c.at = c.at.Add(border.Minute)
	before := c.s.counts.Arrived - c.s.counts.Removed
	c.do(answers[c.throw("answer", 0, len(answers)-1)])
	for gone := before - c.s.counts.Arrived + c.s.counts.Removed; gone > 0; gone-- {
		c.arrive()
	}
}

// drawInput draws what could come next: mostly what fits, sometimes anything.
func drawInput(throw dice, w *watcher, lateToo bool) Input {
	in := Input{Do: drawDo(throw)}
	switch throw("when", 0, 11) {
	case 0, 1, 2:
		in.At = w.at
	case 3:
		in.At = w.at.Add(throw.upTo(6 * border.Hour))
	case 4:
		if in.At = w.s.NextDeadline(); in.At.Sub(w.at) > 3*border.Day {
			in.At = w.at
		}
	case 5:
		in.At = w.at
		if lateToo {
			in.At, in.Told = w.at.Add(-throw.upTo(2*border.Hour)), w.at
		}
	default:
		in.At = w.at.Add(throw.upTo(20 * border.Minute))
	}
	l := w.s.layout
	in.Visit = drawVisit(throw, w, in.Do)
	if in.Do == ObserveArrival {
		in.Visit = drawVisit(throw, w, Cancel)
	}
	in.Other = drawVisit(throw, w, ObserveAlighted)
	in.Traits = traffic[throw("traits", 0, len(traffic)-1)]
	in.Direction = Direction(throw("direction", 0, len(l.Directions)))
	in.Place = PlaceID(throw("place", 0, len(l.Places)))
	if (in.Do == ObserveArrival || in.Do == ObserveEntered) && throw("anywhere", 0, 3) > 0 {
		in.Place = 0
	}
	in.Stop = StopID(throw("stop", 0, len(l.Stops)))
	in.Procedure = ProcedureID(throw("procedure", 0, len(l.Procedures)))
	in.Thing = ThingID(throw("thing", 0, 6))
	in.Formalities = FormalitySet(throw("formalities", 0, 63))
	in.Reason = Reason(throw("reason", 0, int(reasons)))
	in.Outcome = Outcome(max(0, throw("outcome", -6, 5)))
	in.Unready = throw("unready", 0, 4) == 0
	switch in.Do {
	case Book, LimitStay:
		in.N = int64(w.at.Add(throw.upTo(5 * border.Hour)))
	case SetHours:
		if hours := w.s.Hours(OpeningID(min(1, len(l.Openings)-1))); hours != nil {
			opens := throw("opens", 0, 23) * 60
			last := opens + throw("admits", 0, 20)*60
			in.N = DayHours{1, dayOf(hours, w.at.Add(border.Micros(throw("days", 0, 2))*border.Day)), opens, last, last + throw("finishes", 0, 3)*60}.Pack()
		}
	case SetAccepts:
		in.N = 0
	case SuspendProcedure:
		in.N = int64(throw("fall back", 0, 1))
	default:
		in.N = int64(throw("n", -1, 4))
	}
	return in
}

// drawDo draws a kind of input: often an arrival, an end of what goes on or a
// booking, sometimes any.
func drawDo(throw dice) Do {
	switch throw("kind", 0, 9) {
	case 0, 1, 2:
		return ObserveArrival
	case 3, 4, 5:
		return []Do{ObserveServed, ObserveEntered, ObserveReached, ObserveServed}[throw("end", 0, 3)]
	case 6:
		return []Do{Announce, Announce, Book, Book, GiveBack}[throw("booking", 0, 4)]
	}
	return Do(throw("do", 0, int(dos)))
}

// drawVisit draws a visit that an input of this kind fits, if there is one.
func drawVisit(throw dice, w *watcher, do Do) VisitID {
	wanted := map[Do][]Phase{
		ObserveEntered: {PhaseCalled}, ObserveReached: {PhaseDriving}, ObserveServed: {PhaseInService},
		ObserveInterrupted: {PhaseInService}, Book: {PhaseAnnounced}, GiveBack: {PhaseAnnounced}, Cancel: {PhaseAnnounced},
		Recall: {PhaseCalled}, Call: {PhaseWaiting}, SetReady: {PhaseAwaitingDossier, PhaseWaiting}, Readmit: {PhaseRefused},
	}[do]
	var fitting, all []VisitID
	for v := range w.s.Present {
		all = append(all, v.ID)
		for _, p := range wanted {
			if v.Phase == p {
				fitting = append(fitting, v.ID)
			}
		}
	}
	from := all
	if len(fitting) > 0 && throw("fits", 0, 9) > 0 {
		from = fitting
	}
	if len(from) == 0 || throw("unknown", 0, 19) == 0 {
		return VisitID(throw("visit", 0, 1<<27))
	}
	return from[throw("which", 0, len(from)-1)]
}
