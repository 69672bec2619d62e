package scenarios

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"landport/border"
)

//go:embed *.yaml
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
	return paths
}

// Read returns a scenario's YAML. The error for an unknown name lists those
// there are.
func Read(name string) ([]byte, error) {
	data, err := files.ReadFile(name + ".yaml")
	if err == nil {
		return data, nil
	}
	perhaps := ""
	if near := border.Nearest(name, Names()); near != "" {
		perhaps = fmt.Sprintf(", perhaps %q", near)
	}
	return nil, fmt.Errorf("unknown scenario %q%s; scenarios are %s", name, perhaps, strings.Join(Names(), ", "))
}
