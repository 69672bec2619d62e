package survey

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"landport/border"
)

var settled = time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC)

func assumedPlan(t testing.TB, changes ...string) (*Plan, []byte) {
	t.Helper()
	data, err := os.ReadFile("testdata/assumed-plan.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(changes...).Replace(string(data))
	p, err := DecodePlan("plan.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p, []byte(text)
}

// week makes up a survey: what each vehicle of a day took, by hourly volume.
func week(post, first string, took func(day, n int) (minutes float64, volumePerH int)) *Survey {
	place, err := PlaceOf(post, nil)
	if err != nil {
		panic(err)
	}
	start, err := time.ParseInLocation(time.DateOnly, first, indochina)
	if err != nil {
		panic(err)
	}
	s := &Sheet{Name: "assumed " + post + " " + first, Headings: []Heading{{Header: "Arrival", Column: Arrival}, {Header: "Removal", Column: Removal}}}
	for day := range 7 {
		for n := range 20 {
			minutes, volume := took(day, n)
			r := Record{Sheet: s.Name, Row: len(s.Records) + 2, Post: place, Exit: place.Country, Entry: place.Facing, VolumePerH: volume, zone: indochina}
			r.times[Arrival] = border.At(start.AddDate(0, 0, day).Add(time.Duration(n) * time.Hour))
			r.times[Removal] = r.times[Arrival].Add(border.Micros(minutes * float64(border.Minute)))
			s.Records = append(s.Records, r)
		}
	}
	s.Rows = len(s.Records)
	return New(s)
}

func assess(t testing.TB, in Surveys) *Assessment {
	t.Helper()
	p, data := assumedPlan(t)
	frozen, err := ParseFrozen(Freeze(data, settled))
	if err != nil {
		t.Fatal(err)
	}
	a, err := p.Assess(data, frozen, in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

const before, after = "2027-03-01", "2027-06-07"

// Times depend on volume alone, and volume changes: means differ, adjusted
// means do not.
func TestVolumeIsAdjustedFor(t *testing.T) {
	byVolume := func(busy int) func(day, n int) (float64, int) {
		return func(_, n int) (float64, int) {
			if n < busy {
				return 90, 25
			}
			return 30, 5
		}
	}
	same := byVolume(10)
	a := assess(t, Surveys{week("Bavet", before, same), week("Bavet", after, byVolume(4)), week("Densavanh", before, same), week("Densavanh", after, same)})
	e := a.All
	if e.Measure.Before.Mean != 60 || e.Measure.After.Mean != 42 {
		t.Errorf("unadjusted %g and %g", e.Measure.Before.Mean, e.Measure.After.Mean)
	}
	if e.Measure.AdjBefore != 60 || e.Measure.AdjAfter != 60 || e.ChangeMin != 0 || e.CI95 != [2]float64{} {
		t.Errorf("adjusted %g and %g, change %g in %v", e.Measure.AdjBefore, e.Measure.AdjAfter, e.ChangeMin, e.CI95)
	}
}

// What changes at the comparison too is not the measure's doing.
func TestDifferenceInDifferences(t *testing.T) {
	of := func(base, spread float64) func(day, n int) (float64, int) {
		return func(day, n int) (float64, int) { return base + spread*float64(day-3) + float64(n%2), 12 }
	}
	a := assess(t, Surveys{week("Bavet", before, of(100, 2)), week("Bavet", after, of(60, 2)), week("Densavanh", before, of(80, 2)), week("Densavanh", after, of(70, 2))})
	e := a.Counting()
	if math.Abs(e.ChangeMin+30) > 1e-9 {
		t.Errorf("change %g, not -30", e.ChangeMin)
	}
	// Each cell: days' means deviate by 2·(d-3), variance 4·28/7²·7/6 = 8/3; four
	// cells of 6 degrees each, so 24.
	half := 2.0638985616 * math.Sqrt(4*8.0/3)
	if e.DF != 24 || math.Abs(e.CI95[1]-e.CI95[0]-2*half) > 1e-6 {
		t.Errorf("interval %v with %d degrees, half should be %g", e.CI95, e.DF, half)
	}
	if v := a.Verdict(); !strings.HasPrefix(v, "Shorter, by at least the 10 minutes called worth having: −30 minutes") {
		t.Error(v)
	}
}

// Without an effect, the interval holds none in about 95 of 100 surveys, even
// though the vehicles of a day share its luck.
func TestIntervalsCover(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	lucky := func() func(day, n int) (float64, int) {
		var luck [7]float64
		for d := range luck {
			luck[d] = 10 * r.NormFloat64()
		}
		return func(day, _ int) (float64, int) { return 120 + luck[day] + 15*r.NormFloat64(), 5 + 10*r.IntN(3) }
	}
	const surveys = 200
	held := 0
	for range surveys {
		a := assess(t, Surveys{week("Bavet", before, lucky()), week("Bavet", after, lucky()), week("Densavanh", before, lucky()), week("Densavanh", after, lucky())})
		if e := a.All; e.CI95[0] <= 0 && e.CI95[1] >= 0 {
			held++
		}
	}
	if held < surveys*91/100 || held > surveys*99/100 {
		t.Errorf("%d of %d intervals hold the truth", held, surveys)
	}
}

func TestAPlanChangedAfterItWasFrozenIsRefused(t *testing.T) {
	p, data := assumedPlan(t)
	constant := func(int, int) (float64, int) { return 60, 12 }
	in := Surveys{week("Bavet", before, constant), week("Bavet", after, constant), week("Densavanh", before, constant), week("Densavanh", after, constant)}
	frozen, err := ParseFrozen(Freeze(data, settled))
	if err != nil {
		t.Fatal(err)
	}
	_, changed := assumedPlan(t, "smallest_min: 10", "smallest_min: 1")
	late, err := ParseFrozen(Freeze(data, time.Date(2027, 6, 6, 17, 0, 0, 0, time.UTC))) // midnight at the post
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		plan   []byte
		frozen Frozen
		in     Surveys
		want   string
	}{
		{"changed", changed, frozen, in, "changed after it was frozen"},
		{"late", data, late, in, "had begun"},
		{"no comparison", data, frozen, Surveys{Before: in.Before, After: in.After}, "do not go together"},
		{"other days", data, frozen, Surveys{in.After, in.After, in.ComparisonBefore, in.ComparisonAfter}, "measure, before: times of 0 days"},
	} {
		if _, err := p.Assess(test.plan, test.frozen, test.in, nil); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	if _, err := ParseFrozen([]byte("sha256 x")); err == nil {
		t.Error("anything is a frozen plan")
	}
}

func TestPlansThatAreNoGood(t *testing.T) {
	data, err := os.ReadFile("testdata/assumed-plan.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ old, replacement, want string }{
		{"title:", "titel:", "unknown field"},
		{"posts: [Bavet]", "posts: []", "name the posts"},
		{"[Densavanh]", "[Bavet]", "compare with others"},
		{"at post", "at the post", "there is no stage"},
		{"2027-06-07", "2027-03-05", "before ends, then after begins"},
		{"2027-06-13", "13 June", "is no day"},
		{"volume: recorded", "volume: guessed", "write recorded"},
		{"[10, 20]", "[20, 10]", "ascending"},
		{"flagged: without", "flagged: both", "with or without"},
		{"2027-03-07", "2027-03-01", "at least two days"},
		{"stage: at post", "stage: at post\ndirection: sideways", "no direction"},
		{"stage: at post", "stage: at post\ndirection: KH-VN", "Densavanh lies between LA and VN, so nothing there goes KH-VN"},
		{"stage: at post", "stage: crossing\ndirection: entry", "at its post of exit"},
		{"comparison: [Densavanh]\nstage: at post", "stage: crossing\ndirection: VN-KH", "VN-KH is the way in at Bavet"},
		{"  - {country: VN, name: Vietnamese working group}\n", "", "both sides"},
	} {
		text := strings.Replace(string(data), test.old, test.replacement, 1)
		if _, err := DecodePlan("plan.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "plan.yaml") {
			t.Errorf("%s: %v, not about %q", test.replacement, err, test.want)
		}
	}
}

// A direction is one that every post has: as each sees it, or between two
// countries where all lie.
func TestADirectionIsOneThatEveryPostHas(t *testing.T) {
	for _, test := range []struct {
		name    string
		changes []string
		used    int // of the one record each out of Bavet, into Bavet, and out of Densavanh
	}{
		{"both", nil, 3},
		{"as each post sees it, out", []string{"stage: at post", "stage: at post\ndirection: exit"}, 2},
		{"as each post sees it, in", []string{"stage: at post", "stage: at post\ndirection: entry"}, 1},
		{"by countries", []string{"comparison: [Densavanh]", "direction: VN-KH"}, 1},
		{"posts in other letters", []string{"[Bavet]", "[bavet]", "[Densavanh]", "[DENSAVANH]"}, 3},
	} {
		p, _ := assumedPlan(t, test.changes...)
		s := New(assumed(t, "assumed", "Bavet,exit,,2027-03-01 08:00,,,,,2027-03-01 09:00", "Bavet,entry,,2027-03-01 08:00,,,,,2027-03-01 09:00", "Densavanh,exit,,2027-03-01 08:00,,,,,2027-03-01 09:00"))
		for i := range s.Records {
			s.Records[i].VolumePerH = 7
		}
		var input Input
		if got := p.samples(s, append(p.Posts, p.Comparison...), p.Before, &input); len(got) != test.used {
			t.Errorf("%s: %d times are used, not %d: %+v", test.name, len(got), test.used, got)
		}
	}
}

func TestOutcomesStandBesideTime(t *testing.T) {
	const books = `source: assumed
before: {vehicles: 3000, examinations: 900, detections: 18, revenue_minor: {USD: 30000000, VND: 900000000, XTS: 3000}}
after: {vehicles: 3300, examinations: 660, detections: 22, revenue_minor: {USD: 36300000}}
reservations:
  - {country: KH, text: The rainy season began in May.}
`
	o, err := DecodeOutcomes("books.yaml", []byte(books))
	if err != nil {
		t.Fatal(err)
	}
	r := RatioOf(o.Before.Detections, o.Before.Examinations, o.After.Detections, o.After.Examinations)
	spread := math.Exp(1.96 * math.Sqrt(1.0/18+1.0/22))
	if math.Abs(*r.Ratio-5.0/3) > 1e-12 || math.Abs(r.CI95[1]-5.0/3*spread) > 1e-12 {
		t.Errorf("%v in %v", *r.Ratio, *r.CI95)
	}
	if none := RatioOf(0, 900, 3, 900); none.Ratio != nil || none.CI95 != nil {
		t.Errorf("of nothing: %+v", none)
	}
	for _, test := range []struct{ old, want string }{
		{"source: assumed", "source is missing"},
		{"vehicles: 3000, ", "vehicles is missing"},
		{"detections: 22", "cannot be"},
		{"examinations: 900", "cannot be"},
	} {
		replacement := map[string]string{"detections: 22": "detections: 661", "examinations: 900": "examinations: 3001"}[test.old]
		if _, err := DecodeOutcomes("books.yaml", []byte(strings.Replace(books, test.old, replacement, 1))); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.old, err)
		}
	}
	p, data := assumedPlan(t, "comparison: [Densavanh]\n", "")
	a, err := p.Assess(data, Frozen{SHA256: Hash(data), At: settled}, Surveys{
		Before: week("Bavet", before, func(day, n int) (float64, int) { return 100 + float64(day+n), 12 }),
		After:  week("Bavet", after, func(day, n int) (float64, int) { return 90 + float64(day+n), 12 }),
	}, o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := json.Marshal(a); err != nil {
		t.Error(err)
	}
	var page bytes.Buffer
	if err := a.WriteAssessment(&page, "abc"); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"The rainy season", "None was handed in", "1.67 times as often", "USD 100.00</td>", "USD 110.00</td>", "VND 300000</td>", "XTS 1 minor units</td>", "worth having, 10 minutes; hourly volume by the count that the sheets have for each hour, in bands that begin at 0, 10, 20.", "whatever else changed", Hash(data), "Vietnamese working group"} {
		if !strings.Contains(page.String(), part) {
			t.Errorf("the page has no %q", part)
		}
	}
}

// Of crossings, what counts is from the first post's arrival to the second's
// removal.
func TestCrossingsAreAssessed(t *testing.T) {
	p, _ := assumedPlan(t, "stage: at post", "stage: crossing")
	s := New(
		assumed(t, "assumed bavet", "Bavet,exit,2A-1111,2027-03-01 08:00,,,,,2027-03-01 09:00", "Bavet,exit,2A-1112,2027-03-01 08:00,,,,,2027-03-01 09:00"),
		assumed(t, "assumed moc bai", "Moc Bai,entry,2A1111,2027-03-01 09:10,,,,,2027-03-01 10:00"))
	s.Records[0].VolumePerH = 7
	var input Input
	got := p.samples(s, p.Posts, p.Before, &input)
	if len(got) != 1 || got[0] != (sample{"Bavet, KH-VN, 0–9 an hour", "2027-03-01", 120 * border.Minute, false, false}) {
		t.Errorf("%+v, %+v", got, input)
	}
}

// What docs/survey.md shows is read as it stands there.
func TestExamplesOfTheDocs(t *testing.T) {
	page, err := os.ReadFile("../docs/survey.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(page), "```yaml\n")
	if len(blocks) != 4 {
		t.Fatalf("%d blocks of YAML", len(blocks)-1)
	}
	for i, decode := range []func(text []byte) error{
		func(text []byte) error { _, err := DecodeMapping("docs/survey.md", text); return err },
		canBeAssessed,
		func(text []byte) error { _, err := DecodeOutcomes("docs/survey.md", text); return err },
	} {
		text, _, _ := strings.Cut(blocks[i+1], "```")
		if err := decode([]byte(text)); err != nil {
			t.Error(err)
		}
	}
}

// canBeAssessed freezes a plan and assesses it by sheets of all its posts.
func canBeAssessed(plan []byte) error {
	p, err := DecodePlan("docs/survey.md", plan)
	if err != nil {
		return err
	}
	took := func(day, n int) (float64, int) { return 60 + float64(day+n), 12 }
	surveys := func(posts []string, first string) *Survey {
		var sheets []*Sheet
		for _, post := range posts {
			sheets = append(sheets, week(post, first, took).Sheets...)
		}
		s := New(sheets...)
		for i := range s.Records { // both halves of a crossing are one record
			s.Crossings = append(s.Crossings, Crossing{i, i})
		}
		return s
	}
	_, err = p.Assess(plan, Frozen{SHA256: Hash(plan), At: settled}, Surveys{
		Before: surveys(p.Posts, p.Before.From), After: surveys(p.Posts, p.After.From),
		ComparisonBefore: surveys(p.Comparison, p.Before.From), ComparisonAfter: surveys(p.Comparison, p.After.From),
	}, nil)
	return err
}
