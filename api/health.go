package api

import (
	"context"
	"errors"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"landport/ledger"
)

// Health says whether the node is well.
type Health struct {
	Status string `json:"status" doc:"ok"`
	Post   string `json:"post"`
	Size   int64  `json:"size" doc:"Entries in the ledger"`
}

func (s *server) health() *answer[Health] {
	seq, _ := s.node.Seen()
	return &answer[Health]{Health{"ok", s.slug, seq}}
}

func (s *server) registerHealth() {
	example := Health{"ok", s.slug, 1042}
	get(s, operation{
		path: "/healthz", id: "health", tag: tagServer, summary: "The process answers", example: example,
		text: "Whether it can take commands is for /readyz to say.",
	}, func(context.Context, *struct{}) (*answer[Health], error) { return s.health(), nil })
	get(s, operation{
		path: "/readyz", id: "ready-to-serve", tag: tagServer, summary: "The node takes commands", example: example,
		text: "Or why it cannot now: its database is away, its clock is in doubt, it is stopping; `damaged` if its ledger is.", problems: []string{codeNotReady, codeStopped},
	}, func(context.Context, *struct{}) (*answer[Health], error) {
		select {
		case <-s.node.Done():
			return nil, newProblem(codeStopped, "the node has stopped")
		default:
		}
		if err := s.node.Ready(); err != nil {
			if errors.Is(err, ledger.ErrDamaged) {
				return nil, newProblem(codeDamaged, err.Error())
			}
			return nil, newProblem(codeNotReady, err.Error())
		}
		return s.health(), nil
	})
	get(s, operation{
		path: "/metrics", id: "metrics", tag: tagServer, summary: "Measurements for Prometheus", media: "text/plain",
		text: "In its text format.", example: "# TYPE landport_entries gauge\nlandport_entries 1042\n",
	}, func(context.Context, *struct{}) (*stream, error) {
		return &stream{func(ctx huma.Context) {
			r, w := humago.Unwrap(ctx)
			promhttp.HandlerFor(s.meters.registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
		}}, nil
	})
}
