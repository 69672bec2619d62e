package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"landport/board"
	"landport/gate"
	"landport/node"
)

// panel is what stands beside the board, or on a page of its own: a visit, a
// place, the post, and what can be done about it.
type panel struct {
	Address string // of its page
	Heading string
	Body    templ.Component
	Bare    bool  // on the board it is there already: the script gets the body alone
	Acts    []act // that ask whether they are meant; others need not be named
}

// notice says what an act came to.
type notice struct {
	Done   bool
	Text   string
	Status int // of the answer without a script; 0 is 200
}

// show answers with a panel: a part for the page's script, else a page.
func (s *Server) show(w http.ResponseWriter, r *http.Request, p *panel, said notice) {
	switch { // the script shows whatever comes of it, so that it gets 200
	case fragment(r) && p.Bare:
		s.render(w, r, http.StatusOK, bareBody(p, said))
	case fragment(r):
		s.render(w, r, http.StatusOK, panelOf(p, said, false))
	case s.node == nil:
		s.render(w, r, http.StatusOK, panelPage(s.page("", p.Heading), p, said))
	default:
		s.render(w, r, cmp.Or(said.Status, http.StatusOK), panelPage(s.pageFor(r, "", p.Heading), p, said))
	}
}

// subject finds what a request is about.
type subject func(s *Server, r *http.Request, c *node.Command) (*panel, *Problem, error)

// seen answers with what a request is about.
func (s *Server) seen(of subject) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p, problem, err := of(s, r, &node.Command{})
		switch {
		case err != nil:
			s.broken(w, r, err)
		case problem != nil:
			s.fail(w, r, problem)
		default:
			s.show(w, r, p, recorded(r.URL.Query()))
		}
	}
}

// formMost bounds a form's bytes.
const formMost = 64 << 10

// acted carries out the act of a form and answers with what it is about.
func (s *Server) acted(of subject) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, formMost)
		c, wrong := s.command(r)
		p, problem, err := of(s, r, &c)
		if err != nil {
			s.broken(w, r, err)
			return
		}
		if problem != nil {
			s.fail(w, r, problem)
			return
		}
		if wrong == nil {
			wrong = unsure(p.Acts, r.PostForm)
		}
		var a node.Answer
		said := notice{Text: fmt.Sprintf("Not done: %v.", wrong), Status: http.StatusUnprocessableEntity}
		if wrong == nil {
			a, said = s.carry(r.Context(), c)
		}
		if said.Done && !fragment(r) {
			http.Redirect(w, r, afterwards(p.Address, c, a), http.StatusSeeOther) //nolint:gosec // a panel's address is a path of this site
			return
		}
		if !said.Done {
			r = refused(r)
		}
		then := of
		if a.Reference != "" { // to the visit that came
			r.SetPathValue("reference", a.Reference)
			then = (*Server).aboutVisit
		}
		if p, problem, err = then(s, r, &node.Command{}); err != nil || problem != nil {
			s.broken(w, r, errors.Join(err, errors.New("the panel is gone after an act")))
			return
		}
		s.show(w, r, p, said)
	}
}

// afterwards is the page to go to when an act was done.
func afterwards(address string, c node.Command, a node.Answer) string {
	if a.Reference != "" {
		address = visitAddress(a.Reference)
	}
	return address + outcomeOf(c, a).query()
}

// carry hands a command in and says what came of it.
func (s *Server) carry(ctx context.Context, c node.Command) (node.Answer, notice) {
	a, err := s.node.Do(ctx, c)
	var bad *node.BadCommand
	var unknown *node.UnknownReference
	switch {
	case errors.Is(err, node.ErrReused):
		return a, notice{false, "Not done: this form was sent before with something else in it. Here is a new one.", http.StatusConflict}
	case errors.As(err, &bad):
		return a, notice{false, "Not done: " + err.Error() + ".", http.StatusUnprocessableEntity}
	case errors.As(err, &unknown):
		return a, notice{false, "Not done: " + err.Error() + ".", http.StatusNotFound}
	case err != nil:
		return a, notice{false, "Not done: " + err.Error() + ".", http.StatusServiceUnavailable}
	case a.Refusal != "":
		return a, notice{false, "Not done: " + a.Detail + ". What can be done now is offered here.", http.StatusConflict}
	case a.Repeated:
		return a, notice{true, fmt.Sprintf("This was done already, recorded under No. %d.", a.Sequence), 0}
	case a.Sequence == 0:
		return a, notice{true, "Nothing changed: it was so already.", 0}
	}
	return a, notice{true, outcomeOf(c, a).text(), 0}
}

func visitAddress(reference string) string { return "/visits/" + url.PathEscape(reference) }

func placeAddress(name string) string { return "/places/" + url.PathEscape(name) }

// standing is a view of how everything stands now.
func (s *Server) standing(ctx context.Context) (*view, error) {
	b, _, err := s.source.Board(ctx, node.Cursor{})
	if err != nil {
		return nil, err
	}
	return s.view(b), nil
}

// aboutVisit is a visit's record.
func (s *Server) aboutVisit(r *http.Request, c *node.Command) (*panel, *Problem, error) {
	reference := referenceOf(r)
	rec, ok, err := s.source.Record(r.Context(), reference)
	if err != nil || !ok {
		return nil, noVisit(reference), err
	}
	v := s.view(node.Board{Moment: rec.Moment})
	if s.node != nil {
		if v, err = s.standing(r.Context()); err != nil {
			return nil, nil, err
		}
	}
	d, err := s.detail(r.Context(), v, &rec)
	if err != nil {
		return nil, nil, err
	}
	c.Reference = rec.Reference
	body := recordPanel(v, &rec, d)
	if s.node != nil {
		others, err := s.alike(r.Context(), v, &rec, d.Plate)
		if err != nil {
			return nil, nil, err
		}
		body = templ.Join(samePlate(v, others), body)
	}
	return &panel{Address: s.base + visitAddress(rec.Reference), Heading: rec.Reference, Body: body, Acts: d.Acts}, nil, nil
}

// detail is what a node's record tells beyond the facts.
type detail struct {
	Plate   string
	Acts    []act
	Origins map[int64]node.Origin
	Said    map[string]string // plates and remarks, by commitment
}

func (s *Server) detail(ctx context.Context, v *view, rec *node.Record) (d detail, err error) {
	if s.node == nil {
		return d, nil
	}
	d.Acts = v.actsOn(rec)
	if a, ok := v.timeCorrection(rec); ok {
		d.Acts = append(d.Acts, a)
	}
	var seqs []int64
	for i := range rec.Facts {
		seqs = append(seqs, int64(rec.Facts[i].Sequence))
	}
	if d.Origins, err = s.node.Origins(ctx, seqs); err != nil {
		return d, err
	}
	if d.Plate, err = s.node.Reveal(ctx, rec.Plate); err != nil {
		return d, err
	}
	commitments := make([]string, 0, len(seqs))
	for _, seq := range seqs {
		commitments = append(commitments, d.Origins[seq].Remark)
	}
	for _, a := range rec.Asides {
		d.Origins[a.Seq] = node.Origin{Actor: a.Actor, Remark: a.Remark}
		commitments = append(commitments, a.Plate, a.Remark)
	}
	d.Said = map[string]string{}
	for _, c := range commitments {
		if d.Said[c], err = s.node.Reveal(ctx, c); err != nil {
			return d, err
		}
	}
	return d, nil
}

// aboutPlace is a lane, a yard or a road, with who is in it and its stops.
func (s *Server) aboutPlace(r *http.Request, c *node.Command) (*panel, *Problem, error) {
	v, err := s.standing(r.Context())
	if err != nil {
		return nil, nil, err
	}
	name := r.PathValue("place")
	id := slices.IndexFunc(v.Layout.Places, func(p gate.Place) bool { return p.Name == name })
	if id <= 0 {
		return nil, newProblem(http.StatusNotFound, CodeUnknownPath, "No such place", fmt.Sprintf("This post has no place %q; the board shows those it has.", name)), nil
	}
	if c.Input.Do != gate.SetServers {
		c.Input.Place = gate.PlaceID(id)
	}
	return &panel{Address: placeAddress(name), Heading: name, Body: placeBody(v, gate.PlaceID(id))}, nil, nil
}

// aboutPost is the post as a whole.
func (s *Server) aboutPost(r *http.Request, _ *node.Command) (*panel, *Problem, error) {
	v, err := s.standing(r.Context())
	if err != nil {
		return nil, nil, err
	}
	done, err := s.deeds(r.Context(), v, governs)
	if err != nil {
		return nil, nil, err
	}
	return &panel{Address: "/post", Heading: s.node.Post(), Body: postBody(v, s.node.Ready(), done)}, nil, nil
}

// aboutArrivals is where vehicles are announced and arrive.
func (s *Server) aboutArrivals(r *http.Request, _ *node.Command) (*panel, *Problem, error) {
	v, err := s.standing(r.Context())
	if err != nil {
		return nil, nil, err
	}
	return &panel{Address: "/arrivals", Heading: "Arrivals", Body: arrivalsBody(v)}, nil, nil
}

// stopsIn lists the stops in a place, in every direction.
func (v *view) stopsIn(p gate.PlaceID) (stops []gate.StopID) {
	for i := range v.plan.Carriageways {
		for _, strip := range v.plan.Carriageways[i].strips() {
			for _, stop := range strip.Segments {
				if strip.Place == p && !slices.Contains(stops, stop) {
					stops = append(stops, stop)
				}
			}
		}
	}
	return stops
}

// turningWords say that a lane turns, and why it takes nobody meanwhile.
func (v *view) turningWords(p gate.PlaceID) string {
	d, turns := v.TurnsTo(p)
	if !turns {
		return ""
	}
	return "It turns: " + v.wayWords(d) + ". It takes nobody until everybody has left who is in it or was called to it."
}

// announced lists the visits that are not here yet.
func (v *view) announced() (out []*node.Visit) {
	for i := range v.State.Visits {
		if v.State.Visits[i].Phase == gate.PhaseAnnounced {
			out = append(out, &v.State.Visits[i])
		}
	}
	return out
}

// placeWords say what a place is, or whether it is open.
func (v *view) placeWords(id gate.PlaceID) string {
	switch place, now := v.Layout.Places[id], v.State.Places[id]; {
	case !place.Kind.Work():
		return board.Plain(place.Kind.String())
	case now.Open && now.Turning != 0:
		return "turning"
	case now.Open:
		return "open"
	}
	return "closed"
}

func roomWords(p *node.PlaceState) string {
	if p.Capacity == 0 {
		return ""
	}
	return fmt.Sprintf(", room for %d", p.Capacity)
}

func officersText(s node.StopState) string {
	return fmt.Sprintf("%d on duty, %d at work, %d in line", s.Servers, s.Busy, s.Line)
}

// clockInDoubt reports whether a person has to say that the clock is right.
func clockInDoubt(trouble error) bool { return trouble != nil && !errors.Is(trouble, node.ErrNotReady) }

func confirmClock() act {
	a := newAct(gate.Note, "The clock is right now")
	a.Do = doConfirmClock
	return a
}
