package node

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/survey"
)

func sample(id, plate string) Sample {
	return Sample{ID: id, Actor: "recorder-1", Cells: map[survey.Column]string{
		survey.Post: "Bavet", survey.Direction: "exit", survey.Plate: plate,
		survey.Arrival: "2018-03-05T08:15", survey.Removal: "2018-03-05T09:00",
	}}
}

func taken(t *testing.T, n *Node, samples ...Sample) []SampleAnswer {
	t.Helper()
	answers, err := n.TakeSamples(t.Context(), samples)
	if err != nil {
		t.Fatal(err)
	}
	return answers
}

// What a phone sent, and sent again because it heard no answer, stands in the
// ledger once, also after a restart; the post goes on beside it.
func TestSamplesAreRecordedOnce(t *testing.T) {
	clock := NewScaledClock(time.Now, border.At(morning()), 1)
	file := filepath.Join(t.TempDir(), "ledger.db")
	n, stop := running(t, part(t, 0), file, clock)
	do(t, n, arrival("a1"))
	first := taken(t, n, sample("s1", "2A-1234"), sample("s2", "51C-123.45"), sample("s1", "2A-1234"))
	if first[0].Sequence == 0 || first[1].Sequence != first[0].Sequence+1 || first[2].Sequence != first[0].Sequence || !first[2].Repeated || first[0].Repeated {
		t.Errorf("answered %+v", first)
	}
	if after := do(t, n, arrival("a2")); after.Sequence <= first[1].Sequence {
		t.Errorf("the post went on at %d", after.Sequence)
	}
	stop()
	n, _ = running(t, part(t, 0), file, clock)
	if again := taken(t, n, sample("s1", "2A-1234")); again[0] != first[2] {
		t.Errorf("after a restart: %+v", again)
	}
	if other := taken(t, n, sample("s1", "2A-9999")); other[0].Sequence != 0 || !other[0].Reused || !strings.Contains(other[0].Refusal, "another sample") {
		t.Errorf("another sample under the same identity: %+v", other)
	}
	rows, err := n.Samples(t.Context())
	if err != nil || len(rows) != 2 || rows[0][survey.Plate] != "2A-1234" || rows[1][survey.Arrival] != "2018-03-05T08:15" {
		t.Errorf("%v, %v", rows, err)
	}
	sheet, err := survey.Import("samples", survey.FromRows(rows), survey.Mapping{}, nil)
	if err != nil || len(sheet.Records) != 2 {
		t.Errorf("%+v, %v", sheet, err)
	}
	if _, err := (Erasure{Kind: "plate", Before: border.Never, Reason: "test"}).Run(t.Context(), n.Ledger()); err != nil {
		t.Fatal(err)
	}
	if rows, err := n.Samples(t.Context()); err != nil || len(rows) != 2 || rows[0][survey.Plate] != "" {
		t.Errorf("erased: %v, %v", rows, err)
	}
}

func TestSamplesThatASheetWouldKeepAsideAreRefused(t *testing.T) {
	n, _ := running(t, part(t, 0), filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(time.Now, border.At(morning()), 1))
	bad, empty, unnamed, long := sample("b", ""), sample("e", ""), sample("", ""), sample("l", "")
	bad.Cells[survey.Arrival] = "yesterday"
	clear(empty.Cells)
	unnamed.ID = "a b"
	long.Cells[survey.Recorder] = strings.Repeat("x", 2000)
	answers := taken(t, n, bad, empty, unnamed, long, sample("good", "2A-1234"))
	for i, want := range []string{"it is no time", "it is empty", "no word", "too long"} {
		if answers[i].Sequence != 0 || !strings.Contains(answers[i].Refusal, want) {
			t.Errorf("%+v, not about %q", answers[i], want)
		}
	}
	if answers[4].Sequence == 0 {
		t.Errorf("the good one: %+v", answers[4])
	}
	if _, err := n.TakeSamples(t.Context(), make([]Sample, samplesMost+1)); err == nil {
		t.Error("any number is taken")
	}
}

// A sample that was sent can be corrected: the later version stands in its place
// in the sheet, and both stand in the ledger. The count of an hour reaches the
// rows of its vehicles, and they the assessment that needs it.
func TestSamplesAreCorrectedAndTheirHoursCounted(t *testing.T) {
	n, _ := running(t, part(t, 0), filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(time.Now, border.At(morning()), 1))
	counted := func(revision int, vehicles string) Sample {
		return Sample{ID: "h1", Revision: revision, Counted: true, Cells: map[survey.Column]string{
			survey.Post: "Bavet", survey.Direction: "exit", survey.Arrival: "2018-03-05T08:00+07:00", survey.VolumePerH: vehicles,
		}}
	}
	other := sample("s2", "51C-123.45")
	other.Cells[survey.Direction] = "entry"
	before := taken(t, n, sample("s1", "x"), other, counted(0, "23"))
	if before[0].Sequence == 0 || !strings.Contains(before[0].Remark, "it is no number plate") || before[1].Remark != "" {
		t.Errorf("answered %+v", before)
	}
	mended := sample("s1", "2A-1234")
	mended.Revision = 1
	after := taken(t, n, mended, counted(1, "24"), mended)
	if after[0].Sequence <= before[2].Sequence || after[2] != (SampleAnswer{ID: "s1", Sequence: after[0].Sequence, Repeated: true}) {
		t.Errorf("corrected: %+v after %+v", after, before)
	}
	rows, err := n.Samples(t.Context())
	if err != nil || len(rows) != 2 || rows[0][survey.Plate] != "2A-1234" || rows[0][survey.VolumePerH] != "24" || rows[1][survey.VolumePerH] != "" {
		t.Errorf("%v, %v", rows, err)
	}
	var kinds []string
	for e, err := range n.Ledger().Each(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if ofSurvey(e.Kind) {
			kinds = append(kinds, e.Kind)
		}
	}
	if want := []string{kindSampled, kindSampled, kindCounted, kindCorrected, kindCounted}; !slices.Equal(kinds, want) {
		t.Errorf("the ledger has %v, not %v", kinds, want)
	}
	nowhere, minus := counted(0, "3"), counted(-1, "3")
	delete(nowhere.Cells, survey.Direction)
	nowhere.ID = "h2"
	if refused := taken(t, n, nowhere, minus); !strings.Contains(refused[0].Refusal, "a count has a direction") || !strings.Contains(refused[1].Refusal, "revision") {
		t.Errorf("%+v", refused)
	}
}

// What phones enter is enough for an assessment by recorded volume.
func TestRoadsideSamplesAreAssessed(t *testing.T) {
	n, _ := running(t, part(t, 0), filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(time.Now, border.At(morning()), 1))
	const text = `title: assumed
measure: assumed
posts: [Bavet]
stage: at post
before: {from: 2018-03-05, to: 2018-03-11}
after: {from: 2018-06-04, to: 2018-06-10}
volume: recorded
bands_per_h: [10]
flagged: with
smallest_min: 10
groups: [{country: KH, name: one}, {country: VN, name: other}]
`
	plan, err := survey.DecodePlan("plan.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	week := func(first time.Time, minutes int) {
		var all []Sample
		for i := range 7 * 6 {
			at := first.AddDate(0, 0, i%7).Add(time.Duration(8+i/7) * time.Hour)
			enter := func(kind string, counted bool, cells map[survey.Column]string) {
				cells[survey.Post], cells[survey.Direction] = "Bavet", "exit"
				all = append(all, Sample{ID: kind + at.Format("-20060102-15"), Counted: counted, Cells: cells})
			}
			removal := at.Add(time.Duration(10+minutes+i%5) * time.Minute)
			enter("s", false, map[survey.Column]string{
				survey.PlateCountry: "KH", survey.Channel: "green", survey.Arrival: at.Add(10 * time.Minute).Format(time.RFC3339), survey.Removal: removal.Format(time.RFC3339),
			})
			enter("h", true, map[survey.Column]string{survey.Arrival: at.Format(time.RFC3339), survey.VolumePerH: strconv.Itoa(5 + i/7)})
		}
		for _, a := range taken(t, n, all...) {
			if a.Refusal != "" {
				t.Error(a.Refusal)
			}
		}
	}
	zone := time.FixedZone("", 7*3600)
	week(time.Date(2018, 3, 5, 0, 0, 0, 0, zone), 90)
	week(time.Date(2018, 6, 4, 0, 0, 0, 0, zone), 50)
	rows, err := n.Samples(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sheet := func() *survey.Survey {
		s, err := survey.Import("samples.csv", survey.FromRows(rows), survey.Mapping{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return survey.New(s)
	}
	frozen := survey.Frozen{SHA256: survey.Hash([]byte(text)), At: time.Date(2018, 4, 1, 0, 0, 0, 0, time.UTC)}
	a, err := plan.Assess([]byte(text), frozen, survey.Surveys{Before: sheet(), After: sheet()}, nil)
	if err != nil || a.All.Measure.Before.N != 42 || !strings.HasPrefix(a.Verdict(), "Shorter, by at least the 10 minutes") {
		t.Fatalf("%+v, %v", a, err)
	}
}
