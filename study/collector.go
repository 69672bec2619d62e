package study

import (
	"math/bits"

	"landport/border"
	"landport/gate"
)

// Window is what of a run is measured.
type Window struct {
	Start    border.Time   // of the facts, when the crossing was empty
	From, To border.Time   // visits that arrive from From on and before To are measured; To may be border.Never
	Cycle    border.Micros // what traffic and hours repeat in, such as border.Day; 0 when they are always the same
}

// periods says into how many periods a window is divided, and how long each is:
// whole cycles, at most twenty periods. None when the window has no two cycles
// or no end.
func (w Window) periods() (n int, length border.Micros) {
	const most = 20
	if w.To == border.Never {
		return 0, 0
	}
	span := w.To.Sub(w.From)
	if w.Cycle == 0 {
		return most, max(1, span/most)
	}
	cycles := span / w.Cycle
	if cycles < 2 {
		return 0, 0
	}
	each := (cycles + most - 1) / most
	return int(cycles / each), each * w.Cycle
}

// notGoods are the types of vehicle that do not carry goods.
const notGoods = border.Coach | border.Car | border.Motorbike | border.OnFoot

// groupTraits are the groups of visits told apart in each direction: all goods
// vehicles, then visits by load state, cargo nature and vehicle type.
var groupTraits = [...]border.Traits{
	0, border.Empty, border.PartLoaded, border.Laden,
	border.Perishable, border.Dangerous, border.LiveAnimals, border.Oversize, border.Relief,
	border.RigidTruck, border.ArticulatedTruck, border.Van, border.Coach, border.Car, border.Motorbike,
	border.OnFoot, border.Train, border.Barge,
}

// Counts is what became of visits, coaches' passengers not counted, in the
// window that is measured: InsideBefore + Arrived = Released + TurnedAway +
// TurnedBack + GivenUp + InsideAfter.
type Counts struct {
	InsideBefore int64 `json:"inside_before"` // when measuring began
	Arrived      int64 `json:"arrived"`
	Released     int64 `json:"released"`    // left the crossing on the other side
	TurnedAway   int64 `json:"turned_away"` // found no room on arrival
	TurnedBack   int64 `json:"turned_back"` // refused, readmitted or gone
	GivenUp      int64 `json:"given_up"`    // called in vain until their turn was lost
	InsideAfter  int64 `json:"inside_after"`
	NoShows      int64 `json:"no_shows"` // booked and never came
	Passengers   int64 `json:"passengers"`
}

func (c *Counts) add(o Counts) {
	c.InsideBefore += o.InsideBefore
	c.Arrived += o.Arrived
	c.Released += o.Released
	c.TurnedAway += o.TurnedAway
	c.TurnedBack += o.TurnedBack
	c.GivenUp += o.GivenUp
	c.InsideAfter += o.InsideAfter
	c.NoShows += o.NoShows
	c.Passengers += o.Passengers
}

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
	within   series // 1 for a visit within the standard, 0 for others, as if microseconds
	standard border.Micros
	whose    []series // by party
	active   []series // by party: the part in which something was done
	posts    []postMeasures

	// Of all visits but coaches' passengers.
	time, wait series
	waited     series // 1 for a visit that waited at all, 0 for others, as if microseconds
	inside     gauge
	counts     Counts
	groups     []series // by direction, then groupTraits

	// Of all.
	stops []stopMeasures
	holds []holdMeasures // by place
	shut  []bool         // by place: lanes closed by order

	balance balance
	trends  []trend // of the crossing, then stops, then places
	open    int64   // measured visits still inside
	runs    int     // finished
	clock   boundaries
}

// NewCollector returns a Collector for a compiled layout. standard is the
// published service standard for a crossing, 0 if there is none.
func NewCollector(l *gate.Layout, w Window, standard border.Micros) *Collector {
	c := &Collector{
		window: w, track: newTrack(l, w.Start), standard: standard,
		groups: make([]series, len(l.Directions)*len(groupTraits)),
		posts:  make([]postMeasures, len(l.Posts)),
		stops:  make([]stopMeasures, len(l.Stops)),
		holds:  make([]holdMeasures, len(l.Places)),
		shut:   make([]bool, len(l.Places)),
		inside: gauge{since: w.Start, stop: w.To},
		clock:  newBoundaries(w),
	}
	c.whose = make([]series, len(c.track.parties.list))
	c.active = make([]series, len(c.track.parties.list))
	c.balance.since = w.Start
	for i := range c.holds {
		c.holds[i].line = gauge{since: w.Start, stop: w.To}
		c.shut[i] = l.Places[i].Shut
	}
	for i := range c.stops {
		s := &c.stops[i]
		s.line, s.load = gauge{since: w.Start, stop: w.To}, load{since: w.Start, stop: w.To}
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
func (c *Collector) Add(f *gate.Fact) {
	c.facts++
	if f.At >= c.clock.next {
		c.reach(f.At)
	}
	switch f.Kind {
	case gate.Arrived, gate.Alighted:
		c.arrive(f)
	case gate.Joined:
		s := c.track.add(f)
		if s != nil {
			s.asked = f.At
			c.stops[f.Stop].line.change(f.At, 1)
		}
	case gate.ServiceStarted:
		c.serve(f)
	case gate.ServiceEnded, gate.Interrupted:
		c.served(f)
	case gate.Removed, gate.Boarded, gate.TurnedBack, gate.Readmitted, gate.ExportCancelled, gate.Cancelled, gate.NoShow:
		c.leave(f)
	case gate.Called, gate.CallExpired, gate.Entered, gate.Moved, gate.Departed, gate.Strayed, gate.Relocated, gate.FellBack:
		c.move(f)
	case gate.Held, gate.Unready:
		c.stepOut(f)
	default:
		if s := c.track.add(f); s == nil {
			c.post(f)
		}
	}
}

// arrive begins a visit.
func (c *Collector) arrive(f *gate.Fact) {
	s := c.track.add(f)
	s.measured = c.clock.measuring
	if f.Kind == gate.Arrived {
		c.inside.change(f.At, 1)
		c.balance.change(f.At, 1)
		if c.clock.measuring {
			c.open++
			c.counts.Arrived++
		}
	} else if c.clock.measuring {
		c.counts.Passengers++
	}
	if s.doing == waiting {
		c.stand(s, f.At)
	}
}

// stand puts a visit into the line of the hold it is in.
func (c *Collector) stand(s *stay, at border.Time) {
	s.asked, s.stood, s.calledAt = at, 0, 0
	c.holds[s.place].line.change(at, 1)
}

func (c *Collector) serve(f *gate.Fact) {
	s := c.track.find(f.Visit)
	if s == nil {
		return
	}
	stop := &c.stops[f.Stop]
	wait := s.stood
	if s.doing == lining {
		wait += f.At.Sub(s.asked)
		stop.line.change(f.At, -1)
	}
	c.track.add(f)
	if s.measured {
		stop.wait.sketch.Add(wait)
	}
	s.asked, s.stood = f.At, 0
	stop.load.change(f.At, 1)
}

func (c *Collector) served(f *gate.Fact) {
	s := c.track.add(f)
	if s == nil {
		return
	}
	stop := &c.stops[f.Stop]
	stop.load.change(f.At, -1)
	if s.measured && f.Kind == gate.ServiceEnded {
		stop.service.sketch.Add(f.At.Sub(s.asked))
	}
}

// stepOut has a visit that is held, or whose dossier needs mending, leave the
// line it stands in; it goes on waiting there later.
func (c *Collector) stepOut(f *gate.Fact) {
	s := c.track.find(f.Visit)
	before := absent
	if s != nil {
		before = s.doing
	}
	c.track.add(f)
	if before == lining && s.doing != lining {
		s.stood += f.At.Sub(s.asked)
		c.stops[s.stop].line.change(f.At, -1)
	}
}

// move follows a visit out of one place and into another.
func (c *Collector) move(f *gate.Fact) {
	s := c.track.find(f.Visit)
	if s == nil {
		return
	}
	was := *s
	c.track.add(f)
	switch f.Kind {
	case gate.Called:
		s.calledAt = f.At
		c.holds[s.place].line.change(f.At, -1)
		return
	case gate.CallExpired:
		s.calledAt = 0
		c.holds[s.place].line.change(f.At, 1)
		return
	}
	c.outOf(&was, f.At)
	s.stood, s.calledAt = 0, 0
	if s.doing == waiting {
		c.stand(s, f.At)
	}
	if from := c.track.area[was.place]; from != noArea && from != c.track.area[s.place] && was.traits&notGoods == 0 {
		c.posts[from].today++
	}
}

// outOf takes a visit out of the line, hold or service it was in.
func (c *Collector) outOf(was *stay, at border.Time) {
	switch was.doing {
	case waiting:
		c.holds[was.place].line.change(at, -1)
		if was.measured {
			c.holds[was.place].wait.sketch.Add(at.Sub(was.asked))
		}
	case called:
		if was.measured {
			c.holds[was.place].wait.sketch.Add(was.calledAt.Sub(was.asked))
		}
	case lining:
		c.stops[was.stop].line.change(at, -1)
	case inService:
		c.stops[was.stop].load.change(at, -1)
	}
}

// leave ends a visit.
func (c *Collector) leave(f *gate.Fact) {
	s := c.track.find(f.Visit)
	if s == nil {
		return
	}
	was := *s
	c.track.add(f)
	s.id = 0
	switch {
	case was.doing == absent:
		if f.Kind == gate.NoShow && c.clock.measuring {
			c.counts.NoShows++
		}
		return
	case was.passenger:
		c.outOf(&was, f.At)
		return
	}
	c.outOf(&was, f.At)
	c.inside.change(f.At, -1)
	c.balance.change(f.At, -1)
	c.balance.ended(f.At.Sub(was.arrived))
	if c.clock.measuring {
		c.countEnd(f)
	}
	if was.measured {
		c.open--
	}
	if f.Kind != gate.Removed {
		return
	}
	if area := c.track.area[was.place]; area != noArea && was.traits&notGoods == 0 {
		c.posts[area].today++
	}
	if was.measured {
		c.tally(&was, f.At)
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
	groups := c.groups[int(s.direction)*len(groupTraits):]
	if goods {
		groups[0].sketch.Add(time)
	}
	for i := 1; s.traits != 0 && i < len(groupTraits); i++ {
		if s.traits&groupTraits[i] != 0 {
			groups[i].sketch.Add(time)
		}
	}
	wait := border.Micros(0)
	parts := c.track.partsOf(s)
	for i := 0; i < len(parts); i += 2 {
		wait += parts[i]
	}
	c.time.sketch.Add(time)
	c.wait.sketch.Add(wait)
	c.waited.sketch.Add(truth(wait > 0))
	if goods {
		c.tallyGoods(s, time, parts)
	}
}

// tallyGoods adds a goods vehicle to the crossing times and to whose they were.
// Parties that had no time of it are counted later, all at once: see pad.
func (c *Collector) tallyGoods(s *stay, time border.Micros, parts []border.Micros) {
	c.crossing.sketch.Add(time)
	if c.standard > 0 {
		c.within.sketch.Add(truth(time <= c.standard))
	}
	for party := range c.whose {
		waiting, active := parts[2*party], parts[2*party+1]
		if waiting+active > 0 {
			c.whose[party].sketch.Add(waiting + active)
		}
		if active > 0 {
			c.active[party].sketch.Add(active)
		}
	}
	in := c.track.inAreaOf(s)
	for areas := s.areas; areas != 0; areas &= areas - 1 {
		post := bits.TrailingZeros8(areas)
		c.posts[post].crossing.sketch.Add(in[post])
	}
}

func truth(b bool) border.Micros {
	if b {
		return 1
	}
	return 0
}

// post takes in a fact about the crossing itself.
func (c *Collector) post(f *gate.Fact) {
	switch f.Kind {
	case gate.LaneOpened, gate.LaneClosed:
		c.shut[f.Place] = f.Kind == gate.LaneClosed
	case gate.ServersSet:
		c.stops[f.Stop].servers = f.N
	case gate.StaffChanged:
		c.stops[f.Stop].staff = f.N
	case gate.HoursChanged, gate.PostClosed, gate.PostReopened:
	default:
		return
	}
	c.staff(f.At)
}

// staff works out how many officers are available at every stop: those on duty
// while a place with the stop is open.
func (c *Collector) staff(at border.Time) {
	l := c.track.layout
	for i := 1; i < len(c.stops); i++ {
		c.stops[i].used = false
	}
	for i := range l.Procedures {
		p := &l.Procedures[i]
		for _, step := range p.Steps {
			for j, stop := range step.Stops {
				place := p.Legs[step.Leg].Places[j]
				if !c.shut[place] && c.track.hours.level(l.Places[place].Opening) > gate.Closed {
					c.stops[stop].used = true
				}
			}
		}
	}
	for i := 1; i < len(c.stops); i++ {
		available := int64(0)
		if c.stops[i].used {
			available = max(0, min(c.stops[i].servers, c.stops[i].staff))
		}
		c.stops[i].load.staff(at, available)
	}
}
