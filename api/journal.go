package api

import (
	"context"
	"encoding/json"

	"landport/board"
	"landport/gate"
	"landport/node"
)

// Journal is what people did about the post itself.
type Journal struct {
	Entries []JournalEntry `json:"entries" doc:"The latest first, at most 100; the ledger has all"`
}

// JournalEntry is one thing that was done: what, who, when and why.
type JournalEntry struct {
	Seq     int64           `json:"seq" doc:"Its entry in the ledger"`
	At      Instant         `json:"at"`
	Kind    string          `json:"kind" doc:"Of the fact; settled for an anomaly, clock-confirmed for the clock, crossing-changed for another crossing"`
	Actor   string          `json:"actor" doc:"Empty for who started the node"`
	Reason  string          `json:"reason,omitempty"`
	Remark  string          `json:"remark,omitempty" doc:"erased, if it was"`
	Anomaly int64           `json:"anomaly,omitempty" doc:"Of kind settled: the anomaly's entry"`
	Data    json.RawMessage `json:"data" doc:"Of the fact, or of the anomaly, everything of the post by its name; of another crossing its name and what is gone, new and changed"`
	Proof   string          `json:"proof" doc:"Address of the proof that the ledger holds it"`
}

func (s *server) registerJournal() {
	example := Journal{[]JournalEntry{{
		Seq: 1042, At: "2018-03-05T01:00:00.000000Z", Kind: gate.PostClosed.String(), Actor: "operator-1", Reason: gate.Weather.String(),
		Remark: "The road is flooded.", Data: json.RawMessage(`{"reason":"weather"}`), Proof: proofPath(1042),
	}}}
	get(s, operation{
		path: "/api/v1/posts/{post}/journal", id: "journal", tag: tagRunning, summary: "What was lately done about the post", example: example,
		text:     "Lanes, officers, hours, policies, procedures and closures, changes of the crossing, and the anomalies that were settled: who, when and why.",
		problems: []string{codeUnknownPost, codeNotReady, codeStopped},
	}, func(ctx context.Context, in *struct{ AtPost }) (*answer[Journal], error) {
		if p := s.post(in.Post); p != nil {
			return nil, p
		}
		if p := s.behind(); p != nil {
			return nil, p
		}
		out := Journal{[]JournalEntry{}}
		for _, e := range s.node.Journal() {
			j := JournalEntry{
				Seq: e.Seq, At: board.Stamp(e.At), Kind: e.Fact.Kind.String(), Actor: e.Actor, Reason: e.Fact.Reason.String(),
				Anomaly: e.Settled, Data: json.RawMessage("{}"), Proof: proofPath(e.Seq),
			}
			switch {
			case e.Settled != 0:
				j.Kind, j.Reason = node.AsideSettled, ""
			case e.Change != nil:
				j.Kind, j.Data = "crossing-changed", e.Change.JSON()
			case e.Fact.Kind == gate.NoFact:
				j.Kind = "clock-confirmed"
			}
			if e.Fact.Kind != gate.NoFact {
				j.Data = s.node.FactData(&node.Entry{Fact: e.Fact})
			}
			var err error
			if j.Remark, err = s.node.Reveal(ctx, e.Remark); err != nil {
				return nil, s.broken(err)
			}
			out.Entries = append(out.Entries, j)
		}
		return &answer[Journal]{out}, nil
	})
}
