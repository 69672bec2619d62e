package ledger_test

import (
	"flag"
	"fmt"
	"os"
	"testing"
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
		flag.Parse()
		if seed := flag.Lookup("rapid.seed"); seed.Value.String() == "0" { // not asked for on the command line
			if err := seed.Value.Set("1"); err != nil {
				panic(err) // it is a number
			}
		}
		code := m.Run()
		if cluster.server != nil {
			if err := cluster.server.Close(); err != nil {
				fmt.Fprintln(os.Stderr, err)
				code = 1
			}
		}
		os.Exit(code)
	}
	if err := part(os.Getenv(envURL), os.Getenv(envName)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
