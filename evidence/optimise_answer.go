package evidence

// Optimum is what a search came to.
type Optimum struct {
	Scenario     string   `json:"scenario"`
	Search       string   `json:"search"`
	Goals        []string `json:"goals"`
	Minimise     string   `json:"minimise"`
	CostUnit     string   `json:"cost_unit"`
	Budget       *float64 `json:"budget"`
	Seed         uint64   `json:"seed"`
	Replications int      `json:"replications"`
	MeasuredDays float64  `json:"measured_days"`
	Space        float64  `json:"space"`       // plans that there are
	OverBudget   int      `json:"over_budget"` // of those looked at: cost too much and were not run
	Impossible   int      `json:"impossible"`  // contradict themselves
	Why          string   `json:"impossible_why,omitempty"`
	Tried        int      `json:"tried"`        // of them: ran at least once
	Compared     int      `json:"compared"`     // ran in the last round: what best_share is among
	Untouched    []string `json:"not_in_space"` // kinds of measures that no plan of the space takes
	Rounds       []Round  `json:"rounds"`
	Unstable     int      `json:"unstable"`         // of those run: more arrived than were served, when last run
	Rising       int      `json:"not_settled"`      // others in which the number inside still rose then
	Now          Plan     `json:"now"`              // the scenario as it is
	Best         *Plan    `json:"best"`             // null if none is shown to meet the goals
	Doubted      []Plan   `json:"better_not_shown"` // would be better than the best: their runs meet the goals without showing that lines settle; the first would be the best
	Cheaper      []Cut    `json:"cheaper_by_one"`   // what costs less than the best by a single change: none is shown to meet the goals; null if no cost is minimised, or none is the best
	Finalists    []Plan   `json:"finalists"`        // the best first
	Frontier     []Plan   `json:"frontier"`         // of cost against the first measure: no other is both cheaper and better
	Bare         []Got    `json:"bare"`             // of the best or nearest plan if nobody waited for anything: drives, services and holds alone
	Moved        []string `json:"off_the_clock"`    // of the best or nearest plan: what it has pass before the arrival, where no measure counts it
	AtMost       []string `json:"at_most"`          // what of it goes as far as the space lets it, if that costs anything
	Assumed      int      `json:"assumed_parameters"`
	Figures      int      `json:"parameters"`

	goalAt []int // which of a plan's results each goal is of
}

// Cut is a single thing of the best plan that would cost less, and what that
// came to in the last round.
type Cut struct {
	Picked
	Cost      float64 `json:"cost"` // more than the best: below 0
	Stable    bool    `json:"stable"`
	Met       bool    `json:"runs_meet_goals"`
	Unsettled string  `json:"not_settled,omitempty"`
	Results   []Got   `json:"results"`
	// As of a Plan.
	BestShare  *float64 `json:"best_share_of_last_round"`
	MeetsShare *float64 `json:"meets_share"`

	rises bool
}

// Round is one round of the halving.
type Round struct {
	Plans        int     `json:"plans"`
	Replications int     `json:"replications"`
	Days         float64 `json:"days"`
	Seed         uint64  `json:"seed"`            // of its traffic; no two rounds meet the same
	Around       bool    `json:"around_the_best"` // its plans were looked for around the best so far
}

// Plan is a scenario with one level of everything that may change.
type Plan struct {
	Rank   int      `json:"rank"` // among the finalists; 0 for the scenario as it is
	Picked []Picked `json:"plan"`
	Cost   float64  `json:"cost"` // more than the scenario as it is
	Stable bool     `json:"stable"`
	Met    bool     `json:"runs_meet_goals"`
	Meets  bool     `json:"meets_goals"` // they do, and show that it settles, if it is meant as a steady state
	// Why it is not shown to settle; empty where it is, or a line grows.
	Unsettled string `json:"not_settled,omitempty"`
	Results   []Got  `json:"results"`
	// Of resamples of the replications: the share in which this plan is the best of
	// those in the last round, and in which it meets the goals; null of fewer than
	// five, see fewestDrawn. Of plans that did not run there it says nothing.
	BestShare  *float64 `json:"best_share_of_last_round"`
	MeetsShare *float64 `json:"meets_share"`
	// On the frontier: whether the first measure differs from that of the last
	// plan before it that could be told apart; null for the first, and for one that
	// is not shown to settle, whose mean says nothing.
	ToldApart *bool `json:"told_apart,omitempty"`

	rises bool // see candidate
}

// Picked is the level of one thing that may change.
type Picked struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Changed bool   `json:"changed"` // it is not what the scenario says
}

// Got is a measure of a plan: mean over the replications.
type Got struct {
	Measure  string    `json:"measure"`
	Unit     string    `json:"unit"`
	Value    *float64  `json:"value"`
	Interval []float64 `json:"ci95"`
}
