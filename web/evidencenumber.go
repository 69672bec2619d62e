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
	said, near, _ := strings.Cut(text, "; near are ")
	if root := k.Path[:strings.IndexAny(k.Path+".", ".[")]; strings.Contains(near, ", ") && !strings.HasPrefix(near, root) {
		text = said // they are any, because none is near
	}
	k.Problem = sentence(text)
}

// read takes what somebody wrote into the field: a number with or without the
// unit beside it, with a decimal point or comma, or what the file would say.
func (k *knob) read(given string) error {
	k.Value = given
	if k.Kind == "" {
		return k.readOther(given)
	}
	if !numeric(k.Kind) {
		return nil
	}
	unit, _, _ := strings.Cut(k.Unit, ",")
	text, named := strings.CutSuffix(given, unit)
	named = named && unit != ""
	text, err := decimal(strings.TrimSpace(text))
	if err != nil && k.Kind != sim.KindProbability { // of a hundred nobody means thousands
		return err
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil && k.Kind == sim.KindProbability {
		return fmt.Errorf("%q is no number; give 0 to 100", given)
	}
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

// readOther takes a figure that a link adds, which has no unit beside it: as the
// file would say it, with a decimal comma, or a probability with its %.
func (k *knob) readOther(given string) error {
	if !numeric(k.other) {
		return nil
	}
	text, percent := strings.CutSuffix(given, "%")
	if k.other != sim.KindProbability || !percent {
		text, err := decimal(given)
		if err == nil {
			k.Value = text
		}
		return err
	}
	text, _ = decimal(strings.TrimSpace(text))
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || !(number >= 0 && number <= 100) {
		return fmt.Errorf("%s is not from 0%% to 100%%", given)
	}
	k.Value = text + "%"
	if same(strconv.FormatFloat(number/100, 'f', -1, 64), k.Says) {
		k.Value = k.Says
	}
	return nil
}

// numeric reports whether a figure of a kind may be one number.
func numeric(kind sim.Kind) bool {
	return !slices.Contains([]sim.Kind{"", sim.KindHours, sim.KindDate, sim.KindTable}, kind)
}

// number is the value, where it is one.
func (k *knob) number() (x float64, ok bool) {
	x, err := strconv.ParseFloat(strings.TrimSuffix(k.Value, "%"), 64)
	return x, err == nil
}

// decimal turns the comma of a number into a point. Three digits behind either
// may be meant as thousands, which is asked.
func decimal(text string) (string, error) {
	at := strings.IndexAny(text, ",.")
	if at < 0 || !digits(text[:at]) || !digits(text[at+1:]) {
		return text, nil
	}
	whole, part := text[:at], text[at+1:]
	pointed := whole + "." + part
	if len(part) != 3 || len(whole) > 3 || whole[0] == '0' {
		return pointed, nil
	}
	first := strings.TrimSuffix(strings.TrimRight(pointed, "0"), ".")
	if first == pointed {
		first += "0" // or it would be asked again
	}
	return pointed, fmt.Errorf("is %s meant, or %s? Write one of these", first, whole+part)
}

func digits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
