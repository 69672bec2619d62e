package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"landport/scenarios"
	"landport/sim"
)

// crossing are the scenarios of one crossing to choose from.
type crossing struct {
	Name      string
	Scenarios []titled
}

// titled is a scenario by its title.
type titled struct{ Name, Title string }

// crossings are what comes with Landport, by crossing; textbooks' queues, which
// are at none, last.
func crossings() (list []crossing) {
	var textbook crossing
	for _, name := range scenarios.Names() {
		file, err := shipped(name)
		if err != nil {
			panic(err) // those that come with Landport are read by its tests
		}
		one := titled{name, titleOf(file)}
		at := crossingOf(file)
		i := slices.IndexFunc(list, func(c crossing) bool { return c.Name == at })
		switch {
		case at == "":
			textbook.Scenarios = append(textbook.Scenarios, one)
		case i < 0:
			list = append(list, crossing{at, []titled{one}})
		default:
			list[i].Scenarios = append(list[i].Scenarios, one)
		}
	}
	textbook.Name = "Textbook queues"
	return append(list, textbook)
}

// crossingOf names the crossing of a scenario by its posts, empty if it has none.
func crossingOf(f *sim.File) string {
	const facing = 2
	if len(f.Posts) > facing {
		return "Several borders"
	}
	var posts []string
	for i := range f.Posts {
		posts = append(posts, f.Posts[i].Name)
	}
	return strings.Join(posts, " – ")
}

func titleOf(f *sim.File) string { return cmp.Or(f.Title, f.Name) }

// choices are all scenarios to choose from, the caller's own first.
func (s *Server) choices() []crossing {
	list := s.studio.shipped()
	if s.own == nil {
		return list
	}
	return append([]crossing{{"Your file", []titled{{s.own.Name, titleOf(s.own.File)}}}}, list...)
}

// studioView is the studio's page; byLink says that a link asks for a run.
func (s *Server) studioView(r *http.Request, e *experiment, j *job, byLink bool) templ.Component {
	p := s.pageFor(r, "evidence", "What if")
	if p.Post == nil { // or it is whose node this is
		p.Title = e.title()
	}
	return evidenceView(p, s.choices(), e, j, byLink)
}
