package survey

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"landport/border"
)

// Counting returns the result that the plan says counts.
func (a *Assessment) Counting() *Effect {
	if a.Counts == FlaggedWith {
		return &a.All
	}
	return &a.Possible
}

// result is an effect with the name of the records that it rests on.
type result struct {
	name   string
	effect *Effect
}

// results lists the result that counts and what it is checked by.
func (a *Assessment) results() []result {
	all := []result{{"without what is impossible", &a.Possible}, {"with all that was recorded", &a.All}}
	if a.Fenced != nil {
		all = append(all, result{"without outliers", a.Fenced})
	}
	return all
}

// finding is what an interval says.
type finding int

const (
	shorterAsWished finding = iota + 1 // by at least the smallest difference worth having
	shorter
	longer
	noGain // worth having
	untold
)

func (e *Effect) finding(leastMin float64) finding {
	low, high := e.CI95[0], e.CI95[1]
	switch {
	case high < 0 && high <= -leastMin:
		return shorterAsWished
	case high < 0:
		return shorter
	case low > 0:
		return longer
	case low > -leastMin:
		return noGain
	}
	return untold
}

func (e *Effect) words() string {
	return fmt.Sprintf("%s minutes (95%% interval %s to %s)", signed(e.ChangeMin), signed(e.CI95[0]), signed(e.CI95[1]))
}

// Verdict says what the assessment comes to, by the smallest difference that the
// plan calls worth having, and whether the flagged records decide it: nothing is
// excluded by a result that they overturn.
func (a *Assessment) Verdict() string {
	counting, least := a.Counting(), a.Plan.SmallestMin
	found := counting.finding(least)
	var others []string
	for _, r := range a.results() {
		if r.effect.finding(least) != found {
			others = append(others, r.name+" the change is "+r.effect.words())
		}
	}
	said := found.say(counting.words(), Figure(least), len(others) == 0)
	if len(others) > 0 {
		said += " But that hangs on flagged records: " + strings.Join(others, ", and ") + ", another verdict. Look at those records before believing either."
	}
	return said
}

// say writes a finding; one that is not sure excludes nothing.
func (f finding) say(change, least string, sure bool) string {
	switch {
	case f == shorterAsWished:
		return fmt.Sprintf("Shorter, by at least the %s minutes called worth having: %s.", least, change)
	case f == shorter:
		return fmt.Sprintf("Shorter, but whether by the %s minutes called worth having is not sure: %s.", least, change)
	case f == longer:
		return "Longer: " + change + "."
	case f == noGain && sure:
		return fmt.Sprintf("No change worth having: %s; a gain of %s minutes is excluded.", change, least)
	case f == noGain:
		return "Not settled: " + change + "."
	}
	return "Not told apart from no change: " + change + "; neither a gain nor none is shown."
}

func signed(x float64) string {
	if s := Figure(math.Abs(x)); s != "0.0" && x < 0 {
		return "−" + s
	} else if s != "0.0" {
		return "+" + s
	}
	return "0"
}

// note says what a reader must know beside the verdict.
func (a *Assessment) note() {
	notef := func(format string, args ...any) { a.Notes = append(a.Notes, fmt.Sprintf(format, args...)) }
	e := a.Counting()
	if e.Comparison == nil {
		notef("There is no comparison post: whatever else changed between the two periods is in the result.")
	} else {
		notef("The comparison's change, %s minutes, is taken off. That holds if both would have changed alike without the measure; no figure here can show it.",
			signed(e.Comparison.AdjAfter-e.Comparison.AdjBefore))
	}
	for _, arm := range []*Arm{&e.Measure, e.Comparison} {
		if arm != nil && min(arm.Covered[0], arm.Covered[1]) < 0.9 {
			notef("Only %s of the times before and %s of those after are in strata that have both; the others are not compared.", percentOf(arm.Covered[0]), percentOf(arm.Covered[1]))
		}
	}
	for _, p := range a.Periods {
		if p.Days < surveyDays {
			notef("%s, %s: %d of seven days; days of the week that are missing may differ.", p.Arm, p.Period, p.Days)
		}
		if p.NoHour > 0 {
			notef("%s, %s: %d times without the volume of their hour are not compared.", p.Arm, p.Period, p.NoHour)
		}
		if p.Impossible > 0 && a.Counts == FlaggedWithout {
			notef("%s, %s: %d of %d times are left out because they are impossible, or recorded twice.", p.Arm, p.Period, p.Impossible, p.Used)
		}
		if p.Outliers > 0 {
			notef("%s, %s: %d of %d times are outliers of their stratum. They count; those that the measure sped up may be among them.", p.Arm, p.Period, p.Outliers, p.Used)
		}
		if p.Untimed > 0 {
			notef("%s, %s: %d records lack the times of %q.", p.Arm, p.Period, p.Untimed, a.Plan.Stage)
		}
	}
	if a.Outcomes == nil {
		notef("Neither detections nor revenue were given: a shorter time alone does not say that control is as good as before.")
	}
	notef("Days are few and are what the interval rests on (%d degrees of freedom).", e.DF)
}

// WriteAssessment writes the assessment as one HTML file to be printed and
// signed. hash is that of its JSON, by which signatures tell it.
func (a *Assessment) WriteAssessment(w io.Writer, hash string) error {
	return render(w, assessmentPage(a, hash))
}

// reservationsOf lists what the group of a country holds against the result.
func (a *Assessment) reservationsOf(country string) (texts []string) {
	if a.Outcomes != nil {
		for _, r := range a.Outcomes.Reservations {
			if r.Country == country {
				texts = append(texts, r.Text)
			}
		}
	}
	return texts
}

// FrozenWords say what the plan's date rests on.
func (a *Assessment) FrozenWords() string {
	return Frozen{Signed: a.FrozenBy}.words()
}

// countsWords says what the plan leaves out.
func (a *Assessment) countsWords() string {
	if a.Counts == FlaggedWith {
		return "The plan counts all that was recorded, the impossible too."
	}
	return "The plan leaves out what is impossible: instants in an order that cannot be, times below zero, vehicles recorded twice. Outliers count, and the result without them is a check."
}

// ratioWords writes a ratio with its interval.
func ratioWords(r *Ratio) string {
	if r.Ratio == nil {
		return "cannot be told: nothing was counted before or after"
	}
	return fmt.Sprintf("%.2f times as often (95%% interval %.2f to %.2f)", *r.Ratio, r.CI95[0], r.CI95[1])
}

// perVehicle writes revenue a vehicle, such as "USD 100.00". A currency that is
// not known here has minor units of a size that is not known either.
func perVehicle(o Outcome, code string) string {
	each := math.Round(float64(o.RevenueMinor[code]) / float64(o.Vehicles))
	currency, err := border.ParseCurrency(code)
	if err != nil {
		return fmt.Sprintf("%s %.0f minor units", code, each)
	}
	return border.Money{Minor: int64(each), Currency: currency}.String()
}

// settledWords says by what the plan judges, as it was frozen.
func (p *Plan) settledWords() string {
	volume := "the count that the sheets have for each hour"
	if p.Volume == VolumeArrivals {
		volume = "the arrivals in the sheets"
	}
	edges := make([]string, len(p.BandsPerH))
	for i, edge := range p.BandsPerH {
		edges[i] = strconv.Itoa(edge)
	}
	return fmt.Sprintf("Settled in it: the smallest difference worth having, %s minutes; hourly volume by %s, in bands that begin at 0, %s.", Figure(p.SmallestMin), volume, strings.Join(edges, ", "))
}

func itoa[N ~int | ~int64](n N) string { return strconv.FormatInt(int64(n), 10) }

func meanOrNone(x float64, n int) string {
	if n == 0 {
		return "–"
	}
	return Figure(x)
}

// directionWords follow the posts in a sentence.
func (p *Plan) directionWords() string {
	switch p.Direction {
	case "":
		return ", both directions"
	case DirectionExit, DirectionEntry:
		return ", " + p.Direction + " as each post sees it"
	}
	return ", " + p.Direction
}

func list(names []string) string { return strings.Join(names, ", ") }

// missingWords names what is often missing.
func (a *Assessment) missingWords() string {
	var words []string
	for _, p := range a.Periods {
		for _, m := range p.Missing {
			if m.OnSheet && m.Share > missingTold {
				words = append(words, fmt.Sprintf("%s at %s, %s %s: %s", m.Column.Label(), m.Post, p.Arm, p.Period, percentOf(m.Share)))
			}
		}
	}
	if len(words) == 0 {
		return "none."
	}
	return strings.Join(words, "; ") + "."
}
