package main

import (
	"errors"
	"fmt"
	"strings"

	"landport/border"
)

type codeCommand struct {
	Code    string   `arg:"" enum:"container,plate,reference,locode,hs" help:"What it is: container, plate, reference, locode or hs."`
	Values  []string `arg:"" name:"value" help:"What is to be checked; quote what has spaces."`
	Country string   `placeholder:"KH" help:"Country of a plate: KH, VN, LA, TH, MM or CN. Left out, all of them are tried."`
	Format  string   `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

func (codeCommand) Help() string {
	return `Examples:

  landport check container "CSQU 305438 3" MSKU1234565
  landport check plate --country KH "2A-1234 Phnom Penh"
  landport check reference KH07-0012-3410
  landport check locode KHBVT --format json
  landport check hs 1006.30

A value that is not right is told in one sentence; the exit code is 2 then. Right in form
is what can be a code, though the lists here do not have it: it may be newer, older or a country's own.`
}

// verdict is what is found about one value.
type verdict struct {
	Code    string `json:"code"`
	Value   string `json:"value"` // as given
	Valid   bool   `json:"valid"`
	Written string `json:"written,omitempty"` // as it is usually written
	Meaning string `json:"meaning,omitempty"`
	Match   string `json:"match,omitempty"` // of a plate: the same for every spelling
	Error   string `json:"error,omitempty"`

	form bool // only its form is right: whether there is such a code is not known
}

func (k codeCommand) Run(c console) error {
	if k.Country != "" && k.Code != "plate" {
		return misuse{fmt.Errorf("--country goes with a plate, not with %s", k.Code)}
	}
	var verdicts []verdict
	var wrong []error
	for _, value := range k.Values {
		v, err := k.look(value)
		v.Code, v.Value, v.Valid = k.Code, value, err == nil
		if err != nil {
			v.Error = err.Error()
			wrong = append(wrong, misuse{err})
		}
		verdicts = append(verdicts, v)
	}
	if k.Format == "json" {
		return errors.Join(append([]error{c.answer(verdicts)}, wrong...)...)
	}
	for _, v := range verdicts {
		if !v.Valid {
			continue
		}
		right := "right"
		if v.form {
			right = "right in form"
		}
		if err := c.sayf("%s is %s: %s\n", v.Written, right, v.Meaning); err != nil {
			return err
		}
	}
	return errors.Join(wrong...)
}

func (k codeCommand) look(value string) (verdict, error) {
	switch k.Code {
	case "container":
		return lookContainer(value)
	case "plate":
		return lookPlate(strings.ToUpper(k.Country), value)
	case "reference":
		return lookReference(value)
	case "locode":
		return lookLocode(value)
	default:
		return lookHS(value)
	}
}

func lookContainer(value string) (verdict, error) {
	n, err := border.ParseContainer(value)
	if err != nil {
		return verdict{}, err
	}
	what := map[byte]string{'U': "freight container", 'J': "detachable equipment", 'Z': "trailer or chassis"}[n.Category()]
	return verdict{Written: n.String(), Meaning: what + " of owner " + n.Owner()}, nil
}

// lookPlate reads a plate of a country, or of all whose plates have such a shape.
func lookPlate(country, value string) (verdict, error) {
	if country != "" {
		p, err := plate(country, value)
		return verdict{Written: p.Shown, Meaning: "plate of " + border.CountryName(country), Match: p.Match}, err
	}
	var fits []border.Plate
	var names []string
	for _, country := range []string{"KH", "VN", "LA", "TH", "MM", "CN"} {
		if p, err := plate(country, value); err == nil {
			fits, names = append(fits, p), append(names, border.CountryName(country))
		}
	}
	switch len(fits) {
	case 0:
		return verdict{}, fmt.Errorf("plate %q: it has the shape of none of KH, VN, LA, TH, MM and CN; name its country, as in --country KH, to be told what is wrong", value)
	case 1:
		return verdict{Written: fits[0].Shown, Meaning: "plate of " + names[0], Match: fits[0].Match}, nil
	}
	return verdict{Written: fits[0].Shown, Meaning: "plate of " + strings.Join(names, " or ") + " by its shape"}, nil
}

// plate reads a plate in which every letter can be where it stands.
func plate(country, value string) (border.Plate, error) {
	p, err := border.ParsePlate(country, value)
	if p.Misread != "" {
		return border.Plate{}, fmt.Errorf("plate %q of %s: behind its first letter the letters I and O are never issued; the number should be %s", value, border.CountryName(country), p.Misread)
	}
	return p, err
}

func lookReference(value string) (verdict, error) {
	r, err := border.ParseReference(value)
	if err != nil {
		return verdict{}, err
	}
	return verdict{Written: r.String(), Meaning: fmt.Sprintf("visit %d of post %02d of %s", r.Serial, r.Post, border.CountryName(r.Country))}, nil
}

func lookLocode(value string) (verdict, error) {
	l, err := border.ParseLocode(value)
	if err != nil {
		return verdict{}, err
	}
	country := border.CountryName(l.Country())
	if name, known := l.Name(); known {
		return verdict{Written: l.String(), Meaning: name + ", " + country}, nil
	}
	return verdict{Written: l.String(), Meaning: "of " + country + "; whether there is such a place is not known here", form: true}, nil
}

func lookHS(value string) (verdict, error) {
	h, err := border.ParseHS(value)
	if err != nil {
		return verdict{}, err
	}
	v := verdict{Written: h.String()}
	part, description := h.Describe()
	switch {
	case h.Special():
		v.Meaning = fmt.Sprintf("chapter %s is reserved for special use by the contracting parties to the Harmonized System; what the code means is for a country's tariff to say", h[:2])
		v.form = true
	case part != h && len(part) < 6:
		v.Meaning = fmt.Sprintf("%s (%s; the Harmonized System 2022 has nothing closer)", description, part)
		v.form = true
	case part != h:
		v.Meaning = fmt.Sprintf("%s (%s; what follows is a country's own)", description, part)
	default:
		v.Meaning = description
	}
	return v, nil
}
