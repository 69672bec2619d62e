package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"landport/evidence"
)

func rooms(t *testing.T, live bool) (*Server, *studio) {
	t.Helper()
	s := &Server{source: serve(t, "mm5").play}
	return s, newStudio(s.source.Done(), live, slog.New(slog.DiscardHandler))
}

// asked runs an experiment, and says how many replications that took.
func (s *studio) asked(t *testing.T, e *experiment) (c *evidence.Comparison, took int) {
	t.Helper()
	o := e.options
	o.Workers, o.Progress = s.workers, func(int, int) { took++ }
	c, err := s.compare(e, o, func() bool { return true }, func(*evidence.Comparison) {})
	if err != nil {
		t.Fatal(err)
	}
	return c, took
}

func direct(t *testing.T, e *experiment) *evidence.Comparison {
	t.Helper()
	c, err := evidence.Compare(e.base, e.plan, e.options)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Who changes a figure once more waits for the plan alone, who asks for more pairs
// for those alone, and has the same answer.
func TestTheBaseIsRunOnce(t *testing.T) {
	s, r := rooms(t, false)
	for _, test := range []struct {
		form url.Values
		took int
	}{
		{small(), 4},
		{small("stops[counter].servers", "6"), 4},
		{small("stops[counter].servers", "7"), 4},
		{small("stops[counter].servers", "7", "seed", "2"), 8},
		{small("stops[counter].servers", "7", "replications", "7"), 7 + 3},
		{small("stops[counter].servers", "7", "replications", "3"), 6},
		{small("stops[counter].servers", "7", "days", "3"), 8},
		{small("stops[counter].servers", "7", "replications", "5"), 5},
	} {
		e := s.readExperiment(test.form)
		got, took := r.asked(t, e)
		if !reflect.DeepEqual(got, direct(t, e)) {
			t.Errorf("%v: another answer than evidence.Compare has", test.form)
		}
		if took != test.took {
			t.Errorf("%v took %d replications, not %d", test.form, took, test.took)
		}
	}
	if len(r.bases) > basesKept {
		t.Errorf("%d bases are kept", len(r.bases))
	}
}

// While somebody chooses, the base is run, beside a live gate on one core.
func TestTheBaseIsRunAhead(t *testing.T) {
	for _, live := range []bool{false, true} {
		s, r := rooms(t, live)
		form := small("stops[counter].servers", "6")
		e := s.readExperiment(form)
		r.runAhead(t.Context(), s.readExperiment(small()))
		if got, took := r.asked(t, e); took != 4 || !reflect.DeepEqual(got, direct(t, e)) {
			t.Errorf("%d replications were left to run, or the answer is another", took)
		}
	}
}

// Who leaves the page, or asks for something else, ends it; what was run is kept.
func TestRunningAheadGivesWay(t *testing.T) {
	s, r := rooms(t, false)
	long := s.readExperiment(small("replications", "100", "days", "3"))
	begin := func(ctx context.Context) (ended chan struct{}) {
		ended = make(chan struct{})
		go func() {
			defer close(ended)
			r.runAhead(ctx, long)
		}()
		for {
			r.mu.Lock()
			begun := r.ahead != nil
			r.mu.Unlock()
			select {
			case <-ended:
				return ended
			case <-time.After(time.Millisecond):
				if begun {
					return ended
				}
			}
		}
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	r.runAhead(left, long)
	if r.ahead != nil || len(r.bases) > 0 {
		t.Fatal("a page that was left has its base run")
	}
	ended := begin(t.Context())
	e := s.readExperiment(small("stops[counter].servers", "6"))
	j, err := r.start(e)
	if err != nil {
		t.Fatal(err)
	}
	<-j.ended
	<-ended
	if !reflect.DeepEqual(j.result, direct(t, e)) {
		t.Error("what was asked for has another answer")
	}
}

// Nothing is run ahead beside a run that was asked for, nor what is too much to run
// unasked.
func TestWhatIsNotRunAhead(t *testing.T) {
	s, r := rooms(t, false)
	r.runAhead(t.Context(), s.readExperiment(small("replications", "500", "days", "30")))
	j, err := r.start(s.readExperiment(small("replications", "500", "days", "10")))
	if err != nil {
		t.Fatal(err)
	}
	r.runAhead(t.Context(), s.readExperiment(small()))
	j.cancel()
	<-j.ended
	for _, b := range r.bases {
		if b.days != 10 {
			t.Errorf("a base of %g days was run", b.days)
		}
	}
}

func TestPagesHaveTheBaseRun(t *testing.T) {
	s := serve(t, "mm5")
	if a := s.do(t, http.MethodPost, "/evidence/base", small()); a.status != http.StatusNoContent {
		t.Errorf("%d: %s", a.status, a.text)
	}
	if a := s.do(t, http.MethodPost, "/evidence/base", small("replications", "many")); a.status != http.StatusNoContent {
		t.Errorf("%d: %s", a.status, a.text)
	}
}

// What the first pairs show is shown as that, and nothing of it looks final.
func TestTheFirstPairsAreShownAsThat(t *testing.T) {
	s := serve(t, "mm5")
	a := s.do(t, http.MethodPost, "/evidence", small("stops[counter].servers", "6", "replications", "500", "days", "10"))
	address := a.header.Get("Location")
	for !strings.Contains(a.text, "So far, after") {
		if a = s.get(t, address); a.status != http.StatusOK || !strings.Contains(a.text, "Running") {
			t.Fatalf("%d: %s", a.status, a.text)
		}
		time.Sleep(time.Millisecond)
	}
	formed(t, a)
	for _, part := range []string{" of 500 pairs of runs", "Still running: these figures", "falls from", ">Cancel<"} {
		if !strings.Contains(a.text, part) {
			t.Errorf("it lacks %q", part)
		}
	}
	for _, part := range []string{"The answer", "Keep and share", "numbers.csv"} {
		if strings.Contains(a.text, part) {
			t.Errorf("it looks final: %q", part)
		}
	}
	s.do(t, http.MethodPost, address, url.Values{})
	a = s.get(t, address)
	formed(t, a)
	for _, part := range []string{"Part of an answer", "So far, after", "No more were run"} {
		if !strings.Contains(a.text, part) {
			t.Errorf("cancelled, it lacks %q", part)
		}
	}
	if strings.Contains(a.text, "The answer") || strings.Contains(a.text, "Still running") {
		t.Error("a run that was cancelled looks answered, or under way")
	}
}
