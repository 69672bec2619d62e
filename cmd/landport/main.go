// Command landport runs, simulates, plays and studies land border crossings.
//
// Exit codes: 0 done; 1 failed; 2 wrong usage, or a file or a code that is not
// good. Answers go to standard output, everything else to standard
// error.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // posts have time zones, wherever this runs

	"github.com/alecthomas/kong"
)

const (
	exitFailed = 1
	exitMisuse = 2
)

type commands struct {
	Scenario struct {
		List  listCommand  `cmd:"" help:"List the scenarios that come with Landport."`
		Show  showCommand  `cmd:"" help:"Print a scenario."`
		Check checkCommand `cmd:"" help:"Check a scenario and count what it assumes."`
	} `cmd:"" help:"List, show and check scenarios."`
	Simulate  simulateCommand  `cmd:"" help:"Simulate a crossing and say how long it takes."`
	Merge     mergeCommand     `cmd:"" help:"Put the shards of a simulation together."`
	Calibrate calibrateCommand `cmd:"" help:"Fit figures of a scenario to what was observed."`
	Why       whyCommand       `cmd:"" help:"Say which cause of a crossing's time costs how much."`
	Tornado   tornadoCommand   `cmd:"" help:"Say how far each assumed figure moves a result."`
	Limits    limitsCommand    `cmd:"" help:"Say what traffic a crossing can bear, and what gives way first."`
	Optimise  optimiseCommand  `cmd:"" help:"Find the least plan that meets a goal."`
	Validate  validateCommand  `cmd:"" help:"Compare a scenario with facts that were held out."`
	Replay    replayCommand    `cmd:"" help:"Run a ledger's past under another plan."`
	Report    reportCommand    `cmd:"" help:"Write a report that prints well, and its numbers."`
	Demo      demoCommand      `cmd:"" help:"Run both nodes of Bavet – Moc Bai, worked by a simulated world."`
	Serve     serveCommand     `cmd:"" help:"Run one post for real."`

	Config     configCommand     `cmd:"" help:"Check what a node would run."`
	Key        keyCommand        `cmd:"" help:"Make a node's signing key."`
	Checkpoint checkpointCommand `cmd:"" help:"Sign where a ledger stands, to be kept outside."`
	Verify     verifyCommand     `cmd:"" help:"Check a whole ledger and name what is damaged."`
	Recover    recoverCommand    `cmd:"" help:"Take a damaged ledger into a new epoch."`
	Backup     backupCommand     `cmd:"" help:"Write a ledger to a file."`
	Restore    restoreCommand    `cmd:"" help:"Make a ledger from a backup."`
	Export     exportCommand     `cmd:"" help:"Write facts, or the study, to a file for other programs."`
	Erase      eraseCommand      `cmd:"" help:"Erase personal values."`

	Survey surveyCommands `cmd:"" help:"Time release study sheets: check them, sum them up, plan and assess."`

	Play    playCommand    `cmd:"" help:"Play a crossing on a board in the browser."`
	Check   codeCommand    `cmd:"" help:"Check a container number, a plate, a crossing reference, a UN/LOCODE or an HS code."`
	Version versionCommand `cmd:"" help:"Say which version this is."`
}

func (commands) Help() string {
	return `Try it:

  landport demo
  landport play bavet-mocbai-2018
  landport simulate bavet-mocbai-2018 --replications 20 --seed 1
  landport check container "CSQU 305438 3"

Exit codes: 0 done, 1 failed, 2 wrong usage, or a file or a code that is not good.`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	code := run(ctx, os.Args[1:], console{os.Stdout, os.Stderr, isTerminal(os.Stderr)})
	stop()
	os.Exit(code)
}

// run carries out one command line and returns the exit code.
func run(ctx context.Context, args []string, c console) int {
	var asked commands
	code := -1
	parser, err := kong.New(&asked,
		kong.Name("landport"),
		kong.Description("Landport runs a land border crossing as one place although two countries own it."),
		kong.Writers(c.out, c.err),
		kong.Exit(func(n int) { code = n }),
		kong.UsageOnError(),
		kong.WithHyphenPrefixedParameters(true), // so that -1 is a number that is wrong, not a flag
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(c),
	)
	if err != nil {
		return c.complain(err)
	}
	command, err := parser.Parse(args)
	if code >= 0 {
		return code // --help was answered
	}
	if err != nil {
		return c.complain(misuse{fmt.Errorf("%w; see landport --help", err)})
	}
	return c.complain(command.Run())
}

// console is where a command writes.
type console struct {
	out, err io.Writer
	terminal bool // a person watches err
}

// misuse is an error of whoever called: exit code 2.
type misuse struct{ error }

func (m misuse) Unwrap() error { return m.error }

// complain says an error in one line, joined ones in a line each, and returns
// the exit code.
func (c console) complain(err error) int {
	if err == nil {
		return 0
	}
	c.notef("landport: %s\n", strings.ReplaceAll(err.Error(), "\n", "\nlandport: "))
	if _, ok := errors.AsType[misuse](err); ok {
		return exitMisuse
	}
	return exitFailed
}

// sayf writes to standard output.
func (c console) sayf(format string, args ...any) error {
	_, err := fmt.Fprintf(c.out, format, args...)
	return err
}

// notef writes to standard error, where nobody needs to be listening.
func (c console) notef(format string, args ...any) { _, _ = fmt.Fprintf(c.err, format, args...) }

// answer writes v as JSON.
func (c console) answer(v any) error {
	encoder := json.NewEncoder(c.out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
