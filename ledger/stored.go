package ledger

import (
	"crypto/sha256"
	"database/sql"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"landport/border"
)

const entryColumns = `seq, recorded_us, occurred_us, post, actor, on_behalf_of, command, cause, kind, version, data, leaf`

// entryText is a leaf without its header, in one column and not eleven: a
// column costs more to read than its text. Both engines write numbers as the
// leaf has them, and a field that was given a line break gives another text.
const entryText = `seq || '
' || recorded_us || '
' || occurred_us || '
' || post || '
' || actor || '
' || on_behalf_of || '
' || command || '
' || cause || '
' || kind || '
' || version || '
' || data`

const selectEntries = `SELECT ` + entryText + `, leaf FROM entries WHERE seq > $1 ORDER BY seq LIMIT $2`

// scanEntry reads a row of entryText and leaf: the entry, the hash stored with
// it and the one that its text gives. Where those differ the entry may be
// anything.
func scanEntry(rows *sql.Rows) (e Entry, leaf, hash tlog.Hash, err error) {
	var text string
	var stored sql.RawBytes
	if err := rows.Scan(&text, &stored); err != nil {
		return e, leaf, hash, err
	}
	if len(stored) == tlog.HashSize {
		leaf = tlog.Hash(stored)
	}
	var space [1024]byte
	hash = sha256.Sum256(append(append(append(space[:0], 0), leafHeader+"\n"...), text...))
	e.parse(text)
	return e, leaf, hash, nil
}

func (e *Entry) parse(text string) {
	line := func() (s string) {
		s, text, _ = strings.Cut(text, "\n")
		return s
	}
	number := func() int64 {
		n, _ := strconv.ParseInt(line(), 10, 64)
		return n
	}
	e.Seq, e.Recorded, e.Occurred = number(), border.Time(number()), border.Time(number())
	e.Post, e.Actor, e.OnBehalfOf, e.Command = line(), line(), line(), line()
	e.Cause, e.Kind, e.Version = number(), line(), int(number())
	e.Data = []byte(text)
}
