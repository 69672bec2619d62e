package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"landport/evidence"
)

type limitsCommand struct {
	Scenario string   `arg:"" name:"name|file" help:"A scenario."`
	Parts    []string `placeholder:"PART" help:"Only these: demand, service, rooms, changes. Left out: all."`
	Flow     []string `sep:"none" placeholder:"NAME" help:"A flow whose traffic is multiplied; may be given again. Left out: all."`
	Demand   string   `default:"0.6,0.8,0.9,1,1.1,1.2,1.3" placeholder:"FACTORS" help:"Multiples of today's demand for the table of service."`
	Within   decimal  `default:"0.02" placeholder:"SHARE" help:"How narrow the bracket of the breaking demand is to be."`
	At       *decimal `placeholder:"FACTOR" help:"Multiple of today's demand at which single changes are tried. Left out: today's if that is too much, else a twentieth beyond the breaking demand."`
	Of       string   `default:"mean(crossing_h)" placeholder:"MEASURE" help:"What ranks the changes."`
	Room     []string `sep:"none" placeholder:"PLACE=N" help:"Room of a place of waiting that has no capacity in the scenario; may be given again."`
	Growth   *decimal `placeholder:"SHARE" help:"Growth of traffic in a year, such as 0.05, while places of waiting are watched. Left out: the scenario's."`
	Watch    *decimal `placeholder:"DAYS" help:"How long places of waiting are watched. Left out: the length of the run, or five years with --growth."`
	experiment
	changes
}

func (limitsCommand) Help() string {
	return `Examples:

  landport limits pingxiang --days 28
  landport limits pingxiang --parts rooms --growth 0.05 --room "road to Pingxiang=300" --replications 2
  landport limits bavet-mocbai-2018 --parts demand,changes --flow "trucks KH-VN" --flow "trucks VN-KH"

Says from which demand on a line grows without bound, what service is like at a row of demands, when places of
waiting are full for the first time, and which single change of a lane, a shift or an hour restores balance. All
of it follows from the scenario and is nobody's published capacity.`
}

func (s limitsCommand) Run(ctx context.Context, c console) error {
	file, _, err := s.open(s.Scenario)
	if err != nil {
		return err
	}
	options, err := s.asked(c)
	if err != nil {
		return misuse{err}
	}
	limits, err := until(ctx, func() (*evidence.Limits, error) { return evidence.Find(file, options) })
	if err != nil {
		return misuse{err}
	}
	return s.say(c, limits)
}

func (s limitsCommand) asked(c console) (o evidence.LimitsOptions, err error) {
	if o.Run, err = s.options(c, "scenarios"); err != nil {
		return o, err
	}
	if o.Measure, err = evidence.Parse(s.Of); err != nil {
		return o, err
	}
	switch part := func(p string) bool { return len(s.Parts) == 0 || slices.Contains(s.Parts, p) }; {
	case s.At != nil && !part(evidence.PartChanges):
		return o, errors.New("--at is the demand at which single changes are tried; leave it out, or add changes to --parts")
	case (s.Growth != nil || s.Watch != nil || len(s.Room) > 0) && !part(evidence.PartRooms):
		return o, errors.New("--growth, --watch and --room are about places of waiting; leave them out, or add rooms to --parts")
	case s.Watch != nil && !(*s.Watch > 0):
		return o, errors.New("--watch shows nothing in so few days; give more than 0")
	case s.Growth != nil && !(*s.Growth > -1 && *s.Growth <= 10):
		return o, fmt.Errorf("--growth %g is no growth of traffic in a year; give more than -1, such as 0.05 for five in a hundred", float64(*s.Growth))
	}
	o.Parts, o.Flows, o.Within = s.Parts, s.Flow, float64(s.Within)
	if o.Factors, err = factorsOf(s.Demand); err != nil {
		return o, err
	}
	if s.At != nil {
		at := float64(*s.At)
		o.At = &at
	}
	if s.Growth != nil {
		growth := float64(*s.Growth)
		o.Growth, o.Days = &growth, 1826
	}
	if s.Watch != nil {
		o.Days = float64(*s.Watch)
	}
	for _, text := range s.Room {
		place, number, found := strings.Cut(text, "=")
		n, err := strconv.Atoi(number)
		if !found || err != nil {
			return o, fmt.Errorf("--room %q is not a place and how many vehicles it takes; write PLACE=300", text)
		}
		o.Rooms = append(o.Rooms, evidence.Room{Place: place, Vehicles: n})
	}
	return o, nil
}
