package evidence_test

import (
	"testing"

	"landport/evidence"
)

func TestCommandsAreQuotedForAShell(t *testing.T) {
	got := evidence.CommandLine("landport", "report", "mine.yaml", "--set", "stops[it's].servers=6", "--days", "14", "")
	if want := `landport report mine.yaml --set 'stops[it'\''s].servers=6' --days 14 ''`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
