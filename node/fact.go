package node

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// gatePrefix begins the kinds of entries that are the gate's facts.
const gatePrefix = "gate."

// factVersion is the version of the data below. A version never changes its
// meaning; a later one is read beside it.
const factVersion = 1

// factData is a gate's fact in an entry. Everything of the post goes by its
// name, so that the entry stays readable when the post is rebuilt.
type factData struct {
	Visit         uint64   `json:"visit,omitzero"` // serial number
	Slot          int      `json:"slot,omitzero"`  // the index under which the gate holds it
	Other         uint64   `json:"other,omitzero"`
	OtherSlot     int      `json:"other_slot,omitzero"`
	Traits        []string `json:"traits,omitempty"`
	Formalities   []string `json:"formalities,omitempty"`
	Place         string   `json:"place,omitzero"`
	To            string   `json:"to,omitzero"`   // departed: the place reserved beyond the way
	From          string   `json:"from,omitzero"` // strayed, relocated
	Stop          string   `json:"stop,omitzero"`
	Server        uint8    `json:"server,omitzero"`
	Procedure     string   `json:"procedure,omitzero"`
	Direction     string   `json:"direction,omitzero"`
	Thing         uint32   `json:"thing,omitzero"`
	Opening       string   `json:"opening,omitzero"`
	Level         string   `json:"level,omitzero"`
	Day           string   `json:"day,omitzero"` // hours-set; without what follows closed all day
	Opens         string   `json:"opens,omitzero"`
	LastAdmission string   `json:"last_admission,omitzero"`
	Closes        string   `json:"closes,omitzero"` // of the day after if it is not after opens
	Policy        string   `json:"policy,omitzero"`
	Required      []string `json:"required,omitempty"` // accepts-set: traits are those refused
	Seal          string   `json:"seal,omitzero"`
	N             int64    `json:"n,omitzero"`
	Reason        string   `json:"reason,omitzero"`
	Outcome       string   `json:"outcome,omitzero"`
}

// anyFormality stands for a hold that names none.
const anyFormality = "any"

var levelNames = [...]string{gate.Closed: "closed", gate.Finishing: "finishing", gate.Admitting: "admitting"}

// Codec writes the gate's facts into entries and reads them back.
type Codec struct {
	layout *gate.Layout
	post   string
	// Index by name, in a layout whose names are unique.
	places, stops, procedures, openings, policies, formalities, directions map[string]int
}

// NewCodec returns the codec of a post. Everything in it needs a name of its own.
func NewCodec(l *gate.Layout) (*Codec, error) {
	c := &Codec{layout: l, post: l.Posts[0].Name}
	var err error
	index := func(what string, n int, name func(int) string) map[string]int {
		m := make(map[string]int, n)
		for i := range n {
			if _, twice := m[name(i)]; twice && err == nil {
				err = fmt.Errorf("%s has two %s called %q; a node's records need one name for each", l.Name, what, name(i))
			}
			m[name(i)] = i
		}
		return m
	}
	c.places = index("places", len(l.Places), func(i int) string { return l.Places[i].Name })
	c.stops = index("stops", len(l.Stops), func(i int) string { return l.Stops[i].Name })
	c.procedures = index("procedures", len(l.Procedures), func(i int) string { return l.Procedures[i].Name })
	c.openings = index("openings", len(l.Openings), func(i int) string { return l.Openings[i].Name })
	c.policies = index("policies", len(l.Policies), func(i int) string { return l.Policies[i].Name })
	c.formalities = index("formalities", len(l.Formalities), func(i int) string { return l.Formalities[i].Name })
	c.directions = index("directions", len(l.Directions), c.direction)
	return c, err
}

func (c *Codec) direction(i int) string {
	return c.layout.Directions[i].Exit + "-" + c.layout.Directions[i].Entry
}

// Entry returns the entry that states a fact.
func (c *Codec) Entry(f *gate.Fact) ledger.Entry {
	l := c.layout
	d := factData{
		Visit: f.Visit.Serial(), Slot: f.Visit.Slot(), Other: f.Other.Serial(), OtherSlot: f.Other.Slot(),
		Traits: f.Traits.Names(), Formalities: c.Formalities(f.Formalities),
		Server: f.Server, Thing: uint32(f.Thing), N: f.N, Reason: f.Reason.String(),
	}
	if f.Place != gate.Outside {
		d.Place = l.Places[f.Place].Name
	}
	if f.Stop != 0 {
		d.Stop = l.Stops[f.Stop].Name
	}
	if f.Outcome != gate.Passed {
		d.Outcome = f.Outcome.String()
	}
	switch f.Kind {
	case gate.Announced, gate.LaneOpened, gate.LaneTurning, gate.LaneTurned:
		d.Direction = c.direction(int(f.Direction))
	case gate.Arrived, gate.Alighted:
		d.Direction, d.Procedure = c.direction(int(f.Direction)), l.Procedures[f.Procedure].Name
	case gate.FellBack, gate.KeptProcedure, gate.ProcedureStarted, gate.ProcedureSuspended:
		d.Procedure = l.Procedures[f.Procedure].Name
	case gate.Departed:
		d.To, d.N = c.placeName(f.N), 0
	case gate.Strayed, gate.Relocated:
		d.From, d.N = c.placeName(f.N), 0
	case gate.HoursChanged:
		d.Opening, d.Level, d.N = l.Openings[f.N>>8].Name, levelNames[f.N&0xff], 0
	case gate.HoursSet:
		h, _ := gate.UnpackHours(f.N)
		d.Opening, d.Day, d.N = l.Openings[h.Opening].Name, h.Day.String(), 0
		d.Opens, d.LastAdmission, d.Closes = h.Clocks()
	case gate.PolicySet:
		d.Policy, d.N = l.Policies[f.N].Name, 0
	case gate.AcceptsSet:
		d.Required, d.N = border.Traits(f.N).Names(), 0
	case gate.Sealed, gate.Unsealed:
		if seal, err := border.ParseSeal(border.Seal(f.N).String()); f.N < 0 && err == nil && int64(seal) == f.N {
			d.Seal, d.N = seal.String(), 0 // one that is a number stays N
		}
	}
	return ledger.Entry{
		Occurred: f.At, Post: c.post, Kind: gatePrefix + f.Kind.String(), Version: factVersion, Data: d.appendJSON(make([]byte, 0, 192)),
	}
}

// compact writes JSON on one line, with nothing escaped that need not be.
func compact(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // plain structs of strings and numbers
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

func (c *Codec) placeName(n int64) string {
	if n == int64(gate.Outside) {
		return ""
	}
	return c.layout.Places[n].Name
}

// Formalities names the formalities of a set.
func (c *Codec) Formalities(set gate.FormalitySet) (names []string) {
	for m := set; m != 0; m &= m - 1 {
		i := bits.TrailingZeros32(uint32(m))
		if i >= len(c.layout.Formalities) {
			return append(names, anyFormality)
		}
		names = append(names, c.layout.Formalities[i].Name)
	}
	return names
}

// read reads an entry of the gate; ok is false for other kinds.
func (c *Codec) read(e *ledger.Entry) (f gate.Fact, ok bool, err error) {
	if len(e.Kind) <= len(gatePrefix) || e.Kind[:len(gatePrefix)] != gatePrefix {
		return f, false, nil
	}
	f, err = c.Fact(e)
	return f, true, err
}

// visits reads of an entry of the gate which visits it is about, and its reason,
// whatever the crossing was.
func visits(e *ledger.Entry) (f gate.Fact, ok bool, err error) {
	if !strings.HasPrefix(e.Kind, gatePrefix) {
		return f, false, nil
	}
	var d factData
	kind, known := gate.ParseKind(strings.TrimPrefix(e.Kind, gatePrefix))
	if !known || e.Version != factVersion {
		err = errNewer
	} else {
		err = d.parseJSON(string(e.Data))
	}
	if err != nil {
		return f, true, fmt.Errorf("entry %d, %s: %w", e.Seq, e.Kind, err)
	}
	reason, _ := gate.ParseReason(d.Reason)
	return gate.Fact{Kind: kind, Visit: gate.MakeVisitID(d.Visit, d.Slot), Other: gate.MakeVisitID(d.Other, d.OtherSlot), Reason: reason}, true, nil
}

// Fact reads the gate's fact out of an entry.
func (c *Codec) Fact(e *ledger.Entry) (gate.Fact, error) {
	f, err := c.decode(e)
	if err != nil {
		return f, fmt.Errorf("entry %d, %s: %w", e.Seq, e.Kind, err)
	}
	return f, nil
}

func (c *Codec) decode(e *ledger.Entry) (f gate.Fact, err error) {
	kind, ok := gate.ParseKind(strings.TrimPrefix(e.Kind, gatePrefix))
	switch {
	case !ok:
		return f, errNewer
	case e.Version != factVersion:
		return f, errNewer
	}
	var d factData
	if err := d.parseJSON(string(e.Data)); err != nil {
		return f, err
	}
	r := reader{}
	f = gate.Fact{
		At: e.Occurred, Kind: kind, Visit: gate.MakeVisitID(d.Visit, d.Slot), Other: gate.MakeVisitID(d.Other, d.OtherSlot),
		Server: d.Server, Thing: gate.ThingID(d.Thing), N: d.N,
		Traits: r.traits(d.Traits), Formalities: c.formalitySet(&r, d.Formalities),
		Place: gate.PlaceID(r.find("place", c.places, d.Place)), Stop: gate.StopID(r.find("stop", c.stops, d.Stop)),
		Procedure: gate.ProcedureID(r.find("procedure", c.procedures, d.Procedure)),
		Direction: gate.Direction(r.find("direction", c.directions, d.Direction)),
	}
	if f.Reason, ok = gate.ParseReason(d.Reason); !ok {
		r.err = errNewer
	}
	if f.Outcome, ok = gate.ParseOutcome(d.Outcome); !ok && d.Outcome != "" {
		r.err = errNewer
	}
	switch kind {
	case gate.Departed:
		f.N = int64(r.find("place", c.places, d.To))
	case gate.Strayed, gate.Relocated:
		f.N = int64(r.find("place", c.places, d.From))
	case gate.HoursChanged:
		f.N = int64(r.find("opening", c.openings, d.Opening))<<8 | int64(max(0, slices.Index(levelNames[:], d.Level)))
	case gate.HoursSet:
		f.N = r.hours(r.find("opening", c.openings, d.Opening), &d)
	case gate.PolicySet:
		f.N = int64(r.find("policy", c.policies, d.Policy))
	case gate.AcceptsSet:
		f.N = int64(r.traits(d.Required))
	case gate.Sealed, gate.Unsealed:
		if d.Seal != "" {
			f.N = r.seal(d.Seal)
		}
	}
	return f, r.err
}

var errNewer = fmt.Errorf("is of a version that this program does not know; run a newer one")

func (c *Codec) formalitySet(r *reader, names []string) (set gate.FormalitySet) {
	for _, name := range names {
		if name == anyFormality {
			set |= 1 << 31
			continue
		}
		set |= 1 << r.find("formality", c.formalities, name)
	}
	return set
}

// reader finds names and remembers the first that is not there.
type reader struct{ err error }

func (r *reader) find(what string, index map[string]int, name string) int {
	if name == "" {
		return 0
	}
	i, ok := index[name]
	if !ok && r.err == nil {
		r.err = fmt.Errorf("names the %s %q, which the post no longer has; keep it in the post's file, closed", what, name)
	}
	return i
}

func (r *reader) hours(o int, d *factData) int64 {
	h, err := gate.ParseDayHours(gate.OpeningID(o), d.Day, d.Opens, d.LastAdmission, d.Closes)
	if err != nil && r.err == nil {
		r.err = err
	}
	return h.Pack()
}

func (r *reader) seal(marks string) int64 {
	seal, err := border.ParseSeal(marks)
	if err != nil && r.err == nil {
		r.err = err
	}
	return int64(seal)
}

func (r *reader) traits(names []string) (t border.Traits) {
	for _, name := range names {
		trait, _, err := border.ParseTrait(name)
		if err != nil && r.err == nil {
			r.err = err
		}
		t |= trait
	}
	return t
}
