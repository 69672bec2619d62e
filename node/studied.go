package node

import (
	"bytes"
	"context"
	"crypto/sha256"
	"log/slog"
	"strings"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/study"
)

// studied is what the study knows of the visits under way at an entry.
type studied struct {
	past      crossings
	codec     *Codec // of the crossing that stages are of
	layout    *gate.Layout
	digest    [sha256.Size]byte // of the layout, without which an archive cannot be read
	stages    *study.Stages
	seq       int64                 // of the last entry that is in stages
	corrected map[int64]border.Time // when facts were that are told otherwise, by their entries
}

// follows has what comes be read by a crossing.
func (s *studied) follows(c *Codec) {
	s.codec, s.layout, s.digest = c, c.layout, layoutDigest(c.layout)
}

// restart has it stand ahead of the first entry.
func (s *studied) restart() {
	s.stages, s.seq = nil, 0
	s.follows(s.past.at(0))
}

// restore has it stand where the last archive does of an entry up to one, if that
// is further on.
func (s *studied) restore(ctx context.Context, l *ledger.Ledger, log *slog.Logger, upTo int64) error {
	rows, err := l.Reader().QueryContext(ctx, `SELECT seq, layout, state FROM study_archive WHERE seq > $1 AND seq <= $2 ORDER BY seq DESC`, s.seq, upTo)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	for rows.Next() {
		var seq int64
		var layout, state []byte
		if err := rows.Scan(&seq, &layout, &state); err != nil {
			return err
		}
		codec := s.past.at(seq)
		if digest := layoutDigest(codec.layout); !bytes.Equal(layout, digest[:]) {
			continue
		}
		stages, err := study.RestoreStages(codec.layout, state)
		if err != nil {
			log.Warn("an archive of the study is passed over", "seq", seq, "because", err)
			continue
		}
		s.follows(codec)
		s.stages, s.seq = stages, seq
		return nil
	}
	return rows.Err()
}

// copied returns another that stands in the same place.
func (s *studied) copied() (*studied, error) {
	c := *s
	if s.stages == nil {
		return &c, nil
	}
	var err error
	c.stages, err = study.RestoreStages(s.layout, s.archived())
	return &c, err
}

// archived is all that is known.
func (s *studied) archived() []byte { return s.stages.AppendArchive(nil) }

// add takes an entry into memory and returns the visit that left with it, if
// one did.
func (s *studied) add(e *ledger.Entry) (visit study.Finished, left bool, err error) {
	if e.Seq == 1 {
		s.follows(s.past.at(1))
		s.stages = study.NewStages(s.layout, e.Occurred)
	}
	switch {
	case e.Kind == kindCrossing:
		next, err := readCrossing(e)
		if err != nil {
			return visit, false, err
		}
		if !next.same(s.codec) {
			s.follows(next.or(s.past.at(e.Seq)))
			s.stages = s.stages.Carry(s.layout, e.Occurred)
		}
	case strings.HasPrefix(e.Kind, gatePrefix):
		fact, err := s.codec.Fact(e)
		if err != nil {
			return visit, false, err
		}
		s.stages.Reach(fact.At)
		if at, corrected := s.corrected[e.Seq]; corrected {
			fact.At = at
		}
		visit, left = s.stages.AddAmended(&fact)
	case e.Kind == kindTimeCorrected:
		d, err := retimings(e)
		if err != nil {
			return visit, false, err
		}
		s.stages.Reach(d.At)
	case e.Kind == ledger.KindLost:
		s.stages.Forget()
	case e.Kind == ledger.KindRecovered:
		_, emptied, err := epochOf(e)
		if err != nil {
			return visit, false, err
		}
		if s.stages.Forget(); emptied {
			s.stages = study.NewStages(s.layout, max(e.Occurred, s.stages.Clock()))
		}
	}
	s.seq = e.Seq
	return visit, left, nil
}
