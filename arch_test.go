// Package landport_test holds the rules of the house that the compiler does
// not: which room may import which, and what the pure rooms may not touch.
// docs/design.md gives the reasons.
package landport_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// room is what one top-level folder may do. Test files are free.
type room struct {
	sees     []string // other rooms it may import
	pure     bool     // the same inputs give the same bytes
	uses     []string // pure: packages from outside the module it may import
	integer  bool     // no floating point, no iteration over a map
	parallel string   // pure: the one file that may start goroutines
}

// plain packages compute and do nothing else.
var plain = []string{
	"bytes", "cmp", "crypto/sha256", "encoding/binary", "encoding/json", "errors", "fmt", "hash", "iter", "math", "math/bits",
	"regexp", "slices", "sort", "strconv", "strings", "time", "unicode", "unicode/utf8",
}

var house = map[string]room{
	"border": {pure: true, uses: slices.Concat(plain, []string{"embed"})},
	"gate":   {pure: true, uses: plain, integer: true, sees: []string{"border"}},
	"study":  {pure: true, uses: plain, sees: []string{"border", "gate"}},
	"sim": {
		pure: true, parallel: "sim/parallel.go", sees: []string{"border", "gate", "study"},
		uses: slices.Concat(plain, []string{
			"context", "reflect", "github.com/goccy/go-yaml", "github.com/goccy/go-yaml/ast", "github.com/goccy/go-yaml/parser", "github.com/goccy/go-yaml/token", "golang.org/x/text/currency",
		}),
	},
	"survey": {
		pure: true, sees: []string{"border", "study", "paper"},
		uses: slices.Concat(plain, []string{
			"context", "encoding/csv", "io", "maps", "github.com/a-h/templ", "github.com/a-h/templ/runtime", "github.com/goccy/go-yaml", "github.com/xuri/excelize/v2",
		}),
	},
	"paper": {pure: true, uses: slices.Concat(plain, []string{"context", "io", "github.com/a-h/templ", "github.com/a-h/templ/runtime"})},
	"evidence": {
		pure: true, sees: []string{"border", "gate", "sim", "study", "paper"},
		uses: slices.Concat(plain, []string{"bufio", "context", "encoding/csv", "io", "path", "github.com/a-h/templ", "github.com/a-h/templ/runtime", "github.com/goccy/go-yaml"}),
	},
	"scenarios": {sees: []string{"border"}},
	"posts":     {sees: []string{"border"}},
	"bench":     {},
	"ledger":    {sees: []string{"border"}},
	"node":      {sees: []string{"border", "gate", "ledger", "sim", "study", "survey", "scenarios"}},
	"board":     {sees: []string{"border", "gate", "sim", "node"}},
	"api":       {sees: []string{"border", "gate", "ledger", "sim", "study", "evidence", "survey", "node", "board"}},
	"web":       {sees: []string{"border", "gate", "ledger", "sim", "study", "evidence", "survey", "scenarios", "node", "board"}},
	"demo":      {sees: []string{"border", "gate", "ledger", "sim", "node", "board"}},
	"cmd":       {sees: []string{"border", "gate", "ledger", "sim", "study", "evidence", "survey", "scenarios", "posts", "node", "board", "api", "web", "demo"}},
}

func TestRoomsKeepTheRules(t *testing.T) {
	packages, imports := loadModule(t)
	inhabited := map[string]bool{}
	for _, p := range packages {
		rules, ok := house[p.room()]
		if !ok {
			t.Errorf("%s: the house has no room %q; add it to arch_test.go and docs/design.md, or move the code", p.path, p.room())
			continue
		}
		inhabited[p.room()] = true
		p.typeCheck(imports, func(err error) { t.Errorf("%s does not compile: %v", p.path, err) })
		for _, broken := range rules.check(p) {
			t.Error(broken)
		}
	}
	for name := range house {
		if !inhabited[name] {
			t.Errorf("room %q holds no Go code; take it out of arch_test.go", name)
		}
	}
}

func TestEveryRoomSaysWhatItIsFor(t *testing.T) {
	packages, _ := loadModule(t)
	for _, p := range packages {
		if p.room() == "cmd" {
			continue // a command's --help says it
		}
		if file := p.file(p.path + "/doc.go"); file == nil || file.Doc.Text() == "" {
			t.Errorf("%s has no doc.go whose package comment says what the room is for", p.path)
		}
	}
}

func TestEveryDependencyIsExplained(t *testing.T) {
	const page = "docs/dependencies.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ file, directive string }{{"go.mod", "require"}, {"tools/go.mod", "tool"}} {
		named := directDependencies(t, test.file, test.directive)
		if len(named) == 0 {
			t.Errorf("%s names no dependency", test.file)
		}
		for _, path := range named {
			if !strings.Contains(string(text), "`"+path+"`") {
				t.Errorf("%s names `%s`, but %s does not say what for, why this one and what instead", test.file, path, page)
			}
		}
	}
}

// A table of cases that shares a node would pass or fail by the order in which
// a map gives them out.
func TestTablesOfCasesHaveAnOrder(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		seen++
		p := &goPackage{fset: token.NewFileSet()}
		p.parse(t, name, nil)
		for _, at := range unorderedTables(p.files[0]) {
			t.Errorf("%s: walks a table that is a map; make it a slice", p.fset.Position(at))
		}
		return nil
	})
	if err != nil || seen == 0 {
		t.Errorf("%d test files, %v", seen, err)
	}
	p := &goPackage{fset: token.NewFileSet()}
	p.parse(t, "planted_test.go", "package p\nfunc f() { for range map[string]int{} {}; for range []int{} {} }")
	if n := len(unorderedTables(p.files[0])); n != 1 {
		t.Errorf("found %d of one planted map", n)
	}
}

// unorderedTables is where loops walk a map that is written in their head.
func unorderedTables(file *ast.File) (at []token.Pos) {
	ast.Inspect(file, func(n ast.Node) bool {
		if loop, ok := n.(*ast.RangeStmt); ok {
			if table, ok := loop.X.(*ast.CompositeLit); ok {
				if _, ok := table.Type.(*ast.MapType); ok {
					at = append(at, loop.Pos())
				}
			}
		}
		return true
	})
	return at
}

// directDependencies lists what a go.mod file names under one directive,
// without the indirect ones.
func directDependencies(t *testing.T, file, directive string) (paths []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	block := ""
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || slices.Contains(words, "indirect"):
		case words[0] == ")":
			block = ""
		case block == directive:
			paths = append(paths, words[0])
		case len(words) > 1 && words[1] == "(":
			block = words[0]
		case len(words) > 1 && words[0] == directive:
			paths = append(paths, words[1])
		}
	}
	return paths
}

// goPackage is one package of the module without its test files.
type goPackage struct {
	path  string // below the module: "gate", "cmd/landport"
	fset  *token.FileSet
	files []*ast.File
	info  types.Info
}

// loadModule parses the module's packages; the importer knows all they import.
func loadModule(t *testing.T) ([]*goPackage, types.Importer) {
	t.Helper()
	var complaint strings.Builder
	list := exec.CommandContext(t.Context(), "go", "list", "-pgo=off", "-deps", "-export", "-json=ImportPath,Dir,GoFiles,Export", "./...")
	list.Stderr = &complaint
	listed, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &complaint)
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	fset, exports := token.NewFileSet(), map[string]string{}
	var packages []*goPackage
	for entries := json.NewDecoder(strings.NewReader(string(listed))); ; {
		var entry struct {
			ImportPath, Dir, Export string
			GoFiles                 []string
		}
		if err := entries.Decode(&entry); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[entry.ImportPath] = entry.Export
		if path, ours := strings.CutPrefix(entry.ImportPath, module); ours {
			p := &goPackage{path: path, fset: fset}
			for _, name := range entry.GoFiles {
				p.parse(t, filepath.Join(strings.TrimPrefix(entry.Dir, root+string(filepath.Separator)), name), nil)
			}
			packages = append(packages, p)
		}
	}
	return packages, importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})
}

// parse adds a file, read from disk if source is nil.
func (p *goPackage) parse(t *testing.T, name string, source any) {
	t.Helper()
	file, err := parser.ParseFile(p.fset, name, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	p.files = append(p.files, file)
}

func (p *goPackage) typeCheck(imports types.Importer, report func(error)) {
	p.info = types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Uses:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	conf := types.Config{Importer: imports, Error: report}
	conf.Check(p.path, p.fset, p.files, &p.info) //nolint:errcheck,gosec // report has had every error
}

func (p *goPackage) room() string {
	name, _, _ := strings.Cut(p.path, "/")
	return name
}

func (p *goPackage) file(name string) *ast.File {
	for _, file := range p.files {
		if p.fileName(file) == name {
			return file
		}
	}
	return nil
}

func (p *goPackage) fileName(file *ast.File) string {
	return filepath.ToSlash(p.fset.Position(file.Package).Filename)
}
