package main

// event is a customer's next moment.
type event struct {
	at      float64
	arrived float64 // when the customer came
	kind    int32   // of the model
}

// heap is a 4-ary min-heap of events by time.
type heap []event

func (h *heap) push(e event) {
	*h = append(*h, e)
	s := *h
	i := len(s) - 1
	for i > 0 {
		parent := (i - 1) / 4
		if s[parent].at <= e.at {
			break
		}
		s[i] = s[parent]
		i = parent
	}
	s[i] = e
}

func (h *heap) pop() event {
	s := *h
	first, last := s[0], s[len(s)-1]
	s = s[:len(s)-1]
	*h = s
	if len(s) == 0 {
		return first
	}
	i := 0
	for {
		child := 4*i + 1
		if child >= len(s) {
			break
		}
		least := child
		for c := child + 1; c < min(child+4, len(s)); c++ {
			if s[c].at < s[least].at {
				least = c
			}
		}
		if last.at <= s[least].at {
			break
		}
		s[i] = s[least]
		i = least
	}
	s[i] = last
	return first
}

// queue holds arrival times, first come first served, in a ring whose size is
// a power of two.
type queue struct {
	ring []float64
	head int
	n    int
}

func (q *queue) push(arrived float64) {
	if q.n == len(q.ring) {
		grown := make([]float64, max(16, 2*q.n))
		for i := range q.n {
			grown[i] = q.ring[(q.head+i)&(q.n-1)]
		}
		q.ring, q.head = grown, 0
	}
	q.ring[(q.head+q.n)&(len(q.ring)-1)] = arrived
	q.n++
}

func (q *queue) pop() float64 {
	arrived := q.ring[q.head]
	q.head = (q.head + 1) & (len(q.ring) - 1)
	q.n--
	return arrived
}
