package node

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// kindErased says that personal values were erased, how many, and why.
const kindErased = "node.erased"

// erasedData says how many values of each kind, never which.
type erasedData struct {
	Erased map[string]int64 `json:"erased"`
	Reason string           `json:"reason"`
}

// Erasure says which personal values a ledger is to forget: those behind the
// commitments, and those recorded before an instant.
type Erasure struct {
	Commitments []string
	Before      border.Time // 0 for none
	Kind        string      // of what is older than Before; "" is every kind
	Post, Actor string      // where, and by whom: "" for the clock
	Reason      string      // stays in the ledger, so it names nobody
	DryRun      bool        // only count
}

// Run erases and returns how many values there were of each kind. Where there
// were any, an entry of kind node.erased says so from the same instant on. A
// reason that somebody gave and that holds what is to be erased is a
// *MentionedError, and nothing was done. The error may be ledger.ErrUnknown;
// running it again settles that.
func (e Erasure) Run(ctx context.Context, l *ledger.Ledger) (erased map[string]int64, err error) {
	if e.Actor != "" {
		if err := e.unmentioned(ctx, l); err != nil {
			return nil, err
		}
	}
	onlyCounted := errors.New("a dry run")
	_, err = l.Write(ctx, func(b *ledger.Batch) error {
		if erased, err = e.erase(ctx, b); err != nil || len(erased) == 0 {
			return err
		}
		if e.DryRun {
			return onlyCounted
		}
		b.Append(ledger.Entry{
			Occurred: b.Now(), Post: e.Post, Actor: e.Actor, Kind: kindErased, Version: 1, Data: compact(erasedData{erased, e.Reason}),
		})
		return nil
	})
	switch {
	case errors.Is(err, onlyCounted):
		return erased, nil
	case err != nil || e.DryRun:
		return erased, err
	}
	return erased, l.Sweep(ctx)
}

func (e Erasure) erase(ctx context.Context, b *ledger.Batch) (map[string]int64, error) {
	erased, err := b.Erase(ctx, e.Commitments...)
	if err != nil || e.Before == 0 {
		return erased, err
	}
	older, err := b.EraseBefore(ctx, e.Kind, e.Before)
	for kind, n := range older {
		erased[kind] += n
	}
	return erased, err
}

// ValuesOf returns the commitments to the personal values of the visits that
// have a reference: their plates, and what was remarked about their facts. It
// reads the whole ledger. layout is the post's.
func ValuesOf(ctx context.Context, l *ledger.Ledger, layout *gate.Layout, reference string) (commitments []string, err error) {
	r, err := border.ParseReference(reference)
	if err != nil {
		return nil, err
	}
	v := values{reference: r.String(), visits: map[uint64]bool{}, about: map[int64]bool{}}
	if own := (&screen{layout: layout}).mint(gate.MakeVisitID(r.Serial, 0)); own == v.reference {
		v.own = r.Serial
		v.visits[r.Serial] = true
	}
	for e, err := range l.Each(ctx, 0) {
		if err == nil {
			err = v.read(&e)
		}
		if err != nil {
			return nil, err
		}
	}
	return v.found, nil
}

// values are those of the visits that have a reference, as they are found.
type values struct {
	reference string
	own       uint64          // serial number of the visit that has it for want of another; 0 for none
	visits    map[uint64]bool // serial numbers
	about     map[int64]bool  // entries
	found     []string
}

func (v *values) read(e *ledger.Entry) error {
	if !strings.HasPrefix(e.Kind, gatePrefix) && e.Kind != kindNamed && e.Kind != kindRemarked && e.Kind != kindSettled && e.Kind != kindTimeCorrected {
		return nil
	}
	var d struct { // what is asked of factData, namedData and remarkData
		Visit     uint64 `json:"visit"`
		Reference string `json:"reference"`
		Plate     string `json:"plate"`
		Remark    string `json:"remark"`
	}
	if err := json.Unmarshal(e.Data, &d); err != nil {
		return fmt.Errorf("entry %d, %s: %w", e.Seq, e.Kind, err)
	}
	switch e.Kind {
	case kindNamed:
		switch {
		case d.Reference == v.reference:
			v.visits[d.Visit], v.about[e.Cause] = true, true
		case d.Reference != "" && d.Visit == v.own:
			clear(v.about) // it goes by another
			delete(v.visits, d.Visit)
		}
		if v.visits[d.Visit] && d.Plate != "" {
			v.found = append(v.found, d.Plate)
		}
	case kindRemarked, kindSettled, kindTimeCorrected:
		if v.about[e.Cause] && d.Remark != "" {
			v.found = append(v.found, d.Remark)
		}
	default:
		if v.visits[d.Visit] {
			v.about[e.Seq] = true
		}
	}
	return nil
}

// Terms of retention are looked at after each midnight of the post, and sooner
// again if that failed.
const (
	retainAfter = time.Minute // past midnight
	retainAgain = 10 * time.Minute
)

// Retain erases personal values whose term is over, by kind, until ctx ends: at
// once and then every day. A term is counted back from the midnight before the
// last entry that followed from a command, so that all replicas agree, one of
// them erases, and a clock that is wrong erases nothing: what the node writes by
// itself to catch up with it does not count. While the clock is in doubt nothing
// is erased.
func (n *Node) Retain(ctx context.Context, terms map[string]border.Term) {
	for ctx.Err() == nil && len(terms) > 0 {
		now := n.clock.Now().Std(Zone(n.model.Layout, 0))
		wait := midnight(now).AddDate(0, 0, 1).Add(retainAfter).Sub(now)
		if err := n.retain(ctx, terms); err != nil && ctx.Err() == nil {
			n.log.Error("personal values whose term is over could not be erased", "error", err, "again_in", retainAgain)
			wait = retainAgain
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
}

// retain erases what is over by the last entry that somebody outside caused.
func (n *Node) retain(ctx context.Context, terms map[string]border.Term) error {
	n.mu.Lock()
	doubt := cmp.Or(n.damage, n.doubt())
	n.mu.Unlock()
	if doubt != nil {
		return doubt
	}
	last, err := n.ledger.LastCommand(ctx)
	if err != nil || last == 0 {
		return err
	}
	day := midnight(last.Std(Zone(n.model.Layout, 0)))
	for _, kind := range slices.Sorted(maps.Keys(terms)) {
		erased, err := Erasure{
			Kind: kind, Before: border.At(terms[kind].Ago(day)), Post: n.Post(), Reason: "kept for its term of " + terms[kind].String(),
		}.Run(ctx, n.ledger)
		if err != nil {
			return err
		}
		if erased[kind] > 0 {
			n.log.Info("personal values were erased at the end of their term", "kind", kind, "values", erased[kind])
		}
	}
	return nil
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}
