package web

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"landport/board"
	"landport/border"
	"landport/gate"
	"landport/node"
)

// deed is something that was done about the post itself, in words.
type deed struct {
	node.JournalEntry
	Text   string
	Remark string
}

// deedsShown is how many of the latest stand on the post's page.
const deedsShown = 20

// deeds lists the latest first.
func (s *Server) deeds(ctx context.Context, v *view, wanted func(*node.JournalEntry) bool) (out []deed, err error) {
	for _, e := range s.node.Journal() {
		if !wanted(&e) || len(out) == deedsShown {
			continue
		}
		d := deed{e, v.deedWords(&e), ""}
		if d.Remark, err = s.node.Reveal(ctx, e.Remark); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

func settles(e *node.JournalEntry) bool { return e.Settled != 0 }

func governs(e *node.JournalEntry) bool { return e.Settled == 0 }

// deedWords say what was done, and why.
func (v *view) deedWords(e *node.JournalEntry) string {
	if e.Settled != 0 {
		return v.oddWords(&e.Fact)
	}
	if e.Change != nil {
		return fmt.Sprintf("The post went on by another crossing, %s: %v.", e.Change.Crossing, &e.Change.Difference)
	}
	l, f := v.names, &e.Fact
	place, stop := l.Places[f.Place].Name, l.Stops[f.Stop].Name
	words := map[gate.Kind]string{
		gate.NoFact: "The clock was confirmed", gate.LaneOpened: place + " opened", gate.LaneClosed: place + " closed",
		gate.AcceptsSet: place + " takes " + traitWords(border.Predicate{Refused: f.Traits, Required: border.Traits(f.N)}), gate.CapacitySet: fmt.Sprintf("%s takes %d", place, f.N),
		gate.LaneTurning: place + " turns: " + v.wayWords(f.Direction), gate.ServersSet: fmt.Sprintf("%s: %d on duty", stop, f.N),
		gate.PostClosed: "The post closed", gate.PostReopened: "The post opened again",
		gate.ProcedureStarted: l.Procedures[f.Procedure].Name + " started", gate.ProcedureSuspended: l.Procedures[f.Procedure].Name + " suspended",
	}[f.Kind]
	switch f.Kind {
	case gate.PolicySet:
		words = "Policy: " + board.Plain(l.Policies[f.N].Name)
	case gate.HoursSet:
		h, _ := gate.UnpackHours(f.N)
		words = "Hours of " + l.Openings[h.Opening].Name + ", " + hoursOfDay(h)
	}
	return strings.TrimSpace(words + ". " + sentence(reasonWords(f.Reason)))
}

// oddWords say what an anomaly is, and where.
func (v *view) oddWords(f *gate.Fact) string {
	text, place := anomalyWords(f.Reason)+toldOf(f, v.Zone(0)), v.names.Places[f.Place].Name
	switch {
	case f.Place == gate.Outside:
	case f.Reason == gate.KindUnknown:
		text = strings.Replace(text, "came", "came to "+place, 1)
	default:
		text += ": " + place
	}
	return sentence(text)
}

// by says under which number something is recorded, and who did it.
func (v *view) by(e *node.JournalEntry) string {
	if e.Change != nil {
		return fmt.Sprintf("No. %d, when the node was started", e.Seq)
	}
	return fmt.Sprintf("No. %d, by %s", e.Seq, e.Actor)
}

// account is a visit's record in words: the facts, and between them how it is
// called and what was settled.
func (v *view) account(rec *node.Record, d *detail) []Telling {
	out := tell(v.names, rec)
	corrected := map[int64]bool{}
	for i := range rec.Facts {
		if k := rec.Facts[i].Kind; k == gate.Corrected || k == gate.Noted { // noted of who has left
			corrected[int64(rec.Facts[i].Sequence)] = true
		}
	}
	for _, a := range rec.Asides {
		t := Telling{At: a.At, Seq: a.Seq, Brought: true}
		switch plate := d.Said[a.Plate]; {
		case a.Kind == node.AsideTimed:
			t.Text = v.retimedWords(&a)
		case a.Kind == node.AsideSettled:
			t.Text = fmt.Sprintf("Looked into and settled: No. %d.", a.Cause)
		case a.Kind == node.AsideClaimed && a.Visit == rec.ID.Serial():
			t.Text = "Came as " + a.Claimed + ", which is not its own."
		case a.Kind == node.AsideClaimed:
			t.Text = "Somebody else came under this reference."
		case a.Plate != "" && corrected[a.Cause]:
			t.Text = "Plate corrected to " + plate + "."
		case a.Plate != "" && a.Reference != "":
			t.Text = "Came as " + a.Reference + " with the plate " + plate + "."
		case a.Plate != "":
			t.Text = "Plate " + plate + " noted."
		default:
			t.Text = "Came as " + a.Reference + "."
		}
		out = append(out, t)
	}
	slices.SortStableFunc(out, func(a, b Telling) int { return compare(a.Seq, b.Seq) })
	return out
}
