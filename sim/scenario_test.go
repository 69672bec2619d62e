package sim_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"landport/scenarios"
	"landport/sim"
)

func TestEveryScenarioIsReady(t *testing.T) {
	for _, name := range scenarios.Names() {
		data, err := scenarios.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		ready(t, name+".yaml", data)
	}
	paths, _ := filepath.Glob("testdata/*.yaml")
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		ready(t, path, data)
	}
}

func ready(t *testing.T, name string, data []byte) *sim.Model {
	t.Helper()
	f, err := sim.Decode(name, data, time.LoadLocation)
	if err != nil {
		t.Fatal(err)
	}
	m, err := f.Model()
	if err != nil {
		t.Fatal(err)
	}
	return m
}
