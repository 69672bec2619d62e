package api

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"landport/ledger"
	"landport/node"
)

// Problem is an error as programs get it (RFC 9457). Code is stable and may be
// switched on; Detail is a sentence for the person behind the program.
type Problem struct { //nolint:errname // the word of RFC 9457
	Type   string  `json:"type" format:"uri-reference" doc:"Where the kind of problem is explained: /problems/ and the code"`
	Title  string  `json:"title" doc:"The kind of problem in words"`
	Status int     `json:"status" doc:"The HTTP status"`
	Code   string  `json:"code" doc:"The kind of problem for programs; stable"`
	Detail string  `json:"detail" doc:"What is wrong this time, and what would be right"`
	Faults []Fault `json:"faults,omitempty" doc:"What is wrong with the request, one by one"`

	retryAfterS int
}

// Fault is one thing that is wrong with a request.
type Fault struct {
	Location string `json:"location" doc:"Where: path, query, header or body, and the name there"`
	Detail   string `json:"detail" doc:"What is wrong, and what would be right"`
}

// Codes of problems. Refusals of the gate have the gate's codes.
const (
	codeUnreadable       = "unreadable"
	codeCrossOrigin      = "cross-origin"
	codeUnknownPath      = "unknown-path"
	codeUnknownPost      = "unknown-post"
	codeUnknownVisit     = "unknown-visit"
	codeUnknownEntry     = "unknown-entry"
	codeBeyondEnd        = "beyond-end"
	codeUnknownPlace     = "unknown-place"
	codeUnknownStop      = "unknown-stop"
	codeUnknownProcedure = "unknown-procedure"
	codeNoKey            = "no-signing-key"
	codeWrongMethod      = "wrong-method"
	codeTooLarge         = "too-large"
	codeMediaType        = "wrong-media-type"
	codeWrongHost        = "wrong-host"
	codeInvalid          = "invalid"
	codeKeyMissing       = "idempotency-key-missing"
	codeKeyReused        = "idempotency-key-reused"
	codeBusy             = "busy"
	codeFailed           = "failed"
	codeDamaged          = "damaged"
	codeNotReady         = "not-ready"
	codeOutcomeUnknown   = "outcome-unknown"
	codeStopped          = "stopped"
)

// kindOfProblem is what the problems of one code have in common.
type kindOfProblem struct {
	Code    string
	Status  int
	Title   string
	Meaning string
}

var kindsOfProblem = [...]kindOfProblem{
	{codeUnreadable, 400, "Not readable", "The request is not well formed: its body is no JSON in UTF-8, or its address or a header holds bytes that no text has. Nothing was done."},
	{codeCrossOrigin, 403, "From another site", "A browser sent the request from another site's page. Writes are taken from this site's own pages and from programs."},
	{codeUnknownPath, 404, "Nothing there", "There is nothing at this address."},
	{codeUnknownPost, 404, "No such post", "This node runs one post; GET /api/v1/posts says which. The other country's post has a node of its own."},
	{codeUnknownVisit, 404, "No such visit", "No visit of this reference was ever announced or came here; it may have been misread. What cannot be ordered about a visit that has left is refused with `has-left`."},
	{codeUnknownPlace, 404, "No such place", "The post has no place of this name; GET /api/v1/posts lists them."},
	{codeUnknownStop, 404, "No such stop", "The post has no stop of this name; GET /api/v1/posts lists them."},
	{codeUnknownProcedure, 404, "No such procedure", "The post has no procedure of this name; GET /api/v1/posts lists them."},
	{codeUnknownEntry, 404, "No such entry", "The ledger has no entry with this sequence number yet."},
	{codeNoKey, 404, "No signing key", "The node was started without a signing key, so there are no checkpoints and no proofs that quote one."},
	{codeWrongMethod, 405, "Wrong method", "There is something at this address, but not for this method; the Allow header lists the methods."},
	{codeBeyondEnd, 409, "Beyond the end", "The entries after this one are asked for, and the ledger ends ahead of it: a backup was restored, or an end that was lost was given up. The detail says where the ledger ends, and in which epoch. Who follows it compares what is known with the entries there are, or begins anew."},
	{codeTooLarge, 413, "Too large", "The body is larger than any request needs to be."},
	{codeMediaType, 415, "Wrong media type", "Bodies are JSON: send Content-Type: application/json."},
	{codeWrongHost, 421, "Wrong name", "Over the loopback the server answers to localhost and to addresses only, so that no other site can pose as it."},
	{codeInvalid, 422, "Not valid", "The request is readable, but a value is missing, of the wrong type, out of range, or names something the post does not have. The faults say which. Nothing was done."},
	{codeKeyMissing, 422, "No idempotency key", "Every write needs a header Idempotency-Key that is new for every command, such as a UUID. It makes it safe to send the same request again after a broken connection."},
	{codeKeyReused, 422, "Idempotency key used before", "The same Idempotency-Key came with another request before. Take a new one for every command."},
	{codeBusy, 429, "Too much at once", "More commands are waiting than the node will queue. Nothing was done; send the same request again after the seconds in Retry-After."},
	{codeFailed, 500, "Failed", "The node could not answer; its log says why."},
	{codeDamaged, 500, "Damaged", "The ledger is damaged, at what was asked for or elsewhere. The node records nothing more until somebody has looked into it; the detail says what does not fit and what to do. Asking again does not help."},
	{codeNotReady, 503, "Not ready", "The node cannot take commands now, for instance because its database is away. Send the same request again, with the same Idempotency-Key, after the seconds in Retry-After."},
	{codeOutcomeUnknown, 503, "Outcome unknown", "The node did not answer in time; the command may have been carried out. Send the same request again, with the same Idempotency-Key: it is done once."},
	{codeStopped, 503, "Stopping", "The node is stopping. Send the same request again, with the same Idempotency-Key, once it or another replica runs."},
}

func newProblem(code, detail string) *Problem {
	for _, k := range kindsOfProblem {
		if k.Code == code {
			p := &Problem{Type: "/problems/" + code, Title: k.Title, Status: k.Status, Code: code, Detail: strings.Join(strings.Fields(detail), " ")}
			if k.Status == http.StatusTooManyRequests || k.Status == http.StatusServiceUnavailable {
				p.retryAfterS = 1
			}
			return p
		}
	}
	panic("api: no problem " + code)
}

// invalid says what is wrong with a request.
func invalid(faults ...Fault) *Problem {
	p := newProblem(codeInvalid, "Nothing was done; see the faults.")
	p.Faults = faults
	if len(faults) == 1 {
		p.Detail = faults[0].Location + ": " + faults[0].Detail
	}
	return p
}

// refused says why the gate did not carry out an order.
func refused(code, detail string) *Problem {
	return &Problem{Type: "/problems/" + code, Title: "Refused", Status: http.StatusConflict, Code: code, Detail: detail}
}

// problemOf puts what the node says of a command into a problem.
func problemOf(err error) *Problem {
	if bad, ok := errors.AsType[*node.BadCommand](err); ok {
		return invalid(Fault{whereIs(bad.Field), bad.Detail})
	}
	if unknown, ok := errors.AsType[*node.UnknownReference](err); ok {
		return newProblem(codeUnknownVisit, unknown.Error())
	}
	switch {
	case errors.Is(err, ledger.ErrDamaged):
		return newProblem(codeDamaged, err.Error())
	case errors.Is(err, node.ErrBusy):
		return newProblem(codeBusy, err.Error())
	case errors.Is(err, node.ErrReused):
		return newProblem(codeKeyReused, err.Error())
	case errors.Is(err, node.ErrNotReady):
		return newProblem(codeNotReady, err.Error())
	case errors.Is(err, node.ErrUntold):
		return newProblem(codeFailed, err.Error())
	case errors.Is(err, node.ErrStopped):
		return newProblem(codeStopped, "the node is stopping")
	}
	return nil
}

// whereIs says where in a request a field of a command stands.
func whereIs(field string) string {
	switch field {
	case "idempotency key":
		return "header.Idempotency-Key"
	case "actor":
		return "header.Landport-Actor"
	}
	return "body." + field
}

func (p *Problem) Error() string { return p.Detail }

// GetStatus returns the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders returns what goes with the answer besides its body.
func (p *Problem) GetHeaders() http.Header {
	if p.retryAfterS == 0 {
		return nil
	}
	return http.Header{"Retry-After": {strconv.Itoa(p.retryAfterS)}}
}

// ContentType returns the media type of problems.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// translate makes problems of the errors that huma itself finds in a request.
func translate(ctx huma.Context, _ string, v any) (any, error) {
	e, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	var p *Problem
	switch e.Status {
	case http.StatusUnprocessableEntity:
		p = invalid(faultsOf(e)...)
		for _, f := range p.Faults {
			if f.Location == "header."+keyHeader && ctx.Header(keyHeader) == "" {
				p = newProblem(codeKeyMissing, "Give a header Idempotency-Key that is new for every command, such as a UUID.")
				break
			}
		}
	case http.StatusBadRequest:
		p = newProblem(codeUnreadable, "The body cannot be read as JSON.")
		p.Faults = faultsOf(e)
		if e.Detail == noBody && asksWhy(ctx.Operation()) {
			p.Faults = []Fault{unreasoned()}
			p.Detail = "There is no body: " + p.Faults[0].Detail
		}
	case http.StatusUnsupportedMediaType:
		p = newProblem(codeMediaType, "Send the body as application/json.")
	default:
		p = newProblem(codeFailed, "The node could not answer; its log says why.")
		p.Status = e.Status
	}
	return p, nil
}

func faultsOf(e *huma.ErrorModel) []Fault {
	faults := make([]Fault, 0, len(e.Errors))
	for _, d := range e.Errors {
		if d != nil {
			if d.Message == noReason {
				faults = append(faults, unreasoned())
				continue
			}
			faults = append(faults, tooLarge(Fault{d.Location, shorten(d.Message)}))
		}
	}
	if len(faults) == 0 {
		faults = append(faults, Fault{"body", e.Detail})
	}
	return faults
}

// tooLarge words what encoding/json says of a number that is valid by its schema
// and larger than any that can be kept; other faults it returns as they are.
func tooLarge(f Fault) Fault {
	rest, is := strings.CutPrefix(f.Detail, "json: cannot unmarshal number ")
	number, field, found := strings.Cut(rest, " into Go struct field Fields.")
	if !is || !found {
		return f
	}
	field, _, _ = strings.Cut(field, " of type ")
	return Fault{"body." + field, number + " is larger than any number this field takes"}
}

// shorten keeps what a hostile request has echoed back within a line or two.
func shorten(s string) string {
	const most = 400
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return string(runes[:most]) + " …"
}
