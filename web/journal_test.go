package web

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The page of the post tells that it went on by another crossing, and how that
// differs.
func TestTheJournalTellsAChangeOfTheCrossing(t *testing.T) {
	file, at := filepath.Join(t.TempDir(), "ledger.db"), time.Date(2018, 3, 5, 0, 0, 0, 0, time.UTC)
	resume(t, 0, NodeOptions{}, file, at).stop()
	page := resumeOf(t, "bavet-mocbai-shift", 0, NodeOptions{}, file, at).get(t, "/post").text
	for _, want := range []string{"The post went on by another crossing, bavet-mocbai-shift: ", "with place ", ", when the node was started", "/api/v1/ledger/proofs/2"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of the post does not say %q", want)
		}
	}
}
