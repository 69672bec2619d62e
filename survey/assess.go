package survey

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"landport/border"
	"landport/study"
)

// Surveys are what an assessment compares.
type Surveys struct {
	Before, After                     *Survey
	ComparisonBefore, ComparisonAfter *Survey // nil where there is no comparison
}

// Assessment is the judgement of a measure by a frozen plan. Times are in
// minutes; a change below zero is shorter.
type Assessment struct {
	Plan       *Plan       `json:"plan"`
	PlanSHA256 string      `json:"plan_sha256"`
	FrozenAt   time.Time   `json:"frozen_at"`        // what the frozen file says
	FrozenBy   []Signatory `json:"frozen_signed_by"` // empty: nobody; the date is the file's word alone
	Counts     string      `json:"counts"`           // which result the plan says counts: with or without what is impossible
	All        Effect      `json:"all_records"`
	Possible   Effect      `json:"without_impossible"`
	Fenced     *Effect     `json:"without_outliers"` // a check: of Possible, without outliers; null if nothing can be told so
	Periods    []Input     `json:"inputs"`
	Outcomes   *Outcomes   `json:"outcomes"` // null if none were given
	Found      *Ratio      `json:"detections_per_examination"`
	Examined   *Ratio      `json:"examinations_per_vehicle"`
	Notes      []string    `json:"notes"`
}

// Input is what became of the records of one period.
type Input struct {
	Arm        string       `json:"arm"`    // measure or comparison
	Period     string       `json:"period"` // before or after
	Sheets     []SheetCount `json:"sheets"`
	Used       int          `json:"used"`       // times compared
	Beside     int          `json:"beside"`     // records of another post, direction or day
	Untimed    int          `json:"untimed"`    // records without the stage's time
	NoHour     int          `json:"no_hour"`    // times without their hour's volume
	Days       int          `json:"days"`       // with a time that is used
	Impossible int          `json:"impossible"` // of the used: in an impossible order, below zero, or recorded twice
	Outliers   int          `json:"outliers"`   // of the used: possible, but beyond the fences of their stratum in this period
	Missing    []Missing    `json:"missing"`
}

// Effect is what changed.
type Effect struct {
	Measure    Arm        `json:"measure"`
	Comparison *Arm       `json:"comparison"` // null without a comparison
	ChangeMin  float64    `json:"change_min"` // of the measure's posts, less that of the comparison's
	CI95       [2]float64 `json:"ci95_min"`
	DF         int        `json:"degrees_of_freedom"`
}

// Arm is one group of posts before and after.
type Arm struct {
	Before    study.Summary `json:"before_min"` // as recorded, not adjusted
	After     study.Summary `json:"after_min"`
	AdjBefore float64       `json:"adjusted_before_min"`
	AdjAfter  float64       `json:"adjusted_after_min"`
	Strata    []Stratum     `json:"strata"`
	Covered   [2]float64    `json:"covered"` // share of the times before, and after, in strata that have both
	variance  [2]float64
	df        [2]float64
}

// Stratum is what is compared with its like: one post or pair, one direction,
// one band of hourly volume.
type Stratum struct {
	Name      string  `json:"name"`
	Weight    float64 `json:"weight"` // its share of the times before, in strata that have both
	NBefore   int     `json:"n_before"`
	NAfter    int     `json:"n_after"`
	BeforeMin float64 `json:"mean_before_min"`
	AfterMin  float64 `json:"mean_after_min"`
}

// Assess judges a measure. plan must be the bytes that p was decoded from.
//
// Means before and after are standardised to the mix before: within each
// stratum of post, direction and band of hourly volume times are compared with
// times, and the strata are weighted by their share before (direct
// standardisation; Rothman, Greenland and Lash, Modern Epidemiology, 3rd
// edition, 2008, chapter 3). The comparison's change is taken off: difference
// in differences. The variance sums over days, not vehicles, because vehicles
// of one day share its weather, staff and queue (Liang and Zeger, "Longitudinal
// data analysis using generalized linear models", Biometrika 73, 1986, with
// D/(D-1) for few days); the interval is Student's t with the degrees of
// freedom of Welch and Satterthwaite.
//
// Outliers count in what is judged: vehicles that a measure sped up lie far from
// those that it did not, and to leave them out is to leave out its effect.
func (p *Plan) Assess(plan []byte, frozen Frozen, in Surveys, outcomes *Outcomes) (*Assessment, error) {
	if err := frozen.Admits(plan, p); err != nil {
		return nil, err
	}
	if (len(p.Comparison) > 0) != (in.ComparisonBefore != nil && in.ComparisonAfter != nil) {
		return nil, errors.New("the plan's comparison and the sheets given do not go together; give sheets of the comparison's posts for both periods if the plan names any, and none if not")
	}
	a := &Assessment{Plan: p, PlanSHA256: frozen.SHA256, FrozenAt: frozen.At, FrozenBy: append([]Signatory{}, frozen.Signed...), Counts: p.Flagged, Outcomes: outcomes}
	measure, err := a.cells("measure", p.Posts, in.Before, in.After)
	if err != nil {
		return nil, err
	}
	var comparison *[2][]sample
	if in.ComparisonBefore != nil {
		c, err := a.cells("comparison", p.Comparison, in.ComparisonBefore, in.ComparisonAfter)
		if err != nil {
			return nil, err
		}
		comparison = &c
	}
	if a.All, err = effectOf(measure, comparison, func(sample) bool { return true }); err != nil {
		return nil, err
	}
	if a.Possible, err = effectOf(measure, comparison, func(s sample) bool { return !s.impossible }); err != nil {
		return nil, err
	}
	if fenced, err := effectOf(measure, comparison, func(s sample) bool { return !s.impossible && !s.outlier }); err == nil {
		a.Fenced = &fenced
	}
	if o := outcomes; o != nil {
		found := RatioOf(o.Before.Detections, o.Before.Examinations, o.After.Detections, o.After.Examinations)
		examined := RatioOf(o.Before.Examinations, o.Before.Vehicles, o.After.Examinations, o.After.Vehicles)
		a.Found, a.Examined = &found, &examined
	}
	a.note()
	return a, nil
}

// sample is one time that is compared.
type sample struct {
	stratum, day        string
	time                border.Micros
	impossible, outlier bool
}

// cells takes the samples of an arm before and after.
func (a *Assessment) cells(arm string, posts []string, before, after *Survey) (cells [2][]sample, err error) {
	for k, s := range []*Survey{before, after} {
		name, period := "before", a.Plan.Before
		if k == 1 {
			name, period = "after", a.Plan.After
		}
		input := Input{Arm: arm, Period: name}
		cells[k] = a.Plan.samples(s, posts, period, &input)
		report := s.Study()
		input.Sheets, input.Missing = report.Sheets, report.Missing
		a.Notes = append(a.Notes, s.Repeated...)
		a.Periods = append(a.Periods, input)
		if input.Days < 2 {
			return cells, fmt.Errorf("%s, %s: times of %d days at %v (%d records are of other posts, directions or days, %d lack the times of %q, %d the volume of their hour); at least two days are needed, seven are right",
				arm, name, input.Days, posts, input.Beside, input.Untimed, a.Plan.Stage, input.NoHour)
		}
	}
	return cells, nil
}

// samples takes the times of the plan's stage from a survey.
func (p *Plan) samples(s *Survey, posts []string, period Period, input *Input) (out []sample) {
	volume := p.volumes(s)
	_, doubted := s.doubt()
	days := map[string]bool{}
	take := func(i int, time border.Micros, timed, doubted bool) {
		r := &s.Records[i]
		day := r.day()
		switch {
		case !slices.Contains(posts, r.Post.Name) || !p.covers(r) || day < period.From || day > period.To:
			input.Beside++
		case !timed:
			input.Untimed++
		case volume[i] == 0:
			input.NoHour++
		default:
			out = append(out, sample{r.Post.Name + ", " + r.Direction() + ", " + p.band(volume[i]), day, time, doubted || time < 0, false})
			days[day] = true
		}
	}
	if p.Stage == StageCrossing {
		for _, c := range s.Crossings {
			from, to := s.Records[c.Exit].times[Arrival], s.Records[c.Entry].times[Removal]
			take(c.Exit, to.Sub(from), from != 0 && to != 0, doubted[c.Exit] || doubted[c.Entry])
		}
	} else {
		stage := stageOf(p.Stage)
		for i := range s.Records {
			t, ok := stage.of(&s.Records[i])
			take(i, t, ok, doubted[i])
		}
	}
	input.Used, input.Days = len(out), len(days)
	markOutliers(out)
	for _, s := range out {
		if s.impossible {
			input.Impossible++
		}
		if s.outlier {
			input.Outliers++
		}
	}
	return out
}

// day is the local day of a record.
func (r *Record) day() string { return r.first().Std(r.zone).Format(time.DateOnly) }

// markOutliers marks the possible times of one period that are beyond the fences
// of their stratum: fences over both periods, or over busy hours and quiet ones
// together, would mark what the measure or the hour did.
func markOutliers(samples []sample) {
	strata := map[string][]timed{}
	for i, s := range samples {
		strata[s.stratum] = append(strata[s.stratum], timed{s.time, i, s.impossible})
	}
	for _, name := range slices.Sorted(maps.Keys(strata)) {
		_, beyond := outliers(strata[name])
		for n, t := range strata[name] {
			samples[t.record].outlier = beyond[n]
		}
	}
}

func stageOf(name string) Stage {
	all := Stages()
	return all[slices.IndexFunc(all, func(s Stage) bool { return s.Name == name })]
}

// volumes returns how many vehicles came in the hour of each record, at its
// post in its direction; 0 where it is not known.
func (p *Plan) volumes(s *Survey) []int {
	type hour struct {
		post, direction string
		at              border.Time
	}
	of := func(r *Record) hour {
		return hour{r.Post.Name, r.Direction(), r.first() / border.Time(border.Hour)}
	}
	counts := map[hour]int{}
	for i := range s.Records {
		if !s.twice(i) {
			counts[of(&s.Records[i])]++
		}
	}
	out := make([]int, len(s.Records))
	for i := range s.Records {
		r := &s.Records[i]
		if out[i] = r.VolumePerH; p.Volume == VolumeArrivals {
			out[i] = counts[of(r)]
		}
	}
	return out
}

// effectOf judges the samples that are kept.
func effectOf(measure [2][]sample, comparison *[2][]sample, keep func(sample) bool) (e Effect, err error) {
	if e.Measure, err = armOf(measure, keep); err != nil {
		return e, fmt.Errorf("the measure's posts: %w", err)
	}
	e.ChangeMin = e.Measure.AdjAfter - e.Measure.AdjBefore
	arms := []*Arm{&e.Measure}
	if comparison != nil {
		c, err := armOf(*comparison, keep)
		if err != nil {
			return e, fmt.Errorf("the comparison's posts: %w", err)
		}
		e.Comparison = &c
		e.ChangeMin -= c.AdjAfter - c.AdjBefore
		arms = append(arms, &c)
	}
	variance, squares := 0.0, 0.0
	for _, arm := range arms {
		for k := range arm.variance {
			variance += arm.variance[k]
			squares += arm.variance[k] * arm.variance[k] / arm.df[k]
		}
	}
	e.DF = 1
	if squares > 0 {
		e.DF = max(1, int(variance*variance/squares))
	}
	half := study.StudentQuantile(0.975, e.DF) * math.Sqrt(variance)
	e.CI95 = [2]float64{e.ChangeMin - half, e.ChangeMin + half}
	return e, nil
}

// armOf standardises what is kept of both periods to the mix before.
func armOf(cells [2][]sample, keep func(sample) bool) (arm Arm, err error) {
	var values [2][]float64
	strata := map[string]*[2][]float64{}
	var names []string
	for k := range cells {
		cells[k] = slices.DeleteFunc(slices.Clone(cells[k]), func(s sample) bool { return !keep(s) })
		for _, s := range cells[k] {
			if strata[s.stratum] == nil {
				strata[s.stratum] = &[2][]float64{}
				names = append(names, s.stratum)
			}
			strata[s.stratum][k] = append(strata[s.stratum][k], s.time.Minutes())
			values[k] = append(values[k], s.time.Minutes())
		}
	}
	arm.Before, arm.After = study.SummarizeValues(values[0]), study.SummarizeValues(values[1])
	slices.Sort(names)
	both := [2]int{}
	for _, name := range names {
		s := strata[name]
		st := Stratum{Name: name, NBefore: len(s[0]), NAfter: len(s[1]), BeforeMin: mean(s[0]), AfterMin: mean(s[1])}
		if st.NBefore > 0 && st.NAfter > 0 {
			both[0] += st.NBefore
			both[1] += st.NAfter
		}
		arm.Strata = append(arm.Strata, st)
	}
	if both[0] == 0 {
		return arm, errors.New("no stratum of post, direction and volume has times both before and after; the two periods cannot be compared")
	}
	for i := range arm.Strata {
		if st := &arm.Strata[i]; st.NBefore > 0 && st.NAfter > 0 {
			st.Weight = float64(st.NBefore) / float64(both[0])
			arm.AdjBefore += st.Weight * st.BeforeMin
			arm.AdjAfter += st.Weight * st.AfterMin
		}
	}
	for k := range cells {
		arm.Covered[k] = float64(both[k]) / float64(len(cells[k]))
		var days int
		if arm.variance[k], days = arm.clustered(cells[k], k); days < 2 {
			return arm, fmt.Errorf("only %d of the days in strata that can be compared; at least two are needed for an interval", days)
		}
		arm.df[k] = float64(days - 1)
	}
	return arm, nil
}

// clustered returns the variance of an adjusted mean with days as clusters, and
// how many days there are.
func (arm *Arm) clustered(cell []sample, period int) (variance float64, clusters int) {
	var days []string
	sums := map[string]float64{}
	for _, s := range cell {
		i, _ := slices.BinarySearchFunc(arm.Strata, s.stratum, func(st Stratum, name string) int { return cmp.Compare(st.Name, name) })
		st := &arm.Strata[i]
		if st.Weight == 0 {
			continue
		}
		n, m := st.NBefore, st.BeforeMin
		if period == 1 {
			n, m = st.NAfter, st.AfterMin
		}
		if _, seen := sums[s.day]; !seen {
			days = append(days, s.day)
		}
		sums[s.day] += st.Weight / float64(n) * (s.time.Minutes() - m)
	}
	for _, day := range days {
		variance += sums[day] * sums[day]
	}
	d := float64(len(days))
	return variance * d / max(1, d-1), len(days)
}

// mean is 0 of nothing.
func mean(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}
