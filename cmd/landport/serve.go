package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"

	"landport/node"
	"landport/web"
)

type serveCommand struct {
	Post             string `required:"" placeholder:"FILE" help:"Which post to run: a file, or one that comes with Landport (bavet, moc-bai)."`
	Data             string `placeholder:"DIR" xor:"where" required:"" help:"Directory of the ledger (SQLite) and the signing key."`
	Database         string `placeholder:"URL" xor:"where" required:"" help:"PostgreSQL database of the ledger, as postgres://USER@HOST/NAME."`
	Keys             string `placeholder:"DIR" help:"Directory of the signing key; that of --data if left out."`
	Listen           string `default:"127.0.0.1:8080" placeholder:"ADDRESS" help:"Where to serve (default 127.0.0.1:8080)."`
	Neighbour        string `placeholder:"URL" help:"Board of the post across the border, to link to."`
	InsecureNoSignIn bool   `help:"Serve beyond this machine although everybody who reaches the address is an operator."`
}

func (serveCommand) Help() string {
	return `Examples:

  landport serve --post bavet --data /var/lib/landport
  landport serve --post mine.yaml --database postgres://landport@db/bavet --keys /etc/landport

Several replicas may serve one PostgreSQL database. Ctrl-C, or SIGTERM, ends it
when everything it took is carried out. docs/operate.md says how to run a node.`
}

func (s serveCommand) Run(ctx context.Context, c console) error {
	post, part, err := openPost(s.Post)
	if err != nil {
		return err
	}
	if err := s.checkAddress(); err != nil {
		return err
	}
	keys, database := s.Keys, s.Database
	if s.Data != "" {
		database = "sqlite:" + filepath.Join(s.Data, "ledger.db")
		if keys == "" {
			keys = s.Data
		}
	}
	if keys == "" {
		return misuse{errors.New("with --database say where the signing key is, or is to be made: --keys DIR; every replica needs the same")}
	}
	key, public, err := node.Key(keys, post.Name)
	if err != nil {
		return err
	}
	listener, err := listenAt(ctx, s.Listen)
	if err != nil {
		return err
	}
	station, err := startStation(ctx, stationConfig{
		post: post, part: part, database: database, key: key, listen: listener, clock: wall(),
		page: web.NodeOptions{Listen: s.Listen, Neighbour: s.Neighbour}, log: c.logger(),
	})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := c.sayf("%s (%s) at %s (Ctrl-C ends it)\nIts public key, for whoever checks what it signs: %s\n", part.Title, post.Name, station.url, public); err != nil {
		return err
	}
	return station.run(ctx)
}

// checkAddress keeps a node without sign-in on its own machine.
func (s serveCommand) checkAddress() error {
	host, _, err := net.SplitHostPort(s.Listen)
	if err != nil {
		return misuse{fmt.Errorf("%q is no address; one looks like 127.0.0.1:8080", s.Listen)}
	}
	if ip := net.ParseIP(host); s.InsecureNoSignIn || strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback() {
		return nil
	}
	return misuse{fmt.Errorf("%s can be reached from other machines, and there is no sign-in yet: everybody there would be an operator; "+
		"listen on 127.0.0.1, behind a proxy that lets nobody in but operators, or insist with --insecure-no-sign-in", s.Listen)}
}
