package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"landport/border"
	"landport/evidence"
	"landport/gate"
	"landport/ledger"
	"landport/node"
	"landport/sim"
)

type replayCommand struct {
	Storage      `embed:""`
	Post         string `required:"" placeholder:"FILE" help:"The post's file, or one that comes with Landport (bavet, moc-bai)."`
	With         string `required:"" placeholder:"NAME|FILE" help:"The plan: a scenario, mostly an overlay of the post's crossing."`
	From         string `placeholder:"DAY" help:"Measure who arrived from this day on, such as 2018-03-05, or instant; from the ledger's beginning if left out."`
	To           string `placeholder:"DAY" help:"Up to this day or instant, itself not in it; to the ledger's end if left out. Choose one by which those who arrived have left."`
	Replications whole  `default:"5" help:"How often to draw what the past does not tell; two or more for intervals."`
	Seed         seed   `default:"1" help:"The same seed gives the same figures."`
	Format       string `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

func (*replayCommand) Help() string {
	return `Example:

  landport replay --data /var/lib/landport --post bavet --from 2018-03-05 --to 2018-03-06 --with mine.yaml

Everybody who arrived arrives again, and what they did takes as long as it did, under another plan. What the past
does not tell, such as a service at a stop that was not there, is drawn from the plan's model, and counted. The
same past meets its own plan again, too: how far that is from what was is the doubt, and a plan's effect is what
it gives less that. It may run beside the node.`
}

func (s *replayCommand) Run(ctx context.Context, c console) error {
	if err := s.exists(); err != nil {
		return err
	}
	options, err := runsOf(s.Replications, nil, s.Seed)
	if err != nil {
		return err
	}
	file, before, err := openPost(s.Post)
	if err != nil {
		return err
	}
	own, _, err := open(crossingOf(s.Post, file))
	if err != nil {
		return err
	}
	given, whole, err := open(s.With)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(whole.Layout.Posts, func(p gate.Post) bool { return p.Name == file.Post })
	if at < 0 {
		return misuse{fmt.Errorf("%s has no post %q", s.With, file.Post)}
	}
	plan, err := whole.Part(gate.PostID(at))
	if err != nil {
		return misuse{err}
	}
	l, err := ledger.Open(ctx, ledger.Config{URL: s.url(), Origin: file.Name, Beside: true})
	if err != nil {
		return err
	}
	facts, err := readFacts(ctx, l, before.Layout)
	if err = errors.Join(err, l.Close()); err != nil {
		return err
	}
	from, to, err := s.period(before, facts)
	if err != nil {
		return misuse{err}
	}
	if c.terminal {
		options.Progress = c.progress
	}
	again, err := until(ctx, func() (*evidence.Replay, error) { return evidence.Reenact(before, plan, facts, from, to, options) })
	if err != nil {
		return err
	}
	again.Set(own, given)
	if s.Format == "json" {
		return c.answer(again)
	}
	return c.sayf("%s", again.Text())
}

func readFacts(ctx context.Context, l *ledger.Ledger, layout *gate.Layout) (facts []gate.Fact, err error) {
	for f, err := range node.Facts(ctx, l, layout) {
		if err != nil {
			return nil, err
		}
		facts = append(facts, f)
	}
	if len(facts) == 0 {
		return nil, errors.New("the ledger holds no facts of the post yet")
	}
	return facts, nil
}

// period is what is measured: the days asked for, or all that the facts span.
func (s *replayCommand) period(m *sim.Model, facts []gate.Fact) (from, to border.Time, err error) {
	from, to = facts[0].At, facts[len(facts)-1].At
	zone := node.Zone(m.Layout, 0)
	for _, end := range []struct {
		flag, given string
		to          *border.Time
	}{{"--from", s.From, &from}, {"--to", s.To, &to}} {
		if end.given == "" {
			continue
		}
		if *end.to, err = node.ParseInstant(end.given, zone); err != nil {
			return 0, 0, fmt.Errorf("%s: %w", end.flag, err)
		}
	}
	if from >= to {
		day := func(at border.Time) string { return at.Std(zone).Format("2006-01-02 15:04") }
		return 0, 0, fmt.Errorf("the period from %s to %s ends before it begins; the ledger holds %s to %s", day(from), day(to), day(facts[0].At), day(facts[len(facts)-1].At))
	}
	return from, to, nil
}
