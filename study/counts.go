package study

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
