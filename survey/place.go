package survey

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"landport/border"
)

// Place is a post of a survey: its country and the one across the line, ISO
// 3166-1 alpha-2.
type Place struct {
	Name    string `yaml:"name"    json:"name"`
	Country string `yaml:"country" json:"country"`
	Facing  string `yaml:"facing"  json:"facing"`
}

// places are posts that need no introduction, with which country faces them.
var places = [...]Place{
	{"Bavet", "KH", "VN"},
	{"Moc Bai", "VN", "KH"},
	{"Densavanh", "LA", "VN"},
	{"Lao Bao", "VN", "LA"},
	{"Kim Thanh", "VN", "CN"},
	{"Hekou", "CN", "VN"},
	{"Pingxiang", "CN", "VN"},
	{"Huu Nghi", "VN", "CN"},
	{"Poipet", "KH", "TH"},
	{"Aranyaprathet", "TH", "KH"},
}

// Places lists the posts that need no introduction.
func Places() []Place { return slices.Clone(places[:]) }

// PlaceOf returns the post of a name that is known or among others.
func PlaceOf(name string, others []Place) (Place, error) {
	var known []string
	for _, list := range [][]Place{others, places[:]} {
		for _, p := range list {
			if fold(p.Name) == fold(name) {
				return p, nil
			}
			known = append(known, p.Name)
		}
	}
	perhaps := ""
	if near := border.Nearest(name, known); near != "" {
		perhaps = fmt.Sprintf(", perhaps %q", near)
	}
	return Place{}, fmt.Errorf("unknown post %q%s; known are %s, and others once a mapping names them with their country", name, perhaps, strings.Join(known, ", "))
}

// zones are the countries' hours ahead of UTC, without summer time since 1992
// (IANA Time Zone Database).
var zones = map[string]time.Duration{
	"KH": 7 * time.Hour, "VN": 7 * time.Hour, "LA": 7 * time.Hour, "TH": 7 * time.Hour, "MM": 6*time.Hour + 30*time.Minute, "CN": 8 * time.Hour,
}

// Zone returns the time of the post's country; ok for the six Mekong countries.
func (p Place) Zone() (zone *time.Location, ok bool) {
	ahead, ok := zones[p.Country]
	return time.FixedZone("", int(ahead/time.Second)), ok
}
