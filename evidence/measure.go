package evidence

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"landport/border"
	"landport/study"
)

// Measure names one number of a study. Its text is STATISTIC(QUANTITY) or
// STATISTIC(QUANTITY@WHERE): p95(crossing_h), mean(wait_min@Bavet exit customs).
// The mean may be written QUANTITY or QUANTITY(WHERE): within_share,
// utilisation(Bavet exit customs).
type Measure struct {
	Statistic string // mean, p50, p90, p95, min or max
	Quantity  string // see Quantities
	Where     string // a post, stop, place of waiting, kind, party or country; empty for the whole crossing
}

// Quantity is what a Measure may be of.
type Quantity struct {
	Name   string
	Unit   string // h, min, a day, share, or empty for a number of visits
	Better int    // -1 where less is better, 1 where more is, 0 where neither
	About  string

	whole func(*study.Report) study.Summary // nil if it is always somewhere
	parts []func(*study.Report) []part      // where it may be
}

// part is a summary with the name of where it was measured.
type part struct {
	name string
	of   study.Summary
}

// Quantities lists what a Measure may be of.
func Quantities() []Quantity { return slices.Clone(quantities) }

var quantities = []Quantity{
	{
		Name: "crossing_h", Unit: "h", Better: -1, About: "border-crossing time of goods vehicles; at a post, or of a kind such as KH-VN perishable",
		whole: func(r *study.Report) study.Summary { return r.Crossing.TimeH },
		parts: []func(*study.Report) []part{
			func(r *study.Report) []part {
				return list(r.Posts, func(p *study.PostTimes) part { return part{p.Post, p.CrossingH} })
			},
			func(r *study.Report) []part {
				return list(r.Groups, func(g *study.GroupTimes) part { return part{g.Group, g.CrossingH} })
			},
		},
	},
	{
		Name: "buffer_h", Unit: "h", Better: -1, About: "95th percentile less the mean of the crossing time; at a post",
		whole: func(r *study.Report) study.Summary { return single(r.Crossing.BufferH, r.Crossing.TimeH.N) },
		parts: []func(*study.Report) []part{func(r *study.Report) []part {
			return list(r.Posts, func(p *study.PostTimes) part { return part{p.Post, single(p.BufferH, p.CrossingH.N)} })
		}},
	},
	{
		Name: "within_share", Unit: "share", Better: 1, About: "share of goods vehicles that cross within the service standard",
		whole: func(r *study.Report) study.Summary {
			if r.Crossing.WithinShare == nil {
				return single(nil, 0)
			}
			return *r.Crossing.WithinShare
		},
	},
	{
		Name: "day_sd_h", Unit: "h", Better: -1, About: "how the mean crossing time differs from day to day: standard deviation of the days' means",
		whole: func(r *study.Report) study.Summary {
			return single(r.Crossing.Days.DeviationH, int64(r.Crossing.Days.N))
		},
	},
	{
		Name: "throughput_per_day", Unit: "a day", Better: 1, About: "goods vehicles that leave a post in a day",
		parts: []func(*study.Report) []part{func(r *study.Report) []part {
			return list(r.Posts, func(p *study.PostTimes) part { return part{p.Post, p.ThroughputPerDay} })
		}},
	},
	{
		Name: "direction_share", Unit: "share", About: "share of the goods vehicles that travel in a direction such as KH-VN: how balanced the two are",
		parts: []func(*study.Report) []part{directions},
	},
	{
		Name: "cost", Better: -1, About: "what a goods vehicle pays and loses in a currency such as USD; everything under costs, each by itself shared among all goods vehicles",
		parts: []func(*study.Report) []part{costs},
	},
	{
		Name: "time_min", Unit: "min", Better: -1, About: "time in the system of all visits",
		whole: func(r *study.Report) study.Summary { return r.System.TimeMin },
	},
	{
		Name: "wait_min", Unit: "min", Better: -1, About: "wait of all visits; in line at a stop, or in a place of waiting",
		whole: func(r *study.Report) study.Summary { return r.System.WaitMin },
		parts: []func(*study.Report) []part{
			func(r *study.Report) []part {
				return list(r.Stops, func(s *study.StopTimes) part { return part{s.Stop, s.WaitMin} })
			},
			func(r *study.Report) []part {
				return list(r.Holds, func(h *study.HoldTimes) part { return part{h.Hold, h.WaitMin} })
			},
		},
	},
	{
		Name: "service_min", Unit: "min", Better: -1, About: "service time at a stop",
		parts: []func(*study.Report) []part{func(r *study.Report) []part {
			return list(r.Stops, func(s *study.StopTimes) part { return part{s.Stop, s.ServiceMin} })
		}},
	},
	{
		Name: "queue_length", Better: -1, About: "visits in line at a stop, or in a place of waiting, over time",
		parts: []func(*study.Report) []part{
			func(r *study.Report) []part {
				return list(r.Stops, func(s *study.StopTimes) part { return part{s.Stop, s.QueueLength} })
			},
			func(r *study.Report) []part {
				return list(r.Holds, func(h *study.HoldTimes) part { return part{h.Hold, h.QueueLength} })
			},
		},
	},
	{
		Name: "inside", Better: -1, About: "visits inside the crossing, over time",
		whole: func(r *study.Report) study.Summary { return r.System.Inside },
	},
	{
		Name: "utilisation", Unit: "share", About: "busy share of the officers available; at a stop, or of an agency such as customs KH",
		parts: []func(*study.Report) []part{
			func(r *study.Report) []part {
				return list(r.Stops, func(s *study.StopTimes) part { return part{s.Stop, s.Utilisation} })
			},
			func(r *study.Report) []part {
				return list(r.Officers, func(o *study.OfficerTimes) part {
					return part{officerName(o), single(o.Utilisation, r.Crossing.TimeH.N)}
				})
			},
		},
	},
	{
		Name: "officer_wait_min", Unit: "min", Better: -1, About: "mean time of a goods vehicle in line for an agency's officers, or held by them",
		parts: []func(*study.Report) []part{func(r *study.Report) []part {
			return list(r.Officers, func(o *study.OfficerTimes) part { return part{officerName(o), single(o.WaitMin, r.Crossing.TimeH.N)} })
		}},
	},
	{
		Name: "party_min", Unit: "min", Better: -1, About: "whose time of the crossing it was: broker, carrier, operator, closed hours, or an agency such as customs KH",
		parts: []func(*study.Report) []part{func(r *study.Report) []part {
			return list(r.Attribution, func(a *study.Attribution) part { return part{partyName(a), a.TimeMin} })
		}},
	},
	{
		Name: "side_min", Unit: "min", Better: -1, About: "mean time of the crossing that belongs to all agencies of a country, such as KH",
		parts: []func(*study.Report) []part{sides},
	},
}

// statistics are those of a study.Summary.
var statistics = []string{"mean", "p50", "p90", "p95", "min", "max"}

// Parse reads a measure. Errors name what there is; whether the crossing has
// the place is for Check to say.
func Parse(text string) (Measure, error) {
	m := Measure{Statistic: "mean", Quantity: strings.TrimSpace(text)}
	if head, rest, found := strings.Cut(m.Quantity, "("); found {
		inner, closed := strings.CutSuffix(rest, ")")
		if !closed {
			return m, fmt.Errorf("%q is not a measure; write it as p90(crossing_h) or mean(wait_min@NAME)", text)
		}
		m.Quantity, m.Where = strings.TrimSpace(head), inner
		if known(m.Quantity) == nil {
			m.Statistic = m.Quantity
			m.Quantity, m.Where, _ = strings.Cut(inner, "@")
		}
	}
	m.Quantity, m.Where = strings.TrimSpace(m.Quantity), strings.TrimSpace(m.Where)
	if !slices.Contains(statistics, m.Statistic) {
		return m, fmt.Errorf("%q: unknown statistic %q%s; there are %s", text, m.Statistic, perhaps(m.Statistic, statistics), strings.Join(statistics, ", "))
	}
	q := known(m.Quantity)
	switch {
	case q == nil:
		var names []string
		for i := range quantities {
			names = append(names, quantities[i].Name)
		}
		return m, fmt.Errorf("%q: unknown quantity %q%s; there are %s", text, m.Quantity, perhaps(m.Quantity, names), strings.Join(names, ", "))
	case m.Where == "" && q.whole == nil:
		return m, fmt.Errorf("%q lacks where, as in %s(%s@NAME): %s", text, m.Statistic, m.Quantity, q.About)
	case m.Where != "" && q.parts == nil:
		return m, fmt.Errorf("%q: %s is of the whole crossing; leave out @%s", text, m.Quantity, m.Where)
	case m.Statistic != "mean" && slices.Contains([]string{"buffer_h", "within_share", "day_sd_h", "direction_share", "cost", "officer_wait_min", "side_min"}, m.Quantity):
		return m, fmt.Errorf("%q: of %s there is only the mean", text, m.Quantity)
	}
	return m, nil
}

// String writes the measure as Parse reads it.
func (m Measure) String() string {
	if m.Where == "" {
		return m.Statistic + "(" + m.Quantity + ")"
	}
	return m.Statistic + "(" + m.Quantity + "@" + m.Where + ")"
}

// Of reads the measure from a report: false if it cannot be told, because the
// crossing does not cope, nobody came there, or there is no such place.
func (m Measure) Of(r *study.Report) (float64, bool) {
	s, found := m.summary(r)
	if !found {
		return 0, false
	}
	x := map[string]float64{"mean": s.Mean, "p50": s.P50, "p90": s.P90, "p95": s.P95, "min": s.Min, "max": s.Max}[m.Statistic]
	return x, !math.IsNaN(x) && !math.IsInf(x, 0)
}

// Check returns nil if the crossing of a report has what is measured, whether or
// not anybody came there, else a sentence that names what it has.
func (m Measure) Check(r *study.Report) error {
	if _, found := m.summary(r); found {
		return nil
	}
	var names []string
	for _, of := range known(m.Quantity).parts {
		for _, p := range of(r) {
			names = append(names, p.name)
		}
	}
	if len(names) == 0 {
		return fmt.Errorf("%s: %s has none", m, r.Scenario)
	}
	return fmt.Errorf("%s: %s has no %q%s; there are %s", m, r.Scenario, m.Where, perhaps(m.Where, names), strings.Join(names, ", "))
}

// Unit is that of the measure's number. That of a cost is its currency.
func (m Measure) Unit() string {
	if m.Quantity == "cost" {
		return m.Where
	}
	return known(m.Quantity).Unit
}

// Better is -1 where less is better, 1 where more is, 0 where neither.
func (m Measure) Better() int { return known(m.Quantity).Better }

func (m Measure) summary(r *study.Report) (study.Summary, bool) {
	q := known(m.Quantity)
	if q == nil || m.Where == "" && q.whole == nil {
		return study.Summary{}, false
	}
	if m.Where == "" {
		return q.whole(r), true
	}
	for _, of := range q.parts {
		parts := of(r)
		if i := slices.IndexFunc(parts, func(p part) bool { return p.name == m.Where }); i >= 0 {
			return parts[i].of, true
		}
	}
	return study.Summary{}, false
}

// known finds a quantity, nil if there is none of that name.
func known(name string) *Quantity {
	for _, q := range quantities {
		if q.Name == name {
			return &q
		}
	}
	return nil
}

func list[T any](from []T, as func(*T) part) (parts []part) {
	for i := range from {
		parts = append(parts, as(&from[i]))
	}
	return parts
}

// single is the summary of what is one number of a run, which rests on n of what
// it was worked out from; NaN if it cannot be told. It has no interval.
func single(x *float64, n int64) study.Summary {
	nan := math.NaN()
	s := study.Summary{N: n, Mean: nan, CI95: [2]float64{nan, nan}, P50: nan, P90: nan, P95: nan, Min: nan, Max: nan}
	if x != nil {
		s.Mean = *x
	}
	return s
}

// partyName is what a report's text calls a party: an agency with its country.
func partyName(a *study.Attribution) string {
	if a.Agency == "" {
		return a.Party
	}
	return strings.TrimSpace(a.Agency + " " + a.Country)
}

// officerName is what they are called, as the party they are.
func officerName(o *study.OfficerTimes) string {
	return partyName(&study.Attribution{Agency: o.Agency, Country: o.Country})
}

// sides adds up the time of each country's agencies.
func sides(r *study.Report) (parts []part) {
	for i := range r.Attribution {
		a := &r.Attribution[i]
		if a.Agency == "" || a.Country == "" {
			continue
		}
		at := slices.IndexFunc(parts, func(p part) bool { return p.name == a.Country })
		if at < 0 {
			zero := 0.0
			at, parts = len(parts), append(parts, part{a.Country, single(&zero, a.TimeMin.N)})
		}
		parts[at].of.Mean += a.TimeMin.Mean
	}
	return parts
}

// directions tells each direction's share of the goods vehicles.
func directions(r *study.Report) (parts []part) {
	all := int64(0)
	for i := range r.Groups {
		if g := &r.Groups[i]; g.Group == g.Direction {
			all += g.CrossingH.N
		}
	}
	for i := range r.Groups {
		if g := &r.Groups[i]; g.Group == g.Direction && all > 0 {
			share := float64(g.CrossingH.N) / float64(all)
			parts = append(parts, part{g.Direction, single(&share, all)})
		}
	}
	return parts
}

// costs adds up what a goods vehicle pays and loses, by currency.
func costs(r *study.Report) (parts []part) {
	goods := r.Crossing.TimeH.N
	for i := range r.Costs {
		c := &r.Costs[i]
		at := slices.IndexFunc(parts, func(p part) bool { return p.name == c.Currency })
		if at < 0 {
			zero := 0.0
			at, parts = len(parts), append(parts, part{c.Currency, single(&zero, goods)})
		}
		if c.Each.N > 0 {
			parts[at].of.Mean += c.Each.Mean * (float64(c.Each.N) / float64(goods))
		}
	}
	return parts
}

func perhaps(name string, names []string) string {
	if near := border.Nearest(name, names); near != "" {
		return fmt.Sprintf(", perhaps %q", near)
	}
	return ""
}
