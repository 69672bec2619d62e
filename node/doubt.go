package node

import (
	"fmt"
	"time"

	"landport/border"
)

// jumpMost is how far the wall clock may be set, or be behind the last entry at
// the start, before a person has to look.
const jumpMost = 2 * border.Minute

// offMost is how long a node may have stood still without a person having to
// look at the clock when it starts. A clock that is off the last entry by more,
// either way, is not one to record by: what is recorded too late can never be
// followed by what is recorded right.
const offMost = 30 * border.Day

// clockOff returns by how much a clock is off a ledger whose last entry was
// recorded at last, 0 if it may be right. last is 0 for a ledger without entries.
func clockOff(last, now border.Time) border.Micros {
	if off := now.Sub(last); last != 0 && (off > offMost || off < -jumpMost) {
		return off
	}
	return 0
}

// offText says in words how far a clock is off the last entry.
func offText(off border.Micros, now border.Time) string {
	way := "ahead of"
	if off < 0 {
		off, way = -off, "behind"
	}
	span := fmt.Sprintf("%d days", off/border.Day)
	if off < 2*border.Day {
		span = (time.Duration(off) * time.Microsecond).Round(time.Second).String()
	}
	return fmt.Sprintf("the clock shows %s, %s %s the last entry", now.Std(time.UTC).Format(time.RFC3339), span, way)
}

// CheckClock refuses a clock that is so far off a ledger's last entry, recorded
// at last, that nothing may be recorded by it.
func CheckClock(last, now border.Time) error {
	if off := clockOff(last, now); off > offMost || off < -offMost {
		return fmt.Errorf("%s; set it right, or start the node and confirm it there", offText(off, now))
	}
	return nil
}

// checkStart looks at the clock of a node that starts.
func (n *Node) checkStart() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if off := clockOff(n.last, n.clock.Now()); off != 0 {
		n.jump, n.unset = off, true
	}
	if doubt := n.doubt(); doubt != nil {
		n.log.Warn(doubt.Error())
	}
}

// checkClock looks at the clock of a node that runs. One that was off at the
// start and has been set right since is taken. mu is held.
func (n *Node) checkClock() {
	if !n.unset {
		if jump := n.clock.Jump(); jump > jumpMost || jump < -jumpMost {
			n.jump = jump
		}
		return
	}
	if n.jump = clockOff(n.last, n.clock.wall()); n.jump == 0 {
		n.acceptClock()
		n.log.Info("the clock has been set right")
	}
}

// acceptClock takes the wall clock for right. mu is held.
func (n *Node) acceptClock() {
	n.jump, n.unset = 0, false
	n.clock.Accept()
}

// doubt says why the clock is in doubt, nil if it is not. mu is held.
func (n *Node) doubt() error {
	switch {
	case n.jump == 0:
		return nil
	case n.far():
		return fmt.Errorf("%s; nothing is recorded or erased until it is set right or somebody confirms it", offText(n.jump, n.clock.wall()))
	case n.unset:
		return fmt.Errorf("%s; deadlines stand still until it is set right or somebody confirms it", offText(n.jump, n.clock.wall()))
	}
	return fmt.Errorf("the clock was set by %s; deadlines stand still until somebody confirms that it is right", time.Duration(n.jump)*time.Microsecond)
}

// far reports whether the clock was so far off at the start that nothing may be
// recorded by it. mu is held, or the caller is the goroutine that decides.
func (n *Node) far() bool { return n.unset && (n.jump > offMost || n.jump < -offMost) }
