package sim

import (
	"math/bits"

	"landport/border"
)

// Event is something that will happen at an instant of virtual time. What
// Kind, A, B and V mean is for the caller to say. It is 32 bytes, so that two
// fill a cache line.
type Event struct {
	At   border.Time
	V    uint64
	A, B int32
	next int32 // the event behind it in the slot of a Heap
	Kind uint8
}

const (
	// mostSoon is how many of the next events are kept in order. Inserting one
	// among so few is quicker than anything else, and most events of a crossing
	// are among the next few: services and drives end within minutes.
	mostSoon = 32

	grain = 10 // bits of an instant that tell no slots apart: about a millisecond
	digit = 6  // bits that tell apart the slots of a level
	level = (64 - grain + digit - 1) / digit
)

// Heap is the list of pending events: earliest first, equal instants in the
// order they were pushed. The next few stand in order, and those after them in
// a timing wheel (Varghese and Lauck, "Hashed and Hierarchical Timing Wheels",
// 11th ACM Symposium on Operating Systems Principles, 1987): an event goes to
// the level of the first digit in which its instant differs from the wheel's,
// and there to the slot of that digit; when a slot is next, the events in it are
// put in order, or dealt out to the levels below if they are too many for that.
// The zero value is empty and ready. Push and Pop allocate nothing once the list
// has been as long as it gets.
type Heap struct {
	soon   []Event // the first few, latest first
	few    int
	events []Event // of the wheel, all later than those in soon; the first is nobody
	n      int
	free   int32            // the first unused of events, the others behind it; 0 for none
	now    uint64           // the wheel's instant: the start of the slot emptied last
	used   [level]uint64    // bit sets of the slots that hold events
	last   [level][64]int32 // of their events, in the order they were pushed; the first is behind it
}

// Len returns the number of pending events.
func (h *Heap) Len() int { return h.few + h.n }

// Reset forgets every pending event and keeps the memory.
func (h *Heap) Reset() {
	for h.Len() > 0 {
		h.Pop()
	}
}

// Next returns the instant of the earliest pending event, border.Never when
// there is none.
func (h *Heap) Next() border.Time {
	if h.few == 0 {
		return border.Never
	}
	return h.soon[h.few-1].At
}

// Push adds e.
func (h *Heap) Push(e Event) {
	switch {
	case h.few == len(h.soon) && h.few < mostSoon:
		h.soon = make([]Event, mostSoon)
	case h.few < mostSoon && h.n == 0:
	case e.At >= h.soon[0].At:
		h.put(&e, false)
		return
	case h.few >= mostSoon:
		h.put(&h.soon[0], true)
		copy(h.soon[:h.few-1], h.soon[1:h.few])
		h.few--
	}
	h.insert(&e)
}

// insert puts an event, which was pushed after all others, among the next few.
// It stands before those at later instants alone.
func (h *Heap) insert(e *Event) {
	soon := h.soon[:h.few+1]
	h.few++
	i := len(soon) - 1
	for ; i > 0 && soon[i-1].At <= e.At; i-- {
		soon[i] = soon[i-1]
	}
	soon[i] = *e
}

// Pop removes and returns the earliest event. It panics when none is pending.
func (h *Heap) Pop() Event {
	h.few--
	e := h.soon[h.few]
	if h.few == 0 && h.n > 0 {
		h.refill()
	}
	return e
}

// put puts an event into the wheel: last of its slot, or first, if it was there
// before all those at the same instant. What is late is due at once.
func (h *Heap) put(e *Event, first bool) {
	if h.free == 0 {
		h.grow()
	}
	i := h.free
	h.free = h.events[i].next
	h.events[i] = *e
	h.n++
	h.link(i, first)
}

func (h *Heap) link(i int32, first bool) {
	const sign = 1 << 63 // puts negative instants first
	at := max(uint64(h.events[i].At)^sign, h.now)
	l := (bits.Len64((at^h.now)>>grain|1) - 1) / digit
	slot := at >> (grain + digit*l) & 63
	last := &h.last[l][slot]
	if h.used[l]>>slot&1 == 0 {
		h.used[l] |= 1 << slot
		h.events[i].next, *last = i, i
		return
	}
	before := &h.events[*last]
	h.events[i].next, before.next = before.next, i
	if !first {
		*last = i
	}
}

// refill takes the next events from the wheel.
func (h *Heap) refill() {
	for h.few == 0 {
		l := 0
		for h.used[l] == 0 {
			l++
		}
		slot := bits.TrailingZeros64(h.used[l])
		h.used[l] &^= 1 << slot
		stretch := grain + digit*l
		h.now = (h.now>>stretch&^63 | uint64(slot)) << stretch
		last := h.last[l][slot]
		n := h.count(last)
		i := h.events[last].next
		if l > 0 && n > mostSoon {
			for range n {
				next := h.events[i].next
				h.link(i, false)
				i = next
			}
			continue
		}
		if n > len(h.soon) { // so many at almost the same instant
			h.soon = make([]Event, 2*n)
		}
		for range n {
			h.insert(&h.events[i])
			i = h.events[i].next
		}
		h.n -= n
		h.events[last].next, h.free = h.free, h.events[last].next
	}
}

// count returns how many events there are in the slot of a last one.
func (h *Heap) count(last int32) int {
	n := 1
	for i := h.events[last].next; i != last; i = h.events[i].next {
		n++
	}
	return n
}

// grow makes room for more events.
func (h *Heap) grow() {
	from := max(1, len(h.events))
	h.events = append(h.events, make([]Event, max(16, len(h.events)))...)
	for i := from; i < len(h.events); i++ {
		h.events[i].next, h.free = h.free, int32(i)
	}
}
