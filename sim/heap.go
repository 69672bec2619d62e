package sim

import (
	"math"
	"slices"

	"landport/border"
)

// Event is something that will happen at an instant of virtual time. What
// Kind, A, B and V mean is for the caller to say. It is 32 bytes, so that four
// siblings of the heap fill two cache lines.
type Event struct {
	At   border.Time
	V    uint64
	A, B int32
	Seq  uint32 // order of pushing, set by Heap.Push
	Kind uint8
}

// before reports whether e happens before o; equal instants keep the order in
// which they were pushed.
func (e *Event) before(o *Event) bool {
	return e.At < o.At || e.At == o.At && e.Seq < o.Seq
}

// Heap is the list of pending events: a 4-ary min-heap of values, earliest
// first, equal instants in the order they were pushed. The zero value is
// empty and ready. Push and Pop allocate nothing once the heap has been as
// large as it gets.
type Heap struct {
	events []Event
	seq    uint32
}

// Len returns the number of pending events.
func (h *Heap) Len() int { return len(h.events) }

// Reset forgets every pending event and keeps the memory.
func (h *Heap) Reset() { h.events, h.seq = h.events[:0], 0 }

// Next returns the instant of the earliest pending event, border.Never when
// there is none.
func (h *Heap) Next() border.Time {
	if len(h.events) == 0 {
		return border.Never
	}
	return h.events[0].At
}

// Push adds e; its Seq is overwritten.
func (h *Heap) Push(e Event) {
	if h.seq == math.MaxUint32 {
		h.renumber()
	}
	e.Seq = h.seq
	h.seq++
	h.events = append(h.events, e)
	s := h.events
	i := len(s) - 1
	// e is the latest pushed, so it only moves past events that are later.
	for i > 0 {
		parent := (i - 1) / 4
		if s[parent].At <= e.At {
			break
		}
		s[i] = s[parent]
		i = parent
	}
	s[i] = e
}

// Pop removes and returns the earliest event. It panics when none is pending.
func (h *Heap) Pop() Event {
	s := h.events
	first := s[0]
	last := len(s) - 1
	e := s[last]
	s = s[:last]
	h.events = s
	if last == 0 {
		return first
	}
	i := 0
	for {
		child := 4*i + 1
		if child >= last {
			break
		}
		least := child
		for c := child + 1; c < min(child+4, last); c++ {
			if s[c].before(&s[least]) {
				least = c
			}
		}
		if e.before(&s[least]) {
			break
		}
		s[i] = s[least]
		i = least
	}
	s[i] = e
	return first
}

// renumber gives the pending events the numbers 0, 1, 2 … in their order, so
// that a run may push more events than Seq can count.
func (h *Heap) renumber() {
	slices.SortFunc(h.events, func(a, b Event) int {
		if a.before(&b) {
			return -1
		}
		return 1
	})
	for i := range h.events {
		h.events[i].Seq = uint32(i)
	}
	h.seq = uint32(len(h.events))
}
