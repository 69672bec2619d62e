package web

import (
	"log/slog"
	"net/http"

	"landport/node"
)

// NodeOptions say how the pages of a node, or of a playback, are served.
type NodeOptions struct {
	Listen    string // host:port it is served at
	Demo      bool   // its traffic is made up and its clock runs fast
	Neighbour string // address of the board on the other side, "" for none
	Program   string // in a sentence, which program this is: for reports
}

// NewNodeServer makes the handler of all pages of a node and of its event
// stream. The JSON API is another's.
func NewNodeServer(n *node.Node, o NodeOptions, log *slog.Logger) http.Handler {
	s := &Server{source: n, node: n, option: o, plan: NewSchematic(n.Model().Layout), log: log}
	mux := http.NewServeMux()
	s.pages(mux)
	for path, of := range map[string]subject{
		"/places/{place}": (*Server).aboutPlace, "/post": (*Server).aboutPost,
		"/arrivals": (*Server).aboutArrivals, "/look": (*Server).aboutLook,
	} {
		mux.HandleFunc("GET "+path, s.seen(of))
	}
	for path, of := range map[string]subject{
		"/visits/{reference}": (*Server).aboutVisit, "/places/{place}": (*Server).aboutPlace, "/post": (*Server).aboutPost,
		"/arrivals": (*Server).aboutArrivals, "/look/{seq}": (*Server).aboutLook,
	} {
		mux.HandleFunc("POST "+path, s.acted(of))
	}
	mux.HandleFunc("GET /find", s.find)
	mux.HandleFunc("POST /operator", s.signOn)
	mux.HandleFunc("GET /public", s.publicPage)
	mux.HandleFunc("GET /study", s.periodPage)
	return s.guarded(mux, o.Listen)
}
