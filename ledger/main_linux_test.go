package ledger_test

import (
	"fmt"
	"os"
	"testing"

	"landport/bench/draws"
)

// The tests run processes of their own that they kill or starve: this program,
// told its part by the environment.
const (
	envPart = "LEDGER_TEST_PART"
	envURL  = "LEDGER_TEST_URL"
	envName = "LEDGER_TEST_NAME"
)

func TestMain(m *testing.M) {
	parts := map[string]func(url, name string) error{"write": writeUntilKilled, "starve": writeUntilRefused, "restore": restoreUntilKilled}
	part, ok := parts[os.Getenv(envPart)]
	if !ok {
		draws.Fix()
		code := m.Run()
		if err := cluster.Close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
		os.Exit(code)
	}
	if err := part(os.Getenv(envURL), os.Getenv(envName)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
