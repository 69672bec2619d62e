package gate

import (
	"cmp"
	"slices"
)

// line is a list of waiting visits in order: least key first, and first come
// first served, by serial number, among equal keys. Most join at its end and
// leave at its front, which is quick; nobody stands in two lines at a time.
type line struct {
	at   []standing
	room []standing // the memory through which at moves on
}

type standing struct {
	key   int64
	visit VisitID
}

func (a standing) before(b standing) bool {
	return a.key < b.key || a.key == b.key && a.visit < b.visit
}

func (l *line) push(e standing) {
	if len(l.at) == cap(l.at) {
		l.rewind()
	}
	i := len(l.at)
	l.at = l.at[:i+1]
	for ; i > 0 && e.before(l.at[i-1]); i-- {
		l.at[i] = l.at[i-1]
	}
	l.at[i] = e
}

// rewind takes the line back to the start of its memory, or to the start of
// more where it fills half of it.
func (l *line) rewind() {
	if 2*len(l.at) >= len(l.room) {
		l.room = make([]standing, max(16, 2*len(l.room)))
	}
	l.at = l.room[:copy(l.room, l.at)]
}

func (l *line) remove(e standing) {
	if l.at[0] == e {
		l.at = l.at[1:]
		return
	}
	i, _ := slices.BinarySearchFunc(l.at, e, func(a, b standing) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.visit, b.visit))
	})
	l.at = slices.Delete(l.at, i, i+1)
}
