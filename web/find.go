package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"landport/border"
	"landport/node"
)

// What finds visits by the end of a plate or a reference: the fewest letters and
// digits of it, and how many of those found are listed.
const (
	endLeast = 3
	endMost  = 20
)

// found is a visit with the plate that it is found by, "" for none.
type found struct {
	node.Trace
	Plate string
}

// matches are the visits that go by what was asked for, the latest first.
type matches struct {
	Whole  []found // by the whole of their plate; these may have left
	Ending []found // by the end of their plate or reference; announced or here
	More   int     // of those ending so
}

// find goes to the visit of a reference, of a plate or of the end of either, and
// asks which if there are several.
func (s *Server) find(w http.ResponseWriter, r *http.Request) {
	asked := strings.TrimSpace(r.URL.Query().Get("q"))
	if reference, err := border.ParseReference(asked); err == nil {
		http.Redirect(w, r, visitAddress(reference.String()), http.StatusSeeOther) //nolint:gosec // a path of this site
		return
	}
	if border.PlateKey(asked) == "" {
		s.nobody(w, r, asked, "Nobody is found by a plate without a letter or a digit; give a reference, or the plate as it stands on the vehicle.")
		return
	}
	v, err := s.standing(r.Context())
	if err != nil {
		s.broken(w, r, err)
		return
	}
	m, err := s.matches(r.Context(), v, asked)
	switch all := append(slices.Clone(m.Whole), m.Ending...); {
	case err != nil:
		s.broken(w, r, err)
	case len(all) == 1:
		http.Redirect(w, r, visitAddress(all[0].Reference), http.StatusSeeOther)
	case len(all) > 1:
		s.show(w, r, &panel{Address: "/find", Heading: "Which one?", Body: foundBody(v, m, asked)}, notice{})
	case short(numberOf(asked)):
		s.nobody(w, r, asked, fmt.Sprintf("No visit has the plate %q. By the end of a plate or a reference somebody is found from %d letters and digits on.", asked, endLeast))
	default:
		s.nobody(w, r, asked, fmt.Sprintf("No visit has the reference or the plate %q, neither of those announced or here nor of those that left; and of those announced or here none has one that ends so.", asked))
	}
}

func (s *Server) nobody(w http.ResponseWriter, r *http.Request, asked, why string) {
	s.render(w, r, http.StatusNotFound, nobodyPage(s.pageFor(r, "", "Nobody found"), asked, why))
}

// matches looks for a plate, and for the end of a plate or a reference.
func (s *Server) matches(ctx context.Context, v *view, asked string) (m matches, err error) {
	whole, err := s.node.Traces(ctx, asked)
	if err != nil {
		return m, err
	}
	for i := range whole {
		plate, err := s.node.Reveal(ctx, whole[i].Plate)
		if err != nil {
			return m, err
		}
		m.Whole = append(m.Whole, found{whole[i], plate})
	}
	end := numberOf(asked)
	if short(end) {
		return m, nil
	}
	for _, visit := range slices.Backward(v.State.Visits) {
		if slices.ContainsFunc(m.Whole, func(other found) bool { return other.ID == visit.ID }) {
			continue
		}
		plate, err := s.plateOf(ctx, &visit)
		switch {
		case err != nil:
			return m, err
		case !strings.HasSuffix(lettersAndDigits(visit.Reference), end) && !strings.HasSuffix(numberOf(plate), end):
		case len(m.Ending) == endMost:
			m.More++
		default:
			m.Ending = append(m.Ending, found{node.Trace{Visit: visit}, plate})
		}
	}
	return m, nil
}

func short(end string) bool { return utf8.RuneCountInString(end) < endLeast }

// plateOf is a visit's plate; "" if it is not known, or erased.
func (s *Server) plateOf(ctx context.Context, visit *node.Visit) (plate string, err error) {
	if visit.Plate != "" {
		_, plate, _, err = s.node.Ledger().Reveal(ctx, visit.Plate)
	}
	return plate, err
}

// numberOf is what stands on a plate besides the province, in one spelling of
// letters and digits.
func numberOf(plate string) string {
	_, number, _ := strings.Cut(border.PlateKey(plate), ":")
	number, _, _ = strings.Cut(number, ":")
	return lettersAndDigits(number)
}

func lettersAndDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}
