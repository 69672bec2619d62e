package sim

import (
	"errors"
	"fmt"
	"math"
	"math/bits"

	"landport/border"
)

// cell is one column of an alias table: value with the probability keep/2^64,
// else other.
type cell struct {
	value, other border.Micros
	keep         uint64
}

// drawCell picks a column with the high part of u times the columns, and
// value or other with the low part.
func drawCell(cells []cell, u uint64) border.Micros {
	i, place := bits.Mul64(u, uint64(len(cells)))
	if c := &cells[i]; place >= c.keep {
		return c.other
	}
	return cells[i].value
}

// Empirical draws one of values with a probability in proportion to its
// weight; nil weights are equal. Equal values may be repeated. The table is
// Walker's, built as in Vose, "A Linear Algorithm for Generating Random
// Numbers with a Given Distribution", IEEE Transactions on Software
// Engineering 17(9), 1991.
func Empirical(values []border.Micros, weights []float64) Dist {
	weights, sum, err := checkEmpirical(values, weights)
	if err != nil {
		return Dist{err: err}
	}
	d := Dist{kind: empirical, cells: make([]cell, len(values))}
	share := make([]float64, len(values)) // 1 is a full column
	var few, many []int
	for i, w := range weights {
		d.mean += float64(w / sum * float64(values[i]))
		share[i] = w / sum * float64(len(values))
		d.cells[i] = cell{value: values[i], other: values[i], keep: math.MaxUint64}
		if share[i] < 1 {
			few = append(few, i)
		} else {
			many = append(many, i)
		}
	}
	for len(few) > 0 && len(many) > 0 {
		i, j := few[len(few)-1], many[len(many)-1]
		few = few[:len(few)-1]
		d.cells[i].keep = uint64(float64(share[i] * 0x1p64))
		d.cells[i].other = values[j]
		share[j] -= 1 - share[i]
		if share[j] < 1 {
			many = many[:len(many)-1]
			few = append(few, j)
		}
	}
	variance := 0.0
	for i, w := range weights {
		off := float64(values[i]) - d.mean
		variance += float64(float64(w/sum*off) * off)
	}
	d.cv = ratio(math.Sqrt(variance), d.mean)
	return d
}

func checkEmpirical(values []border.Micros, weights []float64) ([]float64, float64, error) {
	if len(values) == 0 {
		return nil, 0, errors.New("an empirical distribution has no values; give it one or more")
	}
	if weights == nil {
		weights = make([]float64, len(values))
		for i := range weights {
			weights[i] = 1
		}
	}
	if len(weights) != len(values) {
		return nil, 0, fmt.Errorf("%d values have %d weights; give each value one, or none at all", len(values), len(weights))
	}
	sum := 0.0
	for i, w := range weights {
		if err := checkTime(fmt.Sprintf("value number %d,", i+1), values[i], 0); err != nil {
			return nil, 0, err
		}
		if !(w >= 0 && w <= 1e15) {
			return nil, 0, fmt.Errorf("weight number %d is %g; it must be from 0 to 10^15", i+1, w)
		}
		sum += w
	}
	if sum == 0 {
		return nil, 0, fmt.Errorf("all %d weights are 0; one at least must be greater", len(weights))
	}
	return weights, sum, nil
}
