package survey

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"landport/border"
)

// Hash returns what a plan, or any other document, is told by: the SHA-256 of
// its bytes.
func Hash(data []byte) string {
	return fmt.Sprintf("%x", sha256.Sum256(data))
}

// Frozen says which plan was settled, and when.
type Frozen struct {
	SHA256 string
	At     time.Time
	Signed []Signatory // who signed that, as far as the caller has found
}

// Signatory is a key under a frozen plan.
type Signatory struct {
	Name string `json:"name"` // of the key, such as working-group.kh
	Key  string `json:"key"`  // public key that the signature was checked with; "" if it was not checked
}

// words say what a frozen plan's date rests on.
func (f Frozen) words() string {
	if len(f.Signed) == 0 {
		return "The frozen file is not signed by anybody: the date is what the file says."
	}
	var checked, named []string
	for _, s := range f.Signed {
		if s.Key == "" {
			named = append(named, s.Name)
		} else {
			checked = append(checked, s.Name+" (key "+s.Key+")")
		}
	}
	said := "The date is what the file says, and who signed it stands for it."
	if len(checked) > 0 {
		said += " Signed by " + strings.Join(checked, " and by ") + "; see that the key is the group's."
	}
	if len(named) > 0 {
		said += " A signature in the name of " + strings.Join(named, " and of ") + " was not checked: the key was not given."
	}
	return said
}

// MaySign refuses a key for which the groups of a plan have no place: its name
// ends in a country that none of them is of, or another key is named for that
// one. known is false where nothing in the groups tells whose the key is.
func MaySign(groups []Group, name, public string) (known bool, err error) {
	if slices.ContainsFunc(groups, func(g Group) bool { return g.Key != "" && g.Key == public }) {
		return true, nil
	}
	if len(groups) == 0 {
		return false, nil
	}
	country := strings.ToUpper(name[strings.LastIndexByte(name, '.')+1:])
	var names []string
	for _, g := range groups {
		names = append(names, g.Name+" ("+g.Country+")")
		if g.Country != country {
			continue
		}
		if g.Key != "" && public != "" {
			return false, fmt.Errorf("the plan names another key for %s: %s", g.Name, g.Key)
		}
		known = true
	}
	if !known && border.KnownCountry(country) {
		return false, fmt.Errorf("%s: the plan has no group of %s; its groups are %s", name, country, strings.Join(names, ", "))
	}
	return known, nil
}

const frozenTitle = "landport survey plan, frozen"

// Freeze writes that a plan of these bytes was settled at an instant.
func Freeze(plan []byte, at time.Time) []byte {
	return fmt.Appendf(nil, "%s\nsha256 %s\nat %s\n", frozenTitle, Hash(plan), at.UTC().Format(time.RFC3339))
}

// ParseFrozen reads what Freeze wrote.
func ParseFrozen(text []byte) (f Frozen, err error) {
	var at string
	if _, err = fmt.Sscanf(string(text), frozenTitle+"\nsha256 %64s\nat %s\n", &f.SHA256, &at); err == nil {
		f.At, err = time.Parse(time.RFC3339, at)
	}
	if err != nil {
		return f, errors.New("this is no frozen plan; landport survey freeze writes one")
	}
	return f, nil
}

// Admits returns nil if a plan of these bytes is the frozen one, and was frozen
// before the days after the measure began.
func (f Frozen) Admits(plan []byte, p *Plan) error {
	if hash := Hash(plan); hash != f.SHA256 {
		return fmt.Errorf("the plan was changed after it was frozen: its hash is %s, the frozen one's %s; assess by the plan that was frozen", hash, f.SHA256)
	}
	place, err := PlaceOf(p.Posts[0], p.Places)
	if err != nil {
		return err
	}
	zone, _ := place.Zone()
	if after, _ := time.ParseInLocation(time.DateOnly, p.After.From, zone); !f.At.Before(after) {
		return fmt.Errorf("the plan was frozen at %s, when the days after the measure had begun (%s); a plan that knows the result proves nothing", f.At.Format(time.RFC3339), p.After.From)
	}
	return nil
}
