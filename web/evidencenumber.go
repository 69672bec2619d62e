package web

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"landport/sim"
)

// lanesMost is among how many places a visit may choose, as the gate allows.
const lanesMost = 64

// lanes reports whether a figure is how many of a place there are.
func lanes(path string) bool {
	return strings.HasPrefix(path, "places[") && strings.HasSuffix(path, "].count")
}

// turn sets the knob as asked.
func (k *knob) turn(given string) (sim.Setting, error) {
	if utf8.RuneCountInString(given) > textMost {
		return sim.Setting{}, fmt.Errorf("it is longer than %d letters", textMost)
	}
	if err := k.read(given); err != nil {
		return sim.Setting{}, err
	}
	if same(k.Value, k.Says) {
		k.Value = k.Says
	}
	return k.setting()
}

// refuse says why there is no crossing of which the knob is turned so. A remedy
// for whoever writes a file is none for hours here.
func (k *knob) refuse(err error) {
	text := plainly(err)
	if reason, _, found := strings.Cut(text, "; put a place of kind approach"); found && k.Kind == sim.KindHours {
		text = "these hours cannot be tried with this layout, because of " + reason + ". A scenario file of your own can give them a place to wait"
	}
	k.Problem = sentence(text)
}

// read takes what somebody wrote into the field: a number with or without the
// unit beside it, with a decimal point or comma, or what the file would say.
func (k *knob) read(given string) error {
	k.Value = given
	if slices.Contains([]sim.Kind{"", sim.KindHours, sim.KindDate, sim.KindTable}, k.Kind) {
		return nil
	}
	unit, _, _ := strings.Cut(k.Unit, ",")
	text, named := strings.CutSuffix(given, unit)
	named = named && unit != ""
	text, err := decimal(strings.TrimSpace(text))
	if err != nil {
		return err
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil //nolint:nilerr // it is written as in a file
	}
	part := k.Kind == sim.KindProbability && number > 0 && number < 1
	switch {
	case math.IsNaN(number) || math.IsInf(number, 0) || number < 0 && k.Kind != sim.KindCount:
		return errors.New("a number of 0 or more is needed")
	case part && !named:
		return fmt.Errorf("is %s%% meant, or %s%%? Write it with its %%", text, trim(100*number))
	case k.Kind == sim.KindProbability && number > 100:
		return fmt.Errorf("%s%% is more than all; give 0 to 100", text)
	case lanes(k.Path) && !(number >= 1 && number <= lanesMost && number == math.Trunc(number)):
		return fmt.Errorf("a whole number from 1 to %d is needed", lanesMost)
	}
	k.Value = text
	if part {
		k.Value += "%" // or it would be asked again
	}
	return nil
}

// number is the value, where it is one.
func (k *knob) number() (x float64, ok bool) {
	x, err := strconv.ParseFloat(strings.TrimSuffix(k.Value, "%"), 64)
	return x, err == nil
}

// decimal turns the comma of a number into a point. With three digits behind, it
// may be meant as either.
func decimal(text string) (string, error) {
	whole, part, found := strings.Cut(text, ",")
	switch {
	case !found || !digits(whole) || !digits(part):
		return text, nil
	case len(part) == 3 && len(whole) <= 3 && whole[0] != '0':
		return text, fmt.Errorf("is %s meant, or %s? Write it without a comma", strings.TrimRight(strings.TrimRight(whole+"."+part, "0"), "."), whole+part)
	}
	return whole + "." + part, nil
}

func digits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
