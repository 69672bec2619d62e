package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/node"
)

// factRow is an entry of the ledger as a row. The first columns are those of the
// entry, the last its data as stored; between them stands what the data of the
// gate's facts, and of how visits are called, name. What an entry does not say is
// null. Plates and remarks are in data as commitments alone, see docs/ledger.md.
type factRow struct {
	Seq           int64    `parquet:"seq" json:"-"`
	At            int64    `parquet:"at,timestamp(microsecond)" json:"-"`       // when it happened, as reported
	Recorded      int64    `parquet:"recorded,timestamp(microsecond)" json:"-"` // when the ledger took it
	Post          string   `parquet:"post,dict" json:"-"`
	Kind          string   `parquet:"kind,dict" json:"-"` // gate.called
	Version       int32    `parquet:"version" json:"-"`   // of the data
	Actor         *string  `parquet:"actor,optional,dict" json:"-"`
	OnBehalfOf    *string  `parquet:"on_behalf_of,optional,dict" json:"-"`
	Command       *string  `parquet:"command,optional" json:"-"`
	Cause         *int64   `parquet:"cause,optional" json:"-"`
	Visit         *int64   `parquet:"visit,optional" json:"visit"` // serial number
	Reference     *string  `parquet:"reference,optional" json:"reference"`
	Other         *int64   `parquet:"other,optional" json:"other"` // visit: the coach of a passenger, the visit of exit of a return leg
	Direction     *string  `parquet:"direction,optional,dict" json:"direction"`
	Procedure     *string  `parquet:"procedure,optional,dict" json:"procedure"`
	Place         *string  `parquet:"place,optional,dict" json:"place"`
	To            *string  `parquet:"to,optional,dict" json:"to"`
	From          *string  `parquet:"from,optional,dict" json:"from"`
	Stop          *string  `parquet:"stop,optional,dict" json:"stop"`
	Server        *int32   `parquet:"server,optional" json:"server"`
	Reason        *string  `parquet:"reason,optional,dict" json:"reason"`
	Outcome       *string  `parquet:"outcome,optional,dict" json:"outcome"` // of gate.service-ended
	Traits        []string `parquet:"traits,list" json:"traits"`
	Formalities   []string `parquet:"formalities,list" json:"formalities"`
	Thing         *int64   `parquet:"thing,optional" json:"thing"`
	Opening       *string  `parquet:"opening,optional,dict" json:"opening"`
	Level         *string  `parquet:"level,optional,dict" json:"level"`
	Day           *string  `parquet:"day,optional,dict" json:"day"`
	Opens         *string  `parquet:"opens,optional,dict" json:"opens"`
	LastAdmission *string  `parquet:"last_admission,optional,dict" json:"last_admission"`
	Closes        *string  `parquet:"closes,optional,dict" json:"closes"`
	Policy        *string  `parquet:"policy,optional,dict" json:"policy"`
	Required      []string `parquet:"required,list" json:"required"`
	Seal          *string  `parquet:"seal,optional" json:"seal"`
	N             *int64   `parquet:"n,optional" json:"n"` // what it counts depends on the kind
	Data          string   `parquet:"data" json:"-"`
}

// gateFacts begins the kinds of the gate's facts.
const gateFacts = "gate."

func factRowOf(e *ledger.Entry) (*factRow, error) {
	row := &factRow{}
	if strings.HasPrefix(e.Kind, gateFacts) || slices.Contains([]string{"node.named", "node.claimed"}, e.Kind) {
		if err := json.Unmarshal(e.Data, row); err != nil {
			return nil, fmt.Errorf("entry %d, %s: %w", e.Seq, e.Kind, err)
		}
	}
	if e.Kind == gateFacts+gate.ServiceEnded.String() && row.Outcome == nil {
		row.Outcome = new(gate.Passed.String()) // the data leave it out
	}
	row.Seq, row.At, row.Recorded, row.Post, row.Kind, row.Version = e.Seq, int64(e.Occurred), int64(e.Recorded), e.Post, e.Kind, int32(e.Version)
	row.Actor, row.OnBehalfOf, row.Command, row.Cause, row.Data = given(e.Actor), given(e.OnBehalfOf), given(e.Command), given(e.Cause), string(e.Data)
	return row, nil
}

// given is a value, nil if it is the zero that stands for none.
func given[T comparable](x T) *T {
	var none T
	if x == none {
		return nil
	}
	return &x
}

// exportFacts writes the entries of a period, as they are read.
func exportFacts(ctx context.Context, c console, l *ledger.Ledger, origin string, q node.StudyQuery, format string, out io.Writer) error {
	sink := eventLines(origin, out)
	if format == "parquet" {
		sink = newFactTable(ctx, out)
	}
	about, err := aboutFacts(ctx, l, q)
	if err != nil {
		return err
	}
	tell, done := c.counting()
	defer done()
	written := 0
	for e, err := range l.Each(ctx, 0) {
		if err != nil {
			return err
		}
		if e.Seq%1000 == 0 {
			tell(e.Seq)
		}
		if e.Occurred < q.From || e.Occurred >= q.To {
			continue
		}
		if err := sink.add(&e); err != nil {
			return err
		}
		written++
	}
	if err := sink.close(about); err != nil {
		return err
	}
	done()
	c.notef("%d facts\n", written)
	return nil
}

// eventLines writes each entry as a CloudEvent on a line of its own.
func eventLines(origin string, out io.Writer) table[ledger.Entry] {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return table[ledger.Entry]{
		add:   func(e *ledger.Entry) error { return encoder.Encode(node.NewCloudEvent(origin, e)) },
		close: func([][2]string) error { return nil },
	}
}

// newFactTable writes each entry as a row of Parquet.
func newFactTable(ctx context.Context, out io.Writer) table[ledger.Entry] {
	rows := newParquet[factRow](ctx, out)
	return table[ledger.Entry]{close: rows.close, add: func(e *ledger.Entry) error {
		row, err := factRowOf(e)
		if err != nil {
			return err
		}
		return rows.add(row)
	}}
}

// aboutFacts says of which ledger the facts are, what of it was signed when they
// began to be read, and of which period they are.
func aboutFacts(ctx context.Context, l *ledger.Ledger, q node.StudyQuery) ([][2]string, error) {
	checkpoint, err := l.LastCheckpoint(ctx)
	if err != nil {
		return nil, err
	}
	head, err := l.Head(ctx)
	if err != nil {
		return nil, err
	}
	about := [][2]string{{"origin", head.Origin}, {"epoch", fmt.Sprint(head.Epoch)}, {"entries", fmt.Sprint(head.Size)}, {"checkpoint", checkpoint}}
	if q.From > 0 {
		about = append(about, [2]string{"from", q.From.Std(time.UTC).Format(time.RFC3339)})
	}
	if q.To < border.Never {
		about = append(about, [2]string{"to", q.To.Std(time.UTC).Format(time.RFC3339)})
	}
	return about, nil
}
