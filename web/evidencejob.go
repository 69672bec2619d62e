package web

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"landport/evidence"
)

const (
	jobsKept    = 20
	jobPatience = 3 * time.Minute // what no run of the size allowed should take
)

// studio runs experiments in the background, a few at a time, and keeps the
// latest answers and boards.
type studio struct {
	atOnce  int // runs
	workers int // of one run
	over    <-chan struct{}
	log     *slog.Logger

	shipped   func() []crossing // scenarios to choose from
	reporting sync.Mutex

	mu     sync.Mutex
	jobs   []*job      // latest last
	bases  []*baseline // latest last
	ahead  *ahead      // under way; nil for none
	boards []*whatIf
	ended  []string // names of boards that gave way to newer ones, latest last
}

// newStudio ends with over. Beside a live gate it takes one core at most.
func newStudio(over <-chan struct{}, live bool, log *slog.Logger) *studio {
	s := &studio{atOnce: 2, workers: runtime.GOMAXPROCS(0), over: over, log: log, shipped: sync.OnceValue(crossings)}
	if live {
		s.atOnce, s.workers = 1, 1
	}
	return s
}

// job is one run of an experiment.
type job struct {
	id          string
	of          *experiment
	done, total atomic.Int64                        // replications
	off, late   atomic.Bool                         // called off by somebody; by the clock
	soFar       atomic.Pointer[evidence.Comparison] // of the first pairs
	ended       chan struct{}                       // closed with result and err set
	result      *evidence.Comparison
	err         error
}

func (j *job) cancel() { j.off.Store(true) }

// finished reports whether the run is over, and takes up no room.
func (j *job) finished() bool {
	select {
	case <-j.ended:
		return true
	default:
		return false
	}
}

// running reports whether there is something to wait for.
func (j *job) running() bool { return !j.finished() && !j.off.Load() }

// answer is the comparison, nil where there is none.
func (j *job) answer() *evidence.Comparison {
	if !j.finished() {
		return nil
	}
	return j.result
}

// kept is what the first pairs showed of a run that was stopped, nil for nothing.
func (j *job) kept() *evidence.Comparison {
	if !j.off.Load() && !j.late.Load() {
		return nil
	}
	return j.soFar.Load()
}

// start begins a run; the error, a sentence, says that too many are under way.
func (s *studio) start(e *experiment) (*job, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy() >= s.atOnce {
		return nil, fmt.Errorf("as many runs are under way as fit here at a time, %d, and others may have begun them; press Run again in a moment", s.atOnce)
	}
	j := &job{id: strings.ToLower(rand.Text()), of: e, ended: make(chan struct{})}
	j.total.Store(int64(2 * e.options.Replications))
	s.jobs = append(s.jobs, j)
	if more := len(s.jobs) - jobsKept; more > 0 {
		s.jobs = slices.Delete(s.jobs, 0, more)
	}
	go s.run(j, s.makeWay())
	return j, nil
}

// busy counts the runs under way. The caller holds mu.
func (s *studio) busy() (n int) {
	for _, j := range s.jobs {
		if !j.finished() {
			n++
		}
	}
	return n
}

// run begins when there is room.
func (s *studio) run(j *job, room <-chan struct{}) {
	defer close(j.ended)
	<-room
	deadline := time.Now().Add(jobPatience)
	o := j.of.options
	o.Workers = s.workers
	o.Progress = func(done, total int) {
		j.done.Store(int64(done))
		j.total.Store(int64(total))
	}
	j.result, j.err = s.compare(j.of, o, func() bool {
		select {
		case <-s.over:
			return false
		default:
			j.late.Store(time.Now().After(deadline))
			return !j.off.Load() && !j.late.Load()
		}
	}, j.soFar.Store)
	if j.err != nil && !errors.Is(j.err, evidence.ErrStopped) {
		s.log.Error("run failed", "scenario", j.of.Scenario, "query", j.of.Query(), "error", j.err)
	}
}

// job finds a run by its name, nil if it is not kept.
func (s *studio) job(id string) *job {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.jobs, func(j *job) bool { return j.id == id }); i >= 0 {
		return s.jobs[i]
	}
	return nil
}

// answered finds the answer to an experiment, nil if it is not kept.
func (s *studio) answered(query string) *evidence.Comparison {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, j := range slices.Backward(s.jobs) {
		if c := j.answer(); c != nil && j.of.Query() == query {
			return c
		}
	}
	return nil
}

// failed says in a sentence why a run that is over has no answer.
func (j *job) failed() string {
	switch {
	case j.off.Load():
		return "The run was cancelled."
	case j.late.Load():
		return "The run took longer than three minutes and was stopped. Ask for fewer pairs or days, or use landport simulate --against."
	case j.err != nil:
		return "The run failed: " + sentence(plainly(j.err))
	}
	return ""
}

// numbers answers with the comparison a link asks for: one that is kept, else
// it is run.
func (s *Server) numbers(w http.ResponseWriter, r *http.Request, write func(e *experiment, c *evidence.Comparison)) {
	e := s.readExperiment(r.URL.Query())
	c := s.studio.answered(e.Query())
	if c == nil && e.good() {
		j, err := s.studio.start(e)
		if err != nil {
			w.Header().Set("Retry-After", retryAfterS)
			s.withoutNumbers(w, r, newProblem(http.StatusServiceUnavailable, CodeBusy, "Too many runs at a time", sentence(plainly(err))))
			return
		}
		select {
		case <-j.ended:
		case <-r.Context().Done():
			j.cancel()
			return
		}
		if c = j.answer(); c == nil {
			e.Problems = append(e.Problems, j.failed())
		}
	}
	if c == nil {
		s.withoutNumbers(w, r, newProblem(http.StatusUnprocessableEntity, CodeBadOrder, "No numbers", strings.Join(e.wrong(), " ")))
		return
	}
	told := *c // which others may be shown, too
	if e.unchanged != nil {
		told.Changed(e.unchanged, e.plan)
	}
	write(e, &told)
}

// withoutNumbers answers a program that asked for numbers as a program, and a
// person who asked for a report with a page.
func (s *Server) withoutNumbers(w http.ResponseWriter, r *http.Request, p *Problem) {
	if strings.HasSuffix(r.URL.Path, ".json") || strings.HasSuffix(r.URL.Path, ".csv") {
		p.write(w)
		return
	}
	s.fail(w, r, p)
}

// wrong lists everything that is.
func (e *experiment) wrong() []string {
	all := slices.Clone(e.Problems)
	for k := range e.knobs() {
		if k.Problem != "" {
			all = append(all, k.Path+": "+k.Problem)
		}
	}
	for _, a := range e.Run {
		if a.Problem != "" {
			all = append(all, a.Name+": "+a.Problem)
		}
	}
	return all
}

func (s *Server) numbersJSON(w http.ResponseWriter, r *http.Request) {
	s.numbers(w, r, func(e *experiment, c *evidence.Comparison) {
		data, err := json.MarshalIndent(c, "", "  ")
		if err != nil {
			s.broken(w, r, err)
			return
		}
		download(w, e.fileName("json"), append(data, '\n'))
	})
}

// fileName is what a browser keeps an answer under.
func (e *experiment) fileName(kind string) string {
	name := path.Base(filepath.ToSlash(e.Scenario))
	return "landport-" + strings.TrimSuffix(name, path.Ext(name)) + "." + kind
}
