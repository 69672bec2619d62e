package demo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// actor is who the ledger says did what the world does.
const actor = "world"

// NextDeadline is the node's own business.
func (s *side) NextDeadline() border.Time { return border.Never }

// Decide hands an input to the node, as a driver, an officer or a device would,
// and returns all facts since it was last asked. Whoever cannot reach the node
// tries again until the demonstration ends.
func (s *side) Decide(in *gate.Input, facts []gate.Fact) ([]gate.Fact, gate.Refusal) {
	if s.didBefore(in) {
		return facts, gate.Refusal{Code: gate.CodeUnknownOrder}
	}
	s.asked++
	key := s.run + "-" + strconv.Itoa(s.asked)
	path, body := s.request(in)
	if plate, ok := body["plate"].(string); ok {
		s.driven[key] = plate
	}
	for s.ctx.Err() == nil {
		status, answer, err := s.call(http.MethodPost, path, key, body)
		switch {
		case err != nil || status == http.StatusTooManyRequests || status >= http.StatusInternalServerError:
			s.wait(breath)
			continue
		case status == http.StatusConflict || status == http.StatusNotFound:
			facts, _ = s.hear(facts)
			return facts, gate.Refusal{Code: gate.CodeUnknownOrder}
		case status >= http.StatusBadRequest:
			s.log.Error("a node did not understand the world", "path", path, "status", status, "answer", string(answer))
			facts, _ = s.hear(facts)
			return facts, gate.Refusal{Code: gate.CodeUnknownOrder}
		}
		break
	}
	for whole := false; !whole && s.ctx.Err() == nil; {
		if facts, whole = s.hear(facts); !whole {
			s.wait(breath)
		}
	}
	return facts, gate.Refusal{}
}

// didBefore reports whether people did something before the world was started
// again. From what happened then it draws once more what they would do at once:
// passengers who alight, and some who come back or are told how long they may
// stay. Who had yet to be called, driven or served still is.
func (s *side) didBefore(in *gate.Input) bool {
	switch in.Do {
	case gate.ObserveAlighted:
		return in.At < s.start && s.walked[in.Other]
	case gate.ObserveArrival:
		return in.At < s.start && in.Other != 0
	case gate.LimitStay:
		return in.At < s.start
	}
	return false
}

// request is an input as the API takes it.
func (s *side) request(in *gate.Input) (path string, body map[string]any) {
	body = map[string]any{}
	if in.Do.Observation() {
		body["occurred_at"] = in.At.Std(time.UTC)
	}
	if in.Place != gate.Outside {
		body["place"] = s.layout.Places[in.Place].Name
	}
	if names := s.codec.Formalities(in.Formalities); len(names) > 0 {
		body["formalities"] = names
	}
	switch in.Do {
	case gate.ObserveArrival, gate.Announce:
		if in.Visit != 0 {
			return s.visit(in.Visit, "arrived"), body
		}
		way := s.layout.Directions[in.Direction]
		body["traits"], body["direction"] = in.Traits.Names(), way.Exit+"-"+way.Entry
		if in.Do == gate.Announce {
			body["event"] = "announced"
		}
		if in.Unready {
			body["dossier_ready"] = false
		}
		if s.crossing.reference != "" {
			body["reference"] = s.crossing.reference
		}
		if plate := s.plate(in.Traits); plate != "" {
			body["plate"] = plate
		}
		return s.post + "/visits", body
	case gate.ObserveAlighted:
		delete(body, "occurred_at")
		body["coach"], body["traits"] = s.reference(in.Other), in.Traits.Names()
		return s.post + "/passengers", body
	case gate.ObserveServed:
		body["outcome"] = in.Outcome.String()
		if in.Outcome == gate.HeldBack || in.Outcome == gate.RefusedHere {
			body["reason"] = in.Reason.String()
		}
	case gate.LimitStay:
		body["until"] = border.Time(in.N).Std(time.UTC)
	case gate.Book:
		body["slot"] = border.Time(in.N).Std(time.UTC)
	}
	if in.Do == gate.ObserveEntered {
		if lane := s.wrongLane(in.Visit); lane != "" {
			body["place"] = lane
			return s.visit(in.Visit, gate.ObserveSeen.String()), body
		}
	}
	return s.visit(in.Visit, in.Do.String()), body
}

// strayEvery is how many called drivers go where they were called to before one
// does not: the figure is made up, so that operators have something to look into.
const strayEvery = 20

// wrongLane is a lane of the visit's direction to which one driver in so many
// goes, wherever it was called to; else it is empty.
func (s *side) wrongLane(id gate.VisitID) string {
	if s.called++; s.called%strayEvery != 0 {
		return ""
	}
	for i := range s.layout.Procedures {
		p := &s.layout.Procedures[i]
		if p.Direction != s.ways[id] {
			continue
		}
		for _, leg := range p.Legs {
			if n := len(leg.Places); n > 1 && s.layout.Places[leg.Places[0]].Kind == gate.Lane {
				return s.layout.Places[leg.Places[s.called/strayEvery%n]].Name
			}
		}
	}
	return ""
}

func (s *side) visit(id gate.VisitID, act string) string {
	return "/api/v1/visits/" + s.reference(id) + "/" + act
}

// reference is what a visit is called: as it was on the other side, or by its
// number here.
func (s *side) reference(id gate.VisitID) string {
	if name, ok := s.named[id]; ok {
		return name
	}
	return border.MintReference(s.layout.Posts[0].Country, 1, id.Serial()).String()
}

// plate is that of who comes from the neighbour, else a new one for whatever
// has one. The numbers are made up.
func (s *side) plate(t border.Traits) string {
	switch {
	case s.crossing.reference != "":
		return s.crossing.plate
	case t&border.OnFoot != 0:
		return ""
	case s.layout.Posts[0].Country == "VN":
		return fmt.Sprintf("51C-%03d.%02d", s.asked/100%1000, s.asked%100)
	}
	return fmt.Sprintf("3A-%04d", s.asked%10_000)
}

// hear adds the facts since the last that was heard; false says that the node
// did not tell all there are.
func (s *side) hear(facts []gate.Fact) ([]gate.Fact, bool) {
	for {
		status, answer, err := s.call(http.MethodGet, "/api/v1/ledger/entries?limit=1000&after="+strconv.FormatInt(s.after, 10), "", nil)
		if err != nil || status != http.StatusOK {
			return facts, false
		}
		var page struct {
			Entries []struct {
				Seq      int64  `json:"seq"`
				Occurred int64  `json:"occurred_us"`
				Actor    string `json:"actor"`
				Command  string `json:"command_id"`
				Kind     string `json:"kind"`
				Version  int    `json:"version"`
				Data     string `json:"data"`
			} `json:"entries"`
		}
		if err := json.Unmarshal(answer, &page); err != nil {
			s.log.Error("a node's entries cannot be read", "error", err)
			return facts, false
		}
		for _, e := range page.Entries {
			s.after = e.Seq
			entry := ledger.Entry{Seq: e.Seq, Occurred: border.Time(e.Occurred), Actor: e.Actor, Command: e.Command, Kind: e.Kind, Version: e.Version, Data: []byte(e.Data)}
			facts = s.take(&entry, facts)
		}
		if len(page.Entries) < 1000 {
			return facts, true
		}
	}
}

// take adds what an entry states, if people act on it.
func (s *side) take(e *ledger.Entry, facts []gate.Fact) []gate.Fact {
	if !strings.HasPrefix(e.Kind, "gate.") {
		var named struct {
			Visit     uint64 `json:"visit"`
			Slot      int    `json:"slot"`
			Reference string `json:"reference"`
		}
		if e.Kind == "node.named" && json.Unmarshal(e.Data, &named) == nil && named.Reference != "" {
			s.named[gate.MakeVisitID(named.Visit, named.Slot)] = named.Reference
			s.known[named.Reference] = true
		}
		return facts
	}
	f, err := s.codec.Fact(e)
	if err != nil {
		s.log.Error("a node's entry cannot be read", "error", err)
		return facts
	}
	s.expect(e, &f)
	switch f.Kind {
	case gate.Arrived, gate.Announced:
		s.traits[f.Visit] = f.Traits
		s.ways[f.Visit] = f.Direction
		if plate, ok := s.driven[e.Command]; ok {
			s.plates[f.Visit] = plate
			delete(s.driven, e.Command)
		}
	case gate.Removed:
		s.sendOn(&f)
	case gate.Held, gate.Unready, gate.Refused:
		if e.Actor != actor {
			return facts // an operator's doing, and an operator's to undo
		}
	}
	return append(facts, f)
}

// expect notes when who was announced in an earlier run comes: in its slot, or
// when this run begins. Whom an operator announced is an operator's to have come.
func (s *side) expect(e *ledger.Entry, f *gate.Fact) {
	_, expected := s.expected[f.Visit]
	switch f.Kind {
	case gate.Announced:
		if e.Actor == actor && !strings.HasPrefix(e.Command, s.run+"-") {
			s.expected[f.Visit] = s.start
		}
	case gate.Booked:
		if expected {
			s.expected[f.Visit] = max(border.Time(f.N), s.start)
		}
	case gate.Arrived, gate.Cancelled, gate.NoShow:
		delete(s.expected, f.Visit)
	}
}

// sendOn has who leaves in the direction of the neighbour drive there.
func (s *side) sendOn(f *gate.Fact) {
	traits, d, name, plate := s.traits[f.Visit], s.ways[f.Visit], s.reference(f.Visit), s.plates[f.Visit]
	delete(s.plates, f.Visit)
	delete(s.traits, f.Visit)
	delete(s.ways, f.Visit)
	delete(s.named, f.Visit)
	if s.layout.Directions[d].Exit != s.layout.Posts[0].Country || s.clock.Now().Sub(f.At) > border.Hour {
		return // long past: it arrived there before the demonstration was started again
	}
	s.onward <- vehicle{at: f.At.Add(roadBetween), traits: traits, direction: d, reference: name, plate: plate}
}

// call asks the node something.
func (s *side) call(method, path, key string, body map[string]any) (status int, answer []byte, err error) {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return 0, nil, err
		}
		content = bytes.NewReader(text)
	}
	target, err := url.Parse(s.url + path)
	if err != nil {
		return 0, nil, err
	}
	r, err := http.NewRequestWithContext(s.ctx, method, target.String(), content)
	if err != nil {
		return 0, nil, err
	}
	if key != "" {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", key)
		r.Header.Set("Landport-Actor", actor)
	}
	response, err := s.client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close() //nolint:errcheck // nothing is lost
	answer, err = io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}
