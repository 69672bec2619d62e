package ledger

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"landport/border"
)

// What is read of an entry is what was written of it.
func TestTextOfEntries(t *testing.T) {
	line := rapid.StringMatching(`[ -~àộ]{0,12}`)
	rapid.Check(t, func(t *rapid.T) {
		want := Entry{
			rapid.Int64Min(1).Draw(t, "seq"), border.Time(rapid.Int64().Draw(t, "recorded")), border.Time(rapid.Int64().Draw(t, "occurred")),
			line.Draw(t, "post"), line.Draw(t, "actor"), line.Draw(t, "on behalf of"), line.Draw(t, "command"), rapid.Int64Min(0).Draw(t, "cause"),
			line.Draw(t, "kind"), rapid.IntMin(1).Draw(t, "version"), []byte(line.Draw(t, "data")),
		}
		var got Entry
		if got.parse(string(want.Leaf()[len(leafHeader)+1:])); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v, want %+v", got, want)
		}
	})
}
