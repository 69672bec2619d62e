package api

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"testing"

	"landport/ledger"
	"landport/node"
)

// The journal tells that the post went on by another crossing, and what differs.
func TestTheJournalTellsAChangeOfTheCrossing(t *testing.T) {
	config := ledger.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "ledger.db"), Origin: "bavet.kh"}
	bavetOn(t, config, "").close()
	p := bavetBy(t, "bavet-mocbai-shift", config, "")
	journal := read[Journal](t, p.ask("GET", "/api/v1/posts/bavet/journal", ""), http.StatusOK).Entries
	if len(journal) != 1 || journal[0].Kind != "crossing-changed" || journal[0].Actor != "" {
		t.Fatalf("the journal %+v", journal)
	}
	var change node.CrossingChange
	if err := json.Unmarshal(journal[0].Data, &change); err != nil || change.Crossing != "bavet-mocbai-shift" || len(change.New) == 0 {
		t.Errorf("it tells %s (%v)", journal[0].Data, err)
	}
}
