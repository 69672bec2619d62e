package node

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// snapshotVersion is the version of kept below. Snapshots of another are not
// read.
const snapshotVersion = 2

// snapshotEvery is how many entries there are between snapshots: a second's
// worth of replay.
const snapshotEvery = 100_000

// kept is a snapshot: the gate's state, and what screens show that is not in it.
type kept struct {
	Layout    [sha256.Size]byte // of the post's layout: another cannot read the state
	State     []byte
	Last      border.Time
	Visits    []Visit // present
	Anomalies []Anomaly
	Journal   []JournalEntry
	Jump      border.Micros
	EpochAt   border.Time
	Released  []tally // by post

	seq   int64
	state *gate.State
}

// layoutDigest tells one layout from another.
func layoutDigest(l *gate.Layout) [sha256.Size]byte {
	text := fmt.Appendf(nil, "%q %v %+v %+v %+v\n", l.Name, l.Directions, l.Formalities, l.Procedures, l.Policies)
	for _, p := range l.Posts {
		text = fmt.Appendf(text, "post %q %q %v\n", p.Name, p.Country, p.Zone)
	}
	calendar := func(c *border.Calendar) {
		if c != nil {
			text = fmt.Appendf(text, "calendar %v %v %v %d\n", c.Zone, c.Week, c.Dates, c.Outside) // fmt sorts maps
		}
	}
	for _, o := range l.Openings {
		text = fmt.Appendf(text, "opening %q %d\n", o.Name, o.Post)
		calendar(o.Hours)
	}
	for _, p := range l.Places {
		text = fmt.Appendf(text, "place %+v\n", p)
	}
	for _, s := range l.Stops {
		text = fmt.Appendf(text, "stop %q %d %v %d %v\n", s.Name, s.Post, s.Agency, s.Servers, s.Dossier)
		calendar(s.Staff)
	}
	return sha256.Sum256(text)
}

// keepSnapshot keeps a snapshot if so many entries have followed the last. What
// cannot be kept is only slower to start from.
func (n *Node) keepSnapshot(ctx context.Context, every int64) {
	if n.stale || n.damaged() != nil || n.applied-n.kept < every {
		return
	}
	text, err := n.snapshot()
	if err == nil {
		err = n.ledger.SaveSnapshot(ctx, ledger.Snapshot{Seq: n.applied, Version: snapshotVersion, Digest: n.state.Digest(), State: text})
	}
	if err != nil && ctx.Err() == nil {
		n.log.Warn("a snapshot could not be kept", "error", err)
	}
	n.kept = n.applied
}

// snapshot is what is known now.
func (n *Node) snapshot() ([]byte, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	k := kept{
		Layout: layoutDigest(n.force.layout), State: n.state.AppendArchive(nil), Last: n.last,
		Anomalies: n.anoms, Journal: n.journal, Jump: n.jump, EpochAt: n.epochAt,
		Released: n.screen.released,
	}
	if n.unset {
		k.Jump = 0 // whoever starts from it looks at its own clock
	}
	for v := range n.state.Present {
		if shown := n.screen.visits[v.ID]; shown != nil {
			k.Visits = append(k.Visits, shown.Visit)
		}
	}
	return json.Marshal(k) //nolint:musttag // its version is bound to the Go names
}

// latestSnapshot returns the latest snapshot that fits this post, nil if there
// is none.
func (n *Node) latestSnapshot(ctx context.Context) (*kept, error) {
	s, ok, err := n.ledger.LatestSnapshot(ctx, snapshotVersion)
	if !ok || err != nil {
		return nil, err
	}
	k := &kept{seq: s.Seq}
	if err := json.Unmarshal(s.State, k); err != nil { //nolint:musttag // as above
		n.passOver(s.Seq, err)
		return nil, nil //nolint:nilnil // there is none that fits
	}
	layout := n.crossings.at(s.Seq).layout
	if k.Layout != layoutDigest(layout) {
		n.passOver(s.Seq, fmt.Errorf("it is of another layout of %s", n.Post()))
		return nil, nil //nolint:nilnil // there is none that fits
	}
	if k.state, err = gate.RestoreState(layout, k.State); err != nil {
		n.passOver(s.Seq, err)
		return nil, nil //nolint:nilnil // there is none that fits
	}
	if k.state.Digest() != s.Digest {
		n.passOver(s.Seq, errors.New("its state has another digest than it had"))
		return nil, nil //nolint:nilnil // there is none that fits
	}
	return k, nil
}

// passOver says why a snapshot is not used. It is no error: the entries are
// there.
func (n *Node) passOver(seq int64, why error) {
	n.log.Warn("a snapshot is passed over", "seq", seq, "because", why)
}

// resume goes on from a snapshot.
func (n *Node) resume(k *kept) {
	n.state, n.applied, n.kept = k.state, k.seq, k.seq
	n.force = n.crossings.at(k.seq)
	n.mixed = n.force != n.codec
	n.hole.serial = k.state.Skip(0)
	n.watch(k.state.Now())
	n.last, n.anoms, n.journal, n.jump, n.epochAt = k.Last, k.Anomalies, k.Journal, k.Jump, k.EpochAt
	n.screen.sequence, n.screen.forgotten = uint64(k.seq), uint64(k.seq)
	n.screen.released = k.Released
	for i := range k.Visits {
		n.screen.put(&visit{Visit: k.Visits[i]})
		n.screen.refresh(k.Visits[i].ID) // the gate knows more of it than some snapshots say
	}
}
