package node

import (
	"cmp"
	"errors"
	"time"

	"landport/border"
	"landport/ledger"
)

// heard is when the ledger last answered: by the node's clock, and by the
// process's own.
type heard struct {
	at border.Time
	on time.Time
}

// silenceMost is how long the ledger may leave a node without an answer before
// readers are told so. It is asked every glance.
const silenceMost = 10 * time.Second

// hear takes note that the ledger answered. mu is held.
func (n *Node) hear() { n.heard = heard{n.clock.Now(), time.Now()} }

// standstill says why nothing new can be shown, nil if it can: in words for
// everybody, who need not know where the database is. mu is held.
func (n *Node) standstill() error {
	why := cmp.Or(n.damage, n.trouble)
	if errors.Is(why, ledger.ErrAway) || why == nil && time.Since(n.heard.on) > silenceMost {
		return ledger.ErrAway
	}
	return why
}

// Standstill returns since when what is shown stands, and why nothing new can be
// shown, nil if it can.
func (n *Node) Standstill() (since border.Time, why error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	m := n.moment()
	return m.At, m.Trouble
}
