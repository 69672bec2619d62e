package sim

import (
	"math"
	"math/bits"
	"slices"

	"landport/border"
)

// Event is something that will happen at an instant of virtual time. What
// Kind, A, B and V mean is for the caller to say. It is 32 bytes, so that two
// fill a cache line.
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

// Nobody fills the places beyond the last event: later than every event.
const (
	nobodyAt  = border.Never
	nobodySeq = math.MaxUint32
)

// mostSoon is how many of the next events are kept in order. Inserting one
// among so few is quicker than a heap, and most events of a crossing are among
// the next few: services and drives end within minutes.
const mostSoon = 32

// Heap is the list of pending events: the next few in order, and a 4-ary
// min-heap of values for those after them; earliest first, equal instants in
// the order they were pushed. The zero value is empty and ready. Push and Pop
// allocate nothing once the heap has been as large as it gets.
type Heap struct {
	soon   [mostSoon]Event // the first few, latest first
	few    int
	events []Event // the first n, all later than those in soon; then nobody in at least four places
	n      int
	seq    uint32
}

// Len returns the number of pending events.
func (h *Heap) Len() int { return h.few + h.n }

// Reset forgets every pending event and keeps the memory.
func (h *Heap) Reset() {
	for i := range h.n {
		h.events[i].At, h.events[i].Seq = nobodyAt, nobodySeq
	}
	h.few, h.n, h.seq = 0, 0, 0
}

// Next returns the instant of the earliest pending event, border.Never when
// there is none.
func (h *Heap) Next() border.Time {
	if h.few == 0 {
		return border.Never
	}
	return h.soon[h.few-1].At
}

// Push adds e; its Seq is overwritten.
func (h *Heap) Push(e Event) {
	if h.seq == math.MaxUint32 {
		h.renumber()
	}
	e.Seq = h.seq
	h.seq++
	if (h.n > 0 || h.few == mostSoon) && e.At >= h.soon[0].At {
		h.put(e)
		return
	}
	if h.few == mostSoon {
		h.put(h.soon[0])
		copy(h.soon[:], h.soon[1:])
		h.few--
	}
	// e is the latest pushed, so it stands before events at later instants alone.
	soon := h.soon[:h.few]
	i := len(soon) - 1
	for i >= 0 && soon[i].At <= e.At {
		i--
	}
	copy(h.soon[i+2:], soon[i+1:])
	h.soon[i+1] = e
	h.few++
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

// refill takes the next few from the heap.
func (h *Heap) refill() {
	h.few = min(h.n, mostSoon/2)
	for i := range h.few {
		h.soon[h.few-1-i] = h.take()
	}
}

// put puts e into the heap.
func (h *Heap) put(e Event) {
	if h.n+4 >= len(h.events) {
		h.grow()
	}
	s, i := h.events, h.n
	h.n++
	for i > 0 {
		parent := (i - 1) / 4
		if s[parent].before(&e) {
			break
		}
		s[i] = s[parent]
		i = parent
	}
	s[i] = e
}

// take removes and returns the earliest event of the heap.
func (h *Heap) take() Event {
	s := h.events
	first := s[0]
	h.n--
	n := h.n
	last := s[n]
	s[n].At, s[n].Seq = nobodyAt, nobodySeq
	// The gap at the root sinks until the last event fits.
	gap := 0
	for {
		child := 4*gap + 1
		if child >= n {
			break
		}
		f := s[child : child+4 : child+4]
		least := earlier(f, earlier(f, 0, 1), earlier(f, 2, 3))
		if last.before(&f[least]) {
			break
		}
		s[gap] = f[least]
		gap = child + least
	}
	if n > 0 {
		s[gap] = last
	}
	return first
}

// earlier returns i or j, whichever event happens first. Which it is cannot be
// foreseen, so it is computed without a branch: as the borrow of a subtraction
// of (At, Seq) as one 128-bit number.
func earlier(s []Event, i, j int) int {
	const sign = 1 << 63 // puts negative instants first
	_, borrow := bits.Sub64(uint64(s[j].Seq), uint64(s[i].Seq), 0)
	_, borrow = bits.Sub64(uint64(s[j].At)^sign, uint64(s[i].At)^sign, borrow)
	return i ^ (i^j)&-int(borrow)
}

func (h *Heap) grow() {
	for range max(16, len(h.events)) {
		h.events = append(h.events, Event{At: nobodyAt, Seq: nobodySeq})
	}
}

// renumber gives the pending events the numbers 0, 1, 2 … in their order, so
// that a run may push more events than Seq can count.
func (h *Heap) renumber() {
	h.seq = 0
	for i := h.few - 1; i >= 0; i-- {
		h.soon[i].Seq = h.seq
		h.seq++
	}
	after := h.events[:h.n]
	slices.SortFunc(after, func(a, b Event) int {
		if a.before(&b) {
			return -1
		}
		return 1
	})
	for i := range after {
		after[i].Seq = h.seq
		h.seq++
	}
}
