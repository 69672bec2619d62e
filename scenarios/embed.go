package scenarios

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode"

	"landport/border"
)

//go:embed *.yaml search/*.yaml
var files embed.FS

// Names lists the scenarios in alphabetical order.
func Names() []string {
	paths, err := fs.Glob(files, "*.yaml")
	if err != nil {
		panic(err) // the pattern is malformed
	}
	for i, p := range paths {
		paths[i] = strings.TrimSuffix(p, ".yaml")
	}
	slices.Sort(paths)
	return paths
}

// Read returns a scenario's YAML, which may extend another. The error for an
// unknown name has the one that was likely meant, and says what lists them all.
func Read(name string) ([]byte, error) {
	data, err := files.ReadFile(name + ".yaml")
	if err == nil {
		return data, nil
	}
	perhaps := ""
	if near := meant(name); near != "" {
		perhaps = fmt.Sprintf(", perhaps %q", near)
	}
	return nil, fmt.Errorf("unknown scenario %q%s; landport scenario list shows the %d there are", name, perhaps, len(Names()))
}

// Search returns the YAML of the space of plans that comes with a scenario, for
// evidence.DecodeSearch. The error for one that has none lists those that do.
func Search(scenario string) ([]byte, error) {
	data, err := files.ReadFile("search/" + scenario + ".yaml")
	if err == nil {
		return data, nil
	}
	paths, err := fs.Glob(files, "search/*.yaml")
	if err != nil {
		panic(err) // the pattern is malformed
	}
	for i, p := range paths {
		paths[i] = strings.TrimSuffix(strings.TrimPrefix(p, "search/"), ".yaml")
	}
	return nil, fmt.Errorf("no space of plans comes with %q; one comes with %s; write another, as docs/evidence.md says, and name its file", scenario, strings.Join(paths, ", "))
}

// Base reads the scenario that another extends by its name, for sim.Library.
func Base(_, extends string) (name string, data []byte, err error) {
	data, err = Read(extends)
	return extends + ".yaml", data, err
}

// meant returns the scenario that a wrong name most likely means, or "": the
// first that begins so, the first that has it in its name, else the nearest.
// Capitals, and how words are kept apart, do not matter.
func meant(name string) string {
	said := letters(name)
	for _, fits := range []func(s, part string) bool{strings.HasPrefix, strings.Contains} {
		for _, known := range Names() {
			if said != "" && fits(letters(known), said) {
				return known
			}
		}
	}
	return border.Nearest(name, Names())
}

// letters are a name's letters and digits, in small letters.
func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if r = unicode.ToLower(r); r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, name)
}
