package landport_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "landport/"

// impure says why a pure room may not touch a function or a variable.
var impure = map[string]string{
	"time.Now":             "reads the clock",
	"time.Since":           "reads the clock",
	"time.Until":           "reads the clock",
	"time.Sleep":           "waits for the clock",
	"time.After":           "waits for the clock",
	"time.AfterFunc":       "waits for the clock",
	"time.Tick":            "waits for the clock",
	"time.NewTimer":        "waits for the clock",
	"time.NewTicker":       "waits for the clock",
	"context.WithTimeout":  "waits for the clock",
	"context.WithDeadline": "waits for the clock",
	"time.LoadLocation":    "reads the machine's time zone files",
	"time.Local":           "depends on the machine's time zone",
	"(time.Time).Local":    "depends on the machine's time zone",
	"fmt.Print":            "writes to the terminal",
	"fmt.Printf":           "writes to the terminal",
	"fmt.Println":          "writes to the terminal",
	"fmt.Scan":             "reads the terminal",
	"fmt.Scanf":            "reads the terminal",
	"fmt.Scanln":           "reads the terminal",
}

// zoned functions answer in the machine's time zone until UTC or In is asked.
var zoned = []string{"time.Unix", "time.UnixMilli", "time.UnixMicro"}

// concurrency is for a room's parallel file alone.
var concurrency = []string{"runtime", "sync", "sync/atomic"}

// check returns one sentence for each place where p breaks the rules.
func (r room) check(p *goPackage) []string {
	c := checker{room: r, goPackage: p}
	for _, file := range p.files {
		c.parallel = r.parallel != "" && p.fileName(file) == r.parallel
		c.checkImports(file)
		c.checkDeclarations(file)
		if r.pure {
			ast.Inspect(file, c.checkPure)
		}
		if r.integer {
			ast.Inspect(file, c.checkInteger)
		}
	}
	return c.broken
}

type checker struct {
	room
	*goPackage
	parallel bool // the file being read is the room's parallel file
	broken   []string
}

func (c *checker) sayf(at ast.Node, format string, args ...any) {
	p := c.fset.Position(at.Pos())
	c.broken = append(c.broken, fmt.Sprintf("%s:%d: %s", p.Filename, p.Line, fmt.Sprintf(format, args...)))
}

func (c *checker) checkImports(file *ast.File) {
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		if other, ours := strings.CutPrefix(path, module); ours {
			other, _, _ = strings.Cut(other, "/")
			if other != c.goPackage.room() && !slices.Contains(c.sees, other) {
				c.sayf(spec, "%s may not import %s; it sees %s", c.goPackage.room(), other, orNothing(c.sees))
			}
			continue
		}
		allowed := slices.Contains(c.uses, path) || c.parallel && slices.Contains(concurrency, path)
		if c.pure && !allowed {
			c.sayf(spec, "%s is pure and may not import %s", c.goPackage.room(), path)
		}
	}
}

func orNothing(names []string) string {
	if len(names) == 0 {
		return "no other room"
	}
	return strings.Join(names, ", ")
}

func (c *checker) checkDeclarations(file *ast.File) {
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Name.Name == "init" && decl.Recv == nil {
				c.sayf(decl, "init runs unasked; build the value where it is needed")
			}
		case *ast.GenDecl:
			if !c.pure || decl.Tok != token.VAR {
				continue
			}
			for _, spec := range decl.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					if name.IsExported() && !strings.HasPrefix(name.Name, "Err") {
						c.sayf(name, "variable %s can be written from outside; make it a function or a constant", name.Name)
					}
				}
			}
		}
	}
}

// checkPure looks for clocks, terminals, goroutines and written globals.
func (c *checker) checkPure(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.Ident:
		if reason := impure[fullName(c.info.Uses[n])]; reason != "" {
			c.sayf(n, "%s %s", fullName(c.info.Uses[n]), reason)
		}
	case *ast.SelectorExpr:
		if call, ok := n.X.(*ast.CallExpr); ok && (n.Sel.Name == "UTC" || n.Sel.Name == "In") && c.zonedCall(call) {
			for _, argument := range call.Args {
				ast.Inspect(argument, c.checkPure)
			}
			return false
		}
		c.checkPointerMethod(n)
	case *ast.CallExpr:
		if c.zonedCall(n) {
			c.sayf(n, "a time in the machine's time zone; ask for .UTC() or .In(zone) at once")
		}
		if id, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 0 && slices.Contains([]string{"delete", "clear", "copy"}, id.Name) {
			c.checkWritten(n.Args[0])
		}
	case *ast.GoStmt, *ast.SelectStmt:
		if !c.parallel {
			c.sayf(n, "goroutines race; a pure room's belong in its parallel file, if it has one")
		}
	case *ast.AssignStmt:
		for _, target := range n.Lhs {
			c.checkWritten(target)
		}
	case *ast.IncDecStmt:
		c.checkWritten(n.X)
	case *ast.RangeStmt:
		c.checkWritten(n.Key)
		c.checkWritten(n.Value)
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			c.checkWritten(n.X)
		}
	}
	return true
}

func (c *checker) zonedCall(call *ast.CallExpr) bool {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	return ok && slices.Contains(zoned, fullName(c.info.Uses[selector.Sel]))
}

// fullName is time.Now for a function or variable of a package and
// (time.Time).Local for a method.
func fullName(object types.Object) string {
	switch object := object.(type) {
	case *types.Func:
		return object.FullName()
	case *types.Var:
		if isGlobal(object) {
			return object.Pkg().Path() + "." + object.Name()
		}
	}
	return ""
}

func isGlobal(v *types.Var) bool { return v.Pkg() != nil && v.Parent() == v.Pkg().Scope() }

// checkPointerMethod looks for a method that may change a global it is called on.
func (c *checker) checkPointerMethod(n *ast.SelectorExpr) {
	selection := c.info.Selections[n]
	if selection == nil || selection.Kind() != types.MethodVal {
		return
	}
	receiver := selection.Obj().(*types.Func).Signature().Recv().Type()
	_, wantsPointer := receiver.Underlying().(*types.Pointer)
	_, hasPointer := selection.Recv().Underlying().(*types.Pointer)
	if wantsPointer && !hasPointer {
		c.checkWritten(n.X)
	}
}

// checkWritten complains if a place that is written lies in a global variable.
func (c *checker) checkWritten(place ast.Expr) {
	for {
		switch e := place.(type) {
		case *ast.ParenExpr:
			place = e.X
		case *ast.IndexExpr:
			place = e.X
		case *ast.StarExpr:
			place = e.X
		case *ast.SelectorExpr:
			if v, ok := c.info.Uses[e.Sel].(*types.Var); ok && isGlobal(v) {
				place = e.Sel
			} else {
				place = e.X
			}
		case *ast.Ident:
			if v, ok := c.info.Uses[e].(*types.Var); ok && isGlobal(v) {
				c.sayf(e, "variable %s of the package may be written here; a pure room keeps its state in values", e.Name)
			}
			return
		default:
			return
		}
	}
}

// checkInteger looks for floating point and for an order that changes from run to run.
func (c *checker) checkInteger(n ast.Node) bool {
	if loop, ok := n.(*ast.RangeStmt); ok {
		if _, isMap := c.info.TypeOf(loop.X).Underlying().(*types.Map); isMap {
			c.sayf(loop, "a map has no order; range over a slice")
		}
	}
	e, ok := n.(ast.Expr)
	if !ok || c.info.TypeOf(e) == nil {
		return true
	}
	basic, ok := c.info.TypeOf(e).Underlying().(*types.Basic)
	if ok && basic.Info()&(types.IsFloat|types.IsComplex) != 0 {
		c.sayf(e, "floating point (%s); time, money and mass are integers here", types.ExprString(e))
		return false
	}
	return true
}

func TestTheRulesFindWhatBreaksThem(t *testing.T) {
	tests := []struct {
		name, file, source string
		want               string // part of the one complaint; none if empty
	}{
		{"the clock", "gate/a.go", `import "time"; func f() int64 { return time.Now().Unix() }`, "time.Now reads the clock"},
		{"the clock, renamed", "study/a.go", `import t "time"; var _ = t.Since`, "time.Since reads the clock"},
		{"the clock, dot import", "border/a.go", `import . "time"; func f() { Sleep(1) }`, "time.Sleep waits"},
		{"a namesake of the clock", "gate/a.go", `type clock struct{}; func (clock) Now() int { return 0 }; var _ = clock{}.Now()`, ""},
		{"time zone files", "border/a.go", `import "time"; func f() { time.LoadLocation("Asia/Phnom_Penh") }`, "time zone files"},
		{"the machine's zone", "sim/a.go", `import "time"; var _ = time.Date(2018, 1, 1, 0, 0, 0, 0, time.Local)`, "time.Local depends"},
		{"a time made local", "sim/a.go", `import "time"; func f(t time.Time) time.Time { return t.Local() }`, "(time.Time).Local depends"},
		{"an instant in the machine's zone", "border/a.go", `import "time"; func f() time.Time { return time.Unix(0, 0) }`, ".UTC()"},
		{"an instant in a named zone", "border/a.go", `import "time"; func f() time.Time { return time.UnixMicro(0).In(time.UTC) }`, ""},
		{"the terminal", "study/a.go", `import "fmt"; func f() { fmt.Println() }`, "fmt.Println writes"},
		{"text made", "study/a.go", `import "fmt"; var _ = fmt.Sprint(1)`, ""},

		{"files", "sim/a.go", `import _ "os"`, "sim is pure and may not import os"},
		{"the network", "border/a.go", `import _ "net/http"`, "may not import net/http"},
		{"chance", "sim/a.go", `import _ "math/rand/v2"`, "may not import math/rand/v2"},
		{"logs", "gate/a.go", `import _ "log/slog"`, "may not import log/slog"},
		{"files in a room that may", "web/a.go", `import _ "os"`, ""},
		{"locks in gate", "gate/a.go", `import _ "sync"`, "may not import sync"},
		{"locks in sim", "sim/a.go", `import _ "sync"`, "may not import sync"},
		{"locks where sim runs in parallel", "sim/parallel.go", `import _ "sync"`, ""},
		{"YAML in gate", "gate/a.go", `import _ "github.com/goccy/go-yaml"`, "may not import github.com/goccy/go-yaml"},
		{"YAML in sim", "sim/a.go", `import _ "github.com/goccy/go-yaml"`, ""},

		{"border looks out", "border/a.go", `import _ "landport/gate"`, "border may not import gate; it sees no other room"},
		{"gate looks up", "gate/a.go", `import _ "landport/sim"`, "gate may not import sim; it sees border"},
		{"study looks sideways", "study/a.go", `import _ "landport/sim"`, "study may not import sim"},
		{"web looks at a command", "web/a.go", `import _ "landport/cmd/landport"`, "web may not import cmd"},
		{"gate looks down", "gate/a.go", `import _ "landport/border"`, ""},
		{"a room looks at itself", "web/a.go", `import _ "landport/web/assets"`, ""},

		{"a goroutine", "gate/a.go", `func f() { go f() }`, "goroutines race"},
		{"a race", "study/a.go", `func f(c chan int) { select { case <-c: default: } }`, "goroutines race"},
		{"a goroutine in sim", "sim/a.go", `func f() { go f() }`, "goroutines race"},
		{"a goroutine where sim runs in parallel", "sim/parallel.go", `func f() { go f() }`, ""},
		{"another room's parallel file", "gate/parallel.go", `func f() { go f() }`, "goroutines race"},

		{"init", "cmd/landport/a.go", `func init() {}`, "init runs unasked"},
		{"a method named init", "gate/a.go", `type s struct{}; func (s) init() {}`, ""},
		{"an exported variable", "border/a.go", `var Agencies = []string{"customs"}`, "variable Agencies can be written"},
		{"an error to compare with", "border/a.go", `import "errors"; var ErrCurrency = errors.New("two currencies")`, ""},
		{"a table", "border/a.go", `var agencies = []string{"customs"}; func f(i int) string { return agencies[i] }`, ""},
		{"a variable assigned", "gate/a.go", `var n int; func f() { n = 1 }`, "variable n of the package"},
		{"a variable counted up", "gate/a.go", `var n struct{ a [2]int }; func f() { n.a[0]++ }`, "variable n of the package"},
		{"a variable whose address is taken", "gate/a.go", `var n int; func f() *int { return &n }`, "variable n of the package"},
		{"a variable written by a loop", "gate/a.go", `var n int; func f() { for n = range 3 {} }`, "variable n of the package"},
		{"a table emptied", "gate/a.go", `var m = map[int]int{}; func f() { delete(m, 1) }`, "variable m of the package"},
		{"a variable changed by its method", "gate/a.go", `type s int; func (p *s) add() { *p++ }; var n s; func f() { n.add() }`, "variable n of the package"},
		{"another package's variable", "sim/a.go", `import "time"; func f() { time.UTC = nil }`, "variable UTC of the package"},
		{"a variable shadowed", "gate/a.go", `var n = 1; func f() { n := n; n++ }`, ""},

		{"a float", "gate/a.go", `type s struct{ wait float64 }`, "floating point (float64)"},
		{"a float unnamed", "gate/a.go", `import "time"; func f(d time.Duration) int { return int(d.Hours()) }`, "floating point (d.Hours())"},
		{"a float in sim", "sim/a.go", `type s struct{ rate float64 }`, ""},
		{"a map's order", "gate/a.go", `func f(m map[int]int) { for range m {} }`, "a map has no order"},
		{"a slice's order", "gate/a.go", `func f(m []int) { for range m {} }`, ""},
	}
	imports := importer.Default()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := &goPackage{path: test.file[:strings.LastIndex(test.file, "/")], fset: token.NewFileSet()}
			p.parse(t, test.file, "package p; "+test.source)
			p.typeCheck(imports, func(error) {}) // some examples import what need not exist
			broken := house[p.room()].check(p)
			switch {
			case test.want == "" && len(broken) > 0:
				t.Errorf("allowed, but the rules say %q", broken)
			case test.want != "" && (len(broken) != 1 || !strings.Contains(broken[0], test.want)):
				t.Errorf("the rules say %q; want one sentence with %q", broken, test.want)
			}
		})
	}
}
