package ledger

import "context"

func (l *Ledger) checkEdge(ctx context.Context) error { _, err := l.Head(ctx); return err }
