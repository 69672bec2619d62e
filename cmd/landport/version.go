package main

import (
	"runtime"
	"runtime/debug"
)

type versionCommand struct {
	Format string `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

func (versionCommand) Help() string {
	return `Example:

  landport version --format json`
}

func (v versionCommand) Run(c console) error {
	version, revision := built()
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

// built says which version and revision of the sources this is.
func built() (version, revision string) {
	version, revision = "unknown", "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = s.Value
			}
		}
	}
	return version, revision
}
