package board

// Instant is a time in RFC 3339, in UTC: to the microsecond, in a playback to
// the millisecond.
type Instant string

// Moment is where a node stands.
type Moment struct {
	Run      string  `json:"run" doc:"Which run the sequence numbers are of"`
	Sequence uint64  `json:"sequence" doc:"Sequence number of the last entry seen"`
	At       Instant `json:"at" doc:"The node's clock; with trouble, when its ledger last answered"`
	Start    Instant `json:"start" doc:"Of the first entry"`
	End      Instant `json:"end,omitempty" required:"true" doc:"Never, for a living node: the last instant there is"`
	Speed    float64 `json:"speed" doc:"How many times as fast as the wall clock the node's clock runs"`
	Paused   bool    `json:"paused" doc:"A playback's: always false"`
	Seeking  bool    `json:"seeking" doc:"A playback's: always false"`
	Ended    bool    `json:"ended" doc:"A playback's: always false"`
	Trouble  string  `json:"trouble,omitempty" doc:"Why all is as it was at that instant and nothing can be done, such as that the database does not answer; left out while all is well"`
}

// Board is what is where at a post.
type Board struct {
	Scenario string `json:"scenario" doc:"The crossing the post belongs to"`
	Title    string `json:"title" doc:"The post"`
	Seed     uint64 `json:"seed" doc:"A playback's: always 0"`
	Moment
	Policy string        `json:"policy" doc:"In force"`
	Posts  []PostState   `json:"posts"`
	Places []PlaceState  `json:"places"`
	Stops  []StopState   `json:"stops"`
	Visits []VisitOnSite `json:"visits"`
}

// Change is one event of the stream: what changed since the event before.
type Change struct {
	Moment
	Whole  bool          `json:"whole" doc:"Visits are all there are; forget the others"`
	Posts  []PostState   `json:"posts"`
	Places []PlaceState  `json:"places"`
	Stops  []StopState   `json:"stops"`
	Visits []VisitOnSite `json:"visits"`
	Gone   []string      `json:"gone" doc:"References of visits that left"`
}

// PostState is a post's hours and its day.
type PostState struct {
	Post       string           `json:"post"`
	Country    string           `json:"country" doc:"ISO 3166-1 alpha-2"`
	Zone       string           `json:"zone" doc:"Time zone, by its IANA name"`
	Local      string           `json:"local" doc:"The clock on its wall"`
	Openings   []OpeningState   `json:"openings"`
	Directions []DirectionState `json:"directions"`
	Uncounted  Instant          `json:"uncounted_since,omitempty" doc:"Since when, after a recovery that left the board empty, nobody knows who stands at the post; left out while it is known"`
}

// OpeningState is how one set of hours stands.
type OpeningState struct {
	Opening string  `json:"opening"`
	Level   string  `json:"level" enum:"open,finishing,closed" doc:"finishing: those inside may finish, nobody is admitted"`
	Until   Instant `json:"until,omitempty" doc:"By the calendar"`
	Words   string  `json:"words"`
	Set     []Day   `json:"set,omitempty" doc:"Days whose hours were set by order"`
}

// Day is when hours are on one day.
type Day struct {
	Day    string `json:"day"`
	Opens  string `json:"opens,omitempty" doc:"By the post's clock; left out if closed all day"`
	Last   string `json:"last_admission,omitempty"`
	Closes string `json:"closes,omitempty" doc:"Of the day after if it is not after opens"`
}

// DirectionState is one direction's queue and releases.
type DirectionState struct {
	Direction      string  `json:"direction" doc:"Exit country and entry country"`
	Present        int     `json:"present"`
	Unplaced       int     `json:"place_not_known" doc:"Of those present: where the place in which they stood is no longer part of the post, and nobody has said yet where they are"`
	Waiting        int     `json:"waiting"`
	LongestWaitMin float64 `json:"longest_wait_min"`
	ReleasedToday  int     `json:"released_today" doc:"Since local midnight"`
}

// PlaceState is a place and who is in it.
type PlaceState struct {
	Place      string      `json:"place"`
	Kind       string      `json:"kind"`
	Post       string      `json:"post"`
	Capacity   int         `json:"capacity,omitempty" doc:"Vehicles, now; without it, any number"`
	Refused    []string    `json:"refused,omitempty" doc:"Traits it does not take now"`
	Required   []string    `json:"required,omitempty" doc:"Traits it takes alone"`
	Open       bool        `json:"open"`
	Turning    string      `json:"turning,omitempty" doc:"The direction it turns to: it takes nobody until everybody has left who is in it or was called to it"`
	Directions []PlaceLine `json:"directions"`
}

// PlaceLine is who is in a place going one way.
type PlaceLine struct {
	Direction      string  `json:"direction"`
	Serves         bool    `json:"serves" doc:"The place is for this direction now; tidal lanes turn"`
	Present        int     `json:"present"`
	Waiting        int     `json:"waiting"`
	LongestWaitMin float64 `json:"longest_wait_min"`
	BarredBy       string  `json:"barred_by,omitempty" doc:"Reference of a visit that is held and stands in single file before others, who cannot pass"`
	Barred         int     `json:"barred,omitempty" doc:"How many stand behind it"`
}

// StopState is who is at work at a stop.
type StopState struct {
	Stop    string `json:"stop"`
	Agency  string `json:"agency"`
	Servers int    `json:"servers" doc:"Officers or booths on duty"`
	Busy    int    `json:"busy"`
	Line    int    `json:"line" doc:"Visits waiting for it"`
}

// VisitOnSite is one visit as boards show it.
type VisitOnSite struct {
	Reference string   `json:"reference"`
	Direction string   `json:"direction"`
	Procedure string   `json:"procedure,omitempty" doc:"Left out before it arrives: it gets one then"`
	Traits    []string `json:"traits"`
	Vehicle   string   `json:"vehicle_type"`
	Load      string   `json:"load_state"`
	Place     string   `json:"place" doc:"Empty before it arrives, and where nobody knows it"`
	Stop      string   `json:"stop,omitempty" doc:"Whose line it stands in, or where it is served"`
	Target    string   `json:"target,omitempty" doc:"Where it was called to"`
	State     string   `json:"state"`
	Mark      string   `json:"mark,omitempty" doc:"What is out of the ordinary"`
	Ready     bool     `json:"ready" doc:"Its dossier is"`
	Held      bool     `json:"held"`
	ArrivedAt Instant  `json:"arrived_at,omitempty" doc:"Left out before it arrives"`
	HereSince Instant  `json:"here_since,omitempty" doc:"In this place; left out when it is in none"`
	Since     Instant  `json:"since,omitempty" doc:"In this state; left out when it has left"`
	Order     int64    `json:"order" doc:"Among those in the same place, the least is ahead"`
	Summary   string   `json:"summary" doc:"In a sentence"`
}
