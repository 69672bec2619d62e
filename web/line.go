package web

import (
	"cmp"
	"slices"

	"landport/border"
	"landport/gate"
	"landport/node"
)

// file is who is in a place going one way, who is ahead first.
type file struct {
	Way    gate.Direction
	Visits []*node.Visit
	Next   gate.VisitID // to be called or to go on from where vehicles wait; 0 for none
}

// filesIn lists who is in a place, by direction.
func (v *view) filesIn(p gate.PlaceID) (files []file) {
	for d := range v.Layout.Directions {
		f := file{Way: gate.Direction(d)}
		for i := range v.State.Visits {
			if visit := &v.State.Visits[i]; visit.Place == p && visit.Direction == f.Way && visit.Phase != gate.PhaseAnnounced {
				f.Visits = append(f.Visits, visit)
			}
		}
		if len(f.Visits) == 0 {
			continue
		}
		slices.SortFunc(f.Visits, func(a, b *node.Visit) int {
			return cmp.Or(cmp.Compare(v.turnOf(a), v.turnOf(b)), cmp.Compare(a.ID, b.ID))
		})
		f.Next = v.nextOf(p, f.Visits)
		files = append(files, f)
	}
	return files
}

// turnOf is by what those in a place take their turns, the least first.
func (v *view) turnOf(visit *node.Visit) int64 {
	switch place := &v.Layout.Places[visit.Place]; {
	case place.Kind.Hold(): // its order is the instant from which it counts
		return v.policyOf(v.State.Policy).Turn(visit.Traits, border.Time(visit.Order))
	case place.SingleFile:
		return int64(visit.HereSince)
	}
	return visit.Order
}

// nextOf is whose turn is next of those in line where vehicles wait.
func (v *view) nextOf(p gate.PlaceID, line []*node.Visit) gate.VisitID {
	if !v.Layout.Places[p].Kind.Hold() {
		return 0
	}
	for _, visit := range line {
		if visit.Phase == gate.PhaseWaiting && !visit.Held && (visit.Ready || !v.policyOf(v.State.Policy).ReadyFirst) {
			return visit.ID
		}
	}
	return 0
}

// orderWords say in what order those in a place are listed.
func (v *view) orderWords(p gate.PlaceID) string {
	switch place := &v.Layout.Places[p]; {
	case place.SingleFile:
		return "In single file: nobody passes who is ahead."
	case !place.Kind.Hold():
		return "Who came first is listed first."
	}
	return policyWords(v.policyOf(v.State.Policy))
}

// bookedWords say for when a visit is booked, which is what decides its turn;
// nothing for one that is not.
func (v *view) bookedWords(visit *node.Visit) string {
	if visit.Slot == 0 {
		return ""
	}
	return ", booked for " + v.When(visit.Slot, 0)
}
