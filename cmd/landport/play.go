package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"landport/node"
	"landport/web"
)

type playCommand struct {
	Scenario string  `arg:"" name:"name|file" help:"A scenario that comes with Landport, or a file of your own."`
	Listen   string  `default:"127.0.0.1:8080" placeholder:"ADDRESS" help:"Where to serve (default 127.0.0.1:8080). Whoever reaches it can pause and jump."`
	Speed    decimal `default:"60" help:"Simulated seconds per second."`
	Seed     seed    `default:"1" help:"Which random day: the same seed plays the same facts."`
	changes
}

func (playCommand) Help() string {
	return `Examples:

  landport play bavet-mocbai-2018
  landport play mine.yaml --listen 127.0.0.1:9000 --speed 600 --seed 7

Ctrl-C ends it.`
}

// patience is how long open requests have to finish when the server stops.
const patience = 5 * time.Second

func (p playCommand) Run(ctx context.Context, c console) error {
	_, model, err := p.open(p.Scenario)
	if err != nil {
		return err
	}
	if err := node.CheckSpeed(float64(p.Speed)); err != nil {
		return misuse{err}
	}
	listener, err := listenAt(ctx, p.Listen)
	if err != nil {
		return err
	}
	play := node.NewPlayback(model, uint64(p.Seed), float64(p.Speed), time.Now)
	var own *web.Own
	if isFile(p.Scenario) {
		file, _, err := open(p.Scenario) // as written: the studio has sliders of its own
		if err != nil {
			return err
		}
		files, err := sourcesOf(p.Scenario)
		if err != nil {
			return err
		}
		own = &web.Own{Name: p.Scenario, File: file, Sources: files}
	}
	server := &http.Server{Handler: web.NewServer(play, c.logger(), web.NodeOptions{Listen: p.Listen, Program: madeBy(ctx)}, own), ReadHeaderTimeout: patience}
	if err := c.sayf("%s, seed %d, at http://%s (Ctrl-C ends it)\n", model.Title, p.Seed, listener.Addr()); err != nil {
		return err
	}
	go play.Run(ctx)
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		stopped <- server.Shutdown(last)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}
