package survey

import (
	"fmt"
	"slices"
	"strings"

	"landport/border"
	"landport/study"
)

// Column is what a column of a sheet holds.
type Column uint8

// The columns, in the order of the recording sheet. Those from Arrival to
// Removal are instants: the events of a time release study (World Customs
// Organization, Guide to Measure the Time Required for the Release of Goods,
// version 3, 2018).
const (
	NoColumn Column = iota
	Date            // day of the times of a row that have none
	Post
	Direction
	Plate // for joining the two posts' halves alone
	PlateCountry
	LoadState
	VehicleType
	Channel    // of selectivity: green, yellow or red
	Recorder   // who filled in the row, by a code
	VolumePerH // vehicles counted in the hour and direction of the row
	Arrival
	Lodgement
	Acceptance
	Selection
	Payment // or a guarantee given
	ExaminationStart
	ExaminationEnd
	ImmigrationRelease
	PlantQuarantineRelease
	AnimalQuarantineRelease
	HealthRelease
	TransportRelease
	PoliceRelease
	CustomsRelease
	Removal
	columns
)

// columnRule is how a column is named and recognised. Phrases are folded, see
// fold; a header is recognised when it is one of them and nothing else, so that
// whatever is not sure is left to a person.
type columnRule struct {
	name    string // as written in mappings, JSON and templates
	code    study.Code
	agency  border.Agency // of a release
	phrases []string      // English, Vietnamese without its marks, Khmer in Latin letters
}

var columnRules = [columns]columnRule{
	Date:         {name: "date", phrases: []string{"day", "ngay", "kal barichhet", "kalbarichhet"}},
	Post:         {name: "post", phrases: []string{"border post", "border crossing", "station", "cua khau", "ten cua khau", "chrok", "chrork"}},
	Direction:    {name: "direction", phrases: []string{"flow", "direction travel", "chieu", "huong", "chieu di", "tis dav", "toeh"}},
	Plate:        {name: "plate", phrases: []string{"number plate", "plate number", "plate no", "licence plate", "license plate", "registration", "registration number", "vehicle no", "truck no", "bien so", "bien so xe", "bien kiem soat", "bks", "slak lek", "slak lekh", "plak lek", "plak lekh"}},
	PlateCountry: {name: "plate_country", phrases: []string{"country plate", "country registration", "vehicle country", "nuoc dang ky", "quoc gia dang ky"}},
	LoadState:    {name: "load_state", phrases: []string{"load", "load state", "loading", "loaded", "laden", "laden or empty", "loaded or empty", "tinh trang hang", "co hang", "co hang hay khong"}},
	VehicleType:  {name: "vehicle_type", phrases: []string{"vehicle", "vehicle type", "type vehicle", "truck type", "loai xe", "phuong tien", "loai phuong tien", "prophet rothyon"}},
	Channel:      {name: "channel", phrases: []string{"risk channel", "selectivity channel", "lane colour", "luong", "ket qua phan luong"}},
	Recorder:     {name: "recorder", phrases: []string{"recorded by", "enumerator", "surveyor", "nguoi ghi", "dieu tra vien", "nak kat tra"}},
	VolumePerH:   {name: "volume_per_h", phrases: []string{"volume per h", "vehicles per hour", "hourly volume", "vehicles this hour", "luu luong gio", "so xe gio"}},

	Arrival:          {name: "arrival", code: study.Arrival, phrases: []string{"arrived", "arrival post", "arrival border", "in", "den", "den cua khau", "xe den", "mok dal", "mok dol"}},
	Lodgement:        {name: "lodgement", code: study.Lodgement, phrases: []string{"lodged", "lodgment", "declaration lodged", "lodgement declaration", "submission declaration", "declaration submitted", "nop to khai", "dang ky to khai", "khai hai quan", "khai bao"}},
	Acceptance:       {name: "acceptance", code: study.Acceptance, phrases: []string{"accepted", "acceptance declaration", "declaration accepted", "tiep nhan to khai", "chap nhan to khai"}},
	Selection:        {name: "selection", code: study.Selection, phrases: []string{"selected", "selectivity", "channel assigned", "selection examination", "phan luong"}},
	Payment:          {name: "payment", code: study.Payment, phrases: []string{"paid", "payment duties", "duties paid", "payment or guarantee", "payment guarantee", "nop thue", "thanh toan", "nop thue bao lanh"}},
	ExaminationStart: {name: "examination_start", code: study.ExaminationStart, phrases: []string{"examination start", "examination started", "start examination", "exam start", "inspection start", "start inspection", "physical examination start", "bat dau kiem tra", "bat dau kiem hoa", "kiem tra bat dau"}},
	ExaminationEnd:   {name: "examination_end", code: study.ExaminationEnd, phrases: []string{"examination end", "examination ended", "end examination", "exam end", "inspection end", "end inspection", "physical examination end", "ket thuc kiem tra", "ket thuc kiem hoa", "kiem tra ket thuc"}},

	ImmigrationRelease:      {name: "immigration_release", code: study.AgencyRelease, agency: border.Immigration, phrases: []string{"released immigration", "immigration released", "bien phong xong"}},
	PlantQuarantineRelease:  {name: "plant_quarantine_release", code: study.AgencyRelease, agency: border.PlantQuarantine, phrases: []string{"plant quarantine released", "phytosanitary release", "kiem dich thuc vat xong"}},
	AnimalQuarantineRelease: {name: "animal_quarantine_release", code: study.AgencyRelease, agency: border.AnimalQuarantine, phrases: []string{"animal quarantine released", "veterinary release", "kiem dich dong vat xong"}},
	HealthRelease:           {name: "health_release", code: study.AgencyRelease, agency: border.Health, phrases: []string{"health released", "health quarantine release", "kiem dich y te xong"}},
	TransportRelease:        {name: "transport_release", code: study.AgencyRelease, agency: border.Transport, phrases: []string{"transport released", "transport authority release"}},
	PoliceRelease:           {name: "police_release", code: study.AgencyRelease, agency: border.Police, phrases: []string{"police released"}},
	CustomsRelease:          {name: "customs_release", code: study.CustomsRelease, agency: border.Customs, phrases: []string{"release", "released", "released customs", "customs released", "release goods", "thong quan", "giai phong hang"}},
	Removal:                 {name: "removal", code: study.Removal, phrases: []string{"removed", "departure", "departed", "exit post", "out", "gate out", "left", "roi cua khau", "ra khoi cua khau", "xe roi", "chak chenh"}},
}

// Columns lists every column in order.
func Columns() []Column {
	all := make([]Column, 0, columns-1)
	for c := Date; c < columns; c++ {
		all = append(all, c)
	}
	return all
}

// Instants lists the columns that hold an event's instant, in order: what the
// recording sheet, the protocol and the form at the roadside ask for.
func Instants() []Column {
	return slices.DeleteFunc(Columns(), func(c Column) bool { return c.Code() == study.NoEvent })
}

// String returns the column as written in mappings and JSON, such as
// "examination_start".
func (c Column) String() string {
	if c < columns {
		return columnRules[c].name
	}
	return fmt.Sprintf("unknown(%d)", uint8(c))
}

// MarshalText writes the column's name.
func (c Column) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Label returns the column in words, such as "examination start".
func (c Column) Label() string { return strings.ReplaceAll(c.String(), "_", " ") }

// Code returns the event whose instant the column holds, NoEvent for the others.
func (c Column) Code() study.Code { return columnRules[c].code }

// Agency returns whose release the column holds; ok for releases alone.
func (c Column) Agency() (a border.Agency, ok bool) {
	code := c.Code()
	return columnRules[c].agency, code == study.AgencyRelease || code == study.CustomsRelease
}

// ParseColumn reads a column's name.
func ParseColumn(s string) (Column, error) {
	var names []string
	for _, c := range Columns() {
		if c.String() == s {
			return c, nil
		}
		names = append(names, c.String())
	}
	perhaps := ""
	if near := border.Nearest(s, names); near != "" {
		perhaps = fmt.Sprintf(", perhaps %q", near)
	}
	return NoColumn, fmt.Errorf("unknown column %q%s; known are %s", s, perhaps, strings.Join(names, ", "))
}

// noise are words of a header that do not say what the column holds.
var noise = map[string]bool{
	"time": true, "date": true, "of": true, "the": true, "at": true, "and": true, "hh": true, "mm": true, "hhmm": true, "dd": true, "yyyy": true,
	"gio": true, "thoi": true, "gian": true, "luc": true, "by": true, "from": true, "for": true, "to": true, "a": true, "hour": true, "maong": true, "mong": true,
}

// guess returns the column that a header surely means, NoColumn if none.
func guess(header string) Column {
	all := fold(header)
	short := strings.Join(withoutNoise(strings.Fields(all)), " ")
	found := NoColumn
	for c := Date; c < columns; c++ {
		for _, phrase := range append([]string{fold(c.Label())}, columnRules[c].phrases...) {
			if phrase == all {
				return c
			}
			if phrase == short {
				found = c
			}
		}
	}
	return found
}

func withoutNoise(words []string) []string {
	var kept []string
	for _, w := range words {
		if !noise[w] {
			kept = append(kept, w)
		}
	}
	return kept
}
