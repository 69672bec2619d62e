package evidence

import (
	"math"

	"landport/study"
)

// Number is one figure of a report, in a form that any program reads. Numbers
// that cannot be told are left out.
type Number struct {
	Scenario string   `parquet:"scenario,dict"`
	Quantity string   `parquet:"quantity,dict"` // see Quantities
	Where    *string  `parquet:"where,optional,dict"`
	Unit     string   `parquet:"unit,dict"`
	Mean     float64  `parquet:"mean"`
	Low      *float64 `parquet:"ci95_low,optional"`
	High     *float64 `parquet:"ci95_high,optional"`
	P50      *float64 `parquet:"p50,optional"`
	P90      *float64 `parquet:"p90,optional"`
	P95      *float64 `parquet:"p95,optional"`
	Min      *float64 `parquet:"least,optional"`
	Max      *float64 `parquet:"greatest,optional"`
	N        *int64   `parquet:"n,optional"` // nil for what is over time and nobody came to: the 0 is known, though of no visit
}

// Numbers lists everything that a measure can name in a report.
func Numbers(r *study.Report) (out []Number) {
	add := func(q *Quantity, where string, s study.Summary) {
		if math.IsNaN(s.Mean) {
			return
		}
		n := Number{
			Scenario: r.Scenario, Quantity: q.Name, Unit: q.Unit, Mean: s.Mean, Low: told(s.CI95[0]), High: told(s.CI95[1]),
			P50: told(s.P50), P90: told(s.P90), P95: told(s.P95), Min: told(s.Min), Max: told(s.Max),
		}
		if s.N > 0 {
			n.N = &s.N
		}
		if where != "" {
			n.Where = &where
		}
		out = append(out, n)
	}
	for _, q := range quantities {
		if q.whole != nil {
			add(&q, "", q.whole(r))
		}
		for _, of := range q.parts {
			for _, p := range of(r) {
				add(&q, p.name, p.of)
			}
		}
	}
	return out
}
