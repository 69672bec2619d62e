package survey

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"landport/border"
)

// reader reads one row.
type reader struct {
	sheet   *Sheet
	mapping *Mapping
	spelling
	row     int
	zone    *time.Location // nil for the post's
	cells   [columns]string
	headers [columns]string
	record  Record
	bad     []Problem // for which the row is kept aside
	remarks []Problem // values not used in a row that is
}

// nothing is how people write that there is nothing to write.
var nothing = map[string]bool{"": true, "na": true, "n a": true, "none": true, "nil": true, "khong": true, "khong co": true, "no": true}

func (r *reader) read(row []string) {
	for i, h := range r.sheet.Headings {
		r.headers[h.Column] = h.Header
		if h.Column == NoColumn || i >= len(row) {
			continue
		}
		if c := h.Column; c == LoadState || !nothing[fold(row[i])] {
			r.cells[c] = unguarded(strings.TrimSpace(row[i]))
		}
	}
	for i := len(r.sheet.Headings); i < len(row); i++ {
		if strings.TrimSpace(row[i]) != "" {
			r.bad = append(r.bad, Problem{Row: r.row, Value: row[i], Reason: fmt.Sprintf("the row has more cells than there are headers (%d); is a separator inside a cell?", len(r.sheet.Headings))})
			return
		}
	}
	r.record.Sheet, r.record.Row = r.sheet.Name, r.row
	r.record.Recorder = r.cells[Recorder]
	if r.post() {
		r.direction()
	}
	r.plate()
	r.record.Load = r.trait(LoadState, loadWords, border.LoadState)
	r.record.Vehicle = r.trait(VehicleType, vehicleWords, border.VehicleType)
	r.channel()
	r.volume()
	r.times()
}

func (r *reader) refusef(c Column, format string, args ...any) {
	r.bad = append(r.bad, Problem{r.row, c, r.headers[c], r.cells[c], fmt.Sprintf(format, args...)})
}

func (r *reader) post() bool {
	name := r.cells[Post]
	if name == "" {
		name = r.mapping.Post
	}
	if name == "" {
		r.refusef(Post, "no post is named; fill in the column, or name the post of the whole sheet")
		return false
	}
	p, err := PlaceOf(name, r.mapping.Posts)
	if err != nil {
		r.refusef(Post, "%v", err)
		return false
	}
	r.record.Post, r.record.zone = p, r.zone
	if r.zone == nil {
		zone, ok := p.Zone()
		if !ok {
			r.refusef(Post, "the time zone of %s is not known here; name one, such as Asia/Kolkata, for the whole sheet", p.Country)
			return false
		}
		r.record.zone = zone
	}
	return true
}

var (
	exitWords  = map[string]bool{"exit": true, "export": true, "out": true, "outbound": true, "outgoing": true, "xuat": true, "xuat canh": true, "xuat khau": true, "ra": true, "chieu ra": true, "chenh": true}
	entryWords = map[string]bool{"entry": true, "import": true, "in": true, "inbound": true, "incoming": true, "nhap": true, "nhap canh": true, "nhap khau": true, "vao": true, "chieu vao": true, "chol": true, "choul": true}
)

// direction reads exit and entry country, as KH-VN or as the post sees it.
func (r *reader) direction() {
	cell := r.cells[Direction]
	if cell == "" {
		return
	}
	folded := fold(cell)
	here, there := r.record.Post.Country, r.record.Post.Facing
	switch words := withoutNoise(strings.Fields(folded)); {
	case exitWords[folded]:
		r.record.Exit, r.record.Entry = here, there
	case entryWords[folded]:
		r.record.Exit, r.record.Entry = there, here
	case len(words) == 2 && len(words[0]) == 2 && len(words[1]) == 2:
		r.record.Exit, r.record.Entry = strings.ToUpper(words[0]), strings.ToUpper(words[1])
		if r.record.Direction() != here+"-"+there && r.record.Direction() != there+"-"+here {
			r.refusef(Direction, "%s lies between %s and %s; its directions are %s-%s and %s-%s", r.record.Post.Name, here, there, here, there, there, here)
		}
	default:
		r.refusef(Direction, "it is no direction; write %s-%s or %s-%s, or exit or entry as seen from %s", here, there, there, here, here)
	}
}

// PlateCountries lists the countries whose plates are known, ISO 3166-1 alpha-2.
func PlateCountries() []string { return []string{"KH", "VN", "LA", "TH", "MM", "CN"} }

// plate reads what the halves of a crossing are joined by. One that cannot be
// read is told and not used; the row's times are as good without it.
func (r *reader) plate() {
	cell := r.cells[Plate]
	r.cells[Plate] = "" // no message repeats it
	if cell == "" {
		return
	}
	countries := PlateCountries()
	if given := r.cells[PlateCountry]; given != "" {
		country, err := border.ParseCountry(given)
		if err != nil {
			r.refusef(PlateCountry, "%v", err)
			return
		}
		countries = []string{country}
	}
	for _, country := range countries {
		if p, err := border.ParsePlate(country, cell); err == nil {
			r.record.plate, r.record.plain = p.Match, true
			return
		}
	}
	r.remarks = append(r.remarks, Problem{
		Row: r.row, Column: Plate, Header: r.headers[Plate],
		Reason: "it is no number plate of " + strings.Join(countries, ", ") + "; the row counts, but cannot be joined with its other half",
	})
}

var loadWords = map[string]string{
	"full": "laden", "loaded": "laden", "yes": "laden", "co": "laden", "co hang": "laden", "xe co hang": "laden", "mean tomnenh": "laden",
	"no": "empty", "unloaded": "empty", "khong": "empty", "khong hang": "empty", "khong co hang": "empty", "xe khong": "empty", "rong": "empty", "tote": "empty",
	"partly loaded": "part-loaded", "part": "part-loaded", "partial": "part-loaded", "mot phan": "part-loaded",
}

var vehicleWords = map[string]string{
	"truck": "rigid-truck", "lorry": "rigid-truck", "xe tai": "rigid-truck", "lan": "rigid-truck",
	"container": "articulated-truck", "container truck": "articulated-truck", "trailer": "articulated-truck", "semi trailer": "articulated-truck",
	"tractor": "articulated-truck", "tractor trailer": "articulated-truck", "xe dau keo": "articulated-truck", "dau keo": "articulated-truck",
	"xe container": "articulated-truck", "bus": "coach", "xe khach": "coach", "xe buyt": "coach",
	"xe con": "car", "o to con": "car", "motorcycle": "motorbike", "moto": "motorbike", "xe may": "motorbike", "pedestrian": "on-foot",
}

// trait reads a value of an axis in its standard term or a common word for it.
func (r *reader) trait(c Column, words map[string]string, axis border.Axis) border.Traits {
	folded := fold(r.cells[c])
	if c == LoadState && (folded == "na" || folded == "n a" || folded == "nil" || folded == "none") {
		folded = ""
	}
	if folded == "" {
		return 0
	}
	term, ok := words[folded]
	if !ok {
		term = strings.ReplaceAll(folded, " ", "-")
	}
	value, of, err := border.ParseTrait(term)
	if err != nil || of != axis {
		r.refusef(c, "it is not known; write one of %s", strings.Join(axis.Values(), ", "))
		return 0
	}
	return value
}

// Channels lists the channels of selectivity.
func Channels() []string { return []string{"green", "yellow", "red"} }

var channelWords = map[string]string{
	"green": "green", "yellow": "yellow", "red": "red", "orange": "yellow",
	"xanh": "green", "vang": "yellow", "do": "red", "luong xanh": "green", "luong vang": "yellow", "luong do": "red",
	"1": "green", "2": "yellow", "3": "red",
}

func (r *reader) channel() {
	if folded := fold(r.cells[Channel]); folded != "" {
		var ok bool
		if r.record.Channel, ok = channelWords[folded]; !ok {
			r.refusef(Channel, "it is no channel; write green, yellow or red")
		}
	}
}

func (r *reader) volume() {
	if cell := r.cells[VolumePerH]; cell != "" {
		n, err := strconv.Atoi(strings.Map(digit, cell)) // a sign, or anything else beside digits, is no count
		if err != nil || n < 1 || n > 100_000 {
			r.refusef(VolumePerH, "it is no count; write how many vehicles came in that hour, such as 24")
			return
		}
		r.record.VolumePerH = n
	}
}

// halfDay is from when on a time without a day of its own is taken to be of the
// next day: a vehicle that came at 22:40 and left at 1:10.
const halfDay = 12 * border.Hour

// times reads the instants. One without a day is of the row's day, that of the
// date column or else of the arrival; if that would be more than half a day
// before the arrival, of the day after.
func (r *reader) times() {
	var read [columns]moment
	for c := range columns {
		if r.cells[c] == "" || c.Code() == 0 && c != Date {
			continue
		}
		m, err := r.parse(r.cells[c])
		switch {
		case err != nil:
			r.refusef(c, "%v", err)
		case c == Date && m.day.IsZero():
			r.refusef(c, "it has no day; write one such as 2026-03-05 or 05/03/2026")
		case c != Date && !m.clocked:
			r.refusef(c, "it has no time of day; write one such as 08:15")
		default:
			read[c] = m
		}
	}
	if len(r.bad) > 0 {
		return
	}
	day := read[Date].day
	if day.IsZero() {
		day = read[Arrival].day
	}
	recorded := false
	for c := range columns {
		m := read[c]
		if !m.clocked || c == Date {
			continue
		}
		recorded = true
		own := !m.day.IsZero()
		if !own && day.IsZero() {
			r.refusef(c, "it has no day, and neither a date nor the arrival says one; write the day before the time, or fill in a date column")
			continue
		}
		if !own {
			m.day = day
		}
		at := m.at(r.record.zone)
		if arrival := r.record.times[Arrival]; !own && arrival != 0 && at < arrival.Add(-halfDay) {
			at = at.Add(border.Day)
		}
		r.record.times[c] = at
	}
	if !recorded {
		r.bad = append(r.bad, Problem{Row: r.row, Reason: "it has no time at all"})
	}
}
