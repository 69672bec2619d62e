package node

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// said collects what is logged.
type said struct {
	mu    sync.Mutex
	lines []string
}

func (s *said) Write(line []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines = append(s.lines, string(line))
	return len(line), nil
}

// logger logs messages alone.
func (s *said) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(s, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.MessageKey || a.Key == "error" {
			return a
		}
		return slog.Attr{}
	}}))
}

func TestAnOutageIsSaidOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithTimeout(t.Context(), 30*time.Minute)
		defer stop()
		began := time.Now()
		minute := func() int { return int(time.Since(began) / time.Minute) }
		away, slow := errors.New("away"), errors.New("breaks")
		asked, tried := 0, 0
		reached := func(context.Context) error {
			asked++
			if m := minute(); m >= 5 && m < 15 {
				return away
			}
			return nil
		}
		// It works for five minutes, the database is away for ten; then the task
		// breaks for five at every attempt, and in the end it works.
		task := func(ctx context.Context) error {
			tried++
			until := 5
			switch m := minute(); {
			case m >= 5 && m < 15:
				return away
			case m >= 15 && m < 20:
				return slow
			case m >= 20:
				until = 60
			}
			select {
			case <-time.After(time.Duration(until)*time.Minute - time.Since(began)):
				return away
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		var log said
		o := outage{log: log.logger(), task: "it works", steady: 2 * time.Second}
		for ctx.Err() == nil {
			o.attempt(ctx, reached, task)
		}
		if want := []string{"msg=\"no longer: it works\" error=breaks\n", "msg=\"again: it works\"\n"}; !slices.Equal(log.lines, want) {
			t.Errorf("it is said %q", log.lines)
		}
		if asked > 40 || tried > 16 {
			t.Errorf("asked %d times and tried %d times within a quarter of an hour", asked, tried)
		}
	})
}
