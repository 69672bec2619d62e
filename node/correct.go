package node

import (
	"context"

	"landport/gate"
)

// amends reports whether a command adds to the record of a visit that has left
// without changing what is counted: a remark, or the plate alone.
func (a *asked) amends(of *bearer) bool {
	in := &a.Input
	return of.known() && (in.Do == gate.Note || in.Do == gate.Correct && (in.Traits == 0 || in.Traits == of.traits))
}

// correct completes a correction, which may give the traits, the plate or both,
// and returns why it is none: it says nothing that is not on record. A plate in
// another spelling is another. That of a visit which has left is noted.
func (n *Node) correct(ctx context.Context, a *asked, in *gate.Input, of *bearer) (gate.RefusalCode, error) {
	if of.is != present {
		in.Do = gate.Note
		if in.Reason == gate.NoReason {
			return gate.CodeReasonNeeded, nil
		}
	}
	if in.Traits == 0 { // the plate alone
		in.Traits = of.traits
	}
	if in.Traits != of.traits {
		return gate.Accepted, nil
	}
	if a.Plate == "" {
		return gate.CodeAlreadySo, nil
	}
	plate, err := n.plateOf(ctx, in.Visit)
	if plate == a.Plate {
		return gate.CodeAlreadySo, err
	}
	return gate.Accepted, err
}
