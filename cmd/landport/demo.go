package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"landport/border"
	"landport/demo"
	"landport/ledger"
	"landport/node"
	"landport/sim"
	"landport/web"
)

type demoCommand struct {
	Listen string  `default:"127.0.0.1:8080" placeholder:"ADDRESS" help:"Where Bavet is served (default 127.0.0.1:8080); Moc Bai is at the next port."`
	Data   string  `placeholder:"DIR" help:"Keep the ledgers there, and go on where they stopped; else they are gone at the end."`
	Speed  decimal `default:"60" help:"How many times as fast as real time."`
	Seed   seed    `default:"1" help:"Which people: the same seed draws the same."`

	InsecureNoSignIn bool `help:"Serve beyond this machine although everybody who reaches the addresses is an operator."`
}

func (demoCommand) Help() string {
	return `Two nodes that share nothing run Bavet in Cambodia and Moc Bai in Viet Nam. The
drivers and officers of a simulated world work them over HTTP alone.

Examples:

  landport demo
  landport demo --data here --speed 10
  landport demo --listen 0.0.0.0:8080 --insecure-no-sign-in

Ctrl-C ends it.`
}

// demoPosts come with Landport.
var demoPosts = [...]string{"bavet", "moc-bai"}

func (d demoCommand) Run(ctx context.Context, c console) error {
	if err := node.CheckSpeed(float64(d.Speed)); err != nil {
		return misuse{err}
	}
	if err := keepIn(d.Listen, d.InsecureNoSignIn); err != nil {
		return err
	}
	dir := d.Data
	if dir != "" {
		if begun, err := (Storage{Data: dir}).holds(); err != nil {
			return err
		} else if begun {
			return misuse{fmt.Errorf("%s holds the ledger of a node; a demonstration needs a directory of its own", dir)}
		}
	} else {
		temporary, err := os.MkdirTemp("", "landport-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temporary) //nolint:errcheck // a temporary directory
		dir = temporary
	}
	listeners, err := listenTwice(ctx, d.Listen)
	if err != nil {
		return err
	}
	stations, people, clock, err := d.start(ctx, c, dir, listeners)
	if err != nil {
		for _, l := range listeners {
			err = errors.Join(err, l.Close())
		}
		return err
	}
	for _, s := range stations {
		if err := c.sayf("%-8s %s\n", s.node.Post(), s.url); err != nil {
			return err
		}
	}
	if err := c.sayf("Two nodes at %g times real time, worked by a simulated world (Ctrl-C ends it).\n", float64(d.Speed)); err != nil {
		return err
	}
	err = together(ctx, stations[0].run, stations[1].run, func(ctx context.Context) error {
		people.Run(ctx)
		return nil
	})
	return errors.Join(err, noteStop(dir, clock.Now()))
}

// stopFile says when a demonstration stopped: its clock ran on after the last
// entry, and never goes back.
const stopFile = "stopped-at"

func noteStop(dir string, at border.Time) error {
	return os.WriteFile(filepath.Join(dir, stopFile), []byte(at.Std(time.UTC).Format(time.RFC3339Nano)+"\n"), 0o600)
}

// stoppedAt is when the demonstration of a directory stopped, 0 for a new one or
// one that was killed.
func stoppedAt(dir string) (border.Time, error) {
	path := filepath.Join(dir, stopFile)
	text, err := os.ReadFile(path) //nolint:gosec // in the directory the caller gave
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	at, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("%s: %q is no instant such as 2018-03-05T00:00:00Z; remove the file, and the clock goes on from the last entry", path, text)
	}
	return border.At(at), nil
}

// listenTwice opens an address and the next port, or any two.
func listenTwice(ctx context.Context, address string) (both []net.Listener, err error) {
	first, err := listenAt(ctx, address)
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(address)
	if port == "65535" {
		return nil, errors.Join(misuse{fmt.Errorf("%s is the last port there is, and the demo needs the next one for its second node; give one up to 65534", address)}, first.Close())
	}
	if err == nil && port != "0" {
		port = fmt.Sprint(first.Addr().(*net.TCPAddr).Port + 1) //nolint:forcetypeassert // it listens on TCP
	}
	second, err := listenAt(ctx, net.JoinHostPort(host, port))
	if err != nil {
		return nil, errors.Join(err, first.Close())
	}
	return []net.Listener{first, second}, nil
}

// start opens both nodes where their ledgers stopped. Their clocks show the
// same: that of the last stop or the later of the two, or the morning with which
// the scenario opens.
func (d demoCommand) start(ctx context.Context, c console, dir string, listeners []net.Listener) (stations []*station, people *demo.World, clock *node.Clock, err error) {
	configs := make([]stationConfig, len(demoPosts))
	began, err := stoppedAt(dir)
	if err != nil {
		return nil, nil, nil, err
	}
	for i, name := range demoPosts {
		post, part, err := openPost(name)
		if err != nil {
			return nil, nil, nil, err
		}
		home := filepath.Join(dir, name)
		key, public, err := node.Key(home, post.Name)
		if err != nil {
			return nil, nil, nil, err
		}
		configs[i] = stationConfig{
			post: post, part: part, key: key, public: public, database: Storage{Data: home}.url(), listen: listeners[i], log: c.logger(),
			page: web.NodeOptions{Listen: listeners[i].Addr().String(), Demo: true, Neighbour: "http://" + listeners[1-i].Addr().String()},
		}
		last, err := lastEntry(ctx, configs[i])
		if err != nil {
			return nil, nil, nil, err
		}
		began = max(began, last, openingScene(part))
	}
	clock = node.NewScaledClock(time.Now, began, float64(d.Speed))
	var worked []demo.Post
	for i := range configs {
		configs[i].clock = clock
		s, err := startStation(ctx, configs[i])
		if err != nil {
			return nil, nil, nil, err
		}
		stations = append(stations, s)
		worked = append(worked, demo.Post{Model: configs[i].part, URL: s.url})
	}
	people, err = demo.New(worked, uint64(d.Seed), clock, c.logger())
	return stations, people, clock, err
}

// openingScene is when a new demonstration begins.
func openingScene(part *sim.Model) border.Time { return node.OpeningScene(part) }

// lastEntry is when a ledger stopped, 0 for a new one.
func lastEntry(ctx context.Context, c stationConfig) (at border.Time, err error) {
	l, err := ledger.Open(ctx, ledger.Config{URL: c.database, Origin: c.post.Name, Key: c.key})
	if err != nil {
		return 0, err
	}
	head, err := l.Head(ctx)
	return head.Recorded, errors.Join(err, l.Close())
}
