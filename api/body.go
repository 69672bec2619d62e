package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// bodyMost is the largest body taken, in bytes. The longest remark fits in
// every encoding.
const bodyMost = 64 << 10

// readBody reads a request's body and refuses one that is no text, or that two
// readers may take for two things.
func readBody(r *http.Request) *Problem {
	body, err := io.ReadAll(io.LimitReader(r.Body, bodyMost+1))
	switch {
	case err != nil:
		return newProblem(codeUnreadable, "body: it broke off")
	case len(body) > bodyMost:
		return newProblem(codeTooLarge, fmt.Sprintf("body: it is larger than %d bytes", bodyMost))
	case !utf8.Valid(body):
		return newProblem(codeUnreadable, "body: it is not UTF-8")
	}
	if half := halfCharacter(body); half != "" {
		return newProblem(codeUnreadable, fmt.Sprintf("body: %s is half of a character; write both halves, or the character itself", half))
	}
	if p := doubtfulKey(body); p != nil {
		return p
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// doubtfulKey refuses an object in a JSON text that has a key twice, since readers
// differ on which of the values counts, or in other letters than the schema's,
// which encoding/json takes for the same. A text that is no JSON has none.
func doubtfulKey(body []byte) *Problem {
	tokens := json.NewDecoder(bytes.NewReader(body))
	var open []map[string]bool // by depth; nil for a list
	key := true                // the next string is one, in an object
	for {
		token, err := tokens.Token()
		if err != nil {
			return nil //nolint:nilerr // it is at its end, or no JSON
		}
		within := len(open) > 0 && open[len(open)-1] != nil
		switch token {
		case json.Delim('{'):
			open, key = append(open, map[string]bool{}), true
			continue
		case json.Delim('['):
			open = append(open, nil)
			continue
		case json.Delim('}'), json.Delim(']'):
			open, key = open[:len(open)-1], true
			continue
		}
		if !within {
			continue
		}
		if name, ok := token.(string); key && ok {
			switch {
			case open[len(open)-1][name]:
				return newProblem(codeUnreadable, fmt.Sprintf("body: %.40q stands there twice; give it once", name))
			case strings.ContainsFunc(name, func(r rune) bool { return (r < 'a' || r > 'z') && r != '_' }):
				return invalid(Fault{"body." + strings.Map(shown, cut(name, 40)), "unexpected property; names are written in small letters, as the reference has them"})
			}
			open[len(open)-1][name] = true
		}
		key = !key
	}
}

// shown replaces what cannot be seen.
func shown(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return unicode.ReplacementChar
}

// escape is how long an escaped unit of UTF-16 is in JSON, such as \ud83d.
const escape = 6

// halfCharacter returns the first escaped surrogate in a JSON text that has no
// other half, as it is written, which readers take for U+FFFD or refuse; "" if
// there is none. Backslashes stand in strings alone.
func halfCharacter(body []byte) string {
	for i := 0; i < len(body); i++ {
		if body[i] != '\\' {
			continue
		}
		first := escaped(body[i:])
		switch {
		case !utf16.IsSurrogate(first):
			i++ // what is escaped may be a backslash
		case utf16.DecodeRune(first, escaped(body[i+escape:])) == unicode.ReplacementChar:
			return string(body[i : i+escape])
		default:
			i += 2*escape - 1
		}
	}
	return ""
}

// escaped is the unit of UTF-16 with whose escape a text begins, -1 if it begins
// with none.
func escaped(text []byte) rune {
	if len(text) < escape || text[0] != '\\' || text[1] != 'u' {
		return -1
	}
	unit, err := strconv.ParseUint(string(text[2:escape]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(unit)
}
