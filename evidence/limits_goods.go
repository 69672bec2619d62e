package evidence

import (
	"slices"

	"landport/border"
	"landport/sim"
)

// Goods are the goods vehicles that are expected in a day of the scenario's run,
// return legs and all that come at once included: what a published count of
// trucks is set beside.
type Goods struct {
	Multiplied float64 `json:"multiplied_per_day"` // of the flows whose traffic is multiplied
	Others     float64 `json:"others_per_day"`     // of the other flows
}

// at is how many come in a day where the traffic is multiplied by a factor.
func (g Goods) at(by float64) float64 { return by*g.Multiplied + g.Others }

func goodsOf(file *sim.File, flows []string) (g Goods, err error) {
	m, err := file.Model()
	if err != nil {
		return g, err
	}
	legs := goodsLegs(m.Classes)
	for i := range m.Flows {
		f := &m.Flows[i]
		each := 0.0
		for _, s := range f.Mix {
			each += s.P * legs[s.Class]
		}
		perDay := each * f.Arrivals.Expected(m.Start, m.Start.Add(m.Span)) / (m.Span.Hours() / 24)
		if slices.Contains(flows, f.Name) {
			g.Multiplied += perDay
		} else {
			g.Others += perDay
		}
	}
	return g, nil
}

// goodsLegs says for each class how many crossings of a goods vehicle a visit
// that sets out brings: its own, and those on the way back.
func goodsLegs(classes []sim.Class) []float64 {
	const others = border.Coach | border.Car | border.Motorbike | border.OnFoot
	const mostLegs = 100 // who comes back for certain never stops
	legs := make([]float64, len(classes))
	for range mostLegs {
		next := make([]float64, len(classes))
		for i := range classes {
			c := &classes[i]
			if c.Traits&others == 0 {
				next[i] = 1
			}
			if c.ReturnP > 0 {
				next[i] += c.ReturnP * legs[c.ReturnAs]
			}
			next[i] *= 1 - c.BookP*c.NoShowP
		}
		legs = next
	}
	return legs
}
