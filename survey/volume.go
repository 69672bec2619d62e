package survey

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"landport/border"
)

// CountHours returns rows with the counts of the hours in which their vehicles
// arrived, where a row has none of its own. A count is a row without a vehicle:
// its post and direction, the beginning of its hour as arrival, and the count as
// volume per h; one whose arrival is within an hour began late and is no count of
// it. Of two counts of an hour the larger stands: who misses vehicles counts fewer.
func CountHours(rows, counts []map[Column]string) []map[Column]string {
	hours := placed(counts)
	out := slices.Clone(rows)
	for _, r := range placed(rows) {
		arrival, counted := r.times[Arrival], 0
		for i := range hours {
			h := &hours[i]
			from := h.times[Arrival]
			if from.Std(h.zone).Minute() == 0 && h.Post == r.Post && h.Exit == r.Exit && h.Entry == r.Entry && arrival >= from && arrival < from.Add(border.Hour) {
				counted = max(counted, h.VolumePerH)
			}
		}
		if i := r.Row - 2; counted > 0 && r.VolumePerH == 0 { // row 1 has the headers
			out[i] = maps.Clone(rows[i])
			out[i][VolumePerH] = strconv.Itoa(counted)
		}
	}
	return out
}

// placed reads of rows what tells the hour they belong to; Row is 2 for the
// first. Rows without post, direction and arrival are left out.
func placed(rows []map[Column]string) (all []Record) {
	brief := make([]map[Column]string, len(rows))
	for i, row := range rows {
		brief[i] = map[Column]string{}
		for _, c := range [...]Column{Date, Post, Direction, Arrival, VolumePerH} {
			brief[i][c] = strings.Join(strings.Fields(row[c]), " ") // on one line, as Row counts lines
		}
	}
	sheet, err := Import("", FromRows(brief), Mapping{}, nil)
	if err != nil { // more rows than a sheet has: none is placed
		return nil
	}
	return slices.DeleteFunc(sheet.Records, func(r Record) bool { return r.Exit == "" || r.times[Arrival] == 0 })
}
