package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"landport/ledger"
	"landport/web"
)

type serveCommand struct {
	Post             string `required:"" placeholder:"FILE" help:"Which post to run: a file, or one that comes with Landport (bavet, moc-bai)."`
	Was              string `placeholder:"NAME|FILE" help:"The crossing that the post ran by until now, for a ledger from before ledgers said so; needed once."`
	Storage          `embed:""`
	Listen           string `default:"127.0.0.1:8080" placeholder:"ADDRESS" help:"Where to serve (default 127.0.0.1:8080)."`
	Host             string `placeholder:"NAME" help:"Name by which a proxy on this machine serves it, such as bavet.example."`
	Neighbour        string `placeholder:"URL" help:"Board of the post across the border, to link to."`
	InsecureNoSignIn bool   `help:"Serve beyond this machine although everybody who reaches the address is an operator."`
}

func (serveCommand) Help() string {
	return `Examples:

  landport serve --post bavet --data /var/lib/landport
  landport serve --post mine.yaml --database postgres://landport@db/bavet --keys /etc/landport

If the post's file names another crossing than before, or that has changed, what
stands at the post is carried over: landport config check --data DIR says what
that comes to.

Several replicas may serve one PostgreSQL database, with the same key; landport
key makes it. Ctrl-C, or SIGTERM, ends it when everything it took is carried
out. docs/operate.md says how to run a node.`
}

func (s serveCommand) Run(ctx context.Context, c console) error {
	post, part, err := openPost(s.Post)
	if err != nil {
		return err
	}
	if err := s.checkAddress(); err != nil {
		return err
	}
	listener, err := listenAt(ctx, s.Listen)
	if err != nil {
		return err
	}
	key, public, err := s.key(post.Name)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	was, err := formerPart(s.Was, post.Post)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	config := stationConfig{
		post: post, part: part, was: was, database: s.url(), key: key, public: public, listen: listener, clock: wall(),
		page: web.NodeOptions{Listen: cmp.Or(s.Host, s.Listen), Neighbour: s.Neighbour}, log: c.logger(),
	}
	station := newStation(config)
	if err := openPatiently(ctx, c, station, config); err != nil {
		err = errors.Join(err, station.server.Close())
		if ctx.Err() != nil {
			return nil //nolint:nilerr // it was told to stop, and has nothing to finish
		}
		return err
	}
	if err := c.sayf("%s (%s) at %s (Ctrl-C ends it)\nIts public key, for whoever checks what it signs: %s\n", part.Title, post.Name, station.url, public); err != nil {
		return err
	}
	return together(ctx, station.run, func(ctx context.Context) error {
		station.node.Retain(ctx, post.Retention)
		return nil
	})
}

// key reads the signing key. A new ledger in a directory gets a new one.
func (s serveCommand) key(name string) (key, public string, err error) {
	begun := false
	if s.Data != "" {
		if begun, err = s.begun(); err != nil {
			return "", "", err
		}
	}
	if key, public, err = s.signing(name); !errors.Is(err, errNoKey) {
		return key, public, err
	}
	if s.Data == "" {
		return "", "", misuse{fmt.Errorf("%w; or make one, if this is a new node: landport key --keys %s --post %s", err, s.keys(), s.Post)}
	}
	if begun {
		return "", "", misuse{fmt.Errorf("%w; if it is lost for good, landport recover --anyway --new-key begins a new epoch", err)}
	}
	return s.ownKey(name)
}

// How long serve waits for its database between two attempts.
const (
	awayFirst = 250 * time.Millisecond
	awayMost  = 10 * time.Second
)

// openPatiently opens a station, and waits for its database as long as that
// does not answer.
func openPatiently(ctx context.Context, c console, s *station, config stationConfig) error {
	for wait := awayFirst; ; wait = min(2*wait, awayMost) {
		err := s.open(ctx, config)
		if !errors.Is(err, ledger.ErrAway) {
			return err
		}
		c.notef("landport: %v; trying again in %v\n", err, wait)
		s.door.shut(err.Error())
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// checkAddress keeps a node without sign-in on its own machine, and takes no
// address for the name of one.
func (s serveCommand) checkAddress() error {
	if strings.Trim(s.Host, "-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return misuse{fmt.Errorf("--host %q is no name; give it as browsers do, without http:// and without a port, such as bavet.example", s.Host)}
	}
	return keepIn(s.Listen, s.InsecureNoSignIn)
}

// keepIn refuses an address that other machines reach, unless somebody insists:
// without sign-in everybody there is an operator.
func keepIn(address string, insists bool) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return misuse{fmt.Errorf("%q is no address; one looks like 127.0.0.1:8080", address)}
	}
	if ip := net.ParseIP(host); insists || strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback() {
		return nil
	}
	return misuse{fmt.Errorf("%s can be reached from other machines, and there is no sign-in yet: everybody there would be an operator; "+
		"listen on 127.0.0.1, behind a proxy that lets nobody in but operators, or insist with --insecure-no-sign-in", address)}
}
