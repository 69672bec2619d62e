package main

import (
	"bytes"
	"io"
	"testing"
	"time"
)

// Where no terminal shows how far work has come, it is told in lines, and no more
// often than is asked for.
func TestProgressWithoutATerminalIsTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		apart time.Duration
		want  string
	}{{0, "0 of 2 combinations\n1 of 2 combinations\n"}, {1 << 60, ""}} {
		var told bytes.Buffer
		tell := console{out: io.Discard, err: &told}.linesOf("combinations", c.apart)
		for done := range 3 {
			tell(done, 2)
		}
		if told.String() != c.want {
			t.Errorf("%q", told.String())
		}
	}
}
