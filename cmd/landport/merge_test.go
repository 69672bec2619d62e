package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// withoutTime takes out of a report how long it took.
func withoutTime(report string) string {
	return regexp.MustCompile(`"elapsed_s": [^\n]*`).ReplaceAllString(report, "")
}

func TestShardsMergeToTheReportOfOneRun(t *testing.T) {
	dir := t.TempDir()
	run := []string{"simulate", "bavet-mocbai-short", "--replications", "4", "--days", "1", "--seed", "9"}
	files := []string{"merge", "--format", "json"}
	for i := 1; i <= 3; i++ {
		files = append(files, filepath.Join(dir, fmt.Sprintf("part%d.bin", i)))
		shard := []string{"--shard", fmt.Sprintf("%d/3", i), "--out", files[len(files)-1], "--workers", fmt.Sprint(i)}
		if code, out, complaint := landport(t, append(run, shard...)...); code != 0 || out+complaint != "" {
			t.Fatalf("shard %d: exit code %d, %s%s", i, code, out, complaint)
		}
	}
	_, whole, _ := landport(t, append(run, "--format", "json")...)
	if code, merged, complaint := landport(t, files...); code != 0 || withoutTime(merged) != withoutTime(whole) || len(merged) < 1000 {
		t.Errorf("exit code %d, %s: the shards merge to another report", code, complaint)
	}
	if _, text, _ := landport(t, append([]string{"merge"}, files[3:]...)...); !strings.Contains(text, "4 replications of 1 day") {
		t.Errorf("the text is\n%s", text)
	}

	notes := filepath.Join(dir, "notes")
	if err := os.WriteFile(notes, []byte("notes"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		want string
		args []string
	}{
		{"of the shards 2/3 is missing", []string{"merge", files[3], files[5]}},
		{"are both shard 2/3", []string{"merge", files[3], files[4], files[5], files[4]}},
		{"is not a shard", []string{"merge", notes}},
		{"no such file", []string{"merge", filepath.Join(dir, "none")}},
		{"go together", append(run, "--shard", "1/2")},
		{"not a shard; give one such", append(run, "--shard", "1", "--out", notes)},
		{"from 1/2 to 2/2", append(run, "--shard", "3/2", "--out", notes)},
		{"give at most 4 shards", append(run, "--shard", "1/5", "--out", notes)},
		{"leave out --against", append(run, "--shard", "1/2", "--out", notes, "--format", "json")},
	} {
		code, out, complaint := landport(t, test.args...)
		if code != exitMisuse || out != "" || strings.Count(complaint, "\n") != 1 || !strings.Contains(complaint, test.want) {
			t.Errorf("%v: exit code %d, %s%q, want one line with %q", test.args, code, out, complaint, test.want)
		}
	}
}
