package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"landport/survey"
)

// tool runs commands in a directory of made-up files.
type tool struct {
	t   *testing.T
	dir string
}

func (w tool) file(name, text string) string {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

func (w tool) run(code int, args ...string) string {
	w.t.Helper()
	var out, errs bytes.Buffer
	if got := run(w.t.Context(), args, console{out: &out, err: &errs}); got != code {
		w.t.Fatalf("landport %s: exit code %d, not %d\n%s%s", strings.Join(args, " "), got, code, &out, &errs)
	}
	return out.String() + errs.String()
}

func (w tool) says(want, said string) {
	w.t.Helper()
	if !strings.Contains(said, want) {
		w.t.Errorf("no %q in: %s", want, said)
	}
}

// week makes up a sheet of seven days.
func (w tool) week(name, post, first string, minutes int) string {
	w.t.Helper()
	day, err := time.Parse(time.DateOnly, first)
	if err != nil {
		w.t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("Post,Direction,Plate,Arrival,Removal,Volume per h\n")
	for i := range 7 * 12 {
		at := day.AddDate(0, 0, i%7).Add(time.Duration(6+i/7) * time.Hour)
		fmt.Fprintf(&b, "%s,exit,2A-%04d,%s,%s,%d\n", post, i, at.Format("2006-01-02 15:04"), at.Add(time.Duration(minutes+i%7+i%5)*time.Minute).Format("2006-01-02 15:04"), 5+i%20)
	}
	return w.file(name, b.String())
}

func TestSurveyCommands(t *testing.T) {
	w := tool{t, t.TempDir()}
	sheet := w.file("assumed.csv", "Xe vao,Removal,Plate\n05/03/2018 8:15,05/03/2018 9:15,2A-1234\n05/03/2018 25:00,,\n")
	mapping := w.file("map.yaml", "columns: {arrival: Xe vào}\npost: Bavet\n")
	w.says("2 rows: 1 read, 1 kept aside", w.run(exitFailed, "survey", "check", sheet, "--map", mapping))
	w.says(`"column": "arrival"`, w.run(exitFailed, "survey", "check", sheet, "--map", mapping, "--format", "json"))
	w.says("no post is named", w.run(exitFailed, "survey", "check", sheet))
	w.says(`no time zone "Bavet"`, w.run(exitMisuse, "survey", "check", sheet, "--zone", "Bavet"))
	w.says("at post", w.run(0, "survey", "study", sheet, "--mapping", mapping))
	w.says(`"mean": 60`, w.run(0, "survey", "study", sheet, "--map", mapping, "--format", "json"))
	w.says("no such file", w.run(exitMisuse, "survey", "study", sheet+".xlsx"))
	w.says("examination start", w.run(0, "survey", "template"))
	w.says("this is a recording sheet: landport survey study", w.run(exitMisuse, "calibrate", "bavet-mocbai-2018", "--survey", w.week("sheet.csv", "Bavet", "2018-03-05", 60)))
	page := filepath.Join(w.dir, "protocol.html")
	w.run(0, "survey", "protocol", "--post", "Bavet", "--post", "Moc Bai", "--start", "2027-03-01", "--out", page)
	if data, err := os.ReadFile(page); err != nil || !bytes.Contains(data, []byte("Monday 1 March 2027")) {
		t.Errorf("the protocol: %v", err)
	}
	w.says("do not face each other", w.run(exitMisuse, "survey", "protocol", "--post", "Bavet", "--post", "Lao Bao"))
}

func TestAssessmentIsFrozenJudgedAndSigned(t *testing.T) {
	w := tool{t, t.TempDir()}
	plan := w.file("plan.yaml", `title: assumed
measure: assumed
posts: [Bavet]
stage: at post
before: {from: 2027-03-01, to: 2027-03-07}
after: {from: 2099-06-07, to: 2099-06-13}
volume: recorded
bands_per_h: [10, 20]
flagged: with
smallest_min: 10
groups: [{country: KH, name: one}, {country: VN, name: other}]
`)
	assess := []string{
		"survey", "assess", plan, "--before", w.week("b.csv", "Bavet", "2027-03-01", 100), "--after", w.week("a.csv", "Bavet", "2099-06-07", 60),
		"--out", filepath.Join(w.dir, "result"),
	}
	w.says("freeze the plan before", w.run(exitMisuse, assess...))
	text := readAll(t, plan)
	late := w.file("late.yaml", strings.NewReplacer("2027-", "2017-", "2099-", "2018-").Replace(text))
	w.says("days after the measure had begun", w.run(exitMisuse, "survey", "freeze", late))
	nowhere := w.file("nowhere.yaml", text+"comparison: [Densavanh]\ndirection: KH-VN\n")
	w.says("nothing there goes KH-VN", w.run(exitMisuse, "survey", "freeze", nowhere))
	for _, refused := range []string{late, nowhere} {
		if _, err := os.Stat(refused + ".frozen"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s was frozen: %v", refused, err)
		}
	}
	w.says("plan.yaml.frozen", w.run(0, "survey", "freeze", plan))
	w.says("was frozen", w.run(exitMisuse, "survey", "freeze", plan))
	said := w.run(0, assess...)
	w.says("Shorter, by at least", said)
	w.says("not signed by anybody: the date is what the file says", said)
	again := readAll(t, filepath.Join(w.dir, "result.json"))
	w.run(0, assess...)
	if again != readAll(t, filepath.Join(w.dir, "result.json")) {
		t.Error("the same plan and sheets give other figures")
	}
	w.says("SHA-256 of the plan", readAll(t, filepath.Join(w.dir, "result.html")))
	w.says("changed after it was frozen", w.run(exitMisuse, append(assess, "--frozen", w.file("another.frozen", string(survey.Freeze([]byte("other"), time.Now()))))...))

	w.signed(plan, assess)
	torn := w.file("torn.frozen", readAll(t, plan+".frozen"))
	w.file("torn.frozen.sig", "torn")
	w.says("holds no signatures", w.run(exitMisuse, append(assess, "--frozen", torn)...))

	figures := filepath.Join(w.dir, "result.json")
	one, other := filepath.Join(w.dir, "one"), filepath.Join(w.dir, "other")
	w.run(0, "survey", "sign", figures, "--keys", one, "--name", "group.kh")
	w.run(0, "survey", "sign", figures, "--keys", other, "--name", "group.vn")
	verify := []string{"survey", "verify", figures, "--key", readAll(t, one+"/node.pub"), "--key", readAll(t, other+"/node.pub")}
	w.says("group.vn has signed", w.run(0, verify...))
	third := filepath.Join(w.dir, "third")
	w.run(0, "survey", "sign", plan, "--keys", third, "--name", "group.kh")
	w.says("has not signed", w.run(exitFailed, "survey", "verify", figures, "--key", readAll(t, third+"/node.pub")))
	w.file("result.json", "{ }\n")
	w.says("has changed since", w.run(exitFailed, verify...))
}

// signed signs the frozen plan, and has the assessment say by whose key; a plan
// that was changed after that, and its hash written anew, is refused.
func (w tool) signed(plan string, assess []string) {
	w.t.Helper()
	keys := filepath.Join(w.dir, "plan-keys")
	w.says("the plan has no group of TH; its groups are one (KH), other (VN)", w.run(exitMisuse, "survey", "sign", plan+".frozen", "--keys", keys, "--name", "group.th"))
	if _, err := os.Stat(keys); !errors.Is(err, fs.ErrNotExist) {
		w.t.Errorf("a key was made for nobody: %v", err)
	}
	w.run(0, "survey", "sign", plan+".frozen", "--keys", keys, "--name", "group.kh")
	w.says("in the name of group.kh was not checked", w.run(0, assess...))
	public := strings.TrimSpace(readAll(w.t, keys+"/node.pub"))
	w.says("Signed by group.kh (key "+public+")", w.run(0, append(assess, "--key", public)...))
	w.says(public, readAll(w.t, filepath.Join(w.dir, "result.html")))
	text, frozen := readAll(w.t, plan), readAll(w.t, plan+".frozen")
	changed := strings.Replace(text, "smallest_min: 10", "smallest_min: 1", 1)
	w.file("plan.yaml", changed)
	w.file("plan.yaml.frozen", strings.Replace(frozen, survey.Hash([]byte(text)), survey.Hash([]byte(changed)), 1))
	w.says("what was signed has changed since", w.run(exitMisuse, assess...))
	w.file("plan.yaml", text)
	w.file("plan.yaml.frozen", frozen)
}

func readAll(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
