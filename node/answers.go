package node

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"landport/gate"
	"landport/ledger"
	"landport/sim"
)

// AlteredAnswer is what the table of commands has of a command, and what is
// wrong with it.
type AlteredAnswer struct{ Command, What string }

// AlteredAnswers holds what was answered to commands, by their table, against
// what entries 1 to seq say that they led to, and returns what does not follow,
// in order of the entries. These must be sound. Of a command that nothing
// followed from, or of which an entry was lost, only its row tells; of answers
// from before they told anomalies nothing is missed.
func AlteredAnswers(ctx context.Context, l *ledger.Ledger, layout *gate.Layout, seq int64) (altered []AlteredAnswer, err error) {
	rows, err := l.Reader().QueryContext(ctx, `SELECT id, first_seq, entries, answer FROM commands
WHERE answer <> '' AND first_seq + entries <= $1 + 1 ORDER BY first_seq, id`, seq)
	if err != nil {
		return nil, l.Told(err)
	}
	defer rows.Close()                                       //nolint:errcheck // rows.Err says it
	n := &Node{ledger: l, model: &sim.Model{Layout: layout}} // as much of one as knows references
	told, more, err := nextTold(rows)
	settle := func(before int64) error {
		for ; more && told.first+told.entries <= before; told, more, err = nextTold(rows) {
			switch what, err := n.refute(ctx, told); {
			case err != nil:
				return err
			case what != "":
				altered = append(altered, AlteredAnswer{told.id, what})
			}
		}
		return err
	}
	if err != nil {
		return nil, l.Told(err)
	}
	for e, err := range l.Each(ctx, 0) {
		if err == nil {
			err = settle(e.Seq)
		}
		if err != nil {
			return nil, l.Told(err)
		}
		if !more {
			break
		}
		if e.Seq >= told.first {
			if err := told.hear(&e); err != nil {
				return nil, err
			}
		}
	}
	return altered, l.Told(settle(seq + 1))
}

// AlteredCommands are the commands of a ledger whose answers AlteredAnswers
// takes exception to, so that they can be made anew.
func AlteredCommands(ctx context.Context, url string, layout *gate.Layout) (ids []string, err error) {
	l, err := ledger.Read(ctx, url)
	if err != nil {
		return nil, err
	}
	defer l.Close() //nolint:errcheck // it was only read
	head, err := l.Head(ctx)
	if err != nil {
		return nil, err
	}
	altered, err := AlteredAnswers(ctx, l, layout, head.Size)
	for _, a := range altered {
		ids = append(ids, a.Command)
	}
	return ids, err
}

// told is what a command was answered, and what the entries that followed say.
type told struct {
	id, answer     string
	first, entries int64
	visits         []uint64 // that they are about
	brought        bool     // one of them came or was announced
	references     []string // that they give
	claimed        []string
	anomalies      []string // reasons
	lost           bool     // one of them was lost
	sampled        bool     // one of them is a sample
}

func nextTold(rows *sql.Rows) (t *told, more bool, err error) {
	t = &told{}
	if !rows.Next() {
		return t, false, rows.Err()
	}
	err = rows.Scan(&t.id, &t.first, &t.entries, &t.answer)
	return t, err == nil, err
}

// hear takes in one of the entries that followed.
func (t *told) hear(e *ledger.Entry) error {
	t.lost, t.sampled = t.lost || e.Kind == ledger.KindLost, t.sampled || ofSurvey(e.Kind)
	f, ours, err := visits(e)
	if err != nil {
		return err
	}
	if !ours {
		aside, _, err := asideOf(e)
		t.references, t.claimed, t.visits = append(t.references, aside.Reference), append(t.claimed, aside.Claimed), append(t.visits, aside.Visit)
		return err
	}
	t.visits = append(t.visits, f.Visit.Serial(), f.Other.Serial())
	switch f.Kind {
	case gate.Announced, gate.Arrived, gate.Alighted:
		t.brought = true
	case gate.Anomaly:
		t.anomalies = append(t.anomalies, f.Reason.String())
	}
	return nil
}

// refute says what of an answer does not follow from the entries, "" for nothing.
func (n *Node) refute(ctx context.Context, t *told) (what string, err error) {
	var a Answer
	known := func(said string, in []string) bool { return said == "" || slices.Contains(in, said) }
	switch err := json.Unmarshal([]byte(t.answer), &a); {
	case t.sampled && t.answer == sampleAnswer:
		return "", nil
	case t.sampled:
		return "is not what a sample is answered", nil
	case err != nil:
		return "cannot be read", nil //nolint:nilerr // that is what is wrong with it
	case a.Sequence != t.first || int64(a.Entries) != t.entries:
		return fmt.Sprintf("says that %d entries followed from %d on", a.Entries, a.Sequence), nil
	case t.entries == 0, t.lost:
		return "", nil
	case a.Refusal != "" || a.Detail != "":
		return "says that it was refused", nil
	case !known(a.Anomaly, t.anomalies):
		return fmt.Sprintf("tells the anomaly %q", a.Anomaly), nil
	case !known(a.Claimed, t.claimed):
		return fmt.Sprintf("says that it came as %q", a.Claimed), nil
	case a.Reference == "" && t.brought:
		return "gives no reference", nil
	case known(a.Reference, t.references):
		return "", nil
	}
	for _, visit := range t.visits {
		if n.minted(visit) == a.Reference {
			return "", nil
		}
	}
	visit, named, err := n.named(ctx, a.Reference)
	if err != nil || named && slices.Contains(t.visits, visit) {
		return "", err
	}
	return fmt.Sprintf("gives the reference %q", a.Reference), nil
}
