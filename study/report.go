package study

import (
	"fmt"
	"math"
	"slices"

	"landport/border"
	"landport/gate"
)

// Report is the result of a study. Its JSON holds nothing that depends on the
// machine but elapsed_s. A number that cannot be told is null: means of a
// crossing that cannot cope, intervals that nothing independent stands behind.
type Report struct {
	Scenario          string         `json:"scenario"`
	Title             string         `json:"title,omitempty"`
	Seed              uint64         `json:"seed"`
	Replications      int            `json:"replications"`
	Kind              string         `json:"kind,omitempty"` // Terminating or SteadyState
	WarmupDays        float64        `json:"warmup_days"`
	WarmupRule        string         `json:"warmup_rule,omitempty"` // declared, or ByMSER5
	MeasuredDays      float64        `json:"measured_days"`
	Parameters        int            `json:"parameters"`
	AssumedParameters int            `json:"assumed_parameters"`
	Stable            *bool          `json:"stable"` // null until the run is over
	StableReason      string         `json:"stable_reason"`
	Settled           *bool          `json:"settled"`                  // of a steady state: null where too few or too short runs cannot tell
	SettledReason     string         `json:"settled_reason,omitempty"` // why not, or why that cannot be told
	Precision         *Precision     `json:"precision,omitempty"`      // where one was asked for
	Crossing          Crossing       `json:"crossing"`
	Posts             []PostTimes    `json:"posts"`
	Stops             []StopTimes    `json:"stops"`
	Holds             []HoldTimes    `json:"holds"`
	Groups            []GroupTimes   `json:"groups"`
	System            System         `json:"system"`
	Attribution       []Attribution  `json:"attribution"`
	Officers          []OfficerTimes `json:"officers"`
	Costs             []CostTimes    `json:"costs"`
	Counts            Counts         `json:"counts"`
	Anomalies         []AnomalyCount `json:"anomalies"`
	RefusedOrders     []RefusedOrder `json:"refused_orders"`
	Little            Little         `json:"littles_law"`
	Calibration       []Calibration  `json:"calibration"`
	Notes             []string       `json:"notes"`
	Facts             int64          `json:"facts"`
	ElapsedS          float64        `json:"elapsed_s"`
}

// Copes reports whether the crossing is shown to cope with what arrives.
func (r *Report) Copes() bool { return r.Stable != nil && *r.Stable }

// Grows reports whether it is shown not to. Of a run that is not over neither is.
func (r *Report) Grows() bool { return r.Stable != nil && !*r.Stable }

// Rises reports whether a steady state is shown not to be reached.
func (r *Report) Rises() bool { return r.Settled != nil && !*r.Settled }

// Crossing is the border-crossing time of goods vehicles end to end: from
// entering the first post's area to leaving the second's, waiting included
// (CAREC Corridor Performance Measurement and Monitoring, indicator 1). Goods
// vehicles are all but coaches, cars, motorbikes and persons on foot.
type Crossing struct {
	NCounts     string     `json:"n_counts"` // in words, as in every n_counts: what the n of its summaries is the number of
	TimeH       Summary    `json:"time_h"`
	BufferH     *float64   `json:"buffer_h"`     // 95th percentile less the mean
	BufferIndex *float64   `json:"buffer_index"` // as a share of the mean
	StandardH   *float64   `json:"standard_h"`   // the published service standard
	WithinShare *Summary   `json:"within_share"` // 1 for each visit within it
	Days        DailyMeans `json:"days"`
}

// PostTimes is the time of goods vehicles in one post's area, and how many
// leave it. The road between belongs to nobody.
type PostTimes struct {
	Post             string   `json:"post"`
	Country          string   `json:"country"`
	NCounts          string   `json:"n_counts"`
	CrossingH        Summary  `json:"crossing_h"`
	BufferH          *float64 `json:"buffer_h"`
	ThroughputPerDay Summary  `json:"throughput_per_day"` // of whole days: n counts them
}

// StopTimes is what happened at one stop. Line and utilisation are over time:
// their percentiles are shares of time, their n the visits that joined and the
// services started.
type StopTimes struct {
	Stop        string  `json:"stop"`
	Post        string  `json:"post"`
	Agency      string  `json:"agency"`
	WaitMin     Summary `json:"wait_min"`
	ServiceMin  Summary `json:"service_min"`
	QueueLength Summary `json:"queue_length"`
	Utilisation Summary `json:"utilisation"` // busy share of the officers available
}

// HoldTimes is what happened in one place of waiting.
type HoldTimes struct {
	Hold        string  `json:"hold"`
	Post        string  `json:"post"`
	WaitMin     Summary `json:"wait_min"`
	QueueLength Summary `json:"queue_length"`
}

// GroupTimes is the crossing time of a group of visits in one direction.
type GroupTimes struct {
	Group     string  `json:"group"`
	Direction string  `json:"direction"`
	Traits    string  `json:"traits"` // a load state, a cargo nature, a vehicle type, or empty for all goods vehicles
	Label     string  `json:"label"`  // such as "KH to VN, goods vehicles"; without a country "visits"
	NCounts   string  `json:"n_counts"`
	CrossingH Summary `json:"crossing_h"`
}

// System is the crossing as one queueing system, in which everybody counts but
// coaches' passengers.
type System struct {
	NCounts           string   `json:"n_counts"`
	TimeMin           Summary  `json:"time_min"`
	WaitMin           Summary  `json:"wait_min"`      // not in service and not driving
	ShareWaiting      Summary  `json:"share_waiting"` // 1 for each visit that waited at all
	ShareOfTimeWaited *float64 `json:"share_of_time_waiting"`
	Inside            Summary  `json:"inside"` // visits inside, over time
}

// Attribution is how much of goods vehicles' crossing time belongs to one
// party. The means of all parties add up to the mean crossing time.
type Attribution struct {
	Party     string   `json:"party"`   // agency, broker, carrier, operator, closed hours
	Agency    string   `json:"agency"`  // which, for an agency
	Country   string   `json:"country"` // and whose; empty where no country is known, as in a textbook's queue
	TimeMin   Summary  `json:"time_min"`
	ActiveMin *float64 `json:"active_min"` // of the mean: in service or driving; the rest is waiting
	Share     *float64 `json:"share"`      // of the crossing time
}

// Little is the check of Little's law, L = λW, over whole runs from empty. It
// holds whether or not the crossing copes; but where it does not, L and W only
// tell how long the run was, and are null.
type Little struct {
	Exact       bool     `json:"exact"`
	L           *float64 `json:"l"`
	LambdaPerH  *float64 `json:"lambda_per_h"`
	WH          *float64 `json:"w_h"`
	VisitMicros int64    `json:"visit_microseconds"`
	Days        float64  `json:"days"` // mean length of a run, its warm-up and the wait for the last to leave included
}

// Calibration sets a published time beside the result.
type Calibration struct {
	Post       string   `json:"post"`
	PublishedH float64  `json:"published_h"`
	Samples    int      `json:"samples"`
	Source     string   `json:"source"`
	ResultH    *float64 `json:"result_h"`
	Difference *float64 `json:"difference"` // of the result, as a share of the published time
}

// Report tells what is known at an instant: during a run what there is so far,
// after Finish the whole.
func (c *Collector) Report(at border.Time) *Report {
	if c.runs == 0 {
		c.settle(at)
	}
	l := c.track.layout
	r := &Report{
		Scenario: l.Name, Replications: max(1, c.runs),
		Counts: c.counts, Facts: c.facts, Notes: []string{}, Calibration: []Calibration{},
		Posts: []PostTimes{}, Stops: []StopTimes{}, Holds: []HoldTimes{}, Groups: []GroupTimes{}, Attribution: []Attribution{},
	}
	r.Stable, r.StableReason = c.judge()
	r.Anomalies, r.RefusedOrders = c.odd.list(), c.refusedOrders()
	means := !r.Grows()
	if means {
		r.Settled, r.SettledReason = c.settled()
	}
	c.reportCrossing(r)
	r.Crossing.Days = c.dailyMeans(means)
	for i, p := range l.Posts {
		r.Posts = append(r.Posts, c.postTimes(p, i, means))
	}
	for i := 1; i < len(l.Stops); i++ {
		r.Stops = append(r.Stops, c.stopTimes(i))
	}
	for i, p := range l.Places {
		if p.Kind.Hold() {
			h := HoldTimes{Hold: p.Name, Post: l.Posts[p.Post].Name, WaitMin: nothing(c.holds[i].wait.sketch.Count()), QueueLength: nothing(c.holds[i].line.count())}
			if !c.grows(1 + len(l.Stops) + i) {
				h.WaitMin, h.QueueLength = c.holds[i].wait.summary(border.Minute), c.holds[i].line.summary()
			}
			r.Holds = append(r.Holds, h)
		}
	}
	for i := range c.groups {
		if c.groups[i].sketch.Count() > 0 {
			r.Groups = append(r.Groups, c.groupTimes(i, means))
		}
	}
	r.Officers = c.officerTimes(means, c.measured(at), 60*r.Crossing.TimeH.Mean)
	r.Costs = c.costTimes(means, c.measured(at))
	c.reportLittle(r)
	return r
}

func (c *Collector) grows(trend int) bool { return trend < len(c.trends) && c.trends[trend].grows() }

func (c *Collector) reportCrossing(r *Report) {
	told := func(s *series, unit border.Micros) Summary {
		if r.Grows() {
			return nothing(s.sketch.Count())
		}
		return s.summary(unit)
	}
	share := func(a *average) Summary {
		if r.Grows() {
			return nothing(a.n)
		}
		return a.summary()
	}
	r.Crossing = Crossing{NCounts: goodsReleased + notGoodsWords, TimeH: told(&c.crossing, border.Hour)}
	r.Crossing.BufferH, r.Crossing.BufferIndex = known(r.Crossing.TimeH.BufferTime()), known(r.Crossing.TimeH.BufferIndex())
	if c.standard > 0 {
		within := share(&c.within)
		r.Crossing.StandardH, r.Crossing.WithinShare = known(c.standard.Hours()), &within
	}
	r.System = System{
		NCounts: "all visits that were released, coaches' passengers not counted",
		TimeMin: told(&c.time, border.Minute), WaitMin: told(&c.wait, border.Minute), ShareWaiting: share(&c.waited),
		Inside: nothing(c.inside.count()),
	}
	if !r.Grows() {
		r.System.Inside = c.inside.summary()
		r.System.ShareOfTimeWaited = known(c.wait.sketch.Total() / c.time.sketch.Total())
	}
	for i, party := range c.track.parties.list {
		if party.Kind == Nobody {
			continue
		}
		a := Attribution{Party: party.Kind.String(), Country: known3166(party.Country), TimeMin: told(&c.whose[i], border.Minute)}
		if party.Kind == AnAgency {
			a.Agency = party.Agency.String()
		}
		if !r.Grows() {
			active, _ := c.active[i].estimate(border.Minute)
			a.ActiveMin = known(active)
		}
		a.Share = known(a.TimeMin.Mean / (60 * r.Crossing.TimeH.Mean))
		r.Attribution = append(r.Attribution, a)
	}
}

func (c *Collector) postTimes(p gate.Post, i int, means bool) PostTimes {
	m := &c.posts[i]
	out := PostTimes{Post: p.Name, Country: known3166(p.Country), NCounts: goodsReleased + " and had been in the post's area", CrossingH: nothing(m.crossing.sketch.Count()), ThroughputPerDay: m.days.summary(1)}
	if means {
		out.CrossingH = m.crossing.summary(border.Hour)
	}
	out.BufferH = known(out.CrossingH.BufferTime())
	return out
}

func (c *Collector) stopTimes(i int) StopTimes {
	s, l := &c.stops[i], c.track.layout
	out := StopTimes{
		Stop: l.Stops[i].Name, Post: l.Posts[l.Stops[i].Post].Name, Agency: l.Stops[i].Agency.String(),
		WaitMin: nothing(s.wait.sketch.Count()), QueueLength: nothing(s.line.count()),
		ServiceMin: s.service.summary(border.Minute), Utilisation: s.load.summary(),
	}
	if !c.grows(1 + i) {
		out.WaitMin, out.QueueLength = s.wait.summary(border.Minute), s.line.summary()
	}
	return out
}

func (c *Collector) groupTimes(i int, means bool) GroupTimes {
	way, trait := c.track.layout.Directions[i/groupsPerDirection], i%groupsPerDirection
	g := GroupTimes{
		Direction: way.Exit + "-" + way.Entry, Traits: (border.Traits(1) << trait >> 1).String(),
		CrossingH: nothing(c.groups[i].sketch.Count()),
	}
	g.Group, g.Label, g.NCounts = g.Direction, "goods vehicles", goodsReleased
	if g.Traits != "" {
		g.Group += " " + g.Traits
		g.Label, g.NCounts = g.Traits, "all visits of this kind that were released"
	}
	switch words := directionWords(way); {
	case words != "":
		g.Label = words + ", " + g.Label
	case g.Traits == "":
		g.Label = "visits"
	}
	if means {
		g.CrossingH = c.groups[i].summary(border.Hour)
	}
	return g
}

// What an n is the number of.
const (
	goodsReleased = "goods vehicles that were released"
	notGoodsWords = " (all but coaches, cars, motorbikes and persons on foot)"
)

// directionWords writes a direction as "KH to VN", without what is no country.
func directionWords(w gate.Way) string {
	switch exit, entry := known3166(w.Exit), known3166(w.Entry); {
	case exit == "" && entry == "":
		return ""
	case entry == "":
		return "out of " + exit
	case exit == "":
		return "into " + entry
	default:
		return exit + " to " + entry
	}
}

// known3166 returns a country's code, or nothing for what ISO 3166 has not
// assigned: a scenario without posts has such.
func known3166(country string) string {
	if border.KnownCountry(country) {
		return country
	}
	return ""
}

func (c *Collector) reportLittle(r *Report) {
	b := &c.balance
	r.Little = Little{Exact: b.area == b.stays, VisitMicros: b.area}
	if b.span == 0 || b.arrived == 0 {
		return
	}
	r.Little.Days = b.span.Hours() / 24 / float64(r.Replications)
	r.Little.LambdaPerH = known(float64(b.arrived) / b.span.Hours())
	if !r.Grows() {
		r.Little.L = known(float64(b.area) / float64(b.span))
		r.Little.WH = known(border.Micros(b.stays).Hours() / float64(b.arrived))
	}
}

// Calibrate sets a published mean time at a post beside the result.
func (r *Report) Calibrate(post string, published_h float64, samples int, source string) {
	c := Calibration{Post: post, PublishedH: published_h, Samples: samples, Source: source}
	if i := slices.IndexFunc(r.Posts, func(p PostTimes) bool { return p.Post == post }); i >= 0 {
		c.ResultH = known(r.Posts[i].CrossingH.Mean)
		c.Difference = known(r.Posts[i].CrossingH.Mean/published_h - 1)
	}
	r.Calibration = append(r.Calibration, c)
}

func sampleWords(n int) string {
	switch n {
	case 0:
		return "an unstated number of samples"
	case 1:
		return "1 sample"
	}
	return fmt.Sprintf("%d samples", n)
}

// known returns x, or nil when it cannot be told.
func known(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}
