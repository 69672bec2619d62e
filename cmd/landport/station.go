package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"landport/api"
	"landport/gate"
	"landport/ledger"
	"landport/node"
	"landport/posts"
	"landport/sim"
	"landport/web"
)

// station is a node with its ledger and its address: what serve runs once and
// demo twice.
type station struct {
	url    string
	ledger *ledger.Ledger
	node   *node.Node
	server *http.Server
	listen net.Listener
	ended  chan error // what serving came to
}

// stationConfig says what a station runs and where.
type stationConfig struct {
	post     posts.File
	part     *sim.Model
	database string // URL of the ledger
	key      string
	listen   net.Listener
	clock    *node.Clock
	shared   bool
	page     web.NodeOptions
	log      *slog.Logger
}

// openPost reads a post's file, one that comes with Landport or the user's own,
// and cuts its part out of the crossing.
func openPost(name string) (posts.File, *sim.Model, error) {
	read := posts.Read
	if isFile(name) {
		read = os.ReadFile
	}
	data, err := read(name)
	if err != nil {
		return posts.File{}, nil, misuse{err}
	}
	file, err := posts.Decode(name, data)
	if err != nil {
		return file, nil, misuse{err}
	}
	crossing := file.Crossing
	if isFile(crossing) && !filepath.IsAbs(crossing) {
		crossing = filepath.Join(filepath.Dir(name), crossing)
	}
	_, whole, err := open(crossing)
	if err != nil {
		return file, nil, err
	}
	at := slices.IndexFunc(whole.Layout.Posts, func(p gate.Post) bool { return p.Name == file.Post })
	if at < 0 {
		var names []string
		for _, p := range whole.Layout.Posts {
			names = append(names, p.Name)
		}
		return file, nil, misuse{fmt.Errorf("%s: %s has no post %q; its posts are %s", name, whole.Name, file.Post, strings.Join(names, ", "))}
	}
	part, err := whole.Part(gate.PostID(at))
	if err != nil {
		return file, nil, misuse{fmt.Errorf("%s: %w", name, err)}
	}
	return file, part, nil
}

// startStation opens the ledger and begins to serve.
func startStation(ctx context.Context, c stationConfig) (*station, error) {
	s := &station{url: "http://" + c.listen.Addr().String(), listen: c.listen, ended: make(chan error, 1)}
	var err error
	s.ledger, err = ledger.Open(ctx, ledger.Config{
		URL: c.database, Origin: c.post.Name, Key: c.key, Clock: c.clock.Now, Shared: c.shared,
	})
	if err != nil {
		return nil, err
	}
	s.node, err = node.New(ctx, node.Config{Post: c.part, Ledger: s.ledger, Clock: c.clock, Log: c.log})
	if err != nil {
		return nil, errors.Join(err, s.ledger.Close())
	}
	version, _ := built()
	calls, err := api.New(api.Config{Node: s.node, Listen: c.page.Listen, Version: version, Log: c.log})
	if err != nil {
		return nil, errors.Join(err, s.ledger.Close())
	}
	mux := http.NewServeMux()
	for _, root := range api.Roots() {
		mux.Handle(root, calls)
	}
	mux.Handle("/", web.NewNodeServer(s.node, c.page, c.log))
	s.server = &http.Server{Handler: mux, ReadHeaderTimeout: patience}
	return s, nil
}

// run serves until ctx ends: then it takes nothing new, carries out what it
// took, ends every stream and closes the ledger.
func (s *station) run(ctx context.Context) error {
	go s.node.Run(ctx)
	go func() { s.ended <- s.server.Serve(s.listen) }()
	var served error
	select {
	case served = <-s.ended:
	case <-ctx.Done():
		<-s.node.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		served = errors.Join(s.server.Shutdown(last), <-s.ended)
	}
	if errors.Is(served, http.ErrServerClosed) {
		served = nil
	}
	return errors.Join(served, s.ledger.Close())
}

// listenAt opens an address, or says why it cannot be.
func listenAt(ctx context.Context, address string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use; free it, or serve elsewhere with --listen 127.0.0.1:0", address)
	} else if err != nil {
		return nil, misuse{fmt.Errorf("cannot listen on %s: %w; an address looks like 127.0.0.1:8080", address, err)}
	}
	return listener, nil
}

// together runs several things until all have ended. The first that fails ends
// the others.
func together(ctx context.Context, runs ...func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	errs := make([]error, len(runs))
	for i, run := range runs {
		all.Go(func() {
			if errs[i] = run(ctx); errs[i] != nil {
				cancel(errs[i])
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// logger writes what a node has to say while it runs.
func (c console) logger() *slog.Logger { return slog.New(slog.NewTextHandler(c.err, nil)) }

// wall is the wall clock.
func wall() *node.Clock { return node.NewWallClock(time.Now) }
