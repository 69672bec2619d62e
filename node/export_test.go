package node

import (
	"fmt"
	"log/slog"
	"time"

	"landport/border"
	"landport/gate"
	"landport/sim"
)

// Follower is as much of a node as follows a ledger: what it shows and studies.
type Follower struct{ *Node }

// NewFollower follows the ledger of a post, or of a whole crossing, that was
// empty at an instant.
func NewFollower(m *sim.Model, at border.Time) (Follower, error) {
	n, err := newNode(Config{Post: m, Clock: NewWallClock(time.Now), Log: slog.New(slog.DiscardHandler)})
	if err == nil {
		n.restart(at)
	}
	return Follower{n}, err
}

// Follow takes in facts as the entries that they become.
func (f Follower) Follow(facts []gate.Fact) error {
	for i := range facts {
		e := f.codec.Entry(&facts[i])
		e.Seq, e.Recorded, e.Actor = f.applied+1, facts[i].At, "world"
		if err := f.fold(&e); err != nil {
			return fmt.Errorf("%v: %w", facts[i].Kind, err)
		}
	}
	f.show()
	return nil
}

// Records are those of the visits on screen.
func (f Follower) Records() (records []Record) {
	for reference := range f.screen.byReference {
		rec, _ := f.screen.record(reference, f.moment())
		records = append(records, rec)
	}
	return records
}

// State is where the follower has the post.
func (f Follower) State() *gate.State { return f.state }

// Crossing is a scenario that comes with the program.
func Crossing(name string) (*sim.Model, error) { return loadWhole(name) }
