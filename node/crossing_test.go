package node

import (
	"bytes"
	"testing"
	"time"

	"landport/gate"
	"landport/ledger"
	"landport/scenarios"
	"landport/sim"
)

// What a crossing is read back from its entry as is what was written.
func TestCrossingsAreReadAsTheyWereWritten(t *testing.T) {
	for _, name := range []string{"bavet-mocbai-2018", "bavet-mocbai-shift", "densavanh-laobao", "kimthanh-hekou", "pingxiang"} {
		whole, err := loadWhole(name)
		if err != nil {
			t.Fatal(err)
		}
		for post := range whole.Layout.Posts {
			m, err := whole.Part(gate.PostID(post))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			c, err := NewCodec(m.Layout)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			written := compact(c.crossingOf(name))
			read, err := readCrossing(&ledger.Entry{Kind: kindCrossing, Version: crossingVersion, Data: written})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if again := compact(read.crossingOf(name)); !bytes.Equal(again, written) {
				t.Errorf("%s was written as\n%s\nand read as\n%s", name, written, again)
			}
			if layoutDigest(read.layout) != layoutDigest(m.Layout) {
				t.Errorf("%s is another layout when it was read:\n%s", name, written)
			}
		}
	}
}

// loadWhole is a scenario that may build on another.
func loadWhole(name string) (*sim.Model, error) {
	read := func(name string) (string, []byte, error) {
		data, err := scenarios.Read(name)
		return name, data, err
	}
	title, data, err := read(name)
	if err != nil {
		return nil, err
	}
	file, err := sim.Library{
		Zones: time.LoadLocation, Base: func(_, extends string) (string, []byte, error) { return read(extends) },
	}.Decode(title, data)
	if err != nil {
		return nil, err
	}
	return file.Model()
}

// bavet is the post of Bavet in a scenario, as serve runs it.
func bavet(t testing.TB, scenario string) *sim.Model {
	t.Helper()
	whole, err := loadWhole(scenario)
	if err != nil {
		t.Fatal(err)
	}
	m, err := whole.Part(0)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Layout.WithStandardPolicies(); err != nil {
		t.Fatal(err)
	}
	return m
}
