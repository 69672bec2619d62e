// Package draws has property tests draw the same cases each time, so that a
// change passes or fails by what is in it. Only tests import it.
package draws

import (
	"flag"

	_ "pgregory.net/rapid" // defines the flag
)

// Fix starts rapid's dice as always, unless -rapid.seed says otherwise. It
// parses the flags of a test program: call it in TestMain, before m.Run.
func Fix() {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.seed" })
	if given {
		return
	}
	if err := flag.Set("rapid.seed", "1"); err != nil {
		panic(err) // it is a number
	}
}
