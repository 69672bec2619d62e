package web

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"landport/board"
	"landport/border"
	"landport/gate"
	"landport/node"
	"landport/study"
)

func (s *Server) studyPage(w http.ResponseWriter, r *http.Request) {
	report, moment, err := s.play.Study(r.Context())
	if err != nil {
		s.broken(w, r, err)
		return
	}
	f := &findings{Report: report, moment: moment, view: s.view(node.Board{Moment: moment})}
	if fragment(r) {
		s.render(w, r, http.StatusOK, figuresOf(f))
		return
	}
	s.render(w, r, http.StatusOK, studyView(s.page("study", "Study"), f))
}

func (s *Server) studyAPI(w http.ResponseWriter, r *http.Request) {
	report, moment, err := s.play.Study(r.Context())
	if err != nil {
		s.broken(w, r, err)
		return
	}
	s.answer(w, r, struct {
		At board.Instant `json:"at"`
		*study.Report
	}{board.Stamp(moment.At), report})
}

// findings is a report with what is needed to draw it.
type findings struct {
	*study.Report
	moment node.Moment
	view   *view
}

func (f *findings) now() string {
	return day(f.moment.At, f.view.Zone(0)) + ", " + board.Clock(f.moment.At, f.view.Zone(0))
}

func (f *findings) since() string {
	from := f.moment.Start.Add(f.view.model.Warmup)
	return day(from, f.view.Zone(0)) + ", " + board.Clock(from, f.view.Zone(0))
}

// crossings says how many were told, and of whom.
func (f *findings) crossings() string {
	if f.subject() == "visits" {
		return fmt.Sprintf("%d visits", f.Crossing.TimeH.N)
	}
	return fmt.Sprintf("%d crossings of %s", f.Crossing.TimeH.N, f.subject())
}

// headword names the first figure.
func (f *findings) headword() string {
	if f.subject() == "visits" {
		return "mean time of a visit"
	}
	return "mean border-crossing time of " + f.subject()
}

// wholeDays counts days in words.
func wholeDays(n int64) string {
	if n == 1 {
		return "one whole day"
	}
	return fmt.Sprintf("%d whole days", n)
}

// inside says who is not told yet. Those who have been inside for long are more
// likely to be among them: the first hours of a run look quicker than they were.
func (f *findings) inside() string {
	switch n := f.Counts.InsideAfter; n {
	case 0:
		return "Nobody is inside."
	case 1:
		return "One visit is inside still, and counts when it leaves."
	default:
		return fmt.Sprintf("%d visits are inside still: their times, mostly longer, count when they leave.", n)
	}
}

// subject is whose crossings are told; a textbook's queue has no vehicles.
func (f *findings) subject() string {
	for i := range f.view.model.Classes {
		if border.VehicleType.Of(f.view.model.Classes[i].Traits) != 0 {
			return "goods vehicles"
		}
	}
	return "visits"
}

// stage is one wait or one service on the way, in the order they are passed.
type stage struct {
	Name    string
	Post    gate.PostID
	Wait    study.Summary
	Service *study.Summary // nil where vehicles only wait
}

func (s *stage) mean() float64 {
	m := known(s.Wait.Mean)
	if s.Service != nil {
		m += known(s.Service.Mean)
	}
	return m
}

// stages lists what a direction's visits pass. Stops that no visit has used
// yet are left out.
func (f *findings) stages(c *Carriageway) []stage {
	var out []stage
	seen := map[gate.StopID]bool{}
	for _, column := range append(append(append([]Column{}, c.Exit...), c.Line...), c.Entry...) {
		for _, strip := range column.Strips {
			place := f.view.place(strip)
			for _, h := range f.Holds {
				if h.Hold == place.Name && h.WaitMin.N > 0 {
					out = append(out, stage{Name: h.Hold, Post: place.Post, Wait: h.WaitMin})
				}
			}
			for _, id := range strip.Segments {
				if s := &f.Stops[id-1]; !seen[id] && s.ServiceMin.N > 0 {
					out = append(out, stage{Name: s.Stop, Post: f.view.Layout.Stops[id].Post, Wait: s.WaitMin, Service: &s.ServiceMin})
				}
				seen[id] = true
			}
		}
	}
	return out
}

// longestStage is the scale of the stages' bars.
func (f *findings) longestStage() float64 {
	most := 1.0
	for i := range f.view.plan.Carriageways {
		for _, s := range f.stages(&f.view.plan.Carriageways[i]) {
			most = math.Max(most, s.mean())
		}
	}
	return most
}

// parties lists whose time it was, without those who had none: first those of
// no country, then the agencies from left to right.
func (v *view) parties(all []study.Attribution) *portions {
	p := portions{view: v}
	for _, a := range all {
		if a.Share != nil && *a.Share > 0 {
			p.parties = append(p.parties, a)
		}
	}
	slices.SortStableFunc(p.parties, func(a, b study.Attribution) int { return cmp.Compare(v.stand(a), v.stand(b)) })
	return &p
}

func (v *view) stand(a study.Attribution) int {
	switch {
	case a.Agency == "":
		return 0
	case v.sideOf(a.Country) == "left":
		return 1
	}
	return 2
}

// portions are the parts of a time, by whose they were.
type portions struct {
	view    *view
	parties []study.Attribution
}

// tone is the style of a party's part of a bar: agencies in their country's
// colour, each with its own hatching.
func (p *portions) tone(a study.Attribution) string {
	if a.Agency == "" {
		return "tone " + strings.ReplaceAll(a.Party, " ", "-")
	}
	return "tone " + p.view.sideOf(a.Country) + " " + a.Agency
}

func partyName(a study.Attribution) string {
	if a.Agency == "" {
		return a.Party
	}
	return strings.TrimSpace(board.Plain(a.Agency) + " " + a.Country)
}

// bar is a stretch of a bar in percent of its width.
type bar struct {
	From, Width float64
	Party       study.Attribution
}

// roomy reports whether the party's name fits over its stretch on a phone,
// where a letter takes about 1.8 percent.
func (b bar) roomy() bool { return b.Width > 1.8*float64(len(partyName(b.Party))) }

func (p *portions) bars() []bar {
	var out []bar
	at := 0.0
	for _, a := range p.parties {
		out = append(out, bar{at, *a.Share * 100, a})
		at += *a.Share * 100
	}
	return out
}

// spread is a distribution of times.
type spread struct {
	Name  string
	Href  string // of more about it, "" for none
	Side  string
	Class string
	Times study.Summary
}

// spreads are in hours.
func (f *findings) spreads() []spread {
	out := []spread{{Name: "the whole crossing", Class: "total", Times: f.Crossing.TimeH}}
	for i, p := range f.Posts {
		out = append(out, spread{Name: "at " + p.Post, Side: f.view.side(gate.PostID(i)), Times: p.CrossingH})
	}
	for _, g := range f.Groups {
		out = append(out, spread{Name: strings.Replace(board.Plain(g.Label), "goods vehicles", f.subject(), 1), Times: g.CrossingH})
	}
	return out
}

// widest is the scale of distributions.
func widest(spreads []spread) float64 {
	most := 1.0
	for _, s := range spreads {
		most = math.Max(most, known(s.Times.Max))
	}
	return math.Ceil(most)
}

// steps are those that people count times in.
var steps = [...]float64{1, 2, 3, 5, 10, 15, 20, 30, 60, 120}

// ticks are the figures over distributions, at most six and zero.
func ticks(most float64) []float64 {
	step := math.Ceil(most / 6)
	for _, s := range steps {
		if s >= most/6 {
			step = s
			break
		}
	}
	var out []float64
	for x := 0.0; x <= most; x += step {
		out = append(out, x)
	}
	return out
}

// known is x, or 0 when it cannot be told.
func known(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return x
}

// percent writes a length as an attribute of a drawing.
func percent(x, of float64) string {
	return strconv.FormatFloat(max(0, min(100, known(x/of)*100)), 'f', 2, 64) + "%"
}

// figure writes a number with as many decimals as it carries meaning.
func figure(x float64) string {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return "–"
	case math.Abs(x) < 10:
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 0, 64)
}

// hours writes a length of time to the nearest minute.
func hours(x float64) string {
	if math.IsNaN(x) {
		return "–"
	}
	return span(border.Micros(math.Round(x*60)) * border.Minute)
}

func share(x *float64) string {
	if x == nil {
		return "–"
	}
	if *x < 0.005 {
		return "below 1%"
	}
	return fmt.Sprintf("%.0f%%", *x*100)
}

func number(x *float64) string {
	if x == nil {
		return "–"
	}
	return figure(*x)
}
