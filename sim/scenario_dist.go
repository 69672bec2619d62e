package sim

import (
	"errors"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"landport/border"
)

// timing is a distribution of durations, tally one of whole numbers. A plain
// value is always that.
type (
	timing struct{ Dist }
	tally  struct{ Dist }
	amount border.Micros // of people or things
)

func (t *timing) read(n node) (err error) {
	t.Dist, err = readDist[duration](n)
	return err
}

func (t *tally) read(n node) (err error) {
	t.Dist, err = readDist[amount](n)
	return err
}

func (a *amount) read(n node) error {
	text, err := n.number("a whole number")
	if err != nil {
		return err
	}
	v, err := strconv.ParseUint(text, 10, 31)
	if err != nil || v > mostPassengers {
		return n.errorf("%q is not a whole number from 0 to %d", text, mostPassengers)
	}
	*a = amount(v)
	return nil
}

// distEntry is a distribution as written; exactly one family is given.
type distEntry[T ~int64] struct {
	Exponential T                  `yaml:"exponential" doc:"Exponential with this mean."`
	Normal      normalEntry[T]     `yaml:"normal" doc:"Normal, cut off at zero."`
	LogNormal   logNormalEntry[T]  `yaml:"lognormal" doc:"Log-normal: most are short, some very long."`
	Gamma       gammaEntry[T]      `yaml:"gamma" doc:"Gamma."`
	Erlang      erlangEntry[T]     `yaml:"erlang" doc:"Sum of k exponential phases."`
	Uniform     uniformEntry[T]    `yaml:"uniform" doc:"Anything between two values."`
	Triangular  triangularEntry[T] `yaml:"triangular" doc:"Least, most frequent and greatest value."`
	Empirical   empiricalEntry[T]  `yaml:"empirical" doc:"Observed values."`
}

type normalEntry[T ~int64] struct {
	Mean T `yaml:"mean" need:"true" doc:"Mean before it is cut off."`
	SD   T `yaml:"sd" need:"true" doc:"Standard deviation before it is cut off."`
}

type logNormalEntry[T ~int64] struct {
	Mean   T      `yaml:"mean" doc:"Mean, with cv."`
	CV     factor `yaml:"cv" doc:"Coefficient of variation: standard deviation over mean."`
	Median T      `yaml:"median" doc:"Median, with p90."`
	P90    T      `yaml:"p90" doc:"90th percentile."`
}

type gammaEntry[T ~int64] struct {
	Mean T      `yaml:"mean" need:"true" doc:"Mean."`
	CV   factor `yaml:"cv" need:"true" doc:"Coefficient of variation: standard deviation over mean."`
}

type erlangEntry[T ~int64] struct {
	Mean T     `yaml:"mean" need:"true" doc:"Mean of the sum."`
	K    count `yaml:"k" need:"true" least:"1" most:"1000" doc:"Number of phases."`
}

type uniformEntry[T ~int64] struct {
	Low  T `yaml:"low" need:"true" doc:"Least value."`
	High T `yaml:"high" need:"true" doc:"Greatest value."`
}

type triangularEntry[T ~int64] struct {
	Low  T `yaml:"low" need:"true" doc:"Least value."`
	Mode T `yaml:"mode" need:"true" doc:"Most frequent value."`
	High T `yaml:"high" need:"true" doc:"Greatest value."`
}

type empiricalEntry[T ~int64] struct {
	Values  []T      `yaml:"values" need:"true" short:"true" doc:"Values."`
	Weights []factor `yaml:"weights" doc:"How often each occurs; equally often if left out."`
}

func readDist[T ~int64](n node) (Dist, error) {
	if _, mapped := n.Node.(*ast.MappingNode); !mapped {
		var always T
		err := n.d.bare(n, reflect.ValueOf(&always).Elem())
		return Deterministic(border.Micros(always)), err
	}
	var e distEntry[T]
	entries, _, err := n.entries()
	if err != nil {
		return Dist{}, err
	}
	if err := n.d.bare(n, reflect.ValueOf(&e).Elem()); err != nil {
		return Dist{}, err
	}
	if len(entries) != 1 {
		return Dist{}, n.errorf("has %d distributions; give it one of %s",
			len(entries), strings.Join(fieldNames(reflect.TypeFor[distEntry[T]]()), ", "))
	}
	d, err := e.dist(n, entries[0].key)
	if err == nil {
		err = d.Check()
	}
	if err != nil {
		return Dist{}, n.errorf("%v", err)
	}
	return d, nil
}

func (e *distEntry[T]) dist(n node, family string) (Dist, error) {
	us := func(v T) border.Micros { return border.Micros(v) }
	switch family {
	case "exponential":
		return Exponential(us(e.Exponential)), nil
	case "normal":
		return TruncatedNormal(us(e.Normal.Mean), us(e.Normal.SD)), nil
	case "lognormal":
		given := func(name string) bool { return n.d.has(n.join("lognormal." + name)) }
		switch l := e.LogNormal; {
		case given("mean") && given("cv") && !given("median") && !given("p90"):
			return LogNormal(us(l.Mean), float64(l.CV)), nil
		case given("median") && given("p90") && !given("mean") && !given("cv"):
			return LogNormalP90(us(l.Median), us(l.P90)), nil
		}
		return Dist{}, errors.New("lognormal takes mean and cv, or median and p90")
	case "gamma":
		return Gamma(us(e.Gamma.Mean), float64(e.Gamma.CV)), nil
	case "erlang":
		return Erlang(us(e.Erlang.Mean), int(e.Erlang.K)), nil
	case "uniform":
		return Uniform(us(e.Uniform.Low), us(e.Uniform.High)), nil
	case "triangular":
		return Triangular(us(e.Triangular.Low), us(e.Triangular.Mode), us(e.Triangular.High)), nil
	}
	var values []border.Micros
	for _, v := range e.Empirical.Values {
		values = append(values, us(v))
	}
	var weights []float64
	for _, w := range e.Empirical.Weights {
		weights = append(weights, float64(w))
	}
	return Empirical(values, weights), nil
}

// bare fills v with values that are no figures of their own.
func (d *decoder) bare(n node, v reflect.Value) error {
	n.free = true
	return d.fill(n, v)
}
