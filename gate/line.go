package gate

// line is an indexed 4-ary heap of waiting visits: least key first, and first
// come first served, by serial number, among equal keys. Every visit stands in at most one line
// and remembers its position there, so that it can step out.
type line struct{ at []standing }

type standing struct {
	key    int64
	serial uint64
	slot   uint32
}

func (a standing) before(b standing) bool {
	return a.key < b.key || a.key == b.key && a.serial < b.serial
}

func (l *line) push(visits []visit, e standing) {
	l.at = append(l.at, e)
	l.up(visits, len(l.at)-1)
}

// remove takes out the visit at position i.
func (l *line) remove(visits []visit, i int) {
	visits[l.at[i].slot].pos = -1
	last := len(l.at) - 1
	e := l.at[last]
	l.at = l.at[:last]
	if i == last {
		return
	}
	l.at[i] = e
	if i > 0 && e.before(l.at[(i-1)/4]) {
		l.up(visits, i)
	} else {
		l.down(visits, i)
	}
}

func (l *line) up(visits []visit, i int) {
	e := l.at[i]
	for i > 0 {
		parent := (i - 1) / 4
		if !e.before(l.at[parent]) {
			break
		}
		l.at[i] = l.at[parent]
		visits[l.at[i].slot].pos = int32(i)
		i = parent
	}
	l.at[i] = e
	visits[e.slot].pos = int32(i)
}

func (l *line) down(visits []visit, i int) {
	e := l.at[i]
	for {
		first := 4*i + 1
		if first >= len(l.at) {
			break
		}
		least := first
		for c := first + 1; c < min(first+4, len(l.at)); c++ {
			if l.at[c].before(l.at[least]) {
				least = c
			}
		}
		if !l.at[least].before(e) {
			break
		}
		l.at[i] = l.at[least]
		visits[l.at[i].slot].pos = int32(i)
		i = least
	}
	l.at[i] = e
	visits[e.slot].pos = int32(i)
}
