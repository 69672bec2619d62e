package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"slices"
	"strings"
	"time"

	"landport/node"
)

// boardsKept is how many what-if playbacks run at a time; a further one ends the
// oldest.
const (
	boardsKept = 4
	endedKept  = 100 // of which it is known that they were
)

// whatIf is a playback of a scenario that was changed, on a board of its own.
type whatIf struct {
	id   string
	site http.Handler
	stop context.CancelFunc
}

// openBoard plays the day of an experiment's first pair of runs, as changed.
func (s *Server) openBoard(w http.ResponseWriter, r *http.Request) {
	e, ok := s.experimentOf(w, r)
	if !ok {
		return
	}
	if !e.good() {
		s.render(w, r, http.StatusUnprocessableEntity, s.studioView(r, e, nil, false))
		return
	}
	http.Redirect(w, r, s.studio.open(e).base+"/", http.StatusSeeOther)
}

// open plays an experiment and returns the server of its pages.
func (s *studio) open(e *experiment) *Server {
	id := strings.ToLower(rand.Text()[:12])
	play := node.NewPlayback(e.model, e.options.Seed, 60, time.Now)
	ctx, stop := context.WithCancel(context.Background())
	go play.Run(ctx)
	go func() {
		select {
		case <-s.over:
			stop()
		case <-ctx.Done():
		}
	}()
	board := &Server{
		source: play, play: play, plan: NewSchematic(e.model.Layout), log: s.log,
		base: "/evidence/boards/" + id, whatIf: e,
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", board.boardPage)
	mux.HandleFunc("GET /visits/{reference}", board.seen((*Server).aboutVisit))
	mux.HandleFunc("POST /playback", board.order)
	mux.HandleFunc("GET /study", board.studyPage)
	mux.HandleFunc("GET /api/v1/events", board.events)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { board.noRoute(w, r, methods(mux, r)) })
	s.mu.Lock()
	defer s.mu.Unlock()
	s.boards = append(s.boards, &whatIf{id, http.StripPrefix(board.base, mux), stop})
	for len(s.boards) > boardsKept {
		s.boards[0].stop()
		if s.ended = append(s.ended, s.boards[0].id); len(s.ended) > endedKept {
			s.ended = slices.Delete(s.ended, 0, 1)
		}
		s.boards = slices.Delete(s.boards, 0, 1)
	}
	return board
}

// whatIfBoard hands a request to the board it is about.
func (s *Server) whatIfBoard(w http.ResponseWriter, r *http.Request) {
	s.studio.mu.Lock()
	i := slices.IndexFunc(s.studio.boards, func(b *whatIf) bool { return b.id == r.PathValue("id") })
	var site http.Handler
	if i >= 0 {
		site = s.studio.boards[i].site
	}
	ended := slices.Contains(s.studio.ended, r.PathValue("id"))
	s.studio.mu.Unlock()
	switch {
	case site != nil:
		site.ServeHTTP(w, r)
	case ended:
		s.fail(w, r, newProblem(http.StatusNotFound, CodeUnknownPath, "This playback has ended",
			"It ended because newer ones took its place. Open it again from the studio, at /evidence."))
	default:
		s.fail(w, r, newProblem(http.StatusNotFound, CodeUnknownPath, "No such playback",
			"There is no playback at this address. One that was here ended when the program did. Open it again from the studio, at /evidence."))
	}
}
