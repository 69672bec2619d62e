package main

import (
	"context"
	"fmt"
	"strings"

	"landport/gate"
	"landport/node"
	"landport/posts"
	"landport/sim"
)

type configCommand struct {
	Check configCheckCommand `cmd:"" help:"Check a post's file and say what it would run."`
}

type configCheckCommand struct {
	Post     string      `arg:"" name:"post|file" help:"A post's file, or one that comes with Landport (bavet, moc-bai)."`
	Data     string      `placeholder:"DIR" xor:"where" help:"Directory of the post's ledger: say what would change there, and for whom."`
	Database databaseURL `placeholder:"URL" xor:"where" help:"PostgreSQL database of the post's ledger instead."`
	Was      string      `placeholder:"NAME|FILE" help:"The crossing that the post ran by until now, if its ledger does not say."`
	Format   string      `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

func (configCheckCommand) Help() string {
	return `Examples:

  landport config check mine.yaml
  landport config check bavet --format json
  landport config check bavet --data /var/lib/landport

With a ledger it says what a restart with this file would change at the post as
it stands: what goes and comes, whose procedure or place is gone, whose service
breaks off. It changes nothing and can be asked while the node runs.

A file that is not good is told in one sentence; the exit code is 2.`
}

// postConfig is what a post's file would run.
type postConfig struct {
	Name       string            `json:"name"`
	Post       string            `json:"post"`
	Country    string            `json:"country"`
	Zone       string            `json:"zone"`
	Crossing   string            `json:"crossing"`
	From       string            `json:"from"` // where the crossing is written
	Parameters int               `json:"parameters"`
	Assumed    int               `json:"assumed_parameters"`
	Places     []string          `json:"places"`
	Stops      []string          `json:"stops"`
	Procedures []string          `json:"procedures"`
	Policies   []string          `json:"policies"`
	Retention  map[string]string `json:"retention"`
	Change     *changeOutlook    `json:"change,omitempty"` // of the ledger that was named
}

func (k configCheckCommand) Run(ctx context.Context, c console) error {
	file, part, err := openPost(k.Post)
	if err != nil {
		return err
	}
	if _, err := node.NewCodec(part.Layout); err != nil {
		return misuse{fmt.Errorf("%s: %w", k.Post, err)}
	}
	crossing := crossingOf(k.Post, file)
	_, whole, err := open(crossing)
	if err != nil {
		return err
	}
	p := describePost(file, part, whole)
	p.From = "a scenario that comes with Landport"
	if isFile(crossing) {
		p.From = crossing
	}
	if s := (Storage{Data: k.Data, Database: k.Database}); s != (Storage{}) {
		if p.Change, err = foresee(ctx, s, k.Was, file, part); err != nil {
			return err
		}
	}
	if k.Format == "json" {
		return c.answer(p)
	}
	return c.sayf("%s", p.text(k.Post, keptFor(file))+p.Change.text())
}

func describePost(file posts.File, part, whole *sim.Model) *postConfig {
	l := part.Layout
	p := &postConfig{
		Name: file.Name, Post: file.Post, Country: l.Posts[0].Country, Zone: node.Zone(l, 0).String(),
		Crossing: whole.Name, Parameters: whole.Parameters, Assumed: len(whole.Assumed),
		Retention: map[string]string{},
	}
	for i := range l.Places {
		if gate.PlaceID(i) != gate.Outside {
			p.Places = append(p.Places, l.Places[i].Name)
		}
	}
	for i := range l.Stops[1:] {
		p.Stops = append(p.Stops, l.Stops[1+i].Name)
	}
	for i := range l.Procedures {
		p.Procedures = append(p.Procedures, l.Procedures[i].Name)
	}
	for i := range l.Policies {
		p.Policies = append(p.Policies, l.Policies[i].Name)
	}
	for kind, term := range file.Retention {
		p.Retention[kind] = term.String()
	}
	return p
}

func (p *postConfig) text(name, kept string) string {
	var b strings.Builder
	row := func(what, format string, args ...any) {
		fmt.Fprintf(&b, "%-11s %s\n", what, fmt.Sprintf(format, args...))
	}
	list := func(what string, names []string) {
		row(what, "%d: %s", len(names), strings.Join(names, "; "))
	}
	fmt.Fprintf(&b, "%s is good.\n", name)
	row("node", "%s", p.Name)
	row("post", "%s (%s), clocks of %s", p.Post, p.Country, p.Zone)
	row("crossing", "%s, from %s; %d parameters, %d of them assumed", p.Crossing, p.From, p.Parameters, p.Assumed)
	list("places", p.Places)
	list("stops", p.Stops)
	list("procedures", p.Procedures)
	list("policies", p.Policies)
	row("kept", "%s", kept)
	return b.String()
}
