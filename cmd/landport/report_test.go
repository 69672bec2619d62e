package main

import (
	"bufio"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The studio hands out the report that the command printed in it makes, to the
// byte: with what was held out, with how it was made, and of a changed scenario
// with what was changed. Only so may one be shown for the other.
func TestTheStudiosReportIsTheCommands(t *testing.T) {
	play := exec.CommandContext(t.Context(), binary, "play", "mm5", "--listen", "127.0.0.1:0")
	out, err := play.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := play.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = play.Process.Kill(), play.Wait() }()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	at := regexp.MustCompile(`http://[0-9.:]+`).FindString(line)
	set := []string{"stops[Bavet entry customs].shifts[1].servers", "6"}
	for _, test := range []struct {
		name  string
		query url.Values
		args  []string
		wants []string
		never []string
	}{
		{
			"as it is", url.Values{"scenario": {"bavet-mocbai-2018"}}, []string{"bavet-mocbai-2018", "--against", "bavet-mocbai-2018"},
			[]string{"of 1 are met", "Not held out, although", "Given: an input was set", "SHA-256 of bavet-mocbai-2018.yaml: "}, []string{"as changed"},
		},
		{
			"changed", url.Values{"scenario": {"bavet-mocbai-2018"}, set[0]: {set[1]}}, []string{"bavet-mocbai-2018", "--against", "bavet-mocbai-2018", "--set", set[0] + "=" + set[1]},
			[]string{
				"What was changed: Bavet entry customs, officers 06:00-22:00: 4 → 6.", "beside the same scenario as it is: Bavet – Moc Bai as it was in 2018", "from bavet-mocbai-2018 as it is, with", "of 1 are met",
				"This is of bavet-mocbai-2018 as it is, without what was changed here",
			}, nil,
		},
		{
			"a phase beside 2018", url.Values{"scenario": {"bavet-mocbai-short"}, "against": {"bavet-mocbai-2018"}}, []string{"bavet-mocbai-short", "--against", "bavet-mocbai-2018"},
			[]string{"It is set beside: Bavet – Moc Bai as it was in 2018", "This is of bavet-mocbai-2018, with which the plan is compared", "SHA-256 of bavet-mocbai-short.yaml: "}, []string{"as changed"},
		},
	} {
		test.query.Set("replications", "2")
		studio := fetch(t, at+"/evidence/report.html?"+test.query.Encode())
		file := filepath.Join(t.TempDir(), "report.html")
		if code, _, said := landport(t, append(append([]string{"report"}, test.args...), "--replications", "2", "--days", "7", "--out", file)...); code != 0 {
			t.Fatal(said)
		}
		command, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if studio != string(command) {
			a, b := strings.Split(studio, "<"), strings.Split(string(command), "<")
			for i := range min(len(a), len(b)) {
				if a[i] != b[i] {
					t.Errorf("%s: the studio says %.300q, the command %.300q", test.name, a[i], b[i])
					break
				}
			}
		}
		text := strings.NewReplacer("&#39;", "'", "&#34;", `"`).Replace(string(command))
		for _, want := range test.wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the report lacks %q", test.name, want)
			}
		}
		if n := strings.Count(text, "Whether bavet-mocbai-2018 settles") + strings.Count(text, "Whether bavet-mocbai-2018 as it is settles"); n != 1 {
			t.Errorf("%s: of 2018 it is said %d times that it may not settle", test.name, n)
		}
		for _, never := range test.never {
			if strings.Contains(text, never) {
				t.Errorf("%s: the report says %q", test.name, never)
			}
		}
	}
}
