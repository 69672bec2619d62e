package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"landport/gate"
	"landport/ledger"
	"landport/node"
	"landport/posts"
	"landport/sim"
)

// changeOutlook is what a restart would change at a post as it stands.
type changeOutlook struct {
	Changes  bool     `json:"changes"`
	Present  int      `json:"present"` // visits announced or present
	Gone     []string `json:"gone"`
	New      []string `json:"new"`
	Affected []string `json:"affected"` // in words
}

// foresee works out what a restart of the node of a ledger would change.
func foresee(ctx context.Context, s Storage, was string, file posts.File, part *sim.Model) (*changeOutlook, error) {
	if err := s.exists(); err != nil {
		return nil, err
	}
	former, err := formerPart(was, file.Post)
	if err != nil {
		return nil, err
	}
	l, err := ledger.Open(ctx, ledger.Config{URL: s.url(), Origin: file.Name, Beside: true})
	if err != nil {
		return nil, err
	}
	o, err := node.Foresee(ctx, l, former, part, wall())
	if err := errors.Join(err, l.Close()); err != nil {
		return nil, err
	}
	out := &changeOutlook{Changes: o.Changes, Present: o.Present, Gone: append([]string{}, o.Gone...), New: append([]string{}, o.New...), Affected: []string{}}
	for i := range o.Said {
		out.Affected = append(out.Affected, affected(&o.Said[i]))
	}
	return out, nil
}

// affected says in words what would become of a visit, or of a place.
func affected(s *node.Said) string {
	switch {
	case s.Kind == gate.Interrupted:
		return fmt.Sprintf("%s in %s: its service at %s breaks off", s.Reference, s.Where, s.Words)
	case s.Kind == gate.FellBack:
		return fmt.Sprintf("%s in %s: its procedure is gone, and it goes on by %s", s.Reference, s.Where, s.Words)
	case s.Reason == gate.PlaceGone:
		return fmt.Sprintf("%s in %s: the place is gone, and somebody has to say where it stands", s.Reference, s.Where)
	case s.Reason == gate.NoProcedure:
		return fmt.Sprintf("%s in %s: its procedure is gone", s.Reference, s.Where)
	case s.Reason == gate.Astray:
		return fmt.Sprintf("%s in %s: its procedure no longer takes it there", s.Reference, s.Where)
	case s.Reason == gate.OverCapacity:
		return s.Where + ": holds more than it would take"
	}
	return fmt.Sprintf("%s in %s: %s", s.Reference, s.Where, s.Reason)
}

// text says it for a terminal; nothing if no ledger was named.
func (o *changeOutlook) text() string {
	if o == nil {
		return ""
	}
	var b strings.Builder
	if !o.Changes {
		fmt.Fprintf(&b, "\nThe ledger runs by this crossing already; a restart changes nothing for the %d announced or present.\n", o.Present)
		return b.String()
	}
	fmt.Fprintf(&b, "\nA restart now changes the crossing for %d announced or present.\n", o.Present)
	for _, list := range []struct {
		what  string
		names []string
	}{{"gone", o.Gone}, {"new", o.New}, {"affected", o.Affected}} {
		for _, name := range list.names {
			fmt.Fprintf(&b, "%-11s %s\n", list.what, name)
		}
	}
	if len(o.Affected) == 0 {
		b.WriteString("Everybody goes on where they are.\n")
	}
	return b.String()
}
