package study

import (
	"math/bits"
	"slices"

	"landport/border"
	"landport/gate"
)

// notGoods are the types of vehicle that do not carry goods.
const notGoods = border.Coach | border.Car | border.Motorbike | border.OnFoot

// kind is visits in one direction that have the same traits. A visit's time is
// counted with its kind alone; what is told of groups is put together from kinds.
type kind struct {
	traits    border.Traits
	direction gate.Direction
	time      Sketch
}

func (k *kind) goods() bool { return k.traits&notGoods == 0 }

// kinds are those of which a visit was released.
type kinds struct {
	list   []*kind
	lately [64]*kind // the one met last, by a hash
}

// hashing spreads a number over the highest bits of a product (Knuth, The Art of
// Computer Programming 3, 6.4: the golden ratio).
const hashing = 0x9e3779b97f4a7c15

func (k *kinds) of(t border.Traits, d gate.Direction) *kind {
	met := &k.lately[(uint64(t)+uint64(d))*hashing>>58]
	if is := *met; is == nil || is.traits != t || is.direction != d {
		*met = k.find(t, d)
	}
	return *met
}

func (k *kinds) find(t border.Traits, d gate.Direction) *kind {
	i := slices.IndexFunc(k.list, func(is *kind) bool { return is.traits == t && is.direction == d })
	if i < 0 {
		i = len(k.list)
		k.list = append(k.list, &kind{traits: t, direction: d})
	}
	return k.list[i]
}

// A group is visits in one direction: all goods vehicles, or those with one
// trait of an axis that groups are told apart by.
const groupsPerDirection = 1 + 64 // the first is goods vehicles, the others go by the trait's bit

// groupTraits has the traits that make a group.
func groupTraits() border.Traits {
	return border.LoadState.Mask() | border.CargoNature.Mask() | border.VehicleType.Mask()
}

// eachGathered visits the series that are put together from kinds.
func (c *Collector) eachGathered(do func(*series)) {
	do(&c.crossing)
	do(&c.time)
	for i := range c.groups {
		do(&c.groups[i])
	}
	for i := range c.costs {
		do(&c.costs[i].time)
	}
}

// eachWith visits those of them that a kind is in.
func (c *Collector) eachWith(k *kind, do func(*series)) {
	do(&c.time)
	groups := c.groups[int(k.direction)*groupsPerDirection:]
	if k.goods() {
		do(&c.crossing)
		do(&groups[0])
	}
	for t := k.traits & groupTraits(); t != 0; t &= t - 1 {
		do(&groups[1+bits.TrailingZeros64(uint64(t))])
	}
	for i := range c.costs {
		if c.costs[i].concerns(k) {
			do(&c.costs[i].time)
		}
	}
}

// gather puts them together.
func (c *Collector) gather() {
	c.eachGathered(func(s *series) { s.sketch.reset() })
	for _, k := range c.kinds.list {
		c.eachWith(k, func(s *series) { s.sketch.Merge(&k.time) })
	}
}

// markGathered notes where they stand at the end of a period.
func (c *Collector) markGathered() {
	c.eachGathered(func(s *series) { s.ends = append(s.ends, point{}) })
	for _, k := range c.kinds.list {
		count, total := float64(k.time.Count()), k.time.Total()
		c.eachWith(k, func(s *series) {
			end := &s.ends[len(s.ends)-1]
			end.count += count
			end.total += total
		})
	}
}
