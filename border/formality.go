package border

import (
	"fmt"
	"slices"
	"strings"
)

// Agency is an authority, or the operator of the place, that acts at a post.
type Agency uint8

// The agencies.
const (
	Customs Agency = iota
	Immigration
	PlantQuarantine
	AnimalQuarantine
	Health
	Transport
	Police
	Operator
)

// Subject is what a formality is about.
type Subject uint8

// The subjects, after the annexes of the Revised Kyoto Convention and the CBTA.
const (
	MeansOfTransport Subject = iota
	Goods
	Person
)

// Side says whether a formality is for leaving or for entering a country.
type Side uint8

// The sides, in the order they are done.
const (
	Exit Side = iota
	Entry
)

// Officers says on whose soil a formality is done: by officers of the host
// country, or by officers visiting it in a common control area.
type Officers uint8

// Whose officers act.
const (
	Host Officers = iota
	Visiting
)

var (
	agencyNames   = []string{"customs", "immigration", "plant-quarantine", "animal-quarantine", "health", "transport", "police", "operator"}
	subjectNames  = []string{"means-of-transport", "goods", "person"}
	sideNames     = []string{"exit", "entry"}
	officersNames = []string{"host", "visiting"}
)

// Agencies lists every agency in order.
func Agencies() []Agency {
	all := make([]Agency, len(agencyNames))
	for i := range all {
		all[i] = Agency(i)
	}
	return all
}

// String returns the agency as written in files and JSON, such as "plant-quarantine".
func (a Agency) String() string { return nameOf(agencyNames, a) }

// String returns the subject as written in files and JSON, such as "goods".
func (s Subject) String() string { return nameOf(subjectNames, s) }

// String returns "exit" or "entry".
func (s Side) String() string { return nameOf(sideNames, s) }

// String returns "host" or "visiting".
func (o Officers) String() string { return nameOf(officersNames, o) }

// ParseAgency reads an agency as String writes it.
func ParseAgency(s string) (Agency, error) { return parseName[Agency]("agency", agencyNames, s) }

// ParseSubject reads a subject as String writes it.
func ParseSubject(s string) (Subject, error) { return parseName[Subject]("subject", subjectNames, s) }

// ParseSide reads "exit" or "entry".
func ParseSide(s string) (Side, error) { return parseName[Side]("side", sideNames, s) }

// ParseOfficers reads "host" or "visiting".
func ParseOfficers(s string) (Officers, error) {
	return parseName[Officers]("officers", officersNames, s)
}

func nameOf[T ~uint8](names []string, v T) string {
	if int(v) < len(names) {
		return names[v]
	}
	return fmt.Sprintf("unknown(%d)", v)
}

func parseName[T ~uint8](what string, names []string, s string) (T, error) {
	i := slices.Index(names, s)
	if i < 0 {
		return 0, fmt.Errorf("unknown %s %q; known are %s", what, s, strings.Join(names, ", "))
	}
	return T(i), nil
}
