package api

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"landport/board"
	"landport/ledger"
)

// Entries is a page of the ledger.
type Entries struct {
	Entries []Entry `json:"entries" doc:"In order of seq, without gaps"`
	Size    int64   `json:"size" doc:"How many entries the ledger had when it was read, at least"`
	Epoch   int     `json:"epoch" doc:"Of the ledger: one more after each recovery or restored backup. In a later one the entries that are known may be others: compare them, or begin anew"`
}

// Entry is one fact as it is stored: docs/ledger.md says how its leaf is made
// of it.
type Entry struct {
	Seq        int64   `json:"seq"`
	RecordedUs int64   `json:"recorded_us" doc:"When the ledger took it, in microseconds since 1970"`
	OccurredUs int64   `json:"occurred_us" doc:"When it happened, as reported"`
	Occurred   Instant `json:"occurred_at" doc:"The same, for people"`
	Post       string  `json:"post"`
	Actor      string  `json:"actor"`
	OnBehalfOf string  `json:"on_behalf_of"`
	CommandID  string  `json:"command_id" doc:"Idempotency-Key of the write it followed from; empty for the clock"`
	Cause      int64   `json:"cause" doc:"seq of the entry that caused it; 0 for none"`
	Kind       string  `json:"kind"`
	Version    int     `json:"version" doc:"Of the kind's data"`
	Data       string  `json:"data" doc:"JSON, as text: byte for byte what is hashed"`
}

// PageOf says which entries are asked for.
type PageOf struct {
	After int64 `query:"after" minimum:"0" default:"0" doc:"The last seq that is known; 0 for none"`
	Limit int   `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many at most"`
	Wait  int   `query:"wait" minimum:"0" maximum:"60" default:"0" doc:"Seconds to wait for the first, if there is none yet"`
}

// AtSeq names an entry.
type AtSeq struct {
	Seq int64 `path:"seq" minimum:"1" doc:"Sequence number of an entry"`
}

// Sizes are those of two trees.
type Sizes struct {
	Old  int64 `query:"old" required:"true" minimum:"1" doc:"Entries of the earlier tree"`
	Size int64 `query:"size" required:"true" minimum:"1" doc:"Entries of the later tree"`
}

// Consistency proves that the first entries of a tree are those of an earlier
// one.
type Consistency struct {
	Old    int64    `json:"old"`
	Size   int64    `json:"size"`
	Hashes []string `json:"hashes" doc:"RFC 6962, section 2.1.2, in base64"`
}

func (s *server) registerLedger() {
	get(s, operation{
		path: "/api/v1/ledger/entries", id: "entries", tag: tagLedger, summary: "The ledger's entries", example: Entries{[]Entry{{
			Seq: 1042, RecordedUs: 1520211600120000, OccurredUs: 1520211600000000, Occurred: "2018-03-05T01:00:00.000000Z", Post: "Bavet",
			Actor: "operator-1", CommandID: "6d9f3c1e-7a52-4a0e-9c0b-0d6b7a2f4e11", Kind: "gate.lane-closed", Version: 1, Data: `{"place":"Bavet exit lane 1"}`,
		}}, 1042, 1},
		text: "Exactly as stored, so that a reader can make the leaves and check them. With `wait` the answer is held back until there is one, " +
			"so that a reader who asks again with the last `seq` follows the ledger. A reader who knows more entries than there are has followed a ledger that was restored or recovered since.",
		problems: []string{codeBeyondEnd, codeNotReady, codeStopped},
	}, s.entries)
	get(s, operation{
		path: "/api/v1/ledger/checkpoint", id: "checkpoint", tag: tagLedger, summary: "A signed checkpoint of now", media: "text/plain",
		text: "A C2SP tlog-checkpoint. Kept outside, it binds the past: whoever has it can show that an entry before it was altered.",
		example: "bavet.kh\n1042\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— bavet.kh Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+" +
			"ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n",
		problems: []string{codeNoKey, codeNotReady, codeStopped},
	}, func(ctx context.Context, _ *struct{}) (*text, error) {
		signed, err := s.node.Ledger().Checkpoint(ctx)
		return s.signed(signed, "checkpoint.txt", err)
	})
	get(s, operation{
		path: "/api/v1/ledger/key", id: "key", tag: tagLedger, summary: "The public key of what the ledger signs", media: "text/plain",
		text: "A verifier key in the format of C2SP signed-note: the ledger's name, the key's hash and the Ed25519 key in base64. With it checkpoints and proofs " +
			"are checked. A key that the node itself hands out shows that what it signs fits together; to know whose key it is, have it from the administration by another way too.",
		example:  "bavet.kh+3857a8be+AUpZ73aRIhzi07D77V+5zsE147p4MaWFWweh5p1+Vq01",
		problems: []string{codeNoKey},
	}, func(context.Context, *struct{}) (*text, error) {
		if s.key == "" {
			return nil, newProblem(codeNoKey, "This node was started without a signing key to publish.")
		}
		return s.signed([]byte(s.key+"\n"), "key.txt", nil)
	})
	get(s, operation{
		path: "/api/v1/ledger/proofs/{seq}", id: "proof", tag: tagLedger, summary: "Proof that the ledger holds an entry", media: "text/plain",
		text: "A C2SP tlog-proof against a checkpoint of now, with the entry's leaf as its extra data. Whoever has the node's public key can check it without asking anybody.",
		example: "c2sp.org/tlog-proof@v1\nextra bGFuZHBvcnQ=\nindex 1041\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\nbavet.kh\n1042\n" +
			"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— bavet.kh Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n",
		problems: []string{codeUnknownEntry, codeNoKey, codeNotReady, codeStopped},
	}, func(ctx context.Context, in *struct{ AtSeq }) (*text, error) {
		if p := s.has(ctx, in.Seq, "path.seq"); p != nil {
			return nil, p
		}
		proof, err := s.node.Ledger().Proof(ctx, in.Seq)
		return s.signed(proof, fmt.Sprintf("%s-%d.tlog-proof", s.slug, in.Seq), err)
	})
	get(s, operation{
		path: "/api/v1/ledger/consistency", id: "consistency", tag: tagLedger, summary: "Proof that the past was only added to",
		text:    "That the first `old` entries of the tree of `size` entries are the tree of `old` entries.",
		example: Consistency{1, 2, []string{"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="}}, problems: []string{codeUnknownEntry, codeNotReady, codeStopped},
	}, s.consistency)
}

// signed is a text to keep, or why there is none.
func (s *server) signed(body []byte, file string, err error) (*text, error) {
	switch {
	case errors.Is(err, ledger.ErrNoKey):
		return nil, newProblem(codeNoKey, "This node was started without a signing key.")
	case err != nil:
		return nil, s.broken(err)
	}
	return &text{"text/plain; charset=utf-8", fmt.Sprintf("inline; filename=%q", file), body}, nil
}

// has reports whether the ledger has so many entries.
func (s *server) has(ctx context.Context, seq int64, location string) *Problem {
	head, err := s.node.Ledger().Head(ctx)
	switch {
	case err != nil:
		return s.broken(err)
	case seq > head.Size:
		return newProblem(codeUnknownEntry, fmt.Sprintf("%s: the ledger has %d entries", location, head.Size))
	}
	return nil
}

func (s *server) consistency(ctx context.Context, in *struct{ Sizes }) (*answer[Consistency], error) {
	if in.Old > in.Size {
		return nil, invalid(Fault{"query.old", "the earlier tree has more entries than the later"})
	}
	if p := s.has(ctx, in.Size, "query.size"); p != nil {
		return nil, p
	}
	proof, err := s.node.Ledger().Consistency(ctx, in.Old, in.Size)
	if err != nil {
		return nil, s.broken(err)
	}
	out := Consistency{in.Old, in.Size, make([]string, len(proof))}
	for i, hash := range proof {
		out.Hashes[i] = hash.String()
	}
	return &answer[Consistency]{out}, nil
}

func (s *server) entries(ctx context.Context, in *PageOf) (*answer[Entries], error) {
	head, err := s.node.Ledger().Head(ctx)
	switch {
	case err != nil:
		return nil, s.broken(err)
	case in.After > head.Size:
		return nil, newProblem(codeBeyondEnd, fmt.Sprintf("query.after: there is no entry %d: the ledger of %s, epoch %d, has %d. "+
			"Who knows more has followed an earlier epoch of it: compare what is known with the entries here, or begin again with after=0.",
			in.After, head.Origin, head.Epoch, head.Size))
	}
	timer := time.NewTimer(time.Duration(in.Wait) * time.Second)
	defer timer.Stop()
	seq, changed := s.node.Seen()
	for over := in.Wait == 0; seq <= in.After && !over; {
		select {
		case <-changed:
		case <-timer.C:
			over = true
		case <-s.node.Done():
			over = true
		case <-ctx.Done():
			over = true
		}
		seq, changed = s.node.Seen()
	}
	found, err := s.node.Ledger().Entries(ctx, in.After, in.Limit)
	if err != nil {
		if p := s.broken(err); len(found) == 0 {
			return nil, p
		} // what is sound ahead of it is handed out; who asks on is told
	}
	out := Entries{make([]Entry, len(found)), seq, head.Epoch}
	for i := range found {
		e := &found[i]
		out.Entries[i] = Entry{
			e.Seq, int64(e.Recorded), int64(e.Occurred), board.Stamp(e.Occurred), e.Post, e.Actor, e.OnBehalfOf, e.Command, e.Cause, e.Kind, e.Version, string(e.Data),
		}
		out.Size = max(out.Size, e.Seq)
	}
	return &answer[Entries]{out}, nil
}

// stream is an answer that goes on.
type stream struct{ Body func(huma.Context) }
