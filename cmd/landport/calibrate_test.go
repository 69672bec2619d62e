package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is out of reach of the figures is no fit: nothing is written unless insisted.
func TestCalibrateWritesNothingThatIsNoFit(t *testing.T) {
	dir := t.TempDir()
	survey, out := filepath.Join(dir, "far.csv"), filepath.Join(dir, "far.yaml")
	if err := os.WriteFile(survey, []byte("post,time_h\nGate,400\nGate,500\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	gate := strings.NewReplacer("stops:", "posts: [{name: Gate, country: KH}]\nstops:", "service: {exponential: 3m}", "service: {value: {exponential: 3m}, fit: {low: 2m, high: 4m}}").Replace(counter)
	args := []string{"calibrate", file(t, gate), "--survey", survey, "--trials", "10", "--days", "5", "--out", out}
	code, said, complaint := landport(t, args...)
	if _, err := os.Stat(out); code != exitFailed || said != "" || err == nil || !strings.Contains(complaint, "out of reach of the figures marked fit") {
		t.Errorf("exit code %d, %q, %s, written: %v", code, said, complaint, err == nil)
	}
	code, said, complaint = landport(t, append(args, "--insist")...)
	if _, err := os.Stat(out); code != 0 || err != nil || !strings.Contains(said, "This is no fit: out of reach") {
		t.Errorf("insisted: exit code %d, %s%s, %v", code, said, complaint, err)
	}
}
