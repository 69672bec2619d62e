package api

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"landport/board"
	"landport/gate"
	"landport/node"
	"landport/study"
)

// VisitRecord is one visit with all that happened to it here.
type VisitRecord struct {
	VisitOnSite
	At      Instant `json:"at" doc:"The node's clock"`
	Plate   string  `json:"plate,omitempty" doc:"erased, if it was"`
	Outward string  `json:"outward,omitempty" doc:"Reference of the visit whose return leg it is"`
	Lost    bool    `json:"lost,omitempty" doc:"Nobody knows how and when it ended: entries of the ledger were lost while it was here"`

	Claimed   string   `json:"claimed,omitempty" doc:"Reference under which it came and which is not its own: another visit's, or never given"`
	ClaimedBy []string `json:"claimed_by,omitempty" doc:"References of those who came under this one's and are other visits"`

	Facts  []Fact  `json:"facts" doc:"In their order"`
	Stages []Stage `json:"stages" doc:"The events of a time release study, in their order"`
}

// Fact is one thing that happened.
type Fact struct {
	Seq    int64           `json:"seq" doc:"Its entry in the ledger"`
	At     Instant         `json:"at" doc:"When it happened"`
	Was    Instant         `json:"was,omitempty" doc:"When it was told to be at first, if that was corrected"`
	Kind   string          `json:"kind" doc:"named: how it is called; claimed: somebody came under a reference that is not their own; settled: somebody looked into an anomaly of it; time-corrected: a time was wrong"`
	Actor  string          `json:"actor,omitempty" doc:"Who brought it about, or what it followed from; left out for the clock"`
	Plate  string          `json:"plate,omitempty" doc:"Of kind named; erased, if it was"`
	Remark string          `json:"remark,omitempty" doc:"Said with it; erased, if it was"`
	Cause  int64           `json:"cause,omitempty" doc:"Of kind named the fact with which it came, of kinds claimed and settled the anomaly, of kind time-corrected the fact"`
	Data   json.RawMessage `json:"data" doc:"As the entry has it: everything of the post by its name; plates and remarks as commitments"`
	Proof  string          `json:"proof" doc:"Address of the proof that the ledger holds it"`
}

// Stage is an event of a time release study.
type Stage struct {
	At    Instant `json:"at"`
	Event string  `json:"event"`
	Party string  `json:"party,omitempty" doc:"Whose, where the facts say so"`
	Place string  `json:"place,omitempty"`
	Stop  string  `json:"stop,omitempty"`
}

func (s *server) registerVisits() {
	s.registerArrivals()
	s.registerTraces()
	example := VisitRecord{
		VisitOnSite: exampleVisit(), At: "2018-03-05T01:05:00.000000Z", Plate: "2A-3456",
		Facts: []Fact{{
			Seq: 1042, At: "2018-03-05T01:00:00.000000Z", Kind: "arrived", Actor: "operator-1", Remark: "Waved through by the sergeant on duty.",
			Data: json.RawMessage(`{"visit":145,"slot":3,"place":"road to Bavet"}`), Proof: proofPath(1042),
		}},
		Stages: []Stage{{At: "2018-03-05T01:00:00.000000Z", Event: study.Arrival.String(), Place: "road to Bavet"}},
	}
	get(s, operation{
		path: "/api/v1/visits/{reference}", id: "visit", tag: tagVisits, summary: "One visit and all that happened to it",
		text:     "However long ago it left: what, when, by whom and why, with the plate and the remarks until they are erased.",
		problems: []string{codeUnknownVisit, codeNotReady, codeStopped}, example: example,
	}, func(ctx context.Context, in *struct{ AtVisit }) (*answer[VisitRecord], error) {
		var c node.Command
		if p := in.aim(s, &c); p != nil {
			return nil, p
		}
		rec, ok, err := s.node.Record(ctx, c.Reference)
		switch {
		case err != nil:
			return nil, s.broken(err)
		case !ok:
			return nil, newProblem(codeUnknownVisit, "No visit "+c.Reference+" has been announced or come here.")
		}
		out, err := s.record(ctx, &rec)
		if err != nil {
			return nil, s.broken(err)
		}
		return &answer[VisitRecord]{out}, nil
	})
}

func proofPath(seq int64) string { return "/api/v1/ledger/proofs/" + strconv.FormatInt(seq, 10) }

func (s *server) record(ctx context.Context, rec *node.Record) (out VisitRecord, err error) {
	out = VisitRecord{
		VisitOnSite: (&board.View{Layout: s.node.Names(), State: &node.Board{Moment: rec.Moment}}).Visit(&rec.Visit), At: board.Stamp(rec.Moment.At),
		Outward: rec.Outward, Lost: rec.Lost, Claimed: rec.Claimed, ClaimedBy: rec.ClaimedBy, Facts: []Fact{}, Stages: []Stage{},
	}
	if out.Plate, err = s.node.Reveal(ctx, rec.Plate); err != nil {
		return out, err
	}
	if out.Facts, err = s.facts(ctx, rec); err != nil {
		return out, err
	}
	facts := make([]gate.Fact, len(rec.Facts))
	for i := range rec.Facts {
		facts[i] = rec.Facts[i].Fact
	}
	for _, e := range study.Timeline(s.node.Names(), facts, rec.ID) {
		stage := Stage{At: board.Stamp(e.At), Event: e.Code.String()}
		if e.Stop != 0 {
			stage.Stop = s.node.Names().Stops[e.Stop].Name
		}
		if e.Party != (study.Party{}) {
			stage.Party = e.Party.String()
		}
		if e.Place != gate.Outside {
			stage.Place = s.node.Names().Places[e.Place].Name
		}
		out.Stages = append(out.Stages, stage)
	}
	return out, nil
}

// facts are what the ledger has of a visit: who, when and why.
func (s *server) facts(ctx context.Context, rec *node.Record) ([]Fact, error) {
	out := make([]Fact, 0, len(rec.Facts)+len(rec.Asides))
	seqs := make([]int64, len(rec.Facts))
	for i := range rec.Facts {
		seqs[i] = int64(rec.Facts[i].Sequence)
	}
	origins, err := s.node.Origins(ctx, seqs)
	if err != nil {
		return nil, err
	}
	for i := range rec.Facts {
		e, from := &rec.Facts[i], origins[seqs[i]]
		f := Fact{Seq: seqs[i], At: board.Stamp(e.At), Kind: e.Kind.String(), Actor: from.Actor, Data: s.node.FactData(e), Proof: proofPath(seqs[i])}
		if e.Told != 0 {
			f.Was = board.Stamp(e.Told)
		}
		if f.Remark, err = s.node.Reveal(ctx, from.Remark); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	for _, a := range rec.Asides {
		f := Fact{Seq: a.Seq, At: board.Stamp(a.At), Kind: a.Kind, Actor: a.Actor, Cause: a.Cause, Data: a.Data, Proof: proofPath(a.Seq)}
		if f.Plate, err = s.node.Reveal(ctx, a.Plate); err != nil {
			return nil, err
		}
		if f.Remark, err = s.node.Reveal(ctx, a.Remark); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b Fact) int { return cmp.Compare(a.Seq, b.Seq) })
	return out, nil
}

// Anomalies are those nobody has settled.
type Anomalies struct {
	Anomalies []Anomaly `json:"anomalies" doc:"The oldest first"`
}

// Anomaly is something the world did that dispatch did not order.
type Anomaly struct {
	Seq       int64   `json:"seq" doc:"Its entry in the ledger; settle it by this number"`
	At        Instant `json:"at"`
	Reason    string  `json:"reason"`
	Actor     string  `json:"actor,omitempty" doc:"Who reported what it followed from; left out for the clock"`
	Reference string  `json:"reference,omitempty" doc:"Of the visit, also when it has left; left out if it is of none"`
	Claimed   string  `json:"claimed,omitempty" doc:"Of the reasons in-use, used-before and not-minted: the reference under which it came and which is not its own"`
	Place     string  `json:"place,omitempty"`
}

func (s *server) registerAnomalies() {
	example := Anomalies{[]Anomaly{{1042, "2018-03-05T01:00:00.000000Z", gate.Astray.String(), "operator-1", exampleReference, "", "Bavet exit lane 2"}}}
	get(s, operation{
		path: "/api/v1/anomalies", id: "anomalies", tag: tagRunning, summary: "Anomalies that nobody has settled", example: example,
		text:     "What the world did that dispatch did not order: a truck in the wrong lane, a service that was not begun.",
		problems: []string{codeNotReady, codeStopped},
	}, func(ctx context.Context, _ *struct{}) (*answer[Anomalies], error) {
		if p := s.behind(); p != nil {
			return nil, p
		}
		out := Anomalies{[]Anomaly{}}
		all, err := s.node.Anomalies(ctx)
		if err != nil {
			return nil, s.broken(err)
		}
		for _, a := range all {
			j := Anomaly{Seq: a.Seq, At: board.Stamp(a.At), Reason: a.Reason.String(), Actor: a.Actor, Reference: a.Reference, Claimed: a.Claimed}
			if a.Place != gate.Outside {
				j.Place = s.node.Names().Places[a.Place].Name
			}
			out.Anomalies = append(out.Anomalies, j)
		}
		return &answer[Anomalies]{out}, nil
	})
}
