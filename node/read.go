package node

import (
	"encoding/json"
	"time"
)

// Seen returns the seq of the last entry that readers are shown, and a channel
// that is closed when they are shown more.
func (n *Node) Seen() (seq int64, changed <-chan struct{}) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return int64(n.screen.sequence), n.changed
}

// Commit is how long one commit took: Whole from when its transaction was asked
// for until it was durable, Durable from the moment when all in it was decided.
type Commit struct{ Whole, Durable time.Duration }

// OnCommit has told how long every commit took. told must be quick.
func (n *Node) OnCommit(told func(Commit)) { n.committed.Store(&told) }

// Waiting returns how many commands wait to be decided.
func (n *Node) Waiting() int { return len(n.queue) }

// Present returns how many visits are announced or present.
func (n *Node) Present() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.screen.visits)
}

// FactData returns a fact as an entry's data has it: JSON, everything of the
// post by its name.
func (n *Node) FactData(e *Entry) json.RawMessage {
	n.mu.Lock()
	teller := n.teller
	n.mu.Unlock()
	entry := teller.Entry(&e.Fact)
	return entry.Data
}
