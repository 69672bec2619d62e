package ledger

import "sync"

// news wakes who waits for entries of this process.
type news struct {
	mu      sync.Mutex
	waiting chan struct{}
}

// next is closed when there is something new.
func (n *news) next() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.waiting == nil {
		n.waiting = make(chan struct{})
	}
	return n.waiting
}

func (n *news) spread() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.waiting != nil {
		close(n.waiting)
		n.waiting = nil
	}
}
