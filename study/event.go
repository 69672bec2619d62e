package study

import (
	"landport/border"
	"landport/gate"
)

// Code is an event of a time release study: World Customs Organization, Guide
// to Measure the Time Required for the Release of Goods, version 3, 2018. A
// gate.Milestone carries it as its N; its number is final.
type Code int64

// The events of a time release study.
const (
	NoEvent          Code = iota
	Arrival               // in the area of the first post
	Lodgement             // the declaration and its documents are lodged
	Acceptance            // customs accept the declaration
	Selection             // for an examination
	Payment               // duties and fees are paid, or a guarantee is given
	ExaminationStart      // an agency takes up the visit
	ExaminationEnd        // it is done
	AgencyRelease         // the last formality of an agency other than customs is done
	CustomsRelease        // the last formality of customs is done
	Removal               // it leaves the crossing
	codes
)

var codeNames = [codes]string{"", "arrival", "lodgement", "acceptance", "selection", "payment or guarantee",
	"examination start", "examination end", "agency release", "customs release", "removal"}

// String returns the event as written in reports, empty for none.
func (c Code) String() string {
	if c < 0 || c >= codes {
		return ""
	}
	return codeNames[c]
}

// Event is one event of a time release study in the life of a visit. Whose it
// is and where it happened is given where the facts say so.
type Event struct {
	At          border.Time
	Code        Code
	Party       Party // of examinations, releases and milestones
	Place       gate.PlaceID
	Stop        gate.StopID
	Formalities gate.FormalitySet
}

// Timeline returns the events of one visit, in order. Facts are those of the
// visit, or of the whole crossing, in order.
//
// A dossier that becomes ready counts as lodged then; one that was ready on
// arrival was lodged earlier, at an instant the gate does not know. Acceptance
// and payment are known from milestones alone.
func Timeline(l *gate.Layout, facts []gate.Fact, visit gate.VisitID) []Event {
	t := timeline{layout: l, parties: partiesOf(l)}
	for i := range facts {
		if facts[i].Visit == visit && visit != 0 {
			t.add(&facts[i])
		}
	}
	return t.events
}

type timeline struct {
	layout  *gate.Layout
	parties parties
	need    gate.FormalitySet // all that the visit has to do
	done    gate.FormalitySet
	held    gate.FormalitySet
	ended   []gate.Fact // services whose release is not yet settled
	events  []Event
}

func (t *timeline) add(f *gate.Fact) {
	e := Event{At: f.At, Place: f.Place, Stop: f.Stop, Formalities: f.Formalities}
	switch f.Kind {
	case gate.Arrived, gate.Alighted:
		t.need = f.Formalities
		e.Code = Arrival
	case gate.Ready:
		e.Code = Lodgement
	case gate.Referred:
		t.need |= f.Formalities
		e.Code = Selection
	case gate.Held:
		t.held |= f.Formalities
	case gate.Unheld:
		t.held &^= f.Formalities
	case gate.Milestone:
		e.Code = Code(f.N)
	case gate.ServiceStarted:
		e.Code = ExaminationStart
	case gate.ServiceEnded:
		e.Code = ExaminationEnd
		if f.Outcome != gate.Again && f.Outcome != gate.RefusedHere {
			t.ended = append(t.ended, *f)
		}
	case gate.Removed:
		e.Code = Removal
	}
	// A service that refers or holds says so in the fact after its end.
	settled := f.Kind != gate.ServiceEnded || f.Outcome == gate.Passed
	if settled && e.Code != ExaminationEnd {
		t.release(f.At)
	}
	if e.Code.String() != "" {
		e.Party = t.party(e)
		t.events = append(t.events, e)
	}
	if settled && e.Code == ExaminationEnd {
		t.release(f.At)
	}
}

// party names whose event it is: the agency of its formalities, else that of
// its stop, else nobody in particular.
func (t *timeline) party(e Event) Party {
	for i, id := range t.parties.ofFormality {
		if e.Formalities>>i&1 != 0 && e.Code != Arrival {
			return t.parties.list[id]
		}
	}
	if e.Stop != 0 {
		return t.parties.list[t.parties.ofStop[e.Stop]]
	}
	return Party{}
}

// release adds the releases of agencies whose last formality has been done,
// unless the visit is held.
func (t *timeline) release(at border.Time) {
	if t.held != 0 {
		return
	}
	for _, f := range t.ended {
		before := t.need &^ t.done
		t.done |= f.Formalities
		after := t.need &^ t.done
		for id := range t.parties.list {
			own := t.formalitiesOf(partyID(id))
			if before&own == 0 || after&own != 0 {
				continue
			}
			e := Event{At: at, Code: AgencyRelease, Party: t.parties.list[id], Place: f.Place, Stop: f.Stop, Formalities: t.need & own}
			if e.Party.Kind == AnAgency && e.Party.Agency == border.Customs {
				e.Code = CustomsRelease
			}
			t.events = append(t.events, e)
		}
	}
	t.ended = t.ended[:0]
}

func (t *timeline) formalitiesOf(id partyID) (own gate.FormalitySet) {
	for i, party := range t.parties.ofFormality {
		if party == id {
			own |= 1 << i
		}
	}
	return own
}
