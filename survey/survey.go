package survey

import (
	"cmp"
	"fmt"
	"slices"

	"landport/border"
)

// Survey is what all sheets together hold.
type Survey struct {
	Sheets    []*Sheet
	Records   []Record
	Crossings []Crossing
	// Twice are records of a vehicle that an earlier record has too, by index.
	Twice []int
	// Repeated says which sheets were given more than once, and count once.
	Repeated []string
	// Completed counts rows that were joined to one of the same vehicle at the same
	// post, because each has times that the other lacks.
	Completed int
	// Besides says which sheets of workbooks were not read, and why.
	Besides []string
}

// Crossing is one vehicle at both posts: the record where it left a country and
// the one where it entered the other, by index.
type Crossing struct{ Exit, Entry int }

// New puts sheets together, joins the two posts' halves of crossings by number
// plate, and then forgets the plates, in the sheets too. A sheet given again
// counts once.
func New(sheets ...*Sheet) *Survey {
	s := &Survey{}
	for _, sheet := range sheets {
		for _, b := range sheet.Besides {
			if !slices.Contains(s.Besides, b) {
				s.Besides = append(s.Besides, b)
			}
		}
		if k := slices.IndexFunc(s.Sheets, func(o *Sheet) bool { return o.sha256 != "" && o.sha256 == sheet.sha256 && o.Tab == sheet.Tab }); k >= 0 {
			s.Repeated = append(s.Repeated, fmt.Sprintf("%s was given twice, the second time as %s; its rows count once.", s.Sheets[k].Name, sheet.Name))
			continue
		}
		s.Sheets = append(s.Sheets, sheet)
		s.Records = append(s.Records, sheet.Records...)
	}
	s.complete()
	seen := s.byPlate()
	s.findTwice(seen)
	s.join(seen)
	for i := range s.Records {
		s.Records[i].plate = ""
	}
	for _, sheet := range sheets {
		for i := range sheet.Records {
			sheet.Records[i].plate = ""
		}
	}
	return s
}

// first is the earliest instant of a record.
func (r *Record) first() border.Time {
	at := border.Never
	for _, t := range r.times {
		if t != 0 {
			at = min(at, t)
		}
	}
	return at
}

// byPlate groups the records that have a plate and a direction by both, each
// group in the order of time.
func (s *Survey) byPlate() [][]int {
	var order []int
	for i := range s.Records {
		if r := &s.Records[i]; r.plate != "" && r.Exit != "" {
			order = append(order, i)
		}
	}
	key := func(i int) string { return s.Records[i].plate + " " + s.Records[i].Direction() }
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(key(a), key(b)), cmp.Compare(s.Records[a].first(), s.Records[b].first()))
	})
	var groups [][]int
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && key(order[to]) == key(order[from]) {
			to++
		}
		groups = append(groups, order[from:to])
		from = to
	}
	return groups
}

// complete joins a row without an arrival, such as that of a recorder at the
// barrier, to the latest row before it of the same plate, direction and post that
// has an arrival, no removal and none of its times. Both lie within a day.
func (s *Survey) complete() {
	gone := map[int]bool{}
	for _, group := range s.byPlate() {
		for n, i := range group {
			rest := &s.Records[i]
			if rest.times[Arrival] != 0 {
				continue
			}
			into := -1
			for _, j := range slices.Backward(group[:n]) {
				begun := &s.Records[j]
				// Of an arrival recorded twice the first row counts.
				again := into >= 0 && s.Records[into].first().Sub(begun.first()) <= twiceWithin
				if (into < 0 || again) && begun.completedBy(rest) {
					into = j
				}
			}
			if into >= 0 {
				s.Records[into].fill(rest)
				gone[i] = true
			}
		}
	}
	s.Completed = len(gone)
	var kept []Record
	for i := range s.Records {
		if !gone[i] {
			kept = append(kept, s.Records[i])
		}
	}
	s.Records = kept
}

// completedBy reports whether two rows are halves of one stay.
func (r *Record) completedBy(rest *Record) bool {
	if r.Post != rest.Post || r.times[Arrival] == 0 || r.times[Removal] != 0 || rest.first().Sub(r.first()) > joinWithin {
		return false
	}
	for c := range r.times {
		if r.times[c] != 0 && rest.times[c] != 0 {
			return false
		}
	}
	return true
}

// fill takes from the other half what this one lacks.
func (r *Record) fill(rest *Record) {
	for c, at := range rest.times {
		r.times[c] = cmp.Or(r.times[c], at)
	}
	r.Load, r.Vehicle = cmp.Or(r.Load, rest.Load), cmp.Or(r.Vehicle, rest.Vehicle)
	r.Channel, r.Recorder = cmp.Or(r.Channel, rest.Channel), cmp.Or(r.Recorder, rest.Recorder)
	r.VolumePerH = cmp.Or(r.VolumePerH, rest.VolumePerH)
}

// twiceWithin is how far apart two recorders may write down one arrival.
const twiceWithin = 10 * border.Minute

// findTwice finds vehicles recorded twice at one post.
func (s *Survey) findTwice(groups [][]int) {
	for _, group := range groups {
		for n, i := range group {
			if slices.ContainsFunc(group[:n], func(before int) bool {
				a, b := &s.Records[before], &s.Records[i]
				return a.Post.Name == b.Post.Name && b.first().Sub(a.first()) <= twiceWithin
			}) {
				s.Twice = append(s.Twice, i)
			}
		}
	}
	slices.Sort(s.Twice)
}

// joinWithin is the longest that a crossing takes from its first instant at one
// post to its first at the other; longer ones are two.
const joinWithin = border.Day

// join finds for each record of an entry the latest of an exit before it.
func (s *Survey) join(groups [][]int) {
	for _, group := range groups {
		used := map[int]bool{}
		for n, i := range group {
			in := &s.Records[i]
			if in.Post.Country != in.Entry || s.twice(i) {
				continue
			}
			for _, j := range slices.Backward(group[:n]) {
				out := &s.Records[j]
				if out.Post.Country == out.Exit && !used[j] && !s.twice(j) && in.first().Sub(out.first()) <= joinWithin {
					used[j] = true
					s.Crossings = append(s.Crossings, Crossing{j, i})
					break
				}
			}
		}
	}
	slices.SortFunc(s.Crossings, func(a, b Crossing) int { return cmp.Compare(a.Exit, b.Exit) })
}

func (s *Survey) twice(i int) bool {
	_, found := slices.BinarySearch(s.Twice, i)
	return found
}
