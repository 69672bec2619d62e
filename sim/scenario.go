package sim

import (
	"reflect"
	"time"
)

// File is a scenario as written: what is where at a crossing point, when it is
// open, who comes, and how long everything takes. Decode reads it from YAML;
// Model makes it ready to run. docs/scenarios.md describes every field.
//
// The struct tags of its types are the format: yaml names a field, need marks
// the ones that cannot be left out, short the one that a plain value instead of
// a mapping stands for, least and most limit a number or the length of a list,
// and doc becomes the description in the JSON Schema.
type File struct {
	Name        string           `yaml:"name" need:"true" doc:"Short name, as given to landport simulate."`
	Title       string           `yaml:"title" doc:"One line for people."`
	Extends     string           `yaml:"extends" doc:"The scenario that this file changes, by its name or its file; what the file does not say is as there."`
	Run         runEntry         `yaml:"run" free:"true" doc:"How long to run. The experiment, not the crossing: it needs no source."`
	Standard    duration         `yaml:"service_standard" doc:"The published time in which a crossing should be done."`
	Posts       []postEntry      `yaml:"posts" most:"8" doc:"The countries' sides of the crossing point. Left out: one post in UTC."`
	Directions  names            `yaml:"directions" most:"8" doc:"Directions of travel such as KH-VN. Left out: every pair of the posts' countries."`
	Openings    []openingEntry   `yaml:"openings" most:"200" doc:"Hours of single lanes or flows, where they differ from the post's."`
	Formalities []formalityEntry `yaml:"formalities" most:"31" doc:"Each agency's act on one subject, for exit or entry."`
	Places      []placeEntry     `yaml:"places" most:"4000" doc:"Where vehicles wait, drive and are served. Left out: one bay for each stop."`
	Stops       []stopEntry      `yaml:"stops" need:"true" most:"4000" doc:"Where agencies serve."`
	Procedures  []procedureEntry `yaml:"procedures" most:"256" doc:"Routes with the formalities done on them. Left out: all places and stops in the order written."`
	Policies    []policyEntry    `yaml:"policies" most:"100" doc:"Whom to call next; the first is in force. Left out: first come, first served."`
	Classes     []classEntry     `yaml:"classes" most:"1000" doc:"Kinds of visit. Left out: one kind, ready on arrival."`
	Flows       []flowEntry      `yaml:"flows" need:"true" most:"1000" doc:"Who arrives, and when."`
	Costs       []costEntry      `yaml:"costs" most:"100" doc:"What crossing costs: fees, other payments, the value of time."`
	Orders      []orderEntry     `yaml:"orders" most:"1000" doc:"What the operator orders during the run: lanes turned by the hour, closures, changes of policy."`
	Targets     []targetEntry    `yaml:"calibration" most:"100" doc:"Published times that the scenario was calibrated to."`
	Causes      []causeEntry     `yaml:"causes" most:"12" doc:"Causes of its time, each with what its absence would change."`
	HeldOut     []knownEntry     `yaml:"validation" most:"100" doc:"Facts known of the crossing to which nothing was fitted."`
	Bounds      []knownEntry     `yaml:"bounds" most:"100" doc:"Published figures within which the result has to stay, though that proves nothing: an input was set to them, or they are too coarse."`
	Notes       names            `yaml:"notes" most:"100" doc:"What the reader of a result must know."`

	tree       node
	text       document
	parameters []Parameter
	zones      func(string) (*time.Location, error)
}

// Library reads scenario files that extend others.
type Library struct {
	Zones func(string) (*time.Location, error) // finds a time zone by its IANA name
	// Base finds the scenario that a file extends: the name for errors and the
	// text. Without it no file may extend another.
	Base func(file, extends string) (name string, data []byte, err error)
}

// Decode reads a scenario file that extends no other. The name is used in
// errors, which carry line and column; zones finds a time zone by its IANA name.
// Every figure must be covered by a source or assumed field beside it or in a
// mapping around it.
func Decode(name string, data []byte, zones func(string) (*time.Location, error)) (*File, error) {
	return Library{Zones: zones}.Decode(name, data)
}

// Decode reads a scenario file and those it extends. What it says is laid over
// its base: mappings field by field, lists whose entries have names entry by
// entry, everything else whole. Errors, *Error, name the file that is wrong.
func (l Library) Decode(name string, data []byte) (*File, error) {
	tree, err := l.tree(name, data, nil)
	if err != nil {
		return nil, err
	}
	return decode(tree, l.Zones)
}

// decode fills a File from a syntax tree.
func decode(tree node, zones func(string) (*time.Location, error)) (*File, error) {
	f := &File{tree: tree, zones: zones}
	d := &decoder{document: document{at: map[string]position{}}}
	tree.d = d
	if _, err := tree.named(); err != nil {
		return nil, err
	}
	if err := d.fill(tree, reflect.ValueOf(f).Elem()); err != nil {
		return nil, err
	}
	f.text, f.parameters = d.document, d.parameters
	f.text.removed = *tree.removed
	return f, nil
}

type runEntry struct {
	Start  date     `yaml:"start" doc:"First day, at midnight in the first post's zone; 2018-01-01, a Monday, if left out."`
	Length duration `yaml:"length" doc:"Length of a run, warm-up included; 30d if left out."`
	Warmup warmup   `yaml:"warmup" doc:"What happens before is not measured; auto has it found out by pilot runs. Left out: measured from the empty start."`
}

type postEntry struct {
	Name          string   `yaml:"name" need:"true" doc:"Name of the post."`
	Country       string   `yaml:"country" need:"true" doc:"ISO 3166 alpha-2."`
	Zone          string   `yaml:"zone" doc:"Time zone by its IANA name; UTC if left out."`
	Hours         hours    `yaml:"hours" doc:"Hours of its lanes and other places where formalities are done; always open if left out."`
	LastAdmission duration `yaml:"last_admission" doc:"How long before closing the last vehicle is admitted."`
	Holidays      dates    `yaml:"holidays" doc:"Public holidays, by date."`
}

type openingEntry struct {
	Name          string   `yaml:"name" need:"true" doc:"Name that places refer to."`
	Post          string   `yaml:"post" doc:"Post whose clock and holidays count; the only post if left out."`
	Hours         hours    `yaml:"hours" need:"true" doc:"Hours."`
	LastAdmission duration `yaml:"last_admission" doc:"How long before closing the last vehicle is admitted."`
}

type formalityEntry struct {
	Name     string  `yaml:"name" need:"true" doc:"Name that steps and referrals use."`
	Agency   agency  `free:"true" yaml:"agency" need:"true" doc:"Whose act it is."`
	Country  string  `yaml:"country" need:"true" doc:"Whose law it is: ISO 3166 alpha-2."`
	Subject  subject `free:"true" yaml:"subject" need:"true" doc:"What it is about."`
	Side     side    `free:"true" yaml:"side" need:"true" doc:"exit or entry."`
	Visiting bool    `yaml:"visiting" doc:"Done by officers on the neighbour's soil."`
}

type placeEntry struct {
	Name       string    `yaml:"name" need:"true" doc:"Name; with count, an asterisk stands for the number."`
	Count      count     `yaml:"count" least:"1" most:"1000" doc:"How many alike; 1 if left out."`
	Kind       placeKind `free:"true" yaml:"kind" need:"true" doc:"What it is."`
	Post       string    `yaml:"post" doc:"Who holds it; the only post if left out."`
	Capacity   count     `yaml:"capacity" most:"1048576" doc:"Vehicles it holds; unbounded if left out."`
	EachWay    bool      `yaml:"each_way" doc:"The capacity counts for each direction apart."`
	Directions names     `yaml:"directions" doc:"Directions it serves at the start; all if left out."`
	Tidal      bool      `yaml:"tidal" doc:"Its direction may be turned while running."`
	Shut       bool      `yaml:"shut" doc:"Closed at the start."`
	Accepts    traits    `free:"true" yaml:"accepts" doc:"Traits: on each axis named, only these; who has none there is not meant."`
	Refuses    traits    `free:"true" yaml:"refuses" doc:"Traits it does not take."`
	Opening    string    `yaml:"opening" doc:"Hours by name: an opening or a post, or always."`
	SingleFile bool      `yaml:"single_file" doc:"Who entered first leaves first."`
	Pager      bool      `yaml:"pager" doc:"Drivers wait parked and are called forward."`
	CallGrace  duration  `yaml:"call_grace" doc:"How long a called vehicle has to enter the lane."`
	CallTries  count     `yaml:"call_tries" most:"255" doc:"Calls before it counts as a no-show."`
	TurnAway   bool      `yaml:"turn_away" doc:"Arrivals that find it full are turned away."`
	Drive      timing    `yaml:"drive" doc:"Time to drive along it, or from the call into it; none if left out."`
}

type stopEntry struct {
	Name       string         `yaml:"name" need:"true" doc:"Name; with count, an asterisk stands for the number."`
	Count      count          `yaml:"count" least:"1" most:"1000" doc:"How many alike, one for each lane; 1 if left out."`
	Post       string         `yaml:"post" doc:"Whose stop it is; the only post if left out."`
	Agency     agency         `free:"true" yaml:"agency" doc:"Whose waiting and service time it is; customs if left out, or the operator where there are no posts."`
	Servers    count          `yaml:"servers" least:"1" most:"64" doc:"Officers or booths that serve at once; what the shifts need, or 1, if left out."`
	Shifts     []shift        `yaml:"shifts" most:"100" doc:"Officers on duty by hours; always all if left out."`
	Breaks     []shift        `yaml:"breaks" most:"100" doc:"Officers away by hours."`
	Breakdowns breakdownEntry `yaml:"breakdowns" doc:"Failures of all its servers, as of a scanner; never if left out."`
	Dossier    bool           `yaml:"needs_dossier" doc:"Service starts only when the dossier is ready."`
	Service    services       `yaml:"service" need:"true" doc:"How long it takes and how it ends: one time for all, or a list of cases of which the first that accepts the visit counts."`
}

type shift struct {
	Hours   hours `yaml:"hours" need:"true" doc:"Hours."`
	Servers count `yaml:"servers" most:"64" doc:"How many officers; in breaks all if left out, in shifts 1."`
}

type breakdownEntry struct {
	Every   timing `yaml:"every" need:"true" doc:"How long it works from a repair to the next failure."`
	Lasting timing `yaml:"lasting" need:"true" doc:"How long a failure lasts."`
}

type serviceEntry struct {
	Accepts traits          `free:"true" yaml:"accepts" doc:"Traits: on each axis named, only these; who has none there is not meant."`
	Refuses traits          `free:"true" yaml:"refuses" doc:"Traits it does not take."`
	Time    timing          `yaml:"time" need:"true" doc:"Service time."`
	Again   probability     `yaml:"again" doc:"Probability that the stop has to be done once more."`
	Refuse  probability     `yaml:"refuse" doc:"Probability that the visit is refused and turned back."`
	Hold    probability     `yaml:"hold" doc:"Probability that the visit is put on hold."`
	HoldFor timing          `yaml:"hold_for" doc:"How long a hold lasts."`
	Refer   []referralEntry `yaml:"refer" doc:"Formalities that may be added, done at a later stop."`
}

type referralEntry struct {
	Formalities names       `yaml:"formalities" need:"true" doc:"Formalities added."`
	Probability probability `yaml:"probability" need:"true" doc:"Share of visits, 0 to 1."`
}

type procedureEntry struct {
	Name       string     `yaml:"name" need:"true" doc:"Name."`
	LegalBasis string     `yaml:"legal_basis" doc:"The agreement or law it rests on."`
	Direction  string     `yaml:"direction" doc:"Direction of travel; the only one if left out."`
	Accepts    traits     `free:"true" yaml:"accepts" doc:"Traits: on each axis named, only these; who has none there is not meant."`
	Refuses    traits     `free:"true" yaml:"refuses" doc:"Traits it does not take."`
	Route      []legEntry `yaml:"route" need:"true" most:"100" doc:"Legs in order."`
	Suspended  bool       `yaml:"suspended" doc:"Not in use at the start."`
	Fallback   string     `yaml:"fallback" doc:"Procedure that takes over when this one is suspended."`
}

type legEntry struct {
	Place names       `yaml:"place" need:"true" short:"true" doc:"One place, or lanes of which one is chosen; a name with an asterisk is all of them."`
	Stops []stepEntry `yaml:"stops" most:"100" doc:"Stops there, in order."`
}

type stepEntry struct {
	Stop        names `yaml:"stop" short:"true" doc:"One stop shared by all lanes of the leg, or one for each lane."`
	Formalities names `yaml:"formalities" doc:"Formalities done here; none means that everybody stops."`
	OnReferral  bool  `yaml:"on_referral" doc:"Only for visits referred to these formalities."`
	Rejoin      bool  `yaml:"rejoin" doc:"A coach waits here for its passengers."`
}

type policyEntry struct {
	Name       string          `yaml:"name" need:"true" doc:"Name."`
	Strict     bool            `yaml:"strict" doc:"Nobody passes the first in line, whatever lane is free."`
	ReadyFirst bool            `yaml:"ready_first" doc:"Who has no ready dossier is not called and keeps the place in line."`
	Ageing     duration        `yaml:"ageing" doc:"How much longer one class of priority waits than the next before they are equal."`
	Priorities []priorityEntry `yaml:"priorities" most:"100" doc:"Who goes ahead; the first that accepts the visit counts."`
	Slots      slotsEntry      `yaml:"slots" doc:"Bookable windows."`
}

type priorityEntry struct {
	Accepts traits `free:"true" yaml:"accepts" doc:"Traits: on each axis named, only these; who has none there is not meant."`
	Refuses traits `free:"true" yaml:"refuses" doc:"Traits it does not take."`
	Class   count  `yaml:"class" need:"true" least:"1" most:"1000" doc:"1 or more; higher goes first, the others are 0."`
}

type slotsEntry struct {
	Length   duration    `yaml:"length" need:"true" doc:"Length of a slot."`
	Quota    count       `yaml:"quota" need:"true" least:"1" most:"1048576" doc:"Vehicles per slot and direction."`
	Overbook probability `yaml:"overbook" doc:"Share booked beyond the quota, by the measured share of no-shows."`
	Grace    duration    `yaml:"grace" doc:"How late a booked vehicle may arrive."`
	Rebook   count       `yaml:"rebook" most:"255" doc:"How often a booking may be changed."`
}

type classEntry struct {
	Name      string          `yaml:"name" need:"true" doc:"Name."`
	Traits    traits          `free:"true" yaml:"traits" doc:"Its values on the axes of traffic, such as laden, rigid-truck."`
	Dossier   dossierEntry    `yaml:"dossier" doc:"When its papers are ready; on arrival if left out."`
	Refer     []referralEntry `yaml:"refer" doc:"Formalities that some need from the start: risk channels, papers only some goods need."`
	Booking   bookingEntry    `yaml:"booking" doc:"Whether it books a slot."`
	Return    returnEntry     `yaml:"return" doc:"Whether it comes back the other way."`
	StayLimit duration        `yaml:"stay_limit" doc:"How long it may stay in the country of entry."`
	Coach     coachEntry      `yaml:"coach" doc:"Passengers who walk while the coach is examined."`
}

type dossierEntry struct {
	Ready  probability `yaml:"ready" need:"true" doc:"Share whose dossier is ready on arrival."`
	Lodged timing      `yaml:"lodged_after" doc:"How long after arrival it is ready for the others."`
}

type bookingEntry struct {
	Probability probability `yaml:"probability" need:"true" doc:"Share that books a slot."`
	Lead        timing      `yaml:"lead" doc:"How long ahead."`
	NoShow      probability `yaml:"no_show" doc:"Share of those booked that never comes."`
	Lateness    timing      `yaml:"lateness" doc:"How long after the slot's start it comes."`
	Earliness   timing      `yaml:"earliness" doc:"Taken off the lateness."`
}

type returnEntry struct {
	Probability probability `yaml:"probability" need:"true" doc:"Share that comes back."`
	As          string      `yaml:"as" need:"true" doc:"Class it comes back as."`
	After       timing      `yaml:"after" need:"true" doc:"Time between leaving and coming back."`
}

type coachEntry struct {
	Passengers tally         `yaml:"passengers" need:"true" doc:"How many."`
	As         string        `yaml:"as" need:"true" doc:"Class of a passenger on foot."`
	Alight     []alightEntry `yaml:"alight" need:"true" doc:"Where they leave the coach and where they walk to."`
}

type alightEntry struct {
	From string `yaml:"from" need:"true" doc:"Place where the coach is; a name with an asterisk is all of them."`
	To   string `yaml:"to" need:"true" doc:"Place where passengers start on foot."`
}

type flowEntry struct {
	Name      string     `yaml:"name" doc:"Name; flow 1, flow 2 and so on if left out."`
	Direction string     `yaml:"direction" doc:"Direction of travel; the only one if left out."`
	ArrivesAt string     `yaml:"arrives_at" doc:"Where it is first seen; the start of its route if left out."`
	Rate      rate       `yaml:"rate" doc:"Mean number of arrivals, such as 450/day, at random (Poisson)."`
	Every     timing     `yaml:"every" doc:"Time between arrivals, instead of a rate."`
	ByHour    hourTable  `yaml:"by_hour" doc:"Relative weight of each hour of the day, such as 06-08: 0.5."`
	ByWeekday dayTable   `yaml:"by_weekday" doc:"Relative weight of each weekday, such as sun: 0.6."`
	Holidays  factor     `yaml:"on_holidays" doc:"Traffic on the post's holidays, as a multiple of that weekday's."`
	Growth    growth     `yaml:"growth_per_year" doc:"Growth of traffic from the start of the run, such as 0.05; below 0 it falls."`
	Batch     batchTable `yaml:"batch" doc:"Probability of each number that come at once."`
	Classes   mixTable   `yaml:"classes" doc:"Share of each class; the only class if left out."`
}

type targetEntry struct {
	Post    string   `yaml:"post" need:"true" doc:"Post."`
	Time    duration `yaml:"time" need:"true" doc:"Published time at the post."`
	Samples count    `yaml:"samples" most:"1000000" doc:"Number of samples behind it."`
}

type causeEntry struct {
	Name    string         `yaml:"name" need:"true" doc:"Name."`
	Issue   string         `yaml:"issue" doc:"Who found it, in whose words."`
	Says    string         `yaml:"says" need:"true" doc:"What its absence is taken to be."`
	Adds    count          `free:"true" yaml:"adds" least:"1" most:"100000" doc:"How many officers, lanes or the like its absence takes; nothing of the kind if left out."`
	Unit    string         `yaml:"unit" doc:"What is counted there, in words."`
	Without []settingEntry `yaml:"without" need:"true" most:"100" doc:"The values that change where the cause is absent."`
}

type settingEntry struct {
	Path  string  `yaml:"path" need:"true" doc:"The value's path, such as stops[customs].servers."`
	Value literal `yaml:"value" doc:"What it is then, as in a file; in quotation marks where it has braces."`
	Times factor  `yaml:"times" free:"true" doc:"Or by what it is multiplied."`
}

// literal is a value as it would stand in a file.
type literal string

type knownEntry struct {
	Fact    string `yaml:"fact" need:"true" doc:"What is known, in words."`
	Reading string `yaml:"reading" doc:"What the source leaves open, and how it was read."`
	Measure string `yaml:"measure" need:"true" doc:"The measure it is about, such as mean(crossing_h@Bavet)."`
	Low     factor `yaml:"low" need:"true" doc:"Least value, in the measure's unit."`
	High    factor `yaml:"high" need:"true" doc:"Greatest value."`
	Input   string `yaml:"input" doc:"Under bounds: the input that was set to it, so that it cannot fail."`
}
