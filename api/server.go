package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"landport/board"
	"landport/node"
)

// Config says what is served.
type Config struct {
	Node    *node.Node
	Key     string // public half of the ledger's signing key, a C2SP signed-note verifier key; "" to publish none
	Listen  string // the address it is served at, as host:port
	Version string // of the program
	Log     *slog.Logger
}

// Roots are the patterns under which New's handler belongs on a mux that serves
// pages beside it.
func Roots() []string {
	return []string{"/api/", "/openapi.json", "/docs", "/docs/", "/problems/", "/healthz", "/readyz", "/metrics"}
}

// New makes the handler of everything under Roots, and answers every other path
// with a problem.
func New(c Config) (http.Handler, error) {
	s := &server{
		node: c.Node, key: c.Key, log: c.Log, mux: http.NewServeMux(),
		names: names{layout: c.Node.Model().Layout, slug: board.Slug(c.Node.Post())},
	}
	s.meters = s.newMeters()
	s.teller = board.NewTeller(c.Node, func(b *node.Board) board.Change { return s.view(b).Change() })
	s.huma = humago.New(s.mux, huma.Config{
		OpenAPI:                      document(c.Version),
		Formats:                      map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "application/problem+json": huma.DefaultJSONFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{translate},
	})
	s.examples = s.makeExamples()
	s.fields = s.fieldSchemas()
	s.registerPosts()
	s.registerBoard()
	s.registerVisits()
	s.registerOrders()
	s.registerAnomalies()
	s.registerJournal()
	s.registerStudy()
	s.registerSamples()
	s.registerLedger()
	s.registerEvents()
	s.registerHealth()
	if err := s.publish(); err != nil {
		return nil, err
	}
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { noRoute(s.mux, w, r) })
	return guard(c.Listen, s.mux), nil
}

type server struct {
	names

	node     *node.Node
	key      string
	log      *slog.Logger
	mux      *http.ServeMux
	huma     huma.API
	meters   *meters
	teller   *board.Teller
	fields   map[string]*huma.Schema // of bodies, by name
	examples map[string]any          // by the name of a field or parameter
}

// operation is what the OpenAPI document says of one.
type operation struct {
	method, path, id, tag string
	summary, text         string
	problems              []string // codes, besides those of any request
	status                int      // of success; 0 is 200
	media                 string   // of the answer, if it is not JSON
	example               any      // of an answer
	body                  *huma.Schema
}

// Groups of operations in the document.
const (
	tagPost    = "Post"
	tagVisits  = "Visits"
	tagOrders  = "Orders about a visit"
	tagSeen    = "Observations of a visit"
	tagRunning = "Running the post"
	tagSurvey  = "Survey"
	tagLedger  = "Ledger"
	tagServer  = "Server"
)

// answer is a plain answer.
type answer[T any] struct{ Body T }

// text is an answer that is no JSON.
type text struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func get[I, O any](s *server, o operation, handler func(context.Context, *I) (*O, error)) {
	o.method = http.MethodGet
	huma.Register(s.huma, s.describe(&o), handler)
}

// describe writes an operation as the document has it.
func (s *server) describe(o *operation) huma.Operation {
	status := max(o.status, http.StatusOK)
	media := o.media
	if media == "" {
		media = "application/json"
	}
	op := huma.Operation{
		OperationID: o.id, Method: o.method, Path: o.path, Summary: o.summary, Description: o.text, Tags: []string{o.tag},
		DefaultStatus: status, MaxBodyBytes: bodyMost + 1,
		Responses: map[string]*huma.Response{strconv.Itoa(status): {
			Description: "Done", Content: map[string]*huma.MediaType{media: {Example: o.example}},
		}},
	}
	if o.media != "" {
		op.Responses[strconv.Itoa(status)].Content[media].Schema = &huma.Schema{Type: huma.TypeString}
	}
	codes := append([]string{codeUnreadable, codeInvalid}, o.problems...)
	if o.method == http.MethodPost {
		codes = append(codes, codeCrossOrigin, codeTooLarge, codeMediaType, codeKeyMissing, codeKeyReused, codeBusy, codeNotReady, codeOutcomeUnknown, codeStopped)
	}
	s.describeProblems(&op, codes)
	if o.body != nil {
		op.RequestBody = &huma.RequestBody{Required: len(o.body.Required) > 0, Content: map[string]*huma.MediaType{
			"application/json": {Schema: o.body, Example: s.exampleOf(o.body)},
		}}
	}
	return op
}

// describeProblems lists the problems an operation may answer, by status.
func (s *server) describeProblems(op *huma.Operation, codes []string) {
	schema := s.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "")
	add := func(p *Problem) {
		status := strconv.Itoa(p.Status)
		r := op.Responses[status]
		if r == nil {
			r = &huma.Response{Content: map[string]*huma.MediaType{p.ContentType(""): {Schema: schema, Examples: map[string]*huma.Example{}}}}
			op.Responses[status] = r
		}
		r.Description = strings.TrimPrefix(r.Description+", `"+p.Code+"`", ", ")
		s.huma.OpenAPI().Components.Examples[p.Code] = &huma.Example{Summary: p.Title, Value: p}
		r.Content[p.ContentType("")].Examples[p.Code] = &huma.Example{Ref: "#/components/examples/" + p.Code}
		if p.retryAfterS > 0 {
			r.Headers = map[string]*huma.Param{"Retry-After": {Description: "Seconds", Schema: &huma.Schema{Type: huma.TypeInteger}}}
		}
	}
	if slices.Contains(codes, codeNotReady) {
		codes = append(slices.Clip(codes), codeDamaged) // whoever reads the ledger may meet it
	}
	for _, code := range codes {
		if code == refusedByGate {
			add(refused("not-held", "there is no such hold to lift; the visit is held for export KH"))
			continue
		}
		i := slices.IndexFunc(kindsOfProblem[:], func(k kindOfProblem) bool { return k.Code == code })
		add(newProblem(code, kindsOfProblem[i].Meaning))
	}
}

// refusedByGate stands for all refusals in an operation's list of problems.
const refusedByGate = "refused"

// exampleOf makes an example of a body from those of its fields. A first visit
// has no outward one.
func (s *server) exampleOf(body *huma.Schema) map[string]any {
	out := map[string]any{}
	for name := range body.Properties {
		if example, ok := s.examples[name]; ok {
			out[name] = example
		}
	}
	return out
}

func document(version string) *huma.OpenAPI {
	return &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title: "Landport", Version: version,
			Description: "One post of a land border crossing. Every write takes a header `Idempotency-Key` and is durable when it is answered. " +
				"Failures are problems (RFC 9457) with a stable `code`. Besides those listed, any request may be answered " +
				"`unknown-path` (404), `wrong-method` (405), `wrong-host` (421) or `failed` (500).",
			License: &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
		},
		Components: &huma.Components{
			Schemas:  huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
			Examples: map[string]*huma.Example{},
		},
	}
}

// publish writes the document and the pages made from it.
func (s *server) publish() error {
	doc := s.huma.OpenAPI()
	delete(doc.Components.Schemas.Map(), "ErrorModel") // what huma would answer, did translate not stand before it
	delete(doc.Components.Schemas.Map(), "ErrorDetail")
	s.exemplify(doc)
	data, err := json.Marshal(doc)
	if err != nil {
		return fmt.Errorf("the OpenAPI document: %w", err)
	}
	s.mux.HandleFunc("GET /openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/openapi+json")
		_, _ = w.Write(data)
	})
	return s.publishReference(doc)
}

// behind is the problem of an answer that does not say of when it is, while the
// node cannot know that it is of now.
func (s *server) behind() *Problem {
	_, why := s.node.Standstill()
	if why == nil {
		return nil
	}
	return cmp.Or(problemOf(why), newProblem(codeNotReady, why.Error()))
}

// broken answers when the node or its ledger does not.
func (s *server) broken(err error) *Problem {
	if errors.Is(err, context.Canceled) {
		return newProblem(codeStopped, "the request was given up")
	}
	if p := problemOf(s.node.Missed(err)); p != nil {
		return p
	}
	s.log.Error("a request failed", "error", err)
	return newProblem(codeNotReady, "The ledger did not answer; the log says why.")
}
