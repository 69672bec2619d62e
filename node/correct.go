package node

import (
	"context"

	"landport/border"
	"landport/gate"
)

// correct completes a correction, which may give the traits, the plate or both,
// and reports whether it says nothing that is not on record. A plate in another
// spelling is another.
func (n *Node) correct(ctx context.Context, a *asked, in *gate.Input, now border.Traits) (nothing bool, err error) {
	if in.Traits == 0 { // the plate alone
		in.Traits = now
	}
	if in.Traits != now {
		return false, nil
	}
	if a.Plate == "" {
		return true, nil
	}
	plate, err := n.plateOf(ctx, in.Visit)
	return plate == a.Plate, err
}
