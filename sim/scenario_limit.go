package sim

import (
	"fmt"
	"math"
	"reflect"
	"strconv"

	"landport/border"
)

// Limits of a scenario, many times what the largest crossing needs: what lies
// beyond is a slip of the pen, or a run that would not end. Those of a single
// field are in its tags, least and most, for a number its value and for a list
// its entries. docs/scenarios.md lists them all.
const (
	MostBytes      = 1 << 20 // of a file
	mostDeep       = 100     // brackets inside each other
	mostLetters    = 100     // of a name
	mostPlaces     = 4000    // all told, as with stops
	mostPassengers = 1000    // of a coach
	mostBatch      = 1000    // vehicles at once
	mostPerDay     = 1_000_000
	mostAgain      = 0.99 // a hundred services of one visit
	mostGrowth     = 10
	mostLead       = 30 * border.Day
	leastAway      = border.Minute // before a vehicle comes back
	leastSlot      = border.Minute
	firstYear      = 1970
	lastYear       = 2199
)

// limits are the least and the most of a field.
type limits struct{ least, most int64 }

func limitsOf(field reflect.StructField) limits {
	return limits{limitOf(field, "least", 0), limitOf(field, "most", math.MaxInt32)}
}

func limitOf(field reflect.StructField, name string, without int64) int64 {
	text, ok := field.Tag.Lookup(name)
	if !ok {
		return without
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		panic(err) // the tag is malformed
	}
	return n
}

// checkEntries refuses a list of more entries than it takes.
func (n node) checkEntries(list reflect.Value) error {
	if list.Kind() == reflect.Slice && int64(list.Len()) > n.limits.most {
		return n.errorf("has %d entries; it takes at most %d", list.Len(), n.limits.most)
	}
	return nil
}

// checkPlaces refuses more places or stops than a scenario takes.
func (c *compiler) checkPlaces(path string, n int, many string) error {
	if n > mostPlaces {
		return c.text.errorf(path, "makes more than %d %s in all; a scenario takes so many", mostPlaces, many)
	}
	return nil
}

// checkPace refuses arrivals so frequent that a run would not end.
func (c *compiler) checkPace(path, brings string, perDay float64) error {
	if perDay > mostPerDay {
		return c.text.errorf(path, "%s %.3g arrivals a day; it takes at most %d", brings, perDay, mostPerDay)
	}
	return nil
}

// checkYear refuses dates that no calendar of holidays and clock changes covers.
func checkYear(d border.Date) error {
	if d.Year < firstYear || d.Year > lastYear {
		return fmt.Errorf("%04d-%02d-%02d is out of range; dates are from %d to %d", d.Year, d.Month, d.Day, firstYear, lastYear)
	}
	return nil
}
