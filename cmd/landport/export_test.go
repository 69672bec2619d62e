package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"
	"golang.org/x/mod/sumdb/note"

	"landport/border"
	"landport/ledger"
	"landport/node"
	"landport/sim"
)

// lived is a directory with the ledger of two days at Bavet, taken into the
// study, and how many entries they left.
func lived(t *testing.T) (dir string, entries int64) {
	t.Helper()
	dir = t.TempDir()
	file, part, err := openPost("bavet")
	if err != nil {
		t.Fatal(err)
	}
	key, _, err := note.GenerateKey(rand.Reader, file.Name)
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), ledger.Config{URL: "sqlite:" + filepath.Join(dir, "ledger.db"), Origin: file.Name, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	codec, err := node.NewCodec(part.Layout)
	if err != nil {
		t.Fatal(err)
	}
	world, end := sim.NewWorld(part, 1, 0), part.Start.Add(2*border.Day)
	for world.Next() < end {
		head, err := l.Write(t.Context(), func(b *ledger.Batch) error {
			for i := 0; i < 5000 && world.Next() < end; i++ {
				facts := world.Step()
				for j := range facts {
					e := codec.Entry(&facts[j])
					e.Actor, e.Command = "officer-1", "key-"+strconv.Itoa(i)
					b.Append(e)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		entries = head.Size
	}
	if _, err := l.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	clock := node.NewScaledClock(time.Now, end, 1)
	n, err := node.New(t.Context(), node.Config{Post: part, Ledger: l, Clock: clock, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	go n.Run(ctx)
	for reached := int64(0); reached < entries; time.Sleep(20 * time.Millisecond) {
		cover, err := n.StudyOf(t.Context(), node.StudyQuery{To: border.Never, Group: node.ByStage}, func(node.StudyLine) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		reached = cover.Sequence
	}
	stop()
	<-n.Done()
	closing(t, l)
	return dir, entries
}

func TestExports(t *testing.T) {
	t.Parallel()
	dir, entries := lived(t)
	out := filepath.Join(t.TempDir(), "out")
	export := "export --post bavet --data " + dir + " --out " + out
	t.Run("facts", func(t *testing.T) { exportedFacts(t, export+".ndjson --format cloudevents", out+".ndjson", entries) })
	t.Run("facts by the form of the file", func(t *testing.T) { exportedFacts(t, export+"2.ndjson --format ndjson", out+"2.ndjson", entries) })
	t.Run("facts as rows", func(t *testing.T) { exportedRows(t, export, out+"-facts.parquet", dir, entries) })
	t.Run("study", func(t *testing.T) { exportedStudy(t, export, out) })

	refused(t, exitMisuse, out+".csv exists; an export overwrites nothing", export+".csv --format csv")
	refused(t, exitMisuse, `there is no format "pdf"; there are cloudevents, ndjson, csv, xlsx, parquet`, export+" --format pdf")
	refused(t, exitMisuse, "csv is for the study; give facts as cloudevents or parquet", export+" --format csv facts")
	refused(t, exitMisuse, `"plates" cannot be exported; facts and study can`, export+" --format csv plates")
	refused(t, exitMisuse, "--group goes with the study", export+" --format cloudevents --group day")
	refused(t, exitMisuse, `there is no group "week"`, export+" --format csv --group week")
	refused(t, exitMisuse, `--from: "soon" is neither a day nor an instant`, export+" --format csv --from soon")
	refused(t, exitMisuse, "is not the beginning of an hour here", export+" --format csv --to 2018-03-05T08:30:00+07:00")
	refused(t, exitMisuse, "the period ends at", export+" --format cloudevents --from 2018-03-06 --to 2018-03-05")
	refused(t, exitMisuse, "parquet goes into a file", "export --post bavet --format parquet --out - --data "+dir)
	refused(t, exitMisuse, "--group goes with the study", export+" --format parquet --group day facts")
	refused(t, exitMisuse, "there is no ledger in /nowhere", "export --post bavet --format csv --out - --data /nowhere")
	refused(t, exitMisuse, "cannot be made", "export --post bavet --format csv --out /nowhere/x --data "+dir)
	refused(t, exitFailed, "holds the ledger of bavet.kh, not of mocbai.vn", "export --post moc-bai --format csv --out - --data "+dir)
}

func exportedFacts(t *testing.T, command, file string, entries int64) {
	t.Helper()
	did(t, command)
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer closing(t, in)
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	seq := int64(0)
	for lines.Scan() {
		if seq++; seq > entries {
			break // the node's own
		}
		var event map[string]any
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			t.Fatal(err)
		}
		// CloudEvents 1.0: required attributes, and extensions by the rules for names and types.
		if event["specversion"] != "1.0" || !strings.HasPrefix(event["id"].(string), fmt.Sprintf("bavet.kh/%d/", seq)) || event["source"] != "urn:landport:bavet.kh" ||
			event["datacontenttype"] != "application/json" || event["subject"] != "Bavet" || event["seq"] != fmt.Sprint(seq) ||
			event["dataversion"] != 1.0 || event["actor"] != "officer-1" || !strings.HasPrefix(event["command"].(string), "key-") {
			t.Fatalf("%s", lines.Bytes())
		}
		if _, ok := event["data"].(map[string]any); !ok || !strings.HasPrefix(event["type"].(string), "landport.gate.") {
			t.Fatalf("%s", lines.Bytes())
		}
		for name, value := range event {
			if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789") != "" || len(name) > 20 || value == "" {
				t.Fatalf("attribute %q of %v", name, value)
			}
		}
		for _, name := range []string{"time", "recorded"} {
			if _, err := time.Parse(time.RFC3339, event[name].(string)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := lines.Err(); err != nil || seq < entries {
		t.Errorf("%d facts of %d, %v", seq, entries, err)
	}
	part := did(t, strings.Replace(command, file, "-", 1)+" --from 2018-03-06T08:00:00+07:00 --to 2018-03-06T09:00:00+07:00")
	if n := strings.Count(part, "\n"); n == 0 || strings.Count(part, `"time":"2018-03-06T01:`) != n {
		t.Errorf("of one hour there are %d facts, not all of it", n)
	}
}

// exportedStudy writes a study in each format and compares what is read back.
func exportedStudy(t *testing.T, export, out string) {
	t.Helper()
	for _, format := range []string{"csv", "xlsx", "parquet"} {
		did(t, export+"."+format+" --group kind --format "+format)
	}
	text, err := os.ReadFile(out + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := parquet.ReadFile[studyRow](out + ".parquet")
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenFile(out + ".xlsx")
	if err != nil {
		t.Fatal(err)
	}
	defer closing(t, book)
	sheet, err := book.GetRows("Study", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	want := "post direction load_state vehicle_type day hour stage visits mean_min p50_min p90_min p95_min least_min greatest_min exact"
	if strings.Join(lines[0], " ") != want || strings.Join(sheet[0], " ") != want {
		t.Fatalf("columns %v and %v", lines[0], sheet[0])
	}
	if len(lines) < 40 || len(rows) != len(lines)-1 || len(sheet) != len(lines) {
		t.Fatalf("%d lines of CSV, %d of Parquet, %d of the sheet", len(lines)-1, len(rows), len(sheet)-1)
	}
	all, parts := 0.0, 0.0
	for i, line := range lines[1:] {
		r := &rows[i]
		if line[0] != "Bavet" || r.Post != "Bavet" || line[1] != *r.Direction || line[2] != *r.Load || line[3] != *r.Vehicle || r.Day != nil || r.Hour != nil ||
			line[6] != r.Stage || line[7] != strconv.FormatInt(r.Visits, 10) || line[8] != strconv.FormatFloat(*r.Mean, 'f', -1, 64) || line[14] != strconv.FormatBool(r.Exact) {
			t.Fatalf("%v in CSV is %+v in Parquet", line, *r)
		}
		for _, column := range []int{1, 2, 3, 6, 7, 8, 13} {
			if sheet[i+1][column] != line[column] {
				t.Fatalf("%v in CSV is %v in the sheet", line, sheet[i+1])
			}
		}
		switch r.Stage {
		case "at post":
			all += *r.Mean * float64(r.Visits)
		case "waiting", "active":
			parts += *r.Mean * float64(r.Visits)
		}
	}
	if all == 0 || math.Abs(all-parts) > 1e-4*all {
		t.Errorf("%g minutes at the post, %g in its parts", all, parts)
	}
	about, err := book.GetRows("About")
	if err != nil || len(about) != 8 || about[0][1] != "Bavet" {
		t.Errorf("about: %v, %v", about, err)
	}
	day := did(t, strings.Replace(export, out, "-", 1)+" --group day --from 2018-03-06 --to 2018-03-07 --format csv study")
	if !strings.Contains(day, "\nBavet,,,,2018-03-06,,at post,") || strings.Contains(day, "2018-03-05") {
		t.Errorf("of one day:\n%s", day)
	}
}
