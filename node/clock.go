package node

import (
	"math"
	"sync"
	"time"

	"landport/border"
)

// A Clock tells a node's time: the wall clock's, or one that runs faster from
// an instant of its own. It may be read by several goroutines.
//
// The time it tells follows the machine's monotonic clock, so that it never
// goes back and a wall clock set anew moves nothing by itself. By how much the
// two have come apart is for Jump to say.
type Clock struct {
	now   func() time.Time
	scale float64
	wound bool // it goes by itself, from an instant of its own

	mu    sync.Mutex
	began time.Time // read when the clock was made, with its monotonic reading
	base  border.Time
}

// NewWallClock returns the wall clock.
func NewWallClock(now func() time.Time) *Clock {
	began := now()
	return &Clock{now: now, scale: 1, began: began, base: border.At(began)}
}

// NewScaledClock returns a clock that shows base now and runs scale times as
// fast as the wall clock.
func NewScaledClock(now func() time.Time, base border.Time, scale float64) *Clock {
	return &Clock{now: now, scale: scale, wound: true, began: now(), base: base}
}

// Now returns the time.
func (c *Clock) Now() border.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	passed := float64(c.now().Sub(c.began).Microseconds()) * c.scale
	return c.base.Add(border.Micros(math.Round(passed)))
}

// Scale returns how many times as fast as the wall clock it runs.
func (c *Clock) Scale() float64 { return c.scale }

// Jump returns by how much the wall clock was set ahead of this one since it
// was made; a scaled clock has none.
func (c *Clock) Jump() border.Micros {
	if c.wound {
		return 0
	}
	return border.At(c.now()).Sub(c.Now())
}

// wall returns what the wall clock shows; a scaled clock follows no other.
func (c *Clock) wall() border.Time { return c.Now().Add(c.Jump()) }

// Accept sets the clock to the wall clock, if it is one.
func (c *Clock) Accept() {
	if c.wound {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.began = c.now()
	c.base = border.At(c.began)
}

// Until returns how long it takes until the clock shows t: no time if it has.
func (c *Clock) Until(t border.Time) time.Duration {
	if t == border.Never {
		return math.MaxInt64
	}
	wait := float64(t.Sub(c.Now())) / c.scale * float64(time.Microsecond)
	if wait > math.MaxInt64/2 {
		return math.MaxInt64
	}
	return max(0, time.Duration(math.Ceil(wait)))
}
