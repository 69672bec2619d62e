package ledger

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/tlog"

	"landport/border"
)

// Entry is one fact. Its fields and their order are final.
type Entry struct {
	Seq        int64       // 1, 2, 3 … without gaps; given by the ledger
	Recorded   border.Time // when the ledger took it, never before the entry ahead; given by the ledger
	Occurred   border.Time // when it happened, as reported
	Post       string      // where
	Actor      string      // who, by pseudonym
	OnBehalfOf string      // for whom, "" for oneself
	Command    string      // the command it followed from, "" if none did: the clock
	Cause      int64       // seq of the entry that caused it, 0 for none
	Kind       string      // such as "gate.called"
	Version    int         // of the kind's data
	Data       []byte      // JSON text on one line
}

// leafHeader is the first line of every leaf.
const leafHeader = "landport/entry/1"

// Leaf returns the text that is hashed: a header, then the fields in order,
// one to a line, with Data last and no line break at the end.
func (e *Entry) Leaf() []byte { return e.appendLeaf(nil) }

func (e *Entry) appendLeaf(b []byte) []byte {
	b = append(b, leafHeader...)
	number := func(n int64) { b = strconv.AppendInt(append(b, '\n'), n, 10) }
	text := func(s string) { b = append(append(b, '\n'), s...) }
	number(e.Seq)
	number(int64(e.Recorded))
	number(int64(e.Occurred))
	text(e.Post)
	text(e.Actor)
	text(e.OnBehalfOf)
	text(e.Command)
	number(e.Cause)
	text(e.Kind)
	number(int64(e.Version))
	return append(append(b, '\n'), e.Data...)
}

// ParseLeaf reads what Leaf wrote.
func ParseLeaf(leaf string) (e Entry, err error) {
	lines := strings.Split(leaf, "\n")
	if len(lines) != 12 || lines[0] != leafHeader {
		return e, fmt.Errorf("this is no entry: it is not %s and eleven lines more", leafHeader)
	}
	number := func(line int) (n int64) {
		n, wrong := strconv.ParseInt(lines[line], 10, 64)
		if wrong != nil && err == nil {
			err = fmt.Errorf("line %d of the entry is %q, not a whole number", line+1, lines[line])
		}
		return n
	}
	e = Entry{
		number(1), border.Time(number(2)), border.Time(number(3)), lines[4], lines[5], lines[6], lines[7],
		number(8), lines[9], int(number(10)), []byte(lines[11]),
	}
	switch {
	case err != nil:
	case string(e.Leaf()) != leaf:
		err = errors.New("a number of the entry is not written as the ledger writes it")
	default:
		err = e.Check()
	}
	return e, err
}

// Hash returns the leaf's hash: SHA-256 of a zero byte and the leaf (RFC 6962,
// section 2.1).
func (e *Entry) Hash() tlog.Hash {
	var space [1024]byte
	return sha256.Sum256(e.appendLeaf(append(space[:0], 0)))
}

// Check reports, in one sentence, why the ledger would not take the entry.
func (e *Entry) Check() error {
	for _, field := range [...]struct{ name, text string }{
		{"post", e.Post}, {"actor", e.Actor}, {"on_behalf_of", e.OnBehalfOf}, {"command", e.Command}, {"kind", e.Kind},
	} {
		if err := checkLine(field.name, field.text); err != nil {
			return err
		}
	}
	switch {
	case e.Kind == "":
		return fmt.Errorf("an entry's kind is missing; give one such as gate.called")
	case e.Version < 1:
		return fmt.Errorf("version %d of %s is not a version; the first is 1", e.Version, e.Kind)
	case e.Cause < 0:
		return fmt.Errorf("cause %d of an entry of kind %s is no sequence number; give an earlier entry's, or 0 for none", e.Cause, e.Kind)
	case !utf8.Valid(e.Data) || !json.Valid(e.Data):
		return fmt.Errorf("data of an entry of kind %s is not JSON text in UTF-8", e.Kind)
	}
	for i, c := range e.Data {
		if c < ' ' {
			return fmt.Errorf("data of an entry of kind %s has a line break or control character at byte %d; write JSON on one line", e.Kind, i+1)
		}
	}
	return nil
}

// checkLine refuses what could not stand on a line of its own.
func checkLine(name, text string) error {
	if plain(text) {
		return nil
	}
	if !utf8.ValidString(text) {
		return fmt.Errorf("%s %q is not UTF-8", name, text)
	}
	if at := strings.IndexFunc(text, unicode.IsControl); at >= 0 {
		return fmt.Errorf("%s %q has a control character at byte %d; write it on one line", name, text, at+1)
	}
	return nil
}

// plain reports whether text is printable ASCII, as nearly all is.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// checkText refuses what a database does not take as text.
func checkText(what, text string) error {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return fmt.Errorf("%s is not text: it must be UTF-8 without zero bytes", what)
	}
	return nil
}

// Damage is what is wrong with entries From to To as stored, or, if they are 0,
// with something else. It is an error.
type Damage struct { //nolint:errname // reports list it, too
	From int64  `json:"from"`
	To   int64  `json:"to"`
	What string `json:"what"`
}

func (d *Damage) Error() string {
	switch {
	case d.From == 0:
		return d.What
	case d.From == d.To:
		return fmt.Sprintf("entry %d %s", d.From, d.What)
	}
	return fmt.Sprintf("entries %d to %d %s", d.From, d.To, d.What)
}
