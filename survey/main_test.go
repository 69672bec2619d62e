package survey

import (
	"flag"
	"os"
	"testing"
)

// The property tests draw the same cases each time, unless -rapid.seed
// tells them to draw others.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.seed" })
	if !given {
		if err := flag.Set("rapid.seed", "1"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
