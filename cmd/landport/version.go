package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
)

type versionCommand struct {
	Format string `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

func (versionCommand) Help() string {
	return `Example:

  landport version --format json`
}

func (v versionCommand) Run(ctx context.Context, c console) error {
	version, revision := built(ctx)
	if v.Format == "json" {
		return c.answer(struct {
			Version  string `json:"version"`
			Revision string `json:"revision"`
			Go       string `json:"go"`
			Platform string `json:"platform"`
		}{version, revision, runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH})
	}
	return c.sayf("landport %s, revision %s, %s, %s/%s\n", version, revision, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// unknown stands for a version or a revision that nothing tells.
const unknown = "unknown"

// built says which version and revision of the sources this is. go build notes
// the revision in the program. go run does not, but what it runs is the clone
// as it stands, so that is asked.
func built(ctx context.Context) (version, revision string) {
	version, revision = unknown, unknown
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version, revision
	}
	version = info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return version, s.Value
		}
	}
	if file, err := os.Executable(); err == nil && goRun.MatchString(filepath.ToSlash(filepath.Dir(file))) {
		revision = cloned(ctx)
	}
	return version, revision
}

// goRun matches the folders that go run leaves programs in: its work folder,
// or an entry of the build cache.
var goRun = regexp.MustCompile(`/go-build\d+/b001/exe$|/[0-9a-f]{64}-d$`)

// cloned is the revision of the clone that this file was compiled in, marked
// where files differ from it.
func cloned(ctx context.Context) string {
	_, file, _, known := runtime.Caller(0)
	if !known {
		return unknown
	}
	git := exec.CommandContext(ctx, "git", "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty=+dirty")
	git.Dir = filepath.Dir(file)
	out, err := git.Output()
	if err != nil {
		return unknown
	}
	return strings.TrimSpace(string(out))
}

// madeBy says for a report which program made it, and how to have it again.
func madeBy(ctx context.Context) string {
	version, revision := built(ctx)
	text := fmt.Sprintf("Made by Landport %s, revision %s", version, revision)
	switch {
	case revision == unknown:
		return text + ": it was built without a note of its revision. In the clone it was built from, git rev-parse HEAD says it; go build -buildvcs=true ./cmd/landport there notes it."
	case strings.HasSuffix(version, "+dirty") || strings.HasSuffix(revision, "+dirty"):
		return text + ", with changes that no revision has (+dirty)."
	}
	return text + ". To have that program: git checkout " + revision + " in a clone of its sources, then go build ./cmd/landport."
}
