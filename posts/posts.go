package posts

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"landport/border"
)

//go:embed *.yaml
var files embed.FS

// File says which post a node runs.
type File struct {
	Name     string `yaml:"name"`     // of the node: small letters, digits, dots and hyphens
	Crossing string `yaml:"crossing"` // a scenario that comes with Landport, or a file, relative to this one
	Post     string `yaml:"post"`     // which of the crossing's posts

	Retention map[string]border.Term `yaml:"retention"` // how long personal values are kept, by kind; others are kept for good
}

// PersonalKinds are the kinds of personal values a node keeps.
func PersonalKinds() []string { return []string{"plate", "remark"} }

// Names lists the files that come with Landport.
func Names() []string {
	paths, err := fs.Glob(files, "*.yaml")
	if err != nil {
		panic(err) // the pattern is malformed
	}
	for i, p := range paths {
		paths[i] = strings.TrimSuffix(p, ".yaml")
	}
	return paths
}

// Read returns a file that comes with Landport.
func Read(name string) ([]byte, error) {
	data, err := files.ReadFile(name + ".yaml")
	if err != nil {
		perhaps := ""
		if near := border.Nearest(name, Names()); near != "" {
			perhaps = fmt.Sprintf(", perhaps %q", near)
		}
		return nil, fmt.Errorf("unknown post %q%s; those that come with Landport are %s", name, perhaps, strings.Join(Names(), ", "))
	}
	return data, nil
}

// Decode reads a file. The name is for errors, which say where and what would
// be right.
func Decode(name string, data []byte) (File, error) {
	var f File
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return f, fmt.Errorf("%s: %s", name, strings.TrimSpace(yaml.FormatError(err, false, false)))
	}
	for _, field := range []struct{ name, value, example string }{
		{"name", f.Name, "bavet.kh"}, {"crossing", f.Crossing, "bavet-mocbai-2018"}, {"post", f.Post, "Bavet"},
	} {
		if field.value == "" {
			return f, fmt.Errorf("%s: %s is missing; write for example %s: %s", name, field.name, field.name, field.example)
		}
	}
	if strings.Trim(f.Name, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" {
		return f, fmt.Errorf("%s: %q cannot name a node; use small letters, digits, dots and hyphens, such as bavet.kh", name, f.Name)
	}
	for _, kind := range slices.Sorted(maps.Keys(f.Retention)) {
		if !slices.Contains(PersonalKinds(), kind) {
			return f, fmt.Errorf("%s: retention: %q is no kind of personal value; those kept are %s", name, kind, strings.Join(PersonalKinds(), " and "))
		}
		if f.Retention[kind] == (border.Term{}) {
			return f, fmt.Errorf("%s: retention: %s has no term; give one such as 2y, or leave it out to keep it for good", name, kind)
		}
	}
	return f, nil
}
