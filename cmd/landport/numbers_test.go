package main

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"landport/evidence"
)

// readTable reads a file of CSV, each line by column.
func readTable(t *testing.T, name string) (lines []map[string]string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range all[1:] {
		line := map[string]string{}
		for i, cell := range cells {
			line[all[0][i]] = cell
		}
		lines = append(lines, line)
	}
	return lines
}

func number(t *testing.T, cell string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		t.Error(err)
	}
	return x
}

// The numbers of a report are all of it: both scenarios, what differs between
// them with its interval, at each demand, the causes and the tornado.
func TestTheNumbersOfAReportHoldAllOfIt(t *testing.T) {
	base := file(t, busyCounter+"causes: [{name: one officer too few, issue: assumed, says: assumed, without: [{path: \"stops[counter].servers\", value: 6}]}]\n")
	dir := t.TempDir()
	plan := filepath.Join(filepath.Dir(base), "plan.yaml")
	if err := os.WriteFile(plan, []byte("name: plan\nextends: ./"+filepath.Base(base)+"\nstops: [{name: counter, servers: 6, assumed: to try}]\ncauses: [{name: a slow service, issue: assumed, says: assumed, without: [{path: \"stops[counter].service\", times: 0.5}]}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := func(kind string) string { return filepath.Join(dir, "n."+kind) }
	code, said, complaint := landport(t, "report", plan, "--against", base, "--replications", "3", "--days", "2", "--demand", "0.5,1.5", "--why", "--tornado",
		"--out", out("csv")+","+out("xlsx")+","+out("parquet"))
	if code != 0 {
		t.Fatalf("%d: %s", code, complaint)
	}
	for _, name := range []string{"n.csv", "n-comparison.csv", "n-causes.csv", "n-tornado.csv", "n-comparison.parquet"} {
		if !strings.Contains(said, "wrote "+filepath.Join(dir, name)+"\n") {
			t.Errorf("%s is not named:\n%s", name, said)
		}
	}
	of := map[string]int{}
	for _, line := range readTable(t, out("csv")) {
		of[line["scenario"]]++
	}
	if len(of) != 2 || of["plan"] == 0 || of["plan"] != of["mine"] {
		t.Errorf("numbers of %v", of)
	}
	compared := readTable(t, filepath.Join(dir, "n-comparison.csv"))
	mean := slices.IndexFunc(compared, func(l map[string]string) bool { return l["measure"] == "mean(crossing_h)" })
	levels := []string{}
	for _, line := range compared {
		if line["measure"] == "mean(crossing_h)" {
			levels = append(levels, line["demand"])
		}
		if stable := line["demand"] != "1.5"; line["base_stable"] != strconv.FormatBool(stable) || line["plan_stable"] != "true" || (line["base"] == "") == stable {
			t.Errorf("the base copes at 0.5 and 1 times its traffic and not at 1.5: %v", line)
		}
		if line["base_scenario"] != "mine" || line["plan_scenario"] != "plan" {
			t.Errorf("%v", line)
		}
		if line["pairs"] == "3" && math.Abs(number(t, line["difference"])-number(t, line["plan"])+number(t, line["base"])) > 1e-9 {
			t.Errorf("%s: %s is not %s less %s", line["measure"], line["difference"], line["plan"], line["base"])
		}
	}
	if l := compared[max(0, mean)]; mean < 0 || l["verdict"] != "better" || !(number(t, l["ci95_low"]) < number(t, l["difference"]) && number(t, l["difference"]) < number(t, l["ci95_high"])) || l["relative"] == "" {
		t.Errorf("the mean crossing time: %v", l)
	}
	if fmt.Sprint(levels) != "[1 0.5 1.5]" {
		t.Errorf("levels of demand %v", levels)
	}
	if causes := readTable(t, filepath.Join(dir, "n-causes.csv")); len(causes) != 3 || causes[1]["cause"] != "a slow service" || !(number(t, causes[1]["ci95_low"]) > 0) || causes[2]["cause"] != "all" || causes[2]["share"] != causes[1]["share"] ||
		causes[2]["adds"] != "" || causes[1]["adds"] != "0" || causes[2]["changed"] != "1" || causes[2]["changed_assumed"] != "1" {
		t.Errorf("causes: %v", causes)
	}
	if ends := readTable(t, filepath.Join(dir, "n-tornado.csv")); len(ends) < 2 || ends[0]["figure"] == "" || ends[0]["end"] != "lower" || ends[1]["end"] != "higher" || ends[1]["value"] == "" {
		t.Errorf("tornado: %v", ends)
	}
	rows, err := parquet.ReadFile[evidence.ComparedNumber](filepath.Join(dir, "n-comparison.parquet"))
	if err != nil || len(rows) != len(compared) || rows[mean].Measure != "mean(crossing_h)" || fmt.Sprint(*rows[mean].Difference) != compared[mean]["difference"] {
		t.Errorf("Parquet: %d rows, %v", len(rows), err)
	}
	book, err := excelize.OpenFile(out("xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer closing(t, book)
	if sheets := book.GetSheetList(); fmt.Sprint(sheets) != "[Study Comparison Causes Tornado About]" {
		t.Errorf("sheets %v", sheets)
	}
	if cells, err := book.GetRows("Comparison", excelize.Options{RawCellValue: true}); err != nil || len(cells) != len(compared)+1 {
		t.Errorf("%d rows in the sheet, %v", len(cells), err)
	}
}

// What cannot be made is refused before anything runs, as wrong use and not as a
// failure after minutes.
func TestAReportThatCannotBeMadeIsRefusedBeforeItRuns(t *testing.T) {
	base := file(t, busyCounter+"causes: [{name: one officer too few, issue: assumed, says: assumed, without: [{path: \"stops[counter].servers\", value: 6}]}]\n")
	plan := filepath.Join(filepath.Dir(base), "plan.yaml")
	if err := os.WriteFile(plan, []byte("name: plan\nextends: ./"+filepath.Base(base)+"\nstops: [{name: counter, servers: 6, assumed: to try}]\ncauses: null\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "r.html")
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{plan, "--why"}, "names no causes"},
		{[]string{plan, "--against", base, "--why"}, "or ask mine, which has causes: landport report " + base + " --why"},
		{[]string{base, "--tornado", "--replications", "1"}, "--tornado: one replication has no interval"},
		{[]string{base, "--tornado", "--off", "1"}, "--tornado: figures cannot be moved by a factor of 1"},
		{[]string{plan, "--against", base, "--replications", "1"}, "--against: one replication has no interval"},
	} {
		code, said, complaint := landport(t, append([]string{"report", "--days", "2", "--out", out}, test.args...)...)
		if code != 2 || said != "" || !strings.Contains(strings.Join(strings.Fields(complaint), " "), test.want) {
			t.Errorf("%v: %d, %s", test.args, code, complaint)
		}
	}
}
