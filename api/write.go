package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"landport/border"
	"landport/gate"
	"landport/node"
)

// Headers of writes.
const (
	keyHeader   = "Idempotency-Key"
	actorHeader = "Landport-Actor"
)

// By says who writes.
type By struct {
	Actor string `header:"Landport-Actor" default:"api" minLength:"1" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._:-]*$" doc:"Who, by pseudonym; never a name"`
}

// Write is what every write of the gate's brings.
type Write struct {
	By

	Key  string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"200" pattern:"^[!-~]+$" doc:"New for every command, such as a UUID; the same again is answered again and not done again"`
	Body *Fields
}

func (w *Write) write() *Write { return w }

// What writes are about, by their address.
type (
	AtVisit struct {
		Reference string `path:"reference" minLength:"1" maxLength:"60" doc:"Of the visit, in any case, with or without hyphens"`
	}
	AtPost struct {
		Post string `path:"post" minLength:"1" maxLength:"100" doc:"As in /api/v1/posts"`
	}
	AtPlace struct {
		AtPost

		Place string `path:"place" minLength:"1" maxLength:"200" doc:"A place's name"`
	}
	AtStop struct {
		AtPost

		Stop string `path:"stop" minLength:"1" maxLength:"200" doc:"A stop's name"`
	}
	AtProcedure struct {
		AtPost

		Procedure string `path:"procedure" minLength:"1" maxLength:"200" doc:"A procedure's name"`
	}
	AtThing struct {
		AtPost

		Thing uint32 `path:"thing" minimum:"1" maximum:"4294967295" doc:"Of a power unit, trailer, container, consignment or person, as its linked fact has it"`
	}
	AtAnomaly struct {
		Seq int64 `path:"seq" minimum:"1" doc:"Sequence number of the anomaly's entry"`
	}
	AtFact struct {
		AtVisit

		Seq int64 `path:"seq" minimum:"1" doc:"Sequence number of the fact's entry, as its record has it"`
	}
	AtNode struct{}
)

// post reports whether the node runs the post of an address.
func (s *server) post(slug string) *Problem {
	if slug == s.slug {
		return nil
	}
	return newProblem(codeUnknownPost, "This node runs "+s.slug+" alone; the other country's post has a node of its own.")
}

// Writes, by what they are about.
type (
	visitWrite struct {
		Write
		AtVisit
	}
	postWrite struct {
		Write
		AtPost
	}
	placeWrite struct {
		Write
		AtPlace
	}
	stopWrite struct {
		Write
		AtStop
	}
	procedureWrite struct {
		Write
		AtProcedure
	}
	thingWrite struct {
		Write
		AtThing
	}
	anomalyWrite struct {
		Write
		AtAnomaly
	}
	factWrite struct {
		Write
		AtFact
	}
	nodeWrite struct {
		Write
		AtNode
	}
)

// input is a write with what its address names.
type input interface {
	write() *Write
	aim(s *server, c *node.Command) *Problem
}

func (a *AtVisit) aim(_ *server, c *node.Command) *Problem {
	reference, err := border.ParseReference(a.Reference)
	if err != nil {
		return newProblem(codeUnknownVisit, err.Error())
	}
	c.Reference = reference.String()
	return nil
}

func (a *AtPost) aim(s *server, _ *node.Command) *Problem { return s.post(a.Post) }

// found returns what a name in an address stands for, or a problem of 404.
func found(at *AtPost, s *server, what string, known []string, name string) (int, *Problem) {
	if p := s.post(at.Post); p != nil {
		return 0, p
	}
	var find search
	i := find.find("path."+what, what, known, name)
	if len(find.faults) > 0 {
		return 0, newProblem("unknown-"+what, find.faults[0].Detail)
	}
	return i, nil
}

func (a *AtPlace) aim(s *server, c *node.Command) *Problem {
	i, p := found(&a.AtPost, s, "place", s.places(), a.Place)
	c.Input.Place = gate.PlaceID(i + 1)
	return p
}

func (a *AtStop) aim(s *server, c *node.Command) *Problem {
	i, p := found(&a.AtPost, s, "stop", s.stops(), a.Stop)
	c.Input.Stop = gate.StopID(i + 1)
	return p
}

func (a *AtProcedure) aim(s *server, c *node.Command) *Problem {
	i, p := found(&a.AtPost, s, "procedure", s.procedures(), a.Procedure)
	c.Input.Procedure = gate.ProcedureID(i)
	return p
}

func (a *AtThing) aim(s *server, c *node.Command) *Problem {
	c.Input.Thing = gate.ThingID(a.Thing)
	return s.post(a.Post)
}

func (a *AtAnomaly) aim(_ *server, c *node.Command) *Problem { //nolint:unparam // others fail
	c.Act, c.Anomaly = node.Settle, a.Seq
	return nil
}

func (a *AtFact) aim(s *server, c *node.Command) *Problem {
	c.Act, c.Fact = node.CorrectTime, a.Seq
	return a.AtVisit.aim(s, c)
}

func (*AtNode) aim(_ *server, c *node.Command) *Problem { //nolint:unparam // as above
	c.Act = node.ConfirmClock
	return nil
}

// Receipt is the answer to a write. What followed is durable.
type Receipt struct {
	Sequence  int64  `json:"sequence" doc:"Of the first entry that followed; 0 if none did"`
	Entries   int    `json:"entries" doc:"How many followed at once"`
	Reference string `json:"reference,omitempty" doc:"Of the visit"`
	Anomaly   string `json:"anomaly,omitempty" doc:"Reason of the first anomaly that followed: what was told is recorded, and somebody has to look into it"`
	Claimed   string `json:"claimed,omitempty" doc:"Reference that was brought and is another visit's, or nobody's"`
}

type receipt struct {
	Status   int
	Replayed string `header:"Idempotency-Replayed"`
	Location string `header:"Location"`
	Body     Receipt
}

// row is one order or observation: where it is taken and what it takes.
type row struct {
	do      gate.Do
	path    string
	takes   string // fields, ! behind those required
	summary string
	text    string
}

// register takes the writes of a row at its path.
func register[T any, I interface {
	*T
	input
}](s *server, r row, o operation) {
	o.method, o.path, o.summary, o.text = http.MethodPost, r.path, r.summary, r.text
	o.problems = append(o.problems, refusedByGate)
	o.body = s.body(r)
	huma.Register(s.huma, s.describe(&o), func(ctx context.Context, in *T) (*receipt, error) {
		write := I(in).write()
		c := node.Command{ID: write.Key, Actor: write.Actor, Input: gate.Input{Do: r.do}}
		if p := I(in).aim(s, &c); p != nil {
			return nil, p
		}
		if write.Body != nil {
			if p := s.fill(write.Body, &c); p != nil {
				return nil, p
			}
		}
		done, p := s.do(ctx, c)
		if p != nil {
			return nil, p
		}
		done.Status = http.StatusOK
		if o.status == http.StatusCreated && done.Body.Reference != "" {
			done.Status = o.status
			done.Location = "/api/v1/visits/" + done.Body.Reference
		}
		return done, nil
	})
}

// patience is how long a command may take before its sender is told to ask
// again.
const patience = 20 * time.Second

// do hands a command to the node.
func (s *server) do(ctx context.Context, c node.Command) (*receipt, *Problem) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	began := time.Now()
	a, err := s.node.Do(ctx, c)
	p := problemOf(err)
	switch {
	case p == nil && ctx.Err() != nil:
		p = newProblem(codeOutcomeUnknown, "The node did not answer in time; send the same request again, with the same Idempotency-Key.")
	case p == nil && err != nil:
		p = s.broken(err)
	case a.Refusal != "":
		p = refused(a.Refusal, a.Detail)
	}
	s.meters.command(p, a.Repeated, time.Since(began))
	if p != nil {
		return nil, p
	}
	done := &receipt{Body: Receipt{a.Sequence, a.Entries, a.Reference, a.Anomaly, a.Claimed}}
	if done.Body.Reference == "" {
		done.Body.Reference = c.Reference
	}
	if a.Repeated {
		done.Replayed = "true"
	}
	return done, nil
}
