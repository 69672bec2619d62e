package node

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// kindCrossing is the kind of entry that says by which crossing the node goes on
// from there: crossingData. Ahead of the first such entry it was the same.
const kindCrossing = "node.crossing"

// crossingVersion is the version of the data below. A version never changes its
// meaning; a later one is read beside it.
const crossingVersion = 1

// crossingData is a post's part of a crossing: what its layout has, in its order.
// What belongs together goes by names. Spans are minutes of the wall clock.
type crossingData struct {
	Crossing    string          `json:"crossing,omitzero"` // the scenario's name
	Post        string          `json:"post"`
	Country     string          `json:"country,omitzero"`
	Zone        string          `json:"zone,omitzero"`
	Directions  [][2]string     `json:"directions"` // from, to
	Openings    []openingData   `json:"openings,omitempty"`
	Formalities []formalityData `json:"formalities,omitempty"`
	Places      []placeData     `json:"places"`
	Stops       []stopData      `json:"stops,omitempty"`
	Procedures  []procedureData `json:"procedures"`
	Policies    []policyData    `json:"policies"`
}

type calendarData struct {
	Zone    string      `json:"zone,omitzero"`
	Week    [7][][3]int `json:"week"` // from Sunday: from, to, level
	Dates   []dateData  `json:"dates,omitempty"`
	Outside int         `json:"outside,omitzero"`
}

type dateData struct {
	Date  string   `json:"date"` // such as 2018-03-05
	Spans [][3]int `json:"spans"`
}

type openingData struct {
	Name  string        `json:"name"`
	Hours *calendarData `json:"hours,omitempty"`
}

type formalityData struct {
	Name     string `json:"name"`
	Agency   string `json:"agency"`
	Country  string `json:"country,omitzero"`
	Subject  string `json:"subject"`
	Side     string `json:"side"`
	Visiting bool   `json:"visiting,omitzero"`
}

type predicateData struct {
	Refused  []string `json:"refused,omitempty"`
	Required []string `json:"required,omitempty"`
}

type groupData struct {
	predicateData

	Known []string `json:"known,omitempty"` // on whose axes there must be a value
}

type placeData struct {
	Name        string        `json:"name"`
	Kind        string        `json:"kind"`
	Capacity    int32         `json:"capacity,omitzero"`
	EachWay     bool          `json:"each_way,omitzero"`
	Directions  []int         `json:"directions"` // by their numbers, from 0
	Tidal       bool          `json:"tidal,omitzero"`
	Shut        bool          `json:"shut,omitzero"`
	Accepts     predicateData `json:"accepts,omitzero"`
	Opening     string        `json:"opening,omitzero"`
	SingleFile  bool          `json:"single_file,omitzero"`
	Pager       bool          `json:"pager,omitzero"`
	CallGraceUs border.Micros `json:"call_grace_us,omitzero"`
	CallTries   uint8         `json:"call_tries,omitzero"`
	TurnAway    bool          `json:"turn_away,omitzero"`
}

type stopData struct {
	Name    string        `json:"name"`
	Agency  string        `json:"agency"`
	Servers int32         `json:"servers"`
	Staff   *calendarData `json:"staff,omitempty"`
	Dossier bool          `json:"dossier,omitzero"`
}

type procedureData struct {
	Name       string        `json:"name"`
	LegalBasis string        `json:"legal_basis,omitzero"`
	Direction  int           `json:"direction"` // its number, from 0
	Accepts    predicateData `json:"accepts,omitzero"`
	Legs       [][]string    `json:"legs"` // places
	Steps      []stepData    `json:"steps,omitempty"`
	Suspended  bool          `json:"suspended,omitzero"`
	Fallback   string        `json:"fallback,omitzero"`
}

type stepData struct {
	Leg         int      `json:"leg"` // its number, from 0
	Stops       []string `json:"stops,omitempty"`
	Formalities []string `json:"formalities,omitempty"`
	OnReferral  bool     `json:"on_referral,omitzero"`
	Rejoin      bool     `json:"rejoin,omitzero"`
}

type policyData struct {
	Name       string         `json:"name"`
	Strict     bool           `json:"strict,omitzero"`
	ReadyFirst bool           `json:"ready_first,omitzero"`
	AgeingUs   border.Micros  `json:"ageing_us,omitzero"`
	Priorities []priorityData `json:"priorities,omitempty"`
	Slots      slotsData      `json:"slots,omitzero"`
}

type priorityData struct {
	Accepts groupData `json:"accepts"`
	Class   int32     `json:"class"`
}

type slotsData struct {
	LengthUs         border.Micros `json:"length_us,omitzero"`
	Quota            int32         `json:"quota,omitzero"`
	OverbookPermille int32         `json:"overbook_permille,omitzero"`
	GraceUs          border.Micros `json:"grace_us,omitzero"`
	MaxRebook        uint8         `json:"max_rebook,omitzero"`
}

// crossingOf writes down the layout of a post.
func (c *Codec) crossingOf(crossing string) *crossingData {
	l := c.layout
	post := &l.Posts[0]
	d := &crossingData{Crossing: crossing, Post: post.Name, Country: post.Country, Zone: zoneName(post.Zone)}
	for _, w := range l.Directions {
		d.Directions = append(d.Directions, [2]string{w.Exit, w.Entry})
	}
	for _, o := range l.Openings[1:] {
		d.Openings = append(d.Openings, openingData{o.Name, calendarOf(o.Hours)})
	}
	for _, f := range l.Formalities {
		d.Formalities = append(d.Formalities, formalityData{f.Name, f.Agency.String(), f.Country, f.Subject.String(), f.Side.String(), f.Visiting})
	}
	for i := range l.Places[1:] {
		d.Places = append(d.Places, c.placeOf(&l.Places[1+i]))
	}
	for _, s := range l.Stops[1:] {
		d.Stops = append(d.Stops, stopData{s.Name, s.Agency.String(), s.Servers, calendarOf(s.Staff), s.Dossier})
	}
	for i := range l.Procedures {
		d.Procedures = append(d.Procedures, c.procedureOf(&l.Procedures[i]))
	}
	for _, p := range l.Policies {
		out := policyData{Name: p.Name, Strict: p.Strict, ReadyFirst: p.ReadyFirst, AgeingUs: p.Ageing, Slots: slotsData{
			p.Slots.Length, p.Slots.Quota, p.Slots.OverbookPermille, p.Slots.Grace, p.Slots.MaxRebook,
		}}
		for _, of := range p.Priorities {
			out.Priorities = append(out.Priorities, priorityData{groupData{predicateOf(of.Accepts.Predicate), of.Accepts.Known.Names()}, of.Class})
		}
		d.Policies = append(d.Policies, out)
	}
	return d
}

func (c *Codec) placeOf(p *gate.Place) placeData {
	d := placeData{
		Name: p.Name, Kind: p.Kind.String(), Capacity: p.Capacity, EachWay: p.EachWay, Tidal: p.Tidal, Shut: p.Shut, Accepts: predicateOf(p.Accepts),
		SingleFile: p.SingleFile, Pager: p.Pager, CallGraceUs: p.CallGrace, CallTries: p.CallTries, TurnAway: p.TurnAway,
	}
	for i := range c.layout.Directions {
		if p.Directions>>i&1 != 0 {
			d.Directions = append(d.Directions, i)
		}
	}
	if p.Opening != 0 {
		d.Opening = c.layout.Openings[p.Opening].Name
	}
	return d
}

func (c *Codec) procedureOf(p *gate.Procedure) procedureData {
	d := procedureData{
		Name: p.Name, LegalBasis: p.LegalBasis, Direction: int(p.Direction), Accepts: predicateOf(p.Accepts), Suspended: p.Suspended,
		Fallback: c.layout.Procedures[p.Fallback].Name,
	}
	for _, leg := range p.Legs {
		var places []string
		for _, id := range leg.Places {
			places = append(places, c.layout.Places[id].Name)
		}
		d.Legs = append(d.Legs, places)
	}
	for _, s := range p.Steps {
		out := stepData{Leg: s.Leg, Formalities: c.Formalities(s.Formalities), OnReferral: s.OnReferral, Rejoin: s.Rejoin}
		for _, id := range s.Stops {
			out.Stops = append(out.Stops, c.layout.Stops[id].Name)
		}
		d.Steps = append(d.Steps, out)
	}
	return d
}

func predicateOf(p border.Predicate) predicateData {
	return predicateData{p.Refused.Names(), p.Required.Names()}
}

func zoneName(zone *time.Location) string {
	if zone == nil {
		return ""
	}
	return zone.String()
}

func calendarOf(c *border.Calendar) *calendarData {
	if c == nil {
		return nil
	}
	d := &calendarData{Zone: zoneName(c.Zone), Outside: c.Outside}
	for day, spans := range c.Week {
		d.Week[day] = spansOf(spans)
	}
	byDay := func(a, b border.Date) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Day, b.Day))
	}
	for _, date := range slices.SortedFunc(maps.Keys(c.Dates), byDay) {
		d.Dates = append(d.Dates, dateData{date.String(), spansOf(c.Dates[date])})
	}
	return d
}

func spansOf(spans []border.Span) [][3]int {
	out := [][3]int{}
	for _, s := range spans {
		out = append(out, [3]int{s.From, s.To, s.Level})
	}
	return out
}

// readCrossing reads the crossing out of an entry.
func readCrossing(e *ledger.Entry) (*Codec, error) {
	if e.Version != crossingVersion {
		return nil, fmt.Errorf("entry %d, %s: %w", e.Seq, e.Kind, errNewer)
	}
	var d crossingData
	err := json.Unmarshal(e.Data, &d)
	if err == nil {
		var c *Codec
		if c, err = d.codec(); err == nil {
			return c, nil
		}
	}
	return nil, fmt.Errorf("entry %d, %s: %w", e.Seq, e.Kind, err)
}
