package api

import (
	"context"

	"landport/board"
	"landport/border"
	"landport/gate"
	"landport/node"
)

// Posts is what a node runs: one post.
type Posts struct {
	Posts []Post `json:"posts"`
}

// Post is a post and the names of all it has.
type Post struct {
	Post        string      `json:"post" doc:"Its name in addresses"`
	Name        string      `json:"name"`
	Country     string      `json:"country" doc:"ISO 3166-1 alpha-2"`
	Zone        string      `json:"zone" doc:"Time zone, by its IANA name"`
	Crossing    string      `json:"crossing" doc:"The crossing it belongs to"`
	Board       string      `json:"board" doc:"Address of its board"`
	Directions  []string    `json:"directions" doc:"Exit country and entry country"`
	Places      []Place     `json:"places"`
	Stops       []Stop      `json:"stops"`
	Procedures  []Procedure `json:"procedures"`
	Formalities []Formality `json:"formalities"`
	Openings    []string    `json:"openings" doc:"Its hours, by name; the board says how they stand"`
	Policies    []string    `json:"policies" doc:"Of dispatch; the board says which is in force"`
}

// Place is one place of a post.
type Place struct {
	Place string `json:"place"`
	Kind  string `json:"kind"`
	Lane  bool   `json:"lane" doc:"It opens and closes"`
	Tidal bool   `json:"tidal,omitempty" doc:"It turns"`
}

// Stop is where one agency or several together serve.
type Stop struct {
	Stop   string `json:"stop"`
	Agency string `json:"agency"`
}

// Procedure is an ordered list of stops for one direction.
type Procedure struct {
	Procedure  string `json:"procedure"`
	Direction  string `json:"direction"`
	LegalBasis string `json:"legal_basis,omitempty"`
}

// Formality is one agency's act on one subject.
type Formality struct {
	Formality string `json:"formality"`
	Agency    string `json:"agency"`
	Country   string `json:"country"`
	Subject   string `json:"subject"`
	Side      string `json:"side" doc:"exit or entry"`
}

func (s *server) registerPosts() {
	posts := s.posts()
	get(s, operation{
		path: "/api/v1/posts", id: "posts", tag: tagPost, summary: "The post of this node", example: posts,
		text: "With the names of its places, stops, procedures, formalities and policies, by which everything else goes.",
	}, func(context.Context, *struct{}) (*answer[Posts], error) { return &answer[Posts]{posts}, nil })
}

func (s *server) posts() Posts {
	l := s.layout
	post := Post{
		Post: s.slug, Name: l.Posts[0].Name, Country: l.Posts[0].Country, Zone: node.Zone(l, 0).String(),
		Crossing: s.node.Model().Name, Board: "/api/v1/posts/" + s.slug + "/board", Directions: s.directions(), Openings: s.openings(), Policies: s.policies(),
		Places: []Place{}, Stops: []Stop{}, Procedures: []Procedure{}, Formalities: []Formality{},
	}
	for i := 1; i < len(l.Places); i++ {
		p := &l.Places[i]
		post.Places = append(post.Places, Place{p.Name, p.Kind.String(), p.Kind.Work(), p.Tidal})
	}
	for i := 1; i < len(l.Stops); i++ {
		post.Stops = append(post.Stops, Stop{l.Stops[i].Name, l.Stops[i].Agency.String()})
	}
	for i := range l.Procedures {
		p := &l.Procedures[i]
		post.Procedures = append(post.Procedures, Procedure{p.Name, s.way(p.Direction), p.LegalBasis})
	}
	for _, f := range l.Formalities {
		post.Formalities = append(post.Formalities, Formality{f.Name, f.Agency.String(), f.Country, f.Subject.String(), f.Side.String()})
	}
	return Posts{[]Post{post}}
}

// makeExamples gives fields and parameters values that this post has, so that
// the examples of the document can be sent as they stand.
func (s *server) makeExamples() map[string]any {
	l := s.layout
	e := map[string]any{
		"post": s.slug, "reference": exampleReference, "coach": exampleReference, "seq": 1042, "after": 0, "limit": 100, "wait": 0,
		"old": 1, "size": 1, "event": "arrived", "plate": "2A-3456", "direction": s.way(0), "dossier_ready": true,
		"traits":  []string{"laden", "home-use", "articulated-truck", "bilateral-permit", "regular"},
		"refused": []string{"dangerous"}, "required": []string{"laden"}, "outcome": "passed", "milestone": "lodgement",
		"reason": gate.ByOperator.String(), "servers": 2, "capacity": 20, "policy": l.Policies[0].Name, "fall_back": true,
		"day": "2018-03-06", "opens": "06:00", "last_admission": "23:30", "closes": "24:00",
		"slot": "2018-03-05T03:00:00Z", "until": "2018-03-05T12:00:00Z", "time": "2018-03-05T00:30:00Z", "thing": 1, "thing_kind": 1, "seal": "HLB1234567",
		"occurred_at": "2018-03-05T01:00:00Z", "remark": "Waved through by the sergeant on duty.", "code": codeInvalid,
		"Idempotency-Key": "6d9f3c1e-7a52-4a0e-9c0b-0d6b7a2f4e11", "Landport-Actor": "operator-1", "Last-Event-ID": "e1-1042",
		"place": l.Places[len(l.Places)-1].Name, "stop": l.Stops[len(l.Stops)-1].Name, "procedure": l.Procedures[0].Name,
		"formalities": []string{}, "cells": named(exampleCells()), "from": "2018-03-05", "to": "2018-03-06", "group": "kind",
	}
	for i := range l.Places {
		if l.Places[i].Kind == gate.Lane {
			e["place"] = l.Places[i].Name
			break
		}
	}
	if len(l.Openings) > 1 {
		e["opening"] = l.Openings[1].Name
	}
	if len(l.Formalities) > 0 {
		e["formalities"] = []string{l.Formalities[0].Name}
	}
	return e
}

const exampleReference = "KH01-0001-4577"

func exampleReceipt(visit bool) Receipt {
	r := Receipt{Sequence: 1043, Entries: 2}
	if visit {
		r.Reference = exampleReference
	}
	return r
}

func exampleVisit() VisitOnSite {
	at := Instant("2018-03-05T01:00:00.000000Z")
	return VisitOnSite{
		Reference: exampleReference, Direction: "KH-VN", Procedure: "goods KH-VN, two stops", Traits: []string{"laden", "articulated-truck"},
		Vehicle: "articulated-truck", Load: "laden", Place: "Bavet exit lane 1", Stop: "Bavet exit booth 1", State: "at-stop", Ready: true,
		ArrivedAt: at, HereSince: at, Since: at, Order: 1042, Summary: "laden articulated truck, in line for Bavet exit booth 1 in Bavet exit lane 1",
	}
}

func exampleMoment() board.Moment {
	return board.Moment{
		Run: "e1", Sequence: 1042, At: "2018-03-05T01:00:00.000000Z", Start: "2018-03-01T00:00:00.000000Z",
		End: board.Stamp(border.Never), Speed: 1,
	}
}

func exampleBoard() Board {
	return Board{
		Scenario: "bavet-mocbai-2018", Title: "Bavet", Moment: exampleMoment(), Policy: "first come, first served",
		Posts: []board.PostState{{
			Post: "Bavet", Country: "KH", Zone: "Asia/Phnom_Penh", Local: "2018-03-05T08:00:00",
			Openings:   []board.OpeningState{{Opening: "Bavet", Level: "open", Until: "2018-03-05T15:00:00.000000Z", Words: "open until 22:00"}},
			Directions: []board.DirectionState{{Direction: "KH-VN", Present: 12, Waiting: 7, LongestWaitMin: 23.5, ReleasedToday: 41}},
		}},
		Places: []board.PlaceState{{
			Place: "Bavet exit lane 1", Kind: "lane", Post: "Bavet", Capacity: 3, Open: true,
			Directions: []board.PlaceLine{{Direction: "KH-VN", Serves: true, Present: 2, Waiting: 1, LongestWaitMin: 4.2}},
		}},
		Stops:  []board.StopState{{Stop: "Bavet exit booth 1", Agency: "immigration", Servers: 1, Busy: 1, Line: 1}},
		Visits: []VisitOnSite{exampleVisit()},
	}
}
