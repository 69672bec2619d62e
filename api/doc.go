// Package api is what programs see of a node: the living post over HTTP, with
// an OpenAPI document that is made from the same table as the handlers.
//
// It promises:
//   - What is answered with 2xx is durable. What is answered with 4xx changed
//     nothing. A write handed in again under its Idempotency-Key is answered
//     again, not done again.
//   - Every failure is a problem (RFC 9457) whose code is stable and may be
//     switched on.
//   - Places, stops, procedures, formalities, traits and reasons go by their
//     names; instants are RFC 3339 and carry a zone.
//
// Callers hand in a node that runs, and serve what New returns. docs/api.md is
// for those who write clients.
package api
