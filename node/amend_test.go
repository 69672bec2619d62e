package node

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
)

// Of a visit that has left, a remark can be noted and the plate corrected; what
// else is ordered is refused as has-left, and never said to be of nobody.
func TestAVisitThatLeft(t *testing.T) {
	file, clock := filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(time.Now, border.At(morning()), 1)
	n, stop := running(t, part(t, 0), file, clock)
	here := do(t, n, plated("other", "", "8B-8888")).Reference
	reference := do(t, n, plated("came", "", "2A-1111")).Reference
	order := func(id string, in gate.Input, plate, remark string) Answer {
		return do(t, n, Command{ID: id, Reference: reference, Plate: plate, Remark: remark, Input: in})
	}
	order("gone", gate.Input{Do: gate.ObserveGone, Reason: gate.ByDriver}, "", "")
	corrected := gate.Input{Do: gate.Correct, Reason: gate.Mistake}
	was, _, _ := n.Record(t.Context(), reference)
	for i, test := range []struct {
		name     string
		in       gate.Input
		plate    string
		refusal  string
		plateNow string
	}{
		{"note", gate.Input{Do: gate.Note, Reason: gate.Documents}, "", "", "2A-1111"},
		{"plate", corrected, "9Z-9999", "", "9Z-9999"},
		{"the same plate", corrected, "9Z-9999", "already-so", "9Z-9999"},
		{"the plate as it was", corrected, "2A-1111", "", "2A-1111"},
		{"plate, traits as they are", gate.Input{Do: gate.Correct, Reason: gate.Mistake, Traits: truck}, "9Z-9999", "", "9Z-9999"},
		{"without a reason", gate.Input{Do: gate.Correct}, "2A-1111", "reason-needed", "9Z-9999"},
		{"traits", gate.Input{Do: gate.Correct, Reason: gate.Mistake, Traits: border.Coach}, "", refusedLeft, "9Z-9999"},
		{"plate and traits", gate.Input{Do: gate.Correct, Reason: gate.Mistake, Traits: border.Coach}, "2A-1111", refusedLeft, "9Z-9999"},
		{"hold", gate.Input{Do: gate.Hold, Reason: gate.Documents}, "", refusedLeft, "9Z-9999"},
		{"readmit", gate.Input{Do: gate.Readmit}, "", refusedLeft, "9Z-9999"},
		{"call", gate.Input{Do: gate.Call, Reason: gate.Documents}, "", refusedLeft, "9Z-9999"},
		{"move", gate.Input{Do: gate.Move, Place: 1, Reason: gate.BreakGlass}, "", refusedLeft, "9Z-9999"},
		{"cancel", gate.Input{Do: gate.Cancel}, "", refusedLeft, "9Z-9999"},
	} {
		before, _ := n.Seen()
		a := order(fmt.Sprint("k", i), test.in, test.plate, "seen on the camera")
		if a.Refusal != test.refusal || (a.Refusal == "") != (a.Entries > 1) || (a.Refusal != "") != (a.Detail != "") {
			t.Errorf("%s: answered %+v", test.name, a)
		}
		if after, _ := n.Seen(); a.Refusal != "" && after != before {
			t.Errorf("%s: something was recorded", test.name)
		}
		rec, ok, err := n.Record(t.Context(), reference)
		if plate, _ := n.Reveal(t.Context(), rec.Plate); !ok || err != nil || plate != test.plateNow || rec.Phase != gate.PhaseEnded || rec.Traits != truck || rec.Lost {
			t.Errorf("%s: its record is %q, %+v, %v", test.name, plate, rec.Visit, err)
		}
	}
	for range 2 { // and once more from the ledger alone
		for _, test := range []struct{ plate, of string }{{"9Z9999", reference}, {"2A1111", ""}, {"8B8888", here}} {
			found, err := n.Traces(t.Context(), test.plate)
			if err != nil || (test.of == "") != (len(found) == 0) || len(found) > 0 && found[0].Reference != test.of {
				t.Errorf("%s finds %+v, %v", test.plate, found, err)
			}
		}
		rec, _, err := n.Record(t.Context(), reference)
		if plate, _ := n.Reveal(t.Context(), rec.Plate); plate != "9Z-9999" || rec.Until() != was.Until() || err != nil {
			t.Errorf("its record is %q, %+v, %v", plate, rec, err)
		}
		if n.Present() != 1 {
			t.Errorf("%d are present", n.Present())
		}
		stop()
		tamper(t, "sqlite:"+file, `DELETE FROM snapshots`)
		n, stop = running(t, part(t, 0), file, clock)
	}
	if _, err := n.Do(t.Context(), Command{ID: "nobody", Actor: "o", Reference: border.MintReference("KH", 1, 77).String(), Input: gate.Input{Do: gate.Note}}); err == nil {
		t.Error("a remark about nobody was taken")
	}
}
