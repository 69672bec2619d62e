package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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
	door   door
	listen net.Listener
	ended  chan error    // what serving came to
	stop   time.Duration // how long the node has to stop
	log    *slog.Logger
}

// stationConfig says what a station runs and where.
type stationConfig struct {
	post     posts.File
	part     *sim.Model
	was      *sim.Model // nil if nothing was said of the crossing before
	database string     // URL of the ledger
	key      string     // with which the ledger signs
	public   string     // whose checking half this is
	listen   net.Listener
	clock    *node.Clock
	page     web.NodeOptions
	log      *slog.Logger
}

// openPost reads a post's file, one that comes with Landport or the user's own,
// and cuts its part out of the crossing.
func openPost(name string) (posts.File, *sim.Model, error) {
	read := posts.Read
	if isFile(name) {
		read = readText
	}
	data, err := read(name)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("there is no file %s; those that come with Landport are %s", name, strings.Join(posts.Names(), " and "))
	}
	if err != nil {
		return posts.File{}, nil, misuse{err}
	}
	file, err := posts.Decode(name, data)
	if err != nil {
		return file, nil, misuse{err}
	}
	_, whole, err := open(crossingOf(name, file))
	if err != nil {
		return file, nil, err
	}
	part, err := partOf(name, whole, file.Post)
	return file, part, err
}

// partOf cuts a post's part out of a crossing. An operator can choose among its
// policies and the standard ones.
func partOf(name string, whole *sim.Model, post string) (*sim.Model, error) {
	at := slices.IndexFunc(whole.Layout.Posts, func(p gate.Post) bool { return p.Name == post })
	if at < 0 {
		var names []string
		for _, p := range whole.Layout.Posts {
			names = append(names, p.Name)
		}
		return nil, misuse{fmt.Errorf("%s: %s has no post %q; its posts are %s", name, whole.Name, post, strings.Join(names, ", "))}
	}
	part, err := whole.Part(gate.PostID(at))
	if err == nil {
		err = part.Layout.WithStandardPolicies()
	}
	if err != nil {
		return nil, misuse{fmt.Errorf("%s: %w", name, err)}
	}
	return part, nil
}

// formerPart is a post's part of the crossing that it ran by before, nil if that
// was not given.
func formerPart(crossing, post string) (*sim.Model, error) {
	if crossing == "" {
		return nil, nil //nolint:nilnil // nothing was said
	}
	_, whole, err := open(crossing)
	if err != nil {
		return nil, err
	}
	return partOf("--was", whole, post)
}

// crossingOf is the scenario of a post's file: the name of one that comes with
// Landport, or a path.
func crossingOf(name string, file posts.File) string {
	if isFile(file.Crossing) && !filepath.IsAbs(file.Crossing) {
		return filepath.Join(filepath.Dir(name), file.Crossing)
	}
	return file.Crossing
}

// startStation opens the ledger and serves.
func startStation(ctx context.Context, c stationConfig) (*station, error) {
	s := newStation(c)
	return s, s.open(ctx, c)
}

// stopMost is how long a node has to carry out what it took when it is told to
// stop: longer than any commit takes.
const stopMost = 30 * time.Second

var errStuck = errors.New("the node did not stop in time; what it had not answered may or may not have been carried out: send it again with the same keys")

// newStation serves a station that is not open: it tells callers to wait.
func newStation(c stationConfig) *station {
	s := &station{url: "http://" + c.listen.Addr().String(), listen: c.listen, ended: make(chan error, 1), stop: stopMost, log: c.log}
	s.server = &http.Server{Handler: &s.door, ReadHeaderTimeout: patience}
	s.door.shut("the node is starting: it reads its ledger")
	go func() { s.ended <- s.server.Serve(s.listen) }()
	return s
}

// open opens the ledger and lets callers in.
func (s *station) open(ctx context.Context, c stationConfig) error {
	runs, err := node.Running(c.part)
	if err != nil {
		return err
	}
	s.ledger, err = ledger.Open(ctx, ledger.Config{
		URL: c.database, Origin: c.post.Name, Key: c.key, Clock: c.clock.Now, Runs: runs,
	})
	if err != nil {
		return err
	}
	handler, err := s.start(ctx, c)
	if err != nil {
		return errors.Join(s.ledger.Condemn(err), s.ledger.Close())
	}
	s.door.open(handler)
	return nil
}

// start makes the node and what serves it.
func (s *station) start(ctx context.Context, c stationConfig) (http.Handler, error) {
	if _, err := s.ledger.Checkpoint(ctx); err != nil { // so that a replica with another key is seen
		return nil, err
	}
	var err error
	if s.node, err = node.New(ctx, node.Config{Post: c.part, Was: c.was, Ledger: s.ledger, Clock: c.clock, Log: c.log}); err != nil {
		return nil, err
	}
	version, _ := built(ctx)
	calls, err := api.New(api.Config{Node: s.node, Key: c.public, Listen: c.page.Listen, Version: version, Log: c.log})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	for _, root := range api.Roots() {
		mux.Handle(root, calls)
	}
	c.page.Program = madeBy(ctx)
	mux.Handle("/", web.NewNodeServer(s.node, c.page, c.log))
	return mux, nil
}

// run serves until ctx ends: then it takes nothing new, carries out what it
// took, ends every stream, signs what it wrote and closes the ledger.
func (s *station) run(ctx context.Context) error {
	go s.node.Run(ctx)
	signing, enough := context.WithCancel(ctx)
	var signer sync.WaitGroup
	signer.Go(func() { s.ledger.KeepSigned(signing, ledger.SignAfterEntries, ledger.SignAfter, s.unsigned) })
	var served error
	select {
	case served = <-s.ended:
	case <-ctx.Done():
		select {
		case <-s.node.Done():
		case <-time.After(s.stop):
			enough()
			return errStuck // it may hold the ledger, which the end of the process frees
		}
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		served = errors.Join(s.server.Shutdown(last), <-s.ended)
	}
	if errors.Is(served, http.ErrServerClosed) {
		served = nil
	}
	enough()
	signer.Wait()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if _, err := s.ledger.Checkpoint(last); err != nil {
		s.unsigned(err)
	}
	return errors.Join(served, s.ledger.Close())
}

// unsigned says why no checkpoint was signed. Of a database that is away the node
// itself tells.
func (s *station) unsigned(err error) {
	if err = s.node.Missed(err); !errors.Is(err, ledger.ErrAway) && !errors.Is(err, ledger.ErrDamaged) {
		s.log.Warn("the ledger could not be signed", "error", err)
	}
}

// door is what callers meet: a sentence that tells them to wait, then the node.
type door struct{ inner atomic.Pointer[http.Handler] }

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) { (*d.inner.Load()).ServeHTTP(w, r) }

func (d *door) open(inner http.Handler) { d.inner.Store(&inner) }

// shut says why there is nothing behind the door yet: to programs as the API
// would, to people so that their page comes by itself.
func (d *door) shut(why string) {
	d.open(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		if r.URL.Path == "/healthz" {
			h.Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"status":"ok"}`)
			return
		}
		h.Set("Retry-After", "2")
		p := api.Problem{Type: "/problems/not-ready", Title: "Not ready", Status: http.StatusServiceUnavailable, Code: "not-ready", Detail: why}
		if strings.Contains(r.Header.Get("Accept"), "text/html") {
			h.Set("Refresh", "2")
			http.Error(w, p.Title+": "+why, p.Status)
			return
		}
		h.Set("Content-Type", p.ContentType(""))
		w.WriteHeader(p.Status)
		_ = json.NewEncoder(w).Encode(&p) // the caller may be gone
	}))
}

// listenAt opens an address, or says why it cannot be.
func listenAt(ctx context.Context, address string) (net.Listener, error) {
	_, port, err := net.SplitHostPort(address)
	if _, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil {
		return nil, misuse{fmt.Errorf("%q is no address to listen on; one looks like 127.0.0.1:8080, with a port from 0 (any that is free) to 65535", address)}
	}
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
