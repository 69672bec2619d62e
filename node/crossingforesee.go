package node

import (
	"context"
	"log/slog"

	"landport/gate"
	"landport/ledger"
	"landport/sim"
)

// Outlook is what it would come to if a post went on by another crossing now.
type Outlook struct {
	Changes bool     // the crossing is another than the ledger's
	Present int      // visits announced or present
	Gone    []string // what there would no longer be, such as "stop Bavet customs": by its name, what is renamed goes and comes
	New     []string // and what there would be besides
	Said    []Said   // about visits, and places that would hold too many
}

// Said is one thing that would be stated.
type Said struct {
	Reference string // of the visit, "" for none
	gate.Fact
	Where string // place in which the visit is now, or that holds too many
	Words string // what would be: a procedure it falls back to, a stop at which service breaks off
}

// Foresee works out what would follow if the post of a ledger, which may be in
// use, went on by a crossing from an instant on. was is as in Config. It writes
// nothing.
func Foresee(ctx context.Context, l *ledger.Ledger, was, next *sim.Model, clock *Clock) (*Outlook, error) {
	n, err := newNode(Config{Post: next, Was: was, Ledger: l, Clock: clock, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	n.errand = true
	if err := n.rebuild(ctx); err != nil {
		return nil, err
	}
	out := &Outlook{Present: n.Present()}
	if n.force == n.codec {
		return out, nil
	}
	out.Changes, out.Gone, out.New = true, besides(n.force.layout, next.Layout), besides(next.Layout, n.force.layout)
	places := map[gate.VisitID]string{}
	for v := range n.state.Present {
		places[v.ID] = n.force.layout.Places[v.Place].Name
	}
	change, err := changeOver(n.state, next.Layout, max(clock.Now(), n.state.Now()))
	if err != nil {
		return nil, err
	}
	for _, part := range []struct {
		facts []gate.Fact
		l     *gate.Layout
	}{{change.before, n.force.layout}, {change.after, next.Layout}} {
		for _, f := range part.facts {
			s := Said{Fact: f, Where: places[f.Visit]}
			switch f.Kind {
			case gate.Interrupted:
				s.Words = part.l.Stops[f.Stop].Name
			case gate.FellBack:
				s.Words = part.l.Procedures[f.Procedure].Name
			case gate.Anomaly:
				if f.Visit == 0 {
					s.Where = part.l.Places[f.Place].Name
				}
			default:
				continue
			}
			s.Reference = n.screen.called(f.Visit)
			out.Said = append(out.Said, s)
		}
	}
	return out, nil
}

// besides names what one layout has and another has not.
func besides(l, other *gate.Layout) (names []string) {
	m := l.Match(other)
	list := func(what string, found []int, reserved int, name func(int) string) {
		for i := reserved; i < len(found); i++ {
			if found[i] == reserved-1 {
				names = append(names, what+" "+name(i))
			}
		}
	}
	list("place", m.Places, 1, func(i int) string { return l.Places[i].Name })
	list("stop", m.Stops, 1, func(i int) string { return l.Stops[i].Name })
	list("hours", m.Openings, 1, func(i int) string { return l.Openings[i].Name })
	list("procedure", m.Procedures, 0, func(i int) string { return l.Procedures[i].Name })
	list("formality", m.Formalities, 0, func(i int) string { return l.Formalities[i].Name })
	return names
}
