package node

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"landport/border"
	"landport/ledger"
)

// MentionedError says that the reason of an erasure holds what is to be erased.
type MentionedError struct{ Kind string }

func (m *MentionedError) Error() string {
	return fmt.Sprintf("the reason names the %s, and would keep in the ledger what is to be erased; give one such as the number of the request", m.Kind)
}

// unmentioned refuses a reason that holds a value which is to be erased. Of those
// whose term is over, plates alone, and none so short that a text may have it by
// chance.
func (e Erasure) unmentioned(ctx context.Context, l *ledger.Ledger) error {
	for _, commitment := range e.Commitments {
		kind, value, ok, err := l.Reveal(ctx, commitment)
		if err != nil {
			return err
		}
		if ok && Mentions(e.Reason, kind, value) {
			return &MentionedError{kind}
		}
	}
	if e.Before == 0 || e.Kind != "" && e.Kind != kindPlate {
		return nil
	}
	const shortest = 4
	return l.ValuesBefore(ctx, kindPlate, e.Before, func(plate string) error {
		if utf8.RuneCountInString(plate) >= shortest && Mentions(e.Reason, kindPlate, plate) {
			return &MentionedError{kindPlate}
		}
		return nil
	})
}

// kindPlate is the kind of personal value that a plate is.
const kindPlate = "plate"

// longestPlate is of how many words a plate may be written.
const longestPlate = 5

// Mentions reports whether a text holds a personal value: a plate in any spelling
// by which it is found (border.PlateKey), of other kinds its words in a row.
func Mentions(text, kind, value string) bool {
	in, of := words(text), words(value)
	if len(of) == 0 {
		return false
	}
	for i := range in {
		if n := len(of); i+n <= len(in) && slices.Equal(in[i:i+n], of) {
			return true
		}
	}
	if kind != kindPlate {
		return false
	}
	key, bare := border.PlateKey(value), strings.Join(of, "")
	for i := range in {
		for n := 1; n <= longestPlate && i+n <= len(in); n++ {
			said := in[i : i+n]
			if strings.Contains(strings.Join(said, ""), bare) || border.PlateKey(strings.Join(said, " ")) == key {
				return true
			}
		}
	}
	return false
}

// words are the letters and digits of a text, in capitals.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToUpper(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}
