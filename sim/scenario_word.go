package sim

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"landport/border"
	"landport/gate"
)

// The words of a scenario: values of closed sets. They are no figures.
type (
	agency    border.Agency
	subject   border.Subject
	side      border.Side
	placeKind gate.PlaceKind
	traits    border.Traits
)

func (a *agency) read(n node) error    { return readWord(n, a, border.ParseAgency) }
func (s *subject) read(n node) error   { return readWord(n, s, border.ParseSubject) }
func (s *side) read(n node) error      { return readWord(n, s, border.ParseSide) }
func (k *placeKind) read(n node) error { return readWord(n, k, parseKind) }

func readWord[T, W ~uint8](n node, word *W, parse func(string) (T, error)) error {
	text, err := n.scalar("a word")
	if err != nil {
		return err
	}
	v, err := parse(text)
	if err != nil {
		return n.errorf("%v", err)
	}
	*word = W(v)
	return nil
}

// word reads one of a list of words.
func (n node) word(known []string, what string) (string, error) {
	text, err := n.scalar(what)
	if err == nil && !slices.Contains(known, text) {
		err = n.errorf("unknown %s %q%s; known are %s", strings.TrimPrefix(strings.TrimPrefix(what, "an "), "a "), text, perhaps(text, known), strings.Join(known, ", "))
	}
	return text, err
}

func parseKind(text string) (gate.PlaceKind, error) {
	k, ok := gate.ParsePlaceKind(text)
	if !ok {
		return 0, fmt.Errorf("unknown kind of place %q%s; known are %s", text, perhaps(text, kindNames()), strings.Join(kindNames(), ", "))
	}
	return k, nil
}

func kindNames() []string {
	var names []string
	for k := gate.Approach; k <= gate.Transshipment; k++ {
		names = append(names, k.String())
	}
	return names
}

func (t *traits) read(n node) error {
	for _, item := range n.items() {
		text, err := item.scalar("a trait such as laden")
		if err != nil {
			return err
		}
		bit, _, err := border.ParseTrait(text)
		if err != nil {
			return item.errorf("%v", err)
		}
		*t |= traits(bit)
	}
	return nil
}

// items lists the entries of a list, or the one value that stands for it.
func (n node) items() []node {
	seq, ok := n.Node.(*ast.SequenceNode)
	if !ok {
		return []node{n}
	}
	items := make([]node, len(seq.Values))
	for i, v := range seq.Values {
		items[i] = n.child(v, fmt.Sprintf("%s[%d]", n.path, i+1))
	}
	return items
}
