package sim

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// plain returns the text of a scenario file without a byte order mark, or says
// why the file cannot be one: size, encoding, control characters, or brackets
// nested beyond all use.
func plain(file string, data []byte) ([]byte, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(data) > MostBytes {
		return nil, &Error{file, 1, 1, fmt.Sprintf("has %d bytes; a scenario has at most %d", len(data), MostBytes)}
	}
	line, column, deep := 1, 0, 0
	for rest := data; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		rest = rest[size:]
		column++
		switch {
		case r == utf8.RuneError && size == 1:
			return nil, &Error{file, line, column, "is not UTF-8 text; save the scenario as UTF-8"}
		case r == '\n':
			line, column = line+1, 0
		case r != '\t' && r != '\r' && invisible(r):
			return nil, &Error{file, line, column, fmt.Sprintf("has the control character %U; a scenario is plain text", r)}
		case r == '[' || r == '{':
			deep++
		case r == ']' || r == '}':
			deep--
		}
		if deep > mostDeep {
			return nil, &Error{file, line, column, fmt.Sprintf("opens more than %d brackets inside each other", mostDeep)}
		}
	}
	return data, nil
}

// invisible reports whether a character cannot be seen but changes what is:
// control characters and marks that turn the direction of writing.
func invisible(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }
