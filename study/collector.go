package study

import (
	"math/bits"

	"landport/border"
	"landport/gate"
)

// stopMeasures are what is measured at a stop, passengers included.
type stopMeasures struct {
	wait, service series
	line          gauge
	load          load
	servers       int64
	staff         int64
	used          bool
}

// holdMeasures are what is measured in a hold.
type holdMeasures struct {
	wait series
	line gauge
}

// postMeasures are what is measured at a post.
type postMeasures struct {
	crossing series
	days     series // vehicles that left in a whole day, as if they were microseconds
	today    int64
}

// Collector measures one run from its facts, and after Merge several. It keeps
// aggregates and the visits present, nothing else.
type Collector struct {
	window Window
	track  track
	facts  int64

	// Of goods vehicles.
	crossing series
	within   average // the share within the standard
	standard border.Micros
	whose    []series  // by party
	active   []average // by party: the part in which something was done
	posts    []postMeasures

	// Of all visits but coaches' passengers.
	kinds  kinds
	time   series
	wait   series
	waited average // the share that waited at all
	inside gauge
	counts Counts
	groups []series // groupsPerDirection for each direction

	// Of all.
	stops []stopMeasures
	holds []holdMeasures // by place
	shut  []bool         // by place: lanes closed by order

	costs   []costMeasures
	balance balance
	trends  []trend // of the crossing, then stops, then places
	atEnd   []int64 // visits inside when the runs ended, by awaiting
	open    int64   // measured visits still inside
	runs    int     // finished
	clock   boundaries
	daily   daily
	odd     anomalies
	refused []RefusedOrder // in order of their numbers
}

// NewCollector returns a Collector for a compiled layout. standard is the
// published service standard for a crossing, 0 if there is none.
func NewCollector(l *gate.Layout, w Window, standard border.Micros) *Collector {
	c := &Collector{
		window: w, track: newTrack(l, w.Start), standard: standard,
		groups: make([]series, len(l.Directions)*groupsPerDirection),
		posts:  make([]postMeasures, len(l.Posts)),
		stops:  make([]stopMeasures, len(l.Stops)),
		holds:  make([]holdMeasures, len(l.Places)),
		shut:   make([]bool, len(l.Places)),
		inside: newGauge(w),
		clock:  newBoundaries(w),
	}
	c.whose = make([]series, len(c.track.parties.list))
	c.active = make([]average, len(c.track.parties.list))
	c.balance.since = w.Start
	for i := range c.holds {
		c.holds[i].line = newGauge(w)
		c.shut[i] = l.Places[i].Shut
	}
	for i := range c.stops {
		s := &c.stops[i]
		s.line, s.load = newGauge(w), load{since: w.Start}
		s.servers, s.staff = int64(l.Stops[i].Servers), gate.MaxServers
		if calendar := l.Stops[i].Staff; calendar != nil {
			level, _ := calendar.At(w.Start)
			s.staff = int64(level)
		}
	}
	c.staff(w.Start)
	return c
}

// Add takes in the next fact of the run.
func (c *Collector) Add(f *gate.Fact) { c.AddAll([]gate.Fact{*f}) }

// AddAll takes in the next facts of the run; many at a time cost less.
func (c *Collector) AddAll(facts []gate.Fact) {
	c.facts += int64(len(facts))
	for i := range facts {
		f := &facts[i]
		if f.At >= c.clock.next {
			c.reach(f.At)
		}
		if s := c.track.find(f.Visit); s != nil {
			c.follow(s, f)
		} else {
			c.unknown(f)
		}
	}
}

// follow takes in a fact about a known visit.
func (c *Collector) follow(s *stay, f *gate.Fact) {
	t := &c.track
	switch f.Kind {
	case gate.Referred, gate.ExitReleased, gate.HandedOver, gate.EntryReleased:
		// It goes on doing what it did, for the same party.
	case gate.Arrived: // it was announced
		c.arrive(f)
	case gate.Joined:
		t.close(s, f.At)
		s.doing, s.stop, s.asked = lining, f.Stop, f.At
		c.stops[f.Stop].line.join(f.At)
	case gate.ServiceStarted:
		c.serve(s, f)
	case gate.ServiceEnded, gate.Interrupted:
		c.served(s, f)
	case gate.Reached:
		t.close(s, f.At)
		s.doing = between
	case gate.Entered, gate.Moved, gate.Departed, gate.Relocated, gate.Strayed, gate.FellBack:
		c.move(s, f)
	case gate.Removed, gate.Boarded, gate.TurnedBack, gate.Readmitted, gate.ExportCancelled, gate.Cancelled, gate.NoShow:
		c.leave(s, f)
	case gate.Called:
		t.close(s, f.At)
		if s.doing == waiting { // else it is called again, and stands in no line
			s.stood = f.At.Sub(s.asked)
			c.holds[s.place].line.leave(f.At)
		}
		s.doing = called
	case gate.CallExpired, gate.CallWithdrawn:
		t.close(s, f.At)
		if s.doing == called {
			c.holds[s.place].line.join(f.At)
		}
		s.doing = waiting
	case gate.Held, gate.Unready:
		c.stepOut(s, f)
	case gate.Refused:
		t.close(s, f.At)
		c.outOf(s, f.At)
		t.change(s, f)
	case gate.Anomaly: // it goes on, whatever was odd
		c.oddity(f)
	default:
		t.close(s, f.At)
		t.change(s, f)
	}
}

func (c *Collector) oddity(f *gate.Fact) {
	if c.clock.measuring {
		c.odd[f.Reason]++
	}
}

// unknown takes in a fact that is not about a known visit.
func (c *Collector) unknown(f *gate.Fact) {
	if f.Kind == gate.Arrived || f.Kind == gate.Alighted {
		c.arrive(f)
		return
	}
	if f.Kind == gate.Anomaly {
		c.oddity(f)
	}
	c.track.add(f)
	c.post(f)
}

// arrive begins a visit.
func (c *Collector) arrive(f *gate.Fact) {
	s := c.track.arrive(f)
	s.measured = c.clock.measuring
	if f.Kind == gate.Arrived {
		c.inside.join(f.At)
		c.balance.change(f.At, 1)
		if s.measured {
			c.open++
			c.counts.Arrived++
		}
	} else if s.measured {
		c.counts.Passengers++
	}
	if s.doing == waiting {
		c.stand(s, f.At)
	}
}

// LeaveOut has a visit that has just arrived not be measured, and reports
// whether it would have been. It is there for all others: in lines, at stops, in
// what is inside.
func (c *Collector) LeaveOut(id gate.VisitID) bool {
	s := c.track.find(id)
	if s == nil || !s.measured {
		return false
	}
	if s.measured = false; s.passenger {
		c.counts.Passengers--
	} else {
		c.open--
		c.counts.Arrived--
	}
	return true
}

// stand puts a visit into the line of the hold it is in.
func (c *Collector) stand(s *stay, at border.Time) {
	s.asked = at
	c.holds[s.place].line.join(at)
}

func (c *Collector) serve(s *stay, f *gate.Fact) {
	stop := &c.stops[f.Stop]
	if s.doing == lining {
		s.stood += f.At.Sub(s.asked)
		stop.line.leave(f.At)
	}
	c.track.close(s, f.At)
	if s.measured {
		stop.wait.add(s.stood)
	}
	s.doing, s.stop, s.asked, s.stood = inService, f.Stop, f.At, 0
	stop.load.start(f.At)
}

func (c *Collector) served(s *stay, f *gate.Fact) {
	c.track.close(s, f.At)
	s.doing = between
	stop := &c.stops[f.Stop]
	stop.load.stop(f.At)
	if s.measured && f.Kind == gate.ServiceEnded {
		stop.service.sketch.Add(f.At.Sub(s.asked))
	}
}

// stepOut has a visit that is held, or whose dossier needs mending, leave the
// line it stands in; it goes on waiting there later.
func (c *Collector) stepOut(s *stay, f *gate.Fact) {
	inLine := s.doing == lining
	c.track.close(s, f.At)
	c.track.change(s, f)
	if inLine && s.doing != lining {
		s.stood += f.At.Sub(s.asked)
		c.stops[s.stop].line.leave(f.At)
	}
}

// move follows a visit out of one place and into another.
func (c *Collector) move(s *stay, f *gate.Fact) {
	t := &c.track
	t.close(s, f.At)
	c.outOf(s, f.At)
	from := t.grounds[s.place].area
	t.change(s, f)
	if s.doing == waiting {
		c.stand(s, f.At)
	}
	if from != noArea && from != t.grounds[s.place].area && s.traits&notGoods == 0 {
		c.posts[from].today++
	}
}

// outOf takes a visit out of the line, hold or service it is in.
func (c *Collector) outOf(s *stay, at border.Time) {
	switch s.doing {
	case waiting:
		c.holds[s.place].line.leave(at)
		if s.measured {
			c.holds[s.place].wait.add(at.Sub(s.asked))
		}
	case called:
		if s.measured {
			c.holds[s.place].wait.add(s.stood)
		}
	case lining:
		c.stops[s.stop].line.leave(at)
	case inService:
		c.stops[s.stop].load.stop(at)
	}
	s.stood = 0
}

// leave ends a visit.
func (c *Collector) leave(s *stay, f *gate.Fact) {
	c.track.close(s, f.At)
	c.outOf(s, f.At)
	present := s.doing != absent
	c.track.end(s, f)
	if present && !s.passenger {
		c.left(s, f)
	} else if f.Kind == gate.NoShow && c.clock.measuring {
		c.counts.NoShows++
	}
	s.id = 0
}

func (c *Collector) left(s *stay, f *gate.Fact) {
	c.inside.leave(f.At)
	c.balance.change(f.At, -1)
	c.balance.ended(f.At.Sub(s.arrived))
	if c.clock.measuring {
		c.countEnd(f)
	}
	if f.Kind == gate.Removed {
		if area := c.track.grounds[s.place].area; area != noArea && s.traits&notGoods == 0 {
			c.posts[area].today++
		}
		if s.measured {
			c.tally(s, f.At)
		} else {
			c.early(s, f.At)
		}
	}
	if s.measured {
		c.open--
	}
}

func (c *Collector) countEnd(f *gate.Fact) {
	switch {
	case f.Kind == gate.Removed:
		c.counts.Released++
	case f.Kind == gate.NoShow:
		c.counts.GivenUp++
	case f.Kind == gate.TurnedBack && f.Reason == gate.Full:
		c.counts.TurnedAway++
	default:
		c.counts.TurnedBack++
	}
}

// tally adds a visit that has been released to what is known of all.
func (c *Collector) tally(s *stay, at border.Time) {
	time, goods := at.Sub(s.arrived), s.traits&notGoods == 0
	c.kinds.of(s.traits, s.direction).time.Add(time)
	wait := border.Micros(0)
	// Parties that had no time of it are counted later, all at once: see pad.
	for m := s.parties; m != 0; m &= m - 1 {
		for party := bits.TrailingZeros64(m); party < len(s.spent); party += 64 {
			p := &s.spent[party]
			both := p[waits] + p[active]
			if both == 0 {
				continue
			}
			wait += p[waits]
			if goods {
				c.whose[party].sketch.Add(both)
				c.active[party].total += int64(p[active])
			}
		}
	}
	c.wait.add(wait)
	c.waited.count(wait > 0)
	if !goods {
		return
	}
	if c.standard > 0 {
		c.within.count(time <= c.standard)
	}
	for areas := s.areas; areas != 0; areas &= areas - 1 {
		post := bits.TrailingZeros8(areas)
		c.posts[post].crossing.sketch.Add(s.inArea[post])
	}
}
