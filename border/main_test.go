package border

import (
	"os"
	"testing"

	"landport/bench/draws"
)

func TestMain(m *testing.M) {
	draws.Fix()
	os.Exit(m.Run())
}
