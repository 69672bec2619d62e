package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

const turns = 7

// model is one comparison: the days that give Landport about as many customers
// as the yardsticks get.
type model struct {
	name        string
	unit        string
	days, count int
	bare        string  // what the bare loop is
	most        float64 // times as long as it that Landport may take
	simpy       []script
}

// script is a model of the same in SimPy, which needs fewer customers for the
// same time.
type script struct {
	name      string // of its file
	models    string
	customers int
	least     float64 // times as fast as it that Landport must be
}

// The bounds are no aims: they lie a third beyond the worst that has been
// measured on a busy machine, so that only speed that was lost goes past them.
var models = [...]model{
	{"mm5", "customers/s", 1500, 1_000_000, "bare loop", 9, []script{
		{"mm5", "SimPy", 60_000, 15},
	}},
	{"gate16", "vehicles/s", 300, 500_000, "bare loop, agencies as delays", 5.5, []script{
		{"gate16", "SimPy, agencies as in the scenario", 20_000, 25},
		{"gate16-delays", "SimPy, agencies as delays", 30_000, 9},
	}},
}

// leastOfTwo is what two workers must gain over one of what two bare loops side
// by side do.
const leastOfTwo = 0.7

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	dir, err := os.MkdirTemp("", "landport-bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	landport, bare := filepath.Join(dir, "landport"), filepath.Join(dir, "bare")
	for program, pkg := range map[string]string{landport: "./cmd/landport", bare: "./bench/bare"} {
		//nolint:gosec // builds this module's own programs
		if said, err := exec.CommandContext(ctx, "go", "build", "-o", program, pkg).CombinedOutput(); err != nil {
			return fmt.Errorf("building %s: %w\n%s", pkg, err, said)
		}
	}
	simpy := exec.CommandContext(ctx, "/usr/bin/python3", "-c", "import simpy").Run() == nil
	if !simpy {
		if _, err := fmt.Fprintln(out, "SimPy is not installed (Debian: python3-simpy3): Landport is not compared with it"); err != nil {
			return err
		}
	}
	var lost []error
	for _, m := range models {
		if err := compare(ctx, out, m, landport, bare, simpy); err != nil {
			lost = append(lost, fmt.Errorf("%s: %w", m.name, err))
		}
	}
	return errors.Join(append(lost, year(ctx, out, landport, bare))...)
}

// compare lets the engines take turns on a model and prints each one's best.
func compare(ctx context.Context, out io.Writer, m model, landport, bare string, simpy bool) error {
	var ours, theirs float64
	python := make([]float64, len(m.simpy))
	for range turns {
		n, err := simulate(ctx, landport, m.name, m.days, 1)
		if err != nil {
			return err
		}
		ours = max(ours, n.perSecond)
		n, err = yardstick(ctx, bare, m.name, strconv.Itoa(m.count))
		if err != nil {
			return err
		}
		theirs = max(theirs, n.perSecond)
		if !simpy {
			continue
		}
		for i, s := range m.simpy {
			n, err = yardstick(ctx, "/usr/bin/python3", "bench/simpy/"+s.name+".py", strconv.Itoa(s.customers))
			if err != nil {
				return err
			}
			python[i] = max(python[i], n.perSecond)
		}
	}
	var said strings.Builder
	fmt.Fprintf(&said, "%-7s %-35s %9.0f %s\n", m.name, "Landport", ours, m.unit)
	fmt.Fprintf(&said, "%-7s %-35s %9.0f %s: Landport takes %.1f times as long\n", "", m.bare, theirs, m.unit, theirs/ours)
	for i, s := range m.simpy {
		if simpy {
			fmt.Fprintf(&said, "%-7s %-35s %9.0f %s: Landport is %.0f times as fast\n", "", s.models, python[i], m.unit, ours/python[i])
		}
	}
	if _, err := io.WriteString(out, said.String()); err != nil {
		return err
	}
	if theirs/ours > m.most {
		return fmt.Errorf("speed was lost: %.1f times as long as the %s; %.1f is the most it may be", theirs/ours, m.bare, m.most)
	}
	for i, s := range m.simpy {
		if simpy && ours/python[i] < s.least {
			return fmt.Errorf("speed was lost: %.0f times as fast as %s; %.0f is the least it may be", ours/python[i], s.models, s.least)
		}
	}
	return nil
}

// year times a year of Bavet – Moc Bai, and the same on two workers, beside
// what two cores of this machine give to programs that share nothing.
func year(ctx context.Context, out io.Writer, landport, bare string) error {
	one, two := time.Duration(1<<62), time.Duration(1<<62)
	var alone, pair float64
	for range turns {
		r, err := simulate(ctx, landport, "bavet-mocbai-2018", 365, 1)
		if err != nil {
			return err
		}
		one = min(one, r.elapsed/2)
		if r, err = simulate(ctx, landport, "bavet-mocbai-2018", 365, 2); err != nil {
			return err
		}
		two = min(two, r.elapsed/2)
		n, err := sideBySide(ctx, 1, bare)
		if err != nil {
			return err
		}
		alone = max(alone, n)
		if n, err = sideBySide(ctx, 2, bare); err != nil {
			return err
		}
		pair = max(pair, n)
	}
	_, err := fmt.Fprintf(out, "%-7s a year of Bavet – Moc Bai: %.2f s on one core; two workers %.2f times as fast (two bare loops side by side: %.2f times one)\n",
		"year", one.Seconds(), one.Seconds()/two.Seconds(), pair/alone)
	if err != nil {
		return err
	}
	if got := one.Seconds() / two.Seconds() / (pair / alone); got < leastOfTwo {
		return fmt.Errorf("year: speed was lost: two workers gain %.2f of what two bare loops do; %.1f is the least it may be", got, leastOfTwo)
	}
	return nil
}

// sideBySide runs so many bare loops at once and returns what they do together.
func sideBySide(ctx context.Context, n int, bare string) (perSecond float64, err error) {
	speeds, errs := make([]speed, n), make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { speeds[i], errs[i] = yardstick(ctx, bare, "mm5", "5000000") })
	}
	all.Wait()
	for _, s := range speeds {
		perSecond += s.perSecond
	}
	return perSecond, errors.Join(errs...)
}

type speed struct {
	perSecond float64
	elapsed   time.Duration
}

// simulate runs two replications of a scenario.
func simulate(ctx context.Context, landport, scenario string, days, workers int) (speed, error) {
	out, err := output(ctx, landport, "simulate", scenario, "--replications", "2", "--days", strconv.Itoa(days),
		"--workers", strconv.Itoa(workers), "--format", "json")
	if err != nil {
		return speed{}, err
	}
	var r struct {
		ElapsedS float64 `json:"elapsed_s"`
		Counts   struct {
			Arrived float64 `json:"arrived"`
		} `json:"counts"`
	}
	if err := json.Unmarshal(out, &r); err != nil {
		return speed{}, err
	}
	return speed{r.Counts.Arrived / r.ElapsedS, time.Duration(r.ElapsedS * float64(time.Second))}, nil
}

func yardstick(ctx context.Context, program string, args ...string) (speed, error) {
	out, err := output(ctx, program, args...)
	if err != nil {
		return speed{}, err
	}
	var r struct {
		PerSecond float64 `json:"per_second"`
	}
	if err := json.Unmarshal(out, &r); err != nil {
		return speed{}, err
	}
	return speed{perSecond: r.PerSecond}, nil
}

func output(ctx context.Context, program string, args ...string) ([]byte, error) {
	out, err := exec.CommandContext(ctx, program, args...).Output() //nolint:gosec // runs the programs built above, and SimPy
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return nil, fmt.Errorf("%s %v: %w: %s", program, args, err, exit.Stderr)
	}
	return out, err
}
