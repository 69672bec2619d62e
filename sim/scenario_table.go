package sim

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A table's values are one figure together. Its keys say what each is for.
type (
	hourTable  struct{ weights []float64 } // 24, or nil
	dayTable   struct{ weights []float64 } // 7 from Sunday, or nil
	batchTable struct{ chances []float64 } // by number that comes at once, from 1
	mixTable   struct{ shares []mixShare }
)

type mixShare struct {
	class string
	p     float64
}

func (t *hourTable) read(n node) error {
	var err error
	t.weights, err = n.weights(24, func(key string) ([]int, error) {
		a, b, through := strings.Cut(key, "-")
		from, err1 := strconv.Atoi(a)
		to, err2 := strconv.Atoi(b)
		if !through {
			to, err2 = from+1, nil
		}
		if err1 != nil || err2 != nil || from < 0 || to > 24 || from >= to {
			return nil, fmt.Errorf("%q is not hours of the day; write 06-08 for 06:00 to 08:00", key)
		}
		var hours []int
		for h := from; h < to; h++ {
			hours = append(hours, h)
		}
		return hours, nil
	}, func(i int) string { return fmt.Sprintf("%02d-%02d", i, i+1) })
	return err
}

func (t *dayTable) read(n node) error {
	var err error
	t.weights, err = n.weights(7, parseDays, func(i int) string { return weekdays()[i] })
	return err
}

// weights reads a table that gives every hour or every day a number.
func (n node) weights(size int, parse func(string) ([]int, error), name func(int) string) ([]float64, error) {
	entries, mapped, err := n.entries()
	if err != nil {
		return nil, err
	}
	if !mapped {
		return nil, n.errorf("%s is not a table such as {%s: 1}", n.written(), name(0))
	}
	out := make([]float64, size)
	var named []int
	sum := 0.0
	for _, e := range entries {
		at, err := parse(e.key)
		if err != nil {
			return nil, e.errorf("%v", err)
		}
		var weight factor
		item := n.child(e.value, n.path)
		if err := weight.read(item); err != nil {
			return nil, err
		}
		for _, i := range at {
			if slices.Contains(named, i) {
				return nil, e.errorf("%s is named twice", name(i))
			}
			named = append(named, i)
			out[i] = float64(weight)
			sum += out[i]
		}
	}
	for i := range size {
		if !slices.Contains(named, i) {
			return nil, n.errorf("%s is not named; give it a weight, 0 if nobody comes", name(i))
		}
	}
	if sum == 0 {
		return nil, n.errorf("all weights are 0; one at least must be greater")
	}
	return out, nil
}

func (t *batchTable) read(n node) error {
	return n.chances("{1: 0.8, 2: 0.2}", func(e entry, p float64) error {
		size, err := strconv.Atoi(e.key)
		if err != nil || size < 1 || size > mostBatch {
			return e.errorf("%q is not a number of vehicles from 1 to %d", e.key, mostBatch)
		}
		for len(t.chances) < size {
			t.chances = append(t.chances, 0)
		}
		t.chances[size-1] += p
		return nil
	})
}

func (t *mixTable) read(n node) error {
	return n.chances("{laden: 0.7, empty: 0.3}", func(e entry, p float64) error {
		t.shares = append(t.shares, mixShare{e.key, p})
		return nil
	})
}

// chances reads a table of probabilities, which must add up to 1.
func (n node) chances(example string, take func(e entry, p float64) error) error {
	entries, mapped, err := n.entries()
	if err != nil {
		return err
	}
	if !mapped {
		return n.errorf("%s is not a table such as %s", n.written(), example)
	}
	sum := 0.0
	for _, e := range entries {
		var p probability
		item := n.child(e.value, n.path)
		if err := p.read(item); err != nil {
			return err
		}
		if err := take(e, float64(p)); err != nil {
			return err
		}
		sum += float64(p)
	}
	if math.Abs(sum-1) > 1e-6 {
		return n.errorf("the probabilities add up to %.6g; they must add up to 1", sum)
	}
	return nil
}
