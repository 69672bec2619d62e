package api

import (
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// What huma says of a request that lacks what it needs.
const (
	noReason = "expected required property reason to be present"
	noBody   = "request body is required"
)

// unreasoned says that an act needs a reason, and which there are.
func unreasoned() Fault {
	return Fault{"body.reason", "say why: one of " + strings.Join(reasons(), ", ")}
}

// asksWhy reports whether an operation needs a reason.
func asksWhy(o *huma.Operation) bool {
	return o != nil && o.RequestBody != nil && slices.Contains(o.RequestBody.Content["application/json"].Schema.Required, "reason")
}
