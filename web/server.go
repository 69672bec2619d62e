package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"landport/ledger"
	"landport/node"
	"landport/sim"
)

//go:embed assets
var assets embed.FS

// Server shows one playback, or one living node.
type Server struct {
	source source
	play   *node.Playback // nil where a node is shown
	node   *node.Node     // nil where a playback is shown
	option NodeOptions
	plan   *Schematic
	log    *slog.Logger
	base   string      // what the addresses of its board begin with
	whatIf *experiment // that is played, nil for none
	studio *studio
	own    *Own // that the studio has besides those that come with Landport; may be nil
}

// source is what is shown: a playback or a node.
type source interface {
	Model() *sim.Model
	Board(ctx context.Context, after node.Cursor) (node.Board, <-chan struct{}, error)
	Record(ctx context.Context, reference string) (node.Record, bool, error)
	Done() <-chan struct{}
}

// NewServer makes the handler of all pages of a playback and of /api/v1. own is
// what the studio has besides the scenarios that come with Landport, and may be
// nil.
func NewServer(play *node.Playback, log *slog.Logger, o NodeOptions, own *Own) http.Handler {
	s := &Server{source: play, play: play, option: o, own: own, plan: NewSchematic(play.Model().Layout), log: log}
	mux := http.NewServeMux()
	s.pages(mux)
	mux.HandleFunc("POST /playback", s.order)
	mux.HandleFunc("GET /study", s.studyPage)
	mux.HandleFunc("GET /api/v1/board", s.boardAPI)
	mux.HandleFunc("GET /api/v1/visits/{reference}", s.visitAPI)
	mux.HandleFunc("GET /api/v1/study", s.studyAPI)
	return s.guarded(mux, o.Listen)
}

// pages are those that a playback and a node have in common.
func (s *Server) pages(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.boardPage)
	mux.HandleFunc("GET /visits/{reference}", s.seen((*Server).aboutVisit))
	mux.HandleFunc("GET /assets/{file}", asset)
	s.surveyPages(mux)
	s.evidencePages(mux)
	mux.HandleFunc("GET /api/v1/events", s.events)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.noRoute(w, r, methods(mux, r)) })
}

// guarded takes orders from this site's own pages only, and answers to its own
// names.
func (s *Server) guarded(mux *http.ServeMux, listen string) http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, newProblem(http.StatusForbidden, CodeCrossOrigin, "Order from another site",
			"Orders are taken from this site's own pages only."))
	}))
	return withHeaders(s.ownHost(listen, guard.Handler(mux)))
}

// withHeaders keeps every page to its own files.
func withHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "+
			"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// asset serves an embedded file; browsers ask again only whether it changed.
func asset(w http.ResponseWriter, r *http.Request) {
	file := r.PathValue("file")
	data, err := fs.ReadFile(assets, "assets/"+file)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	sum := sha256.Sum256(data)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, file, time.Time{}, bytes.NewReader(data))
}

// methods lists the methods by which there is something at a request's path.
func methods(mux *http.ServeMux, r *http.Request) (allowed []string) {
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		with := r.Clone(r.Context())
		with.Method = method
		if _, pattern := mux.Handler(with); pattern != "/" {
			allowed = append(allowed, method)
		}
	}
	return allowed
}

// noRoute answers a request for which there is nothing: not at its path, or not
// by its method.
func (s *Server) noRoute(w http.ResponseWriter, r *http.Request, allowed []string) {
	if len(allowed) == 0 {
		s.fail(w, r, newProblem(http.StatusNotFound, CodeUnknownPath, "No such page", "There is nothing at "+r.URL.Path+"."))
		return
	}
	list := strings.Join(allowed, ", ")
	w.Header().Set("Allow", list)
	s.fail(w, r, newProblem(http.StatusMethodNotAllowed, CodeWrongMethod, "Wrong method", r.URL.Path+" takes "+list+", not "+r.Method+"."))
}

// fail answers a program with a problem and a person with a page.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, p *Problem) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		p.write(w)
		return
	}
	s.render(w, r, p.Status, problemPage(s.page("", p.Title), p))
}

// broken answers when the playback or the node does not.
func (s *Server) broken(w http.ResponseWriter, r *http.Request, err error) {
	if s.node != nil {
		err = s.node.Missed(err)
	}
	p := broken(err)
	if p.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfterS)
		w.Header().Set("Refresh", retryAfterS) // a page comes by itself
	}
	if p.Code == CodeFailed && r.Context().Err() == nil {
		s.log.Error("request failed", "path", r.URL.Path, "error", err)
	}
	s.fail(w, r, p)
}

// retryAfterS is after how many seconds to ask again who cannot answer now.
const retryAfterS = "5"

func broken(err error) *Problem {
	switch {
	case errors.Is(err, node.ErrStopped):
		return newProblem(http.StatusServiceUnavailable, CodeStopped, "Landport has stopped", "Start it again, then load this page anew.")
	case errors.Is(err, ledger.ErrAway):
		return newProblem(http.StatusServiceUnavailable, CodeNotReady, "Not now", "The database does not answer; this page comes by itself as soon as it does.")
	case errors.Is(err, node.ErrNotReady):
		why := strings.TrimPrefix(err.Error(), node.ErrNotReady.Error()+": ")
		return newProblem(http.StatusServiceUnavailable, CodeNotReady, "Not now", sentence(why)+" This page comes by itself as soon as it is over.")
	}
	return newProblem(http.StatusInternalServerError, CodeFailed, "Something went wrong", "The server could not answer; its log says why.")
}

func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "HX-Request, HX-Target")
	w.WriteHeader(status)
	if err := c.Render(r.Context(), w); err != nil && r.Context().Err() == nil {
		s.log.Error("page broke off", "path", r.URL.Path, "error", err)
	}
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if err := json.NewEncoder(w).Encode(v); err != nil && r.Context().Err() == nil {
		s.log.Error("answer broke off", "path", r.URL.Path, "error", err)
	}
}

// fragment reports whether the page's script asks for a part only.
func fragment(r *http.Request) bool { return r.Header.Get("HX-Request") != "" }
