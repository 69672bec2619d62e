package web

import (
	"encoding/json"
	"net/http"
)

// Problem is an error as programs get it (RFC 9457). Code is stable: it may be
// switched on; Detail is a sentence for the person behind the program.
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
}

// Codes of problems.
const (
	CodeUnknownPath  = "unknown-path"
	CodeWrongMethod  = "wrong-method"
	CodeWrongHost    = "wrong-host"
	CodeUnknownVisit = "unknown-visit"
	CodeBadReference = "bad-reference"
	CodeBadCursor    = "bad-cursor"
	CodeBadOrder     = "bad-order"
	CodeStopped      = "stopped"
	CodeNotReady     = "not-ready"
	CodeFailed       = "failed"
	CodeCrossOrigin  = "cross-origin"
	CodeBusy         = "busy"
)

func newProblem(status int, code, title, detail string) *Problem {
	return &Problem{Type: "urn:landport:problem:" + code, Title: title, Status: status, Detail: detail, Code: code}
}

func unknownVisit(reference string) *Problem {
	return newProblem(http.StatusNotFound, CodeUnknownVisit, "No such visit",
		"No visit "+reference+" is at the crossing or left it recently.")
}

func (p *Problem) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	if data, err := json.Marshal(p); err == nil { // strings and a number always are
		_, _ = w.Write(data)
	}
}
