package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"landport/board"
	"landport/border"
	"landport/gate"
	"landport/node"
)

// command reads the form of an act. The error is a sentence.
func (s *Server) command(r *http.Request) (node.Command, error) {
	if err := r.ParseForm(); err != nil {
		return node.Command{}, fmt.Errorf("the form could not be read: %w", err)
	}
	form := formReader{r: r, layout: s.source.Model().Layout}
	c := node.Command{ID: "form-" + r.PostFormValue("key"), Actor: operator(r), Remark: form.text("remark"), Plate: form.text("plate")}
	switch do := r.PostFormValue("do"); do {
	case doSettle:
		c.Act = node.Settle
	case doCorrectTime:
		form.retimed(&c)
	case doConfirmClock:
		c.Act = node.ConfirmClock
	default:
		asked, known := gate.ParseDo(do)
		if !known || asked == gate.Tick {
			return c, fmt.Errorf("%q is nothing that can be done here", do)
		}
		c.Input.Do = asked
		form.input(&c)
		form.why(&c.Input)
		c.Input.At = form.when(s.node.Clock().Now())
	}
	return c, form.err
}

// formReader reads fields and remembers the first that is wrong.
type formReader struct {
	r      *http.Request
	layout *gate.Layout
	err    error
}

func (f *formReader) failf(format string, args ...any) {
	if f.err == nil {
		f.err = fmt.Errorf(format, args...)
	}
}

// text reads a line without the space around it.
func (f *formReader) text(name string) string {
	given := strings.TrimSpace(f.r.PostFormValue(name))
	if !oneLine(given) {
		f.failf("what stands under %q is not one line of text", name)
		return ""
	}
	return given
}

func oneLine(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

func (f *formReader) input(c *node.Command) {
	in, l := &c.Input, f.layout
	in.Place = gate.PlaceID(f.find("place", len(l.Places), func(i int) string { return l.Places[i].Name }))
	in.Stop = gate.StopID(f.find("stop", len(l.Stops), func(i int) string { return l.Stops[i].Name }))
	in.Procedure = gate.ProcedureID(f.find("procedure", len(l.Procedures), func(i int) string { return l.Procedures[i].Name }))
	in.Direction = gate.Direction(f.find("direction", len(l.Directions), func(i int) string { return l.Directions[i].Exit + "-" + l.Directions[i].Entry }))
	in.Formalities = f.formalities()
	in.Traits = f.traits()
	in.Unready = f.text("dossier") == "unready"
	in.N = f.number(in.Do)
	if in.Do == gate.SetAccepts {
		p := f.accepts()
		in.Traits, in.N = p.Refused, int64(p.Required)
	}
	var ok bool
	if in.Reason, ok = gate.ParseReason(f.text("reason")); !ok || in.Reason != gate.NoReason && !in.Reason.ByPeople() {
		f.failf("%q is no reason why people act; choose one from the list", f.text("reason"))
	}
	if outcome := f.text("outcome"); outcome != "" {
		if in.Outcome, ok = gate.ParseOutcome(outcome); !ok {
			f.failf("%q is no outcome of a service", outcome)
		}
	}
	if given := f.text("reference"); given != "" {
		reference, err := border.ParseReference(given)
		if err != nil {
			f.failf("the reference: %w", err)
		}
		c.Reference = reference.String()
	}
	f.arrivals(in.Do)
}

// why checks that who holds, refuses, closes and the like says why.
func (f *formReader) why(in *gate.Input) {
	decides := in.Do == gate.ObserveServed && (in.Outcome == gate.HeldBack || in.Outcome == gate.RefusedHere)
	if in.Reason == gate.NoReason && (decides || in.Do.NeedsReason()) {
		f.failf("this act needs a reason; choose one under Why, such as documents, security or weather")
	}
}

// find returns the index of the name in a field, 0 for none.
func (f *formReader) find(field string, n int, name func(int) string) int {
	given := f.text(field)
	if given == "" {
		return 0
	}
	for i := range n {
		if name(i) == given {
			return i
		}
	}
	f.failf("this post has no %s %q", field, given)
	return 0
}

func (f *formReader) formalities() (set gate.FormalitySet) {
	for _, given := range f.r.PostForm["formality"] {
		if given == "" {
			continue
		}
		i := slices.IndexFunc(f.layout.Formalities, func(o gate.Formality) bool { return o.Name == given })
		if i < 0 {
			f.failf("this post has no formality %q", given)
			continue
		}
		set |= 1 << i
	}
	return set
}

func (f *formReader) traits() (t border.Traits) {
	for _, axis := range border.Axes() {
		for _, given := range f.r.PostForm[axis.String()] {
			if given == "" || given == notKnown {
				continue
			}
			trait, of, err := border.ParseTrait(given)
			if err != nil || of != axis {
				f.failf("%s takes %s, not %q", board.Plain(axis.String()), strings.Join(axis.Values(), ", "), given)
			}
			t |= trait
		}
	}
	if err := t.Check(); err != nil {
		f.failf("%w", err)
	}
	return t
}

// number reads what an order gives as a number.
func (f *formReader) number(do gate.Do) int64 {
	switch do {
	case gate.SetServers:
		n, err := strconv.ParseInt(f.text("officers"), 10, 32)
		if err != nil {
			f.failf("%q is not a number of officers", f.text("officers"))
		}
		return n
	case gate.SetCapacity:
		n, err := strconv.ParseInt(f.text("capacity"), 10, 32)
		if err != nil || n < 1 {
			f.failf("%q is not a number of vehicles; give a whole number from 1", f.text("capacity"))
		}
		return n
	case gate.SetHours:
		return f.hours()
	case gate.SetPolicy:
		policies := f.layout.Policies
		if f.text("policy") == "" {
			f.failf("choose a policy")
		}
		return int64(f.find("policy", len(policies), func(i int) string { return policies[i].Name }))
	case gate.SuspendProcedure:
		if f.text("under-way") == "fall-back" {
			return 1
		}
	}
	return 0
}

// How long ago, and how far ahead of the post's clock, the hour and minute of a
// form may be: one that has not come yet today would else be yesterday's.
const (
	whenMost  = 12 * time.Hour
	whenEarly = time.Minute
)

// when reads the last time a post's clock showed an hour and a minute; 0 is now.
func (f *formReader) when(now border.Time) border.Time {
	given := f.text("at")
	if given == "" {
		return 0
	}
	at, err := time.Parse("15:04", given)
	if err != nil {
		f.failf("%q is not an hour and a minute such as 14:30", given)
		return 0
	}
	local := now.Std(node.Zone(f.layout, 0))
	told := time.Date(local.Year(), local.Month(), local.Day(), at.Hour(), at.Minute(), 0, 0, local.Location())
	if told.Sub(local) >= whenMost {
		told = told.AddDate(0, 0, -1)
	}
	switch ago := local.Sub(told); {
	case ago < -whenEarly:
		f.failf("%s has not come yet: it is %s here; leave When empty for now, or give an hour and a minute of the last 12 hours", given, local.Format("15:04"))
	case ago > whenMost:
		f.failf("%s was %s ago: it is %s here; leave When empty for now, or give an hour and a minute of the last 12 hours", given, span(border.Micros(ago.Microseconds())), local.Format("15:04"))
	}
	return min(border.At(told), now)
}

// operatorCookie keeps the name that an operator typed.
const operatorCookie = "landport-operator"

// nameMost is the longest name, in letters.
const nameMost = 40

// operator is who acts: a name typed once, else "operator".
func operator(r *http.Request) string {
	if cookie, err := r.Cookie(operatorCookie); err == nil && checkName(cookie.Value) == nil {
		return cookie.Value
	}
	return "operator"
}

var errName = errors.New("take 1 to 40 letters of a to z, digits, hyphens and dots, such as booth-3 or night.a")

func checkName(name string) error {
	if name == "" || len(name) > nameMost || strings.ContainsFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '.'
	}) {
		return errName
	}
	return nil
}

// signOn takes the name an operator typed.
func (s *Server) signOn(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimSpace(r.PostFormValue("operator"))
	if err := checkName(name); err != nil {
		s.fail(w, r, newProblem(http.StatusUnprocessableEntity, CodeBadOrder, "Not a name to go by", sentence(err.Error())))
		return
	}
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // not Secure: a node is also served without TLS on its own machine, and the name is no secret
		Name: operatorCookie, Value: name, Path: "/", MaxAge: 30 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}
