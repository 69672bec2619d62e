package node

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// Command is one order, observation or act of the node's own, by somebody.
type Command struct {
	ID         string // the caller's idempotency key: the same again is answered, not done, again
	Actor      string // who, by pseudonym
	OnBehalfOf string
	Input      gate.Input // At 0 is now; an instant that has not come is taken as now
	Act        Act        // what else than the gate's it is
	Reference  string     // of the visit an order or observation is about; for Announce and arrivals, the one the neighbour minted
	Other      string     // reference of a coach, or of the outward visit, which may have left
	Plate      string     // personal: for Announce and arrivals, and for Correct, which keeps traits that are not given
	Remark     string     // free text, personal: why
	Anomaly    int64      // Settle: which
	Fact       int64      // CorrectTime: its entry; when it was is Input.At, and why Input.Reason
}

// Act is what a command does besides the gate's orders.
type Act uint8

// Acts of the node's own.
const (
	GateAct      Act = iota // none: Input is for the gate
	Settle                  // an anomaly was looked into
	ConfirmClock            // the clock is right as it is set now
	CorrectTime             // a fact of the visit was at another instant
)

// Answer says what a command came to.
type Answer struct {
	Sequence  int64  `json:"sequence"` // seq of the first entry that followed, 0 if none did
	Entries   int    `json:"entries"`  // how many followed
	Reference string `json:"reference,omitempty"`
	Refusal   string `json:"refusal,omitempty"` // code of why it was not done
	Detail    string `json:"detail,omitempty"`  // and in a sentence
	Anomaly   string `json:"anomaly,omitempty"` // reason of the first anomaly that followed
	Claimed   string `json:"claimed,omitempty"` // reference that was brought and is not the visit's own
	Repeated  bool   `json:"-"`                 // it had been done before
}

// note notes what is out of the ordinary among the facts that followed.
func (a *Answer) note(facts []gate.Fact) {
	for i := 0; i < len(facts) && a.Anomaly == ""; i++ {
		if facts[i].Kind == gate.Anomaly {
			a.Anomaly = facts[i].Reason.String()
		}
	}
}

// json is the answer as encoding/json writes it.
func (a *Answer) json() string {
	b := make([]byte, 0, 64)
	b = strconv.AppendInt(append(b, `{"sequence":`...), a.Sequence, 10)
	b = strconv.AppendInt(append(b, `,"entries":`...), int64(a.Entries), 10)
	b = appendText(b, "reference", a.Reference)
	b = appendText(b, "refusal", a.Refusal)
	b = appendText(b, "detail", a.Detail)
	b = appendText(b, "anomaly", a.Anomaly)
	b = appendText(b, "claimed", a.Claimed)
	return string(append(b, '}'))
}

// asked is a command on its way, and where its answer goes.
type asked struct {
	Command
	digest [sha256.Size]byte
	answer chan answered
	// What deciding it came to.
	result  Answer
	err     error
	from    int // how many entries of its batch are ahead of its own
	entries []ledger.Entry
	facts   []gate.Fact // by entry; of kind NoFact where it is not the gate's
}

type answered struct {
	Answer
	err error
}

// Do carries out a command and answers when what followed is durable. An order
// that the gate refuses is an Answer with a Refusal. Errors are ErrBusy,
// ErrReused, ErrNotReady (ledger.ErrDamaged too), ErrStopped, the context's, or say what is wrong with
// the command. After the context's, the command may have been carried out:
// handing it in again with the same ID tells.
func (n *Node) Do(ctx context.Context, c Command) (Answer, error) {
	if err := c.check(); err != nil {
		return Answer{}, err
	}
	if err := n.damaged(); err != nil {
		return Answer{}, fmt.Errorf("%w: %w", ErrNotReady, err)
	}
	a := &asked{Command: c, digest: c.digest(), answer: make(chan answered, 1)}
	select {
	case n.queue <- a:
	case <-n.done:
		return Answer{}, ErrStopped
	default:
		return Answer{}, ErrBusy
	}
	select {
	case r := <-a.answer:
		return r.Answer, r.err
	case <-n.done:
		return Answer{}, ErrStopped
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	}
}

// BadCommand says what is wrong with a command, and what would be right.
type BadCommand struct{ Field, Detail string } //nolint:errname // it is named by what it is

func (b *BadCommand) Error() string { return b.Field + ": " + b.Detail }

// longest of a text that a person writes.
const remarkMost = 1000

func (c *Command) check() error {
	switch {
	case c.ID == "" || len(c.ID) > 200 || strings.ContainsFunc(c.ID, func(r rune) bool { return r <= ' ' || r > '~' }):
		return &BadCommand{"idempotency key", "give 1 to 200 printable ASCII characters without spaces, new for every command"}
	case c.Actor == "":
		return &BadCommand{"actor", "it is missing"}
	case len(c.Remark) > remarkMost:
		return &BadCommand{"remark", fmt.Sprintf("it has %d bytes; give at most %d", len(c.Remark), remarkMost)}
	case len(c.Plate) > 40:
		return &BadCommand{"plate", "it is longer than any plate"}
	case c.Plate != "" && strings.TrimSpace(c.Plate) == "":
		return &BadCommand{"plate", "it is blank; leave it out if it is not known"}
	case hidden(c.Plate, unicode.IsPrint) != "":
		return &BadCommand{"plate", "it holds " + hidden(c.Plate, unicode.IsPrint) + ", which nobody sees; write it as it stands on the vehicle"}
	case c.Plate != "" && border.PlateKey(c.Plate) == "":
		return &BadCommand{"plate", "it has no letter and no digit; leave it out if it cannot be read, and say so in a remark"}
	case hidden(c.Remark, legible) != "":
		return &BadCommand{"remark", "it holds " + hidden(c.Remark, legible) + ", which nobody sees and which can turn text around; leave it out"}
	case c.Act == CorrectTime && c.Input.Reason == gate.NoReason:
		return &BadCommand{"reason", "it is missing; say why the time is corrected"}
	case c.Act == GateAct && c.Input.Do == gate.Correct && c.Input.Traits == 0 && c.Plate == "":
		return &BadCommand{"traits", "nothing is corrected; give traits, a plate or both"}
	}
	if c.Reference != "" {
		if _, err := border.ParseReference(c.Reference); err != nil {
			return &BadCommand{"reference", err.Error()}
		}
	}
	return nil
}

// legible reports whether a character may stand in a line of text: Khmer takes
// spaces of no width.
func legible(r rune) bool {
	return r == '\n' || r == '\t' || !unicode.IsControl(r) && !unicode.Is(unicode.Bidi_Control, r)
}

// hidden names the first character of a text that may not stand in it, such as
// U+202E; "" if there is none.
func hidden(text string, may func(rune) bool) string {
	if i := strings.IndexFunc(text, func(r rune) bool { return !may(r) }); i >= 0 {
		r, _ := utf8.DecodeRuneInString(text[i:])
		return fmt.Sprintf("%U", r)
	}
	return ""
}

// digest tells this request from another under the same ID. What it hashes is
// final: a command that is handed in again may have been answered by an earlier
// program.
func (c *Command) digest() [sha256.Size]byte {
	return sha256.Sum256(c.appendText(make([]byte, 0, 512)))
}

// appendText appends what is hashed: as fmt writes %q and %d, in less time.
func (c *Command) appendText(text []byte) []byte {
	quoted := func(s string) { text = append(strconv.AppendQuote(text, s), ' ') }
	number := func(n int64) { text = append(strconv.AppendInt(text, n, 10), ' ') }
	unsigned := func(n uint64) { text = append(strconv.AppendUint(text, n, 10), ' ') }
	text = append(text, "landport/command/1\n"...)
	quoted(c.Actor)
	quoted(c.OnBehalfOf)
	number(int64(c.Act))
	quoted(c.Reference)
	quoted(c.Other)
	quoted(c.Plate)
	quoted(c.Remark)
	text = append(strconv.AppendInt(text, c.Anomaly, 10), '\n')
	in := &c.Input
	number(int64(in.At))
	unsigned(uint64(in.Visit))
	unsigned(uint64(in.Other))
	unsigned(uint64(in.Traits))
	number(in.N)
	for _, n := range [...]int64{
		int64(in.Thing), int64(in.Formalities), int64(in.Place), int64(in.Stop), int64(in.Procedure), int64(in.Direction),
		int64(in.Do), int64(in.Reason), int64(in.Outcome),
	} {
		number(n)
	}
	text = strconv.AppendBool(text, in.Unready)
	if c.Fact != 0 { // without one it is hashed as ever
		text = strconv.AppendInt(append(text, ' '), c.Fact, 10)
	}
	return text
}

// brings reports whether the command brings a visit that has no name yet.
func (c *Command) brings() bool {
	return c.Act == GateAct && (c.Input.Do == gate.Announce || c.Input.Do == gate.ObserveArrival || c.Input.Do == gate.ObserveAlighted)
}

// aboutThing reports whether the command names a thing that must be known.
func (c *Command) aboutThing() bool {
	switch c.Input.Do {
	case gate.ObserveUnlinked, gate.ObserveSealed, gate.ObserveUnsealed:
		return true
	}
	return c.Input.Do == gate.ObserveLinked && c.Input.Thing != 0
}

// carryOut decides commands together in one transaction, and answers them.
// Whatever is due by then is decided first.
func (n *Node) carryOut(ctx context.Context, batch []*asked) {
	if len(batch) == 0 && !n.due() {
		n.look(ctx)
		return
	}
	// A commit under way is not cut off by a stop: its outcome would be unknown.
	ctx = context.WithoutCancel(ctx)
	tick, began, decided := &asked{}, time.Now(), time.Time{}
	_, err := n.ledger.Write(ctx, func(b *ledger.Batch) error {
		err := n.decide(ctx, b, tick, batch)
		decided = time.Now()
		return err
	})
	if err != nil {
		n.failed(ctx, batch, err)
		return
	}
	if told := n.committed.Load(); told != nil {
		(*told)(Commit{Whole: time.Since(began), Durable: time.Since(decided)})
	}
	n.conclude(append([]*asked{tick}, batch...))
}

// due reports whether a deadline has come.
func (n *Node) due() bool { return n.jump == 0 && n.state.NextDeadline() <= n.clock.Now() }

// look takes in what other replicas wrote, without a lock, and checks the clock.
func (n *Node) look(ctx context.Context) {
	entries, err := n.ledger.Entries(ctx, n.applied, 1000)
	err = n.met(err)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.checkClock()
	if ctx.Err() != nil {
		return
	}
	n.trouble = err
	n.absence.noted(err)
	for i := range entries {
		if err := n.fold(&entries[i]); err != nil {
			n.trouble = err
			return
		}
	}
	if err == nil {
		n.hear()
	}
	if len(entries) > 0 {
		n.show()
	}
}
