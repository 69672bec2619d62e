package node

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// Who did what about the post, and which anomaly somebody settled, is known
// after a start from a snapshot, and after the tables were made anew.
func TestJournalAndAsidesAreKept(t *testing.T) {
	m := part(t, 0)
	file := filepath.Join(t.TempDir(), "ledger.db")
	n, stop := running(t, m, file, NewScaledClock(time.Now, border.At(morning()), 1))
	ref := do(t, n, Command{ID: "a", Plate: "3A-1234", Input: gate.Input{Do: gate.ObserveArrival, Traits: truck}}).Reference
	do(t, n, Command{ID: "b", Actor: "booth-3", Reference: ref, Input: gate.Input{Do: gate.ObserveReached}})
	odd := lone(t, n)
	do(t, n, Command{ID: "c", Actor: "chief-1", Act: Settle, Anomaly: odd.Seq, Remark: "a slip"})
	do(t, n, Command{ID: "d", Actor: "booth-3", Remark: "flooded", Input: gate.Input{Do: gate.ClosePost, Reason: gate.Weather}})
	journal := n.Journal()
	if odd.Actor != "booth-3" || len(journal) != 2 || journal[0].Fact.Kind != gate.PostClosed || journal[0].Remark == "" ||
		journal[1].Settled != odd.Seq || journal[1].Fact.Kind != gate.Anomaly || journal[1].Actor != "chief-1" || journal[1].Remark == "" {
		t.Fatalf("%+v, %+v", odd, journal)
	}
	before, _, err := n.Record(t.Context(), ref)
	if err != nil || len(before.Asides) != 2 || before.Asides[0].Kind != AsideNamed || before.Asides[1].Kind != AsideSettled || before.Asides[1].Cause != odd.Seq {
		t.Fatalf("%+v, %v", before.Asides, err)
	}
	stop()
	l, err := ledger.Open(t.Context(), ledger.Config{URL: "sqlite:" + file, Origin: "bavet.kh"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Write(t.Context(), func(b *ledger.Batch) error {
		if err := b.Exec(t.Context(), `DELETE FROM node_entries`); err != nil {
			return err
		}
		return b.Exec(t.Context(), `UPDATE node_index SET seq = 0`)
	}); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	n, _ = running(t, part(t, 0), file, NewScaledClock(time.Now, border.At(morning()).Add(border.Hour), 1))
	if n.kept == 0 {
		t.Fatal("it did not start from a snapshot")
	}
	if got := n.Journal(); !slices.Equal(got, journal) {
		t.Errorf("after the start the journal is %+v, not %+v", got, journal)
	}
	after, _, err := n.Record(t.Context(), ref)
	if err != nil || len(after.Asides) != 2 || after.Asides[1].Remark != before.Asides[1].Remark {
		t.Errorf("after the start %+v, %v", after.Asides, err)
	}
}
