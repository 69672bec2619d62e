package survey

import (
	"fmt"
	"math"
	"strconv"

	"landport/border"
	"landport/study"
)

// Rule is why a record, or one of its times, is flagged. What is flagged stays
// in the survey; every figure is given with it and without, outliers first.
type Rule string

// The rules.
const (
	ImpossibleOrder Rule = "impossible order" // two instants in an order that cannot be: the whole record
	RecordedTwice   Rule = "recorded twice"   // one vehicle twice at one post within ten minutes: the later record
	Outlier         Rule = "outlier"          // a time beyond the fences of its stage: that time alone
)

// Flag is one application of a rule.
type Flag struct {
	Rule   Rule   `json:"rule"`
	Sheet  string `json:"sheet"`
	Row    int    `json:"row"`
	Post   string `json:"post"`
	Stage  string `json:"stage"` // of an outlier
	Detail string `json:"detail"`
}

// Fences are the bounds of times that are no outliers: Tukey's inner fences on
// the logarithm of time, because times at a border are skewed to the right
// (Tukey, Exploratory Data Analysis, 1977, 2D). With quartiles Q1 and Q3 the
// factor is k = (Q3/Q1)^1.5, and the fences Q1/k and Q3·k.
type Fences struct{ Low, High border.Micros }

// fencesFrom is the least number of times that quartiles are taken of.
const fencesFrom = 10

// fencesOf returns the fences of times; ok is false for too few, or where more
// than a quarter of them are shorter than a minute's half, as times written
// to the minute can be.
func fencesOf(times []border.Micros) (f Fences, ok bool) {
	var sketch study.Sketch
	for _, t := range times {
		if t >= 0 {
			sketch.Add(t)
		}
	}
	low, high := sketch.Quantile(0.25), sketch.Quantile(0.75)
	if sketch.Count() < fencesFrom || low < float64(border.Minute)/2 {
		return f, false
	}
	k := math.Pow(high/low, 1.5)
	// A time written to the minute is off by up to one.
	return Fences{border.Micros(low/k) - border.Minute, border.Micros(high*k) + border.Minute}, true
}

// disorder returns the first order that a record breaks.
func (r *Record) disorder(orders []Order) (o Order, broken bool) {
	for _, o := range orders {
		if first, then := r.times[o.First], r.times[o.Then]; first != 0 && then != 0 && then < first {
			return o, true
		}
	}
	return o, false
}

// doubt returns the flags on whole records, and which records they are on.
func (s *Survey) doubt() (flags []Flag, doubted []bool) {
	doubted = make([]bool, len(s.Records))
	orders := Orders()
	for i := range s.Records {
		r := &s.Records[i]
		if o, broken := r.disorder(orders); broken {
			doubted[i] = true
			flags = append(flags, r.flag(ImpossibleOrder, "", fmt.Sprintf("%s at %s comes before %s at %s",
				o.Then.Label(), r.clock(o.Then), o.First.Label(), r.clock(o.First))))
		}
		if s.twice(i) {
			doubted[i] = true
			flags = append(flags, r.flag(RecordedTwice, "", "another row has the same plate at this post within ten minutes"))
		}
	}
	return flags, doubted
}

func (r *Record) flag(rule Rule, stage, detail string) Flag {
	return Flag{Rule: rule, Sheet: r.Sheet, Row: r.Row, Post: r.Post.Name, Stage: stage, Detail: detail}
}

func (r *Record) clock(c Column) string { return r.times[c].Std(r.zone).Format("2006-01-02 15:04") }

// outliers returns which times are beyond the fences of all that are not
// doubted.
func outliers(times []timed) (f Fences, beyond []bool) {
	var sound []border.Micros
	for _, t := range times {
		if !t.doubted {
			sound = append(sound, t.time)
		}
	}
	beyond = make([]bool, len(times))
	f, ok := fencesOf(sound)
	for i, t := range times {
		beyond[i] = ok && !t.doubted && (t.time < f.Low || t.time > f.High)
	}
	return f, beyond
}

// timed is a time of a stage, and of which record it is.
type timed struct {
	time    border.Micros
	record  int
	doubted bool // the record, or one of a crossing's two, is flagged as a whole
}

func minutesOf(t border.Micros) string {
	return strconv.FormatFloat(math.Round(t.Minutes()), 'f', -1, 64) + " min"
}

func countRule(flags []Flag, rule Rule) (n int) {
	for i := range flags {
		if flags[i].Rule == rule {
			n++
		}
	}
	return n
}
