package gate

import (
	"os"
	"testing"

	"landport/bench/draws"
)

// -rapid.seed gives rapid's dice another start, -seeds more of the even ones.
func TestMain(m *testing.M) {
	draws.Fix()
	os.Exit(m.Run())
}
