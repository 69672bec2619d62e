package node

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// Why a node does not go on.
var (
	errCrossing = errors.New("another replica runs this ledger under another crossing since; start this one again with the post's file of that one")
	errUnfit    = errors.New("it cannot follow on what was ahead of it")
)

// learn finds out under which crossings the ledger was written. Where no entry
// says so, it was under the one that was given as the former, as long as all fits.
func (n *Node) learn(ctx context.Context, head ledger.Head) error {
	search := indexedCrossings
	if n.errand {
		search = searchedCrossings
	}
	seqs, err := search(ctx, n.ledger)
	if err != nil {
		return err
	}
	all, err := readCrossings(ctx, n.ledger, seqs, n.codec)
	if err != nil {
		return err
	}
	switch n.unsaid = len(all) == 0; {
	case n.unsaid && head.Size == 0:
		all = crossings{{codec: n.codec}}
	case n.unsaid:
		all = crossings{{codec: n.was}}
	case n.begun && all[len(all)-1].codec != n.codec:
		return errCrossing
	}
	teller := all.teller(n.codec)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.crossings, n.teller = all, teller
	return nil
}

// cross has the node go on by the crossing of an entry.
func (n *Node) cross(e *ledger.Entry) error {
	next, err := readCrossing(e)
	if err != nil {
		return err
	}
	switch {
	case next.same(n.force):
		return nil
	case n.begun && e.Seq > n.crossings[len(n.crossings)-1].seq:
		return errCrossing
	}
	change := CrossingChange{Difference: *differ(n.force, next)}
	if err := json.Unmarshal(e.Data, &change); err != nil {
		return err // it has been read before
	}
	n.journal.put(JournalEntry{Seq: e.Seq, At: e.Occurred, Actor: e.Actor, Change: &change})
	return n.goOver(next.or(n.codec), e.Occurred, e.Seq)
}

// goOver carries what is known over to another crossing. Screens are shown anew,
// and what is studied in memory begins again, as after a start from a snapshot.
func (n *Node) goOver(next *Codec, at border.Time, seq int64) error {
	carried, err := n.state.Carry(next.layout, at)
	if err != nil {
		return fmt.Errorf("%s: %w", n.Post(), err)
	}
	before := n.screen
	released := make([]tally, len(before.released))
	for i, was := range before.released {
		released[i] = tally{was.Begin, was.End, make([]int, len(next.layout.Directions))}
		for d, count := range was.ByWay {
			released[i].ByWay[next.directions[n.force.direction(d)]] += count
		}
	}
	n.state, n.force, n.mixed = carried, next, true
	n.watch(at)
	n.screen.sequence, n.screen.forgotten, n.screen.released = uint64(seq), uint64(seq), released
	for now := range n.state.Present {
		if shown := before.visits[now.ID]; shown != nil {
			shown.facts = nil
			n.screen.put(shown)
			n.screen.refresh(now.ID)
		}
	}
	return nil
}

// put shows a visit.
func (s *screen) put(v *visit) {
	s.visits[v.ID] = v
	s.byReference[v.Reference] = v
}

// sayCrossing has the ledger say under which crossing the node goes on, where
// that is not what it says already. What was due under the former one by now is
// carried out first.
func (n *Node) sayCrossing(ctx context.Context) error {
	for {
		said, err := n.saysCrossing()
		if said || err != nil {
			return err
		}
		_, err = n.ledger.Write(ctx, func(b *ledger.Batch) error { return n.putInForce(ctx, b) })
		if err != nil && !errors.Is(err, ledger.ErrUnknown) {
			return err
		}
		if err := n.rebuild(ctx); err != nil { // from what is committed, whether it was this
			return err
		}
	}
}

// saysCrossing reports whether the ledger says under which crossing the node
// goes on.
func (n *Node) saysCrossing() (bool, error) {
	if !n.unsaid && n.force == n.codec {
		return true, nil
	}
	if n.far() {
		if n.force == n.codec {
			return true, nil // it can be said at the next start
		}
		return false, fmt.Errorf("the post's file names another crossing than the ledger, which cannot be recorded: %s", offText(n.jump, n.clock.wall()))
	}
	return false, nil
}

// putInForce appends the entries by which the node's crossing comes into force.
func (n *Node) putInForce(ctx context.Context, b *ledger.Batch) error {
	if err := n.catchUp(ctx, b); err != nil {
		return err
	}
	n.made = n.made[:0]
	clock := &asked{}
	now := n.instant(b.Now())
	if n.unsaid && b.Head().Size > 0 {
		n.append(b, clock, kindCrossing, now, 0, n.force.crossingOf(""))
	}
	if n.force == n.codec {
		if len(n.made) == 0 {
			n.append(b, clock, kindCrossing, now, 0, n.codec.crossingOf(n.model.Name))
		}
		return n.index(ctx, b)
	}
	if err := n.unrivalled(ctx, b); err != nil {
		return err
	}
	change, err := changeOver(n.state, n.codec.layout, now)
	if err != nil {
		return fmt.Errorf("%s: %w", n.Post(), err)
	}
	for i := range change.before {
		n.add(b, clock, n.force.Entry(&change.before[i]), &change.before[i])
	}
	n.append(b, clock, kindCrossing, now, 0, n.codec.crossingOf(n.model.Name))
	for i := range change.after {
		n.add(b, clock, n.codec.Entry(&change.after[i]), &change.after[i])
	}
	return n.index(ctx, b)
}

// unrivalled refuses to change the crossing under replicas that run by the one
// in force.
func (n *Node) unrivalled(ctx context.Context, b *ledger.Batch) error {
	who, err := b.Rivals(ctx)
	if err != nil || len(who) == 0 {
		return err
	}
	return fmt.Errorf("the post's file names another crossing than the one in force (%s), by which %s runs; "+
		"start this one with the file that they run by, or stop all replicas first and then start them with the new one",
		differ(n.force, n.codec), strings.Join(who, ", "))
}

// changeover is what happens when a post goes over to another layout.
type changeover struct {
	from, to      *gate.State
	before, after []gate.Fact // under the former layout and under the next
}

// changeOver goes over at an instant.
func changeOver(s *gate.State, next *gate.Layout, at border.Time) (c changeover, err error) {
	c.before, _ = s.Decide(&gate.Input{At: at}, nil)
	trial, err := s.Carry(next, at)
	if err != nil {
		return c, err
	}
	c.before = s.WindUp(trial, at, c.before)
	if c.to, err = s.Carry(next, at); err != nil {
		return c, err
	}
	c.from = s
	c.after = c.to.TakeUp(s, at, nil)
	return c, nil
}

// retell reads what is kept of former crossings once more, as readers are told
// it: by the names of now.
func (n *Node) retell(ctx context.Context) error {
	if !n.mixed || n.force != n.codec {
		return nil
	}
	tell := func(seq int64, f *gate.Fact) error {
		entries, err := n.ledger.Entries(ctx, seq-1, 1)
		if err != nil || len(entries) == 0 || f.Kind == gate.NoFact || f.Reason == gate.EntriesLost {
			return err
		}
		*f, _, err = n.teller.read(&entries[0])
		return err
	}
	for i := range n.anoms {
		if err := tell(n.anoms[i].Seq, &n.anoms[i].Fact); err != nil {
			return err
		}
	}
	for i := range n.journal {
		if err := tell(cmp.Or(n.journal[i].Settled, n.journal[i].Seq), &n.journal[i].Fact); err != nil {
			return err
		}
	}
	n.mixed = false
	return nil
}

// unfit says that the ledger cannot have been written under the crossing that is
// taken for its own because no entry says so.
func (n *Node) unfit(e *ledger.Entry, why error) error {
	if !n.unsaid || errors.Is(why, errNewer) {
		return why
	}
	return fmt.Errorf("the ledger of %s was begun before ledgers said by which crossing, and not by the one that is given: entry %d, %s, %w; "+
		"name the crossing it ran by until now, once, with --was NAME or --was FILE", n.Post(), e.Seq, e.Kind, cmp.Or(errors.Unwrap(why), why))
}
