package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"landport/ledger"
)

// createdBy is what readers of Parquet take apart: a program, its version and its
// build, of which neither is empty or holds parentheses.
var createdBy = regexp.MustCompile(`^landport version [^() ]+ ?\(build [^() ]+\)$`)

// said is what a column says, zero where it is null.
func said[T any](x *T) (value T) {
	if x != nil {
		value = *x
	}
	return value
}

// exportedRows writes the facts as Parquet and holds each row against its entry.
func exportedRows(t *testing.T, export, file, dir string, entries int64) {
	t.Helper()
	did(t, strings.Fields(export)[0]+" facts"+strings.TrimPrefix(export, "export")+"-facts.parquet --format parquet")
	rows, err := parquet.ReadFile[factRow](file)
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), ledger.Config{URL: "sqlite:" + filepath.Join(dir, "ledger.db"), Origin: "bavet.kh", Beside: true})
	if err != nil {
		t.Fatal(err)
	}
	defer closing(t, l)
	i, services := 0, 0
	for e, err := range l.Each(t.Context(), 0) {
		if err != nil || i == len(rows) {
			t.Fatalf("%d rows, entry %d, %v", len(rows), e.Seq, err)
		}
		r := &rows[i]
		i++
		if r.Seq != e.Seq || r.At != int64(e.Occurred) || r.Recorded != int64(e.Recorded) || r.Post != e.Post || r.Kind != e.Kind || r.Data != string(e.Data) || said(r.Actor) != e.Actor {
			t.Fatalf("%+v is %+v", e, *r)
		}
		if !strings.HasPrefix(e.Kind, "gate.") {
			continue
		}
		data := struct {
			Visit                                        int64
			Place, Stop, Procedure, Direction, To        string
			Reason, Outcome, Opening, Level, Policy, Day string
			Server                                       int32
			Traits, Formalities                          []string
		}{}
		if err := json.Unmarshal(e.Data, &data); err != nil {
			t.Fatal(err)
		}
		if e.Kind == "gate.service-ended" && data.Outcome == "" {
			data.Outcome, services = "passed", services+1
		}
		want := fmt.Sprint(data.Visit, data.Place, data.Stop, data.Procedure, data.Direction, data.To, data.Reason, data.Outcome, data.Opening, data.Level, data.Policy, data.Day, data.Server)
		got := fmt.Sprint(said(r.Visit), said(r.Place), said(r.Stop), said(r.Procedure), said(r.Direction), said(r.To), said(r.Reason), said(r.Outcome), said(r.Opening), said(r.Level), said(r.Policy), said(r.Day), said(r.Server))
		if got != want || !slices.Equal(r.Traits, data.Traits) || !slices.Equal(r.Formalities, data.Formalities) {
			t.Fatalf("%s is %+v", e.Data, *r)
		}
	}
	if int64(i) < entries || i != len(rows) || services == 0 {
		t.Errorf("%d entries, %d rows, %d services", i, len(rows), services)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	signed, _ := opened.Lookup("checkpoint")
	if checkpoint, err := ledger.ParseCheckpoint([]byte(signed), nil); err != nil || checkpoint.Origin != "bavet.kh" || checkpoint.Size < entries {
		t.Errorf("the checkpoint is %+v, %v", checkpoint, err)
	}
	if origin, _ := opened.Lookup("origin"); origin != "bavet.kh" {
		t.Errorf("the origin is %q", origin)
	}
	if by := opened.Metadata().CreatedBy; !createdBy.MatchString(by) {
		t.Errorf("it is created by %q", by)
	}
	for _, column := range []string{"at", "recorded"} {
		if leaf, ok := opened.Schema().Lookup(column); !ok || leaf.Node.Type().String() != "TIMESTAMP(isAdjustedToUTC=true,unit=MICROS)" {
			t.Errorf("%s is %v", column, leaf.Node)
		}
	}
	did(t, strings.Fields(export)[0]+" facts"+strings.TrimPrefix(export, "export")+"-hour.parquet --format parquet --from 2018-03-06T08:00:00+07:00 --to 2018-03-06T09:00:00+07:00")
	hour, err := parquet.ReadFile[factRow](strings.Replace(file, "-facts", "-hour", 1))
	if err != nil || len(hour) == 0 || len(hour) >= len(rows) {
		t.Errorf("of one hour there are %d facts of %d, %v", len(hour), len(rows), err)
	}
}

// Entries of other kinds than the gate's stand there with their data; how a visit is
// called has columns, and its plate is the commitment that the entry holds.
func TestEntriesAsRows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind, data, reference, outcome string
		visit                          int64
	}{
		{"node.named", `{"visit":145,"slot":3,"reference":"KHBVT-1","plate":"6a2d"}`, "KHBVT-1", "", 145},
		{"node.claimed", `{"visit":146,"slot":3,"reference":"KHBVT-1","before":145}`, "KHBVT-1", "", 146},
		{"node.clock-confirmed", `{"visit":"not a visit"}`, "", "", 0},
		{"gate.service-ended", `{"visit":7,"stop":"booth","outcome":"referred-on"}`, "", "referred-on", 7},
		{"gate.service-ended", `{"visit":7,"stop":"booth"}`, "", "passed", 7},
	} {
		row, err := factRowOf(&ledger.Entry{Seq: 9, Kind: c.kind, Version: 1, Data: []byte(c.data)})
		if err != nil {
			t.Fatal(err)
		}
		if row.Data != c.data || row.Seq != 9 || said(row.Reference) != c.reference || said(row.Outcome) != c.outcome || said(row.Visit) != c.visit || row.Actor != nil || row.Cause != nil {
			t.Errorf("%s %s is %+v", c.kind, c.data, *row)
		}
	}
	if _, err := factRowOf(&ledger.Entry{Seq: 9, Kind: "gate.called", Data: []byte(`{"visit":"x"}`)}); err == nil || !strings.Contains(err.Error(), "entry 9, gate.called: ") {
		t.Errorf("data that are none of the kind's: %v", err)
	}
}

// However many facts there are, few are held at once: they go out in groups.
func TestRowsGoOutInGroups(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	sink := newFactTable(t.Context(), &out)
	after := 0
	for i := range groupRows + 1 {
		if err := sink.add(&ledger.Entry{Seq: int64(i + 1), Kind: "gate.called", Data: []byte("{}")}); err != nil {
			t.Fatal(err)
		}
		if i == groupRows-1 {
			after = out.Len()
		}
	}
	if err := sink.close(nil); err != nil {
		t.Fatal(err)
	}
	opened, err := parquet.OpenFile(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if groups := opened.RowGroups(); after < groupRows || len(groups) != 2 || groups[0].NumRows() != groupRows {
		t.Errorf("%d groups; %d bytes are out after the first", len(groups), after)
	}
}
