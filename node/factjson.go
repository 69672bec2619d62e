package node

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Facts are written and read by the million when a ledger is replayed. The JSON
// they are written in is read here by one pass over it; whatever else may be
// JSON of the same meaning is left to encoding/json.

// field returns where a field is, nil for one that is not known.
func (d *factData) field(name string) any {
	switch name {
	case "visit":
		return &d.Visit
	case "slot":
		return &d.Slot
	case "other":
		return &d.Other
	case "other_slot":
		return &d.OtherSlot
	case "traits":
		return &d.Traits
	case "formalities":
		return &d.Formalities
	case "place":
		return &d.Place
	case "to":
		return &d.To
	case "from":
		return &d.From
	case "stop":
		return &d.Stop
	case "server":
		return &d.Server
	case "procedure":
		return &d.Procedure
	case "direction":
		return &d.Direction
	case "thing":
		return &d.Thing
	case "opening":
		return &d.Opening
	case "level":
		return &d.Level
	case "day":
		return &d.Day
	case "opens":
		return &d.Opens
	case "last_admission":
		return &d.LastAdmission
	case "closes":
		return &d.Closes
	case "policy":
		return &d.Policy
	case "required":
		return &d.Required
	case "seal":
		return &d.Seal
	case "n":
		return &d.N
	case "reason":
		return &d.Reason
	case "outcome":
		return &d.Outcome
	}
	return nil
}

// appendJSON appends what encoding/json writes of it.
func (d *factData) appendJSON(b []byte) []byte {
	first := len(b)
	b = appendNumber(b, "visit", d.Visit)
	b = appendNumber(b, "slot", d.Slot)
	b = appendNumber(b, "other", d.Other)
	b = appendNumber(b, "other_slot", d.OtherSlot)
	b = appendTexts(b, "traits", d.Traits)
	b = appendTexts(b, "formalities", d.Formalities)
	b = appendText(b, "place", d.Place)
	b = appendText(b, "to", d.To)
	b = appendText(b, "from", d.From)
	b = appendText(b, "stop", d.Stop)
	b = appendNumber(b, "server", d.Server)
	b = appendText(b, "procedure", d.Procedure)
	b = appendText(b, "direction", d.Direction)
	b = appendNumber(b, "thing", d.Thing)
	b = appendText(b, "opening", d.Opening)
	b = appendText(b, "level", d.Level)
	b = appendText(b, "day", d.Day)
	b = appendText(b, "opens", d.Opens)
	b = appendText(b, "last_admission", d.LastAdmission)
	b = appendText(b, "closes", d.Closes)
	b = appendText(b, "policy", d.Policy)
	b = appendTexts(b, "required", d.Required)
	b = appendText(b, "seal", d.Seal)
	b = appendNumber(b, "n", d.N)
	b = appendText(b, "reason", d.Reason)
	b = appendText(b, "outcome", d.Outcome)
	if len(b) == first {
		b = append(b, ',')
	}
	b[first] = '{'
	return append(b, '}')
}

// appendNumber, appendText and appendTexts append a field behind a comma, and
// nothing of what is zero.
func appendNumber[T uint8 | uint32 | uint64 | int | int64](b []byte, name string, n T) []byte {
	switch {
	case n == 0:
		return b
	case n < 0:
		return strconv.AppendInt(appendName(b, name), int64(n), 10)
	}
	return strconv.AppendUint(appendName(b, name), uint64(n), 10)
}

func appendText(b []byte, name, s string) []byte {
	if s == "" {
		return b
	}
	return appendQuoted(appendName(b, name), s)
}

func appendTexts(b []byte, name string, all []string) []byte {
	if len(all) == 0 {
		return b
	}
	b = append(appendName(b, name), '[')
	for i, s := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendQuoted(b, s)
	}
	return append(b, ']')
}

func appendName(b []byte, name string) []byte {
	return append(append(append(b, ',', '"'), name...), '"', ':')
}

func appendQuoted(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return append(b, compact(s)...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

// parseJSON reads what appendJSON wrote. It shares text's bytes.
func (d *factData) parseJSON(text string) error {
	if d.parse(text) {
		return nil
	}
	var slowly factData // so that d need not be on the heap
	err := json.Unmarshal([]byte(text), &slowly)
	*d = slowly
	return err
}

// parse is parseJSON of what is written as appendJSON writes; false says that
// it is not, or wrong.
func (d *factData) parse(text string) bool {
	s := factScanner{text}
	if !s.skip('{') {
		return false
	}
	for comma := false; !s.skip('}'); comma = true {
		if comma && !s.skip(',') {
			return false
		}
		name, ok := s.string()
		if !ok || !s.skip(':') || !s.value(d.field(name)) {
			return false
		}
	}
	return s.rest == ""
}

type factScanner struct{ rest string }

func (s *factScanner) skip(c byte) bool {
	if s.rest == "" || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

// string reads a string without escapes.
func (s *factScanner) string() (text string, ok bool) {
	if !s.skip('"') {
		return "", false
	}
	end := strings.IndexByte(s.rest, '"')
	if end < 0 {
		return "", false
	}
	text, s.rest = s.rest[:end], s.rest[end+1:]
	for i := range len(text) {
		if c := text[i]; c >= utf8.RuneSelf {
			return text, !strings.ContainsRune(text, '\\') && utf8.ValidString(text)
		} else if c < ' ' || c == '\\' {
			return "", false
		}
	}
	return text, true
}

// value reads what a field takes.
func (s *factScanner) value(to any) (ok bool) {
	switch p := to.(type) {
	case *uint64:
		*p, ok = number[uint64](s, 0, math.MaxInt64)
	case *int:
		*p, ok = number[int](s, math.MinInt64, math.MaxInt64)
	case *uint8:
		*p, ok = number[uint8](s, 0, math.MaxUint8)
	case *uint32:
		*p, ok = number[uint32](s, 0, math.MaxUint32)
	case *int64:
		*p, ok = number[int64](s, math.MinInt64, math.MaxInt64)
	case *string:
		*p, ok = s.string()
	case *[]string:
		*p, ok = s.strings()
	}
	return ok
}

func (s *factScanner) strings() (all []string, ok bool) {
	if !s.skip('[') {
		return nil, false
	}
	all = make([]string, 0, 8)
	for !s.skip(']') {
		if len(all) > 0 && !s.skip(',') {
			return nil, false
		}
		text, ok := s.string()
		if !ok {
			return nil, false
		}
		all = append(all, text)
	}
	return all, true
}

// number reads a whole number from least to most.
func number[T uint8 | uint32 | uint64 | int | int64](s *factScanner, least, most int64) (T, bool) {
	end := 0
	for end < len(s.rest) && (s.rest[end] == '-' || s.rest[end] >= '0' && s.rest[end] <= '9') {
		end++
	}
	digits := s.rest[:end]
	n, err := strconv.ParseInt(digits, 10, 64)
	if unsigned := strings.TrimPrefix(digits, "-"); err != nil || n < least || n > most || len(unsigned) > 1 && unsigned[0] == '0' {
		return 0, false
	}
	s.rest = s.rest[end:]
	return T(n), true
}
