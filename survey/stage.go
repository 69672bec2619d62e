package survey

import (
	"landport/border"
	"landport/study"
)

// Stage is a time between two instants of one record, or of the two records of
// a crossing.
type Stage struct {
	Name     string
	From, To Column
	early    bool // From may come after To: what was lodged before arrival has no time of this stage
}

// Stages of a crossing at both posts.
const (
	StageCrossing = "crossing"      // arrival at the post of exit until removal at the post of entry
	StageBetween  = "between posts" // removal at the one until arrival at the other
)

// Stages lists the stages of a record at one post. Times of agencies run from
// the arrival, because recorders see a vehicle's turn, not an agency's files.
func Stages() []Stage {
	stages := []Stage{
		{Name: study.StageAtPost, From: Arrival, To: Removal},
		{Name: "to lodgement", From: Arrival, To: Lodgement, early: true},
		{Name: "lodgement to acceptance", From: Lodgement, To: Acceptance},
		{Name: "acceptance to selection", From: Acceptance, To: Selection},
		{Name: "lodgement to payment or guarantee", From: Lodgement, To: Payment},
		{Name: "to examination", From: Arrival, To: ExaminationStart},
		{Name: "examination", From: ExaminationStart, To: ExaminationEnd},
	}
	for _, c := range Columns() {
		if a, ok := c.Agency(); ok {
			stages = append(stages, Stage{Name: "to release by " + a.String(), From: Arrival, To: c})
		}
	}
	return append(stages, Stage{Name: "customs release to removal", From: CustomsRelease, To: Removal})
}

// of returns the time a record spent in the stage; ok where both instants were
// recorded and the stage applies.
func (g Stage) of(r *Record) (time border.Micros, ok bool) {
	from, to := r.times[g.From], r.times[g.To]
	if from == 0 || to == 0 || g.early && to < from {
		return 0, false
	}
	return to.Sub(from), true
}

// Order is two instants of which the first cannot come after the second.
type Order struct{ First, Then Column }

// Orders lists the orders that hold at every post. Lodgement and what follows
// from it may come before the arrival: that is what lodging early is for. A
// release may not: the vehicle was not there to be released.
func Orders() []Order {
	orders := []Order{
		{Arrival, ExaminationStart}, {ExaminationStart, ExaminationEnd}, {ExaminationEnd, Removal}, {Arrival, Removal},
		{Lodgement, Acceptance}, {Acceptance, CustomsRelease}, {Lodgement, Selection}, {Lodgement, CustomsRelease},
	}
	for _, c := range Columns() {
		if _, ok := c.Agency(); ok {
			orders = append(orders, Order{Arrival, c}, Order{c, Removal})
		}
	}
	return orders
}
