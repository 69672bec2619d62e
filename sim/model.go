package sim

import (
	"landport/border"
	"landport/gate"
	"landport/study"
)

// Model is a scenario made ready to run: the layout the gate knows, and what
// the world brings that the gate cannot know: who arrives, how long each
// service, drive and delay takes, how each service ends. It is read only while
// worlds run on it.
type Model struct {
	Name       string
	Title      string
	Layout     *gate.Layout
	Start      border.Time
	Span       border.Micros // length of the run, warm-up included
	Warmup     border.Micros // visits that arrive before Start+Warmup are not measured
	WarmupRule string        // how Warmup was chosen: declared, study.ByMSER5, or empty for none
	pilot      bool          // Warmup is still to be chosen: see Settled
	Flows      []Flow
	Classes    []Class
	Services   [][]Service // by stop: the first whose predicate accepts the visit is used
	Drives     []Dist      // by place: from the call into a lane, or along a way
	Onward     uint8       // bit set of directions: who leaves in them goes on to the neighbour's post, so that none returns from here
	Orders     []Order     // what the operator orders by plan
	Breakdowns []Breakdown
	Costs      []study.Cost
	Standard   border.Micros // the published service standard for a crossing, 0 if none
	Parameters int           // numbers in the scenario
	Assumed    []string      // paths of those that say `assumed`
	Notes      []string      // what the reader of a result must know (samples, what is not stated)
	Calibrated []Target
	HeldOut    []Known // facts to which nothing was fitted
	Bounds     []Known // facts within which the result has to stay, though that proves nothing
	Causes     []Cause
}

// Target is a published figure that the scenario was calibrated to: a mean
// time at a post, in hours, with the number of samples behind it.
type Target struct {
	Post    string
	TimeH   float64
	Samples int
	Source  string
}

// Cause is a cause of a crossing's time: the settings that make its absence.
type Cause struct {
	Name, Issue, Says string
	Adds              int // officers, lanes or the like that its absence takes
	Unit              string
	Without           []Setting
}

// Known is a fact known of the crossing: a measure, as evidence.Parse reads it,
// and between what it lies, in its unit.
type Known struct {
	Fact, Reading, Measure string
	Low, High              float64
	Source                 string
	Input                  string // of a bound: what was set to it, so that it cannot fail
}

// Flow is one arrival process.
type Flow struct {
	Name      string
	Direction gate.Direction
	Place     gate.PlaceID // where it is first seen; 0 for the start of its route
	Arrivals  Arrivals
	Mix       []Share
}

// Share is a class of a flow with its probability.
type Share struct {
	Class int // index into Model.Classes
	P     float64
}

// Class is one kind of visit.
type Class struct {
	Name   string
	Traits border.Traits
	// Dossier: with probability ReadyP it is ready on arrival; otherwise it
	// becomes ready Lodge after arrival.
	ReadyP float64
	Lodge  Dist
	// Refer are formalities added on arrival, each with its probability (risk
	// channels, papers only some goods need).
	Refer []Referral
	// Booking: with probability BookP it announces itself Lead ahead and books
	// a slot; of those NoShowP never come; the others come Lateness after the
	// slot starts (may be before).
	BookP     float64
	Lead      Dist
	NoShowP   float64
	Lateness  Dist
	Earliness Dist // taken off the lateness
	// Return: with probability ReturnP the vehicle comes back the other way
	// as class ReturnAs after Stay.
	ReturnP   float64
	ReturnAs  int
	Stay      Dist
	StayLimit border.Micros
	// Passengers alight where Alight says and come back aboard.
	Passengers     Dist // how many, in units of border.Micros(1)
	PassengerClass int
	Alight         []Alight
}

// Alight says where the passengers of a coach leave it and where they walk to.
type Alight struct{ From, To gate.PlaceID }

// Referral adds formalities with a probability.
type Referral struct {
	P           float64
	Formalities gate.FormalitySet
}

// Service is how long a stop takes for the visits of a group, and how
// it ends. What is left of the probabilities is a plain pass.
type Service struct {
	Accepts border.Group
	Time    Dist
	Refer   []Referral
	AgainP  float64
	RefuseP float64
	HoldP   float64
	HoldFor Dist
}
