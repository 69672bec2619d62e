package sim

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"landport/border"
)

// The figures of a scenario. Each reads one value of the file.
type (
	duration    border.Micros
	count       int64
	probability float64
	factor      float64
	growth      float64 // a year
	date        border.Date
	dates       []border.Date
	rate        float64 // per day
	names       []string
	services    []serviceEntry
)

func (s *duration) read(n node) error {
	text, err := n.scalar("a duration such as 8m or 1h30m")
	if err != nil {
		return err
	}
	d, err := parseSpan(text)
	if err != nil {
		return n.errorf("%v", err)
	}
	*s = duration(d)
	return nil
}

// warmup is how long a warm-up lasts, or auto.
type warmup struct {
	span duration
	auto bool
}

func (w *warmup) read(n node) error {
	text, err := n.scalar("a duration such as 7d, or auto")
	if err != nil || text == "auto" {
		w.auto = err == nil
		return err
	}
	return w.span.read(n)
}

// parseSpan reads a duration such as 1h30m: numbers with units ms, s, m, h, d.
func parseSpan(text string) (border.Micros, error) {
	bad := fmt.Errorf("%q is not a duration; write it as 45s, 8m, 1h30m or 2d", text)
	var total float64
	for rest := text; rest != ""; {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789."))
		value, err := strconv.ParseFloat(rest[:digits], 64)
		if err != nil {
			return 0, bad
		}
		if digits == len(rest) {
			return 0, fmt.Errorf("%q has no unit; write %sm if it is minutes", text, text)
		}
		rest = rest[digits:]
		unit, letters := unitOf(rest)
		if letters == 0 {
			return 0, bad
		}
		total += value * float64(unit)
		rest = rest[letters:]
	}
	if total > float64(Longest) {
		return 0, fmt.Errorf("%q is longer than 100 years", text)
	}
	if total > 0 && math.Round(total) == 0 {
		return 0, fmt.Errorf("%q is shorter than a microsecond, the least there is; write 0s if it takes no time", text)
	}
	return border.Micros(math.Round(total)), nil
}

func unitOf(s string) (unit border.Micros, letters int) {
	switch {
	case strings.HasPrefix(s, "ms"):
		return border.Second / 1000, 2
	case strings.HasPrefix(s, "s"):
		return border.Second, 1
	case strings.HasPrefix(s, "m"):
		return border.Minute, 1
	case strings.HasPrefix(s, "h"):
		return border.Hour, 1
	case strings.HasPrefix(s, "d"):
		return border.Day, 1
	}
	return 0, 0
}

func (c *count) read(n node) error {
	text, err := n.number("a whole number")
	if err != nil {
		return err
	}
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil || v < n.limits.least || v > n.limits.most {
		return n.errorf("%q is not a whole number from %d to %d", text, n.limits.least, n.limits.most)
	}
	*c = count(v)
	return nil
}

func (p *probability) read(n node) error {
	text, err := n.number("a probability from 0 to 1")
	if err != nil {
		return err
	}
	v, err := parseNumber(text)
	if err != nil || v > 1 {
		return n.errorf("%q is not a probability; it lies between 0 and 1", text)
	}
	*p = probability(v)
	return nil
}

func (f *factor) read(n node) error {
	text, err := n.number("a number such as 0.5")
	if err != nil {
		return err
	}
	v, err := parseNumber(text)
	if err != nil {
		return n.errorf("%q is not a number of 0 or more", text)
	}
	*f = factor(v)
	return nil
}

func (g *growth) read(n node) error {
	text, err := n.number("a growth such as 0.05")
	if err != nil {
		return err
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v > -1 && v <= mostGrowth) {
		return n.errorf("%q is not a growth; 0.05 is five per cent more each year, -0.05 less; it lies above -1, up to %d", text, mostGrowth)
	}
	*g = growth(v)
	return nil
}

// parseNumber reads a finite decimal number that is not negative.
func parseNumber(text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err == nil && (v < 0 || strings.ContainsAny(text, "xX_") || math.IsInf(v, 0) || math.IsNaN(v)) {
		err = strconv.ErrRange
	}
	return v, err
}

func (r *rate) read(n node) error {
	text, err := n.scalar("a rate such as 450/day")
	if err != nil {
		return err
	}
	number, unit, _ := strings.Cut(text, "/")
	v, err := parseNumber(strings.TrimSpace(number))
	perDay := map[string]float64{"day": 1, "hour": 24, "minute": 24 * 60, "second": 24 * 3600}[strings.TrimSpace(unit)]
	if err != nil || perDay == 0 {
		return n.errorf("%q is not a rate; write it as 450/day, 12/hour, 1.2/minute or 3/second", text)
	}
	*r = rate(v * perDay)
	return nil
}

func (d *date) read(n node) error {
	text, err := n.scalar("a date such as 2018-04-14")
	if err != nil {
		return err
	}
	v, err := parseDate(text)
	if err != nil {
		return n.errorf("%v", err)
	}
	*d = date(v)
	return nil
}

func parseDate(text string) (border.Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return border.Date{}, fmt.Errorf("%q is not a date; write it as 2018-04-14", text)
	}
	y, m, d := t.Date()
	date := border.Date{Year: y, Month: m, Day: d}
	return date, checkYear(date)
}

func (d *dates) read(n node) error {
	for _, item := range n.items() {
		var one date
		if err := one.read(item); err != nil {
			return err
		}
		*d = append(*d, border.Date(one))
	}
	return nil
}
