package web

import (
	"landport/board"
	"landport/node"
)

// recordJSON is a visit of a playback, with its facts in words.
type recordJSON struct {
	board.VisitOnSite
	At    board.Instant `json:"at"`
	Facts []factJSON    `json:"facts"`
}

type factJSON struct {
	At     board.Instant `json:"at"`
	AfterS float64       `json:"after_s"`
	Text   string        `json:"text"`
	Why    string        `json:"why,omitzero"`
}

func (v *view) record(rec *node.Record) recordJSON {
	told := board.View{Layout: v.names, State: v.State, Played: v.Played}
	out := recordJSON{VisitOnSite: told.Visit(&rec.Visit), At: v.Stamp(rec.Moment.At), Facts: []factJSON{}}
	for _, t := range tell(v.names, rec) {
		out.Facts = append(out.Facts, factJSON{v.Stamp(t.At), t.After.Seconds(), t.Text, t.Why})
	}
	return out
}
