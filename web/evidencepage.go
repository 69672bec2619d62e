package web

import (
	"net/http"
)

// evidencePages are those of the studio: what would change, by how much, for
// whom. Everything about an experiment is in its link.
func (s *Server) evidencePages(mux *http.ServeMux) {
	s.studio = newStudio(s.source.Done(), s.node != nil, s.log)
	mux.HandleFunc("GET /evidence", s.evidencePage)
	mux.HandleFunc("POST /evidence", s.runEvidence)
	mux.HandleFunc("POST /evidence/base", s.baseAhead)
	mux.HandleFunc("GET /evidence/jobs/{id}", s.jobPage)
	mux.HandleFunc("POST /evidence/jobs/{id}", s.cancelJob)
	mux.HandleFunc("GET /evidence/numbers.json", s.numbersJSON)
	mux.HandleFunc("GET /evidence/numbers.csv", s.numbersCSV)
	mux.HandleFunc("GET /evidence/report.html", s.evidenceReport)
	mux.HandleFunc("POST /evidence/boards", s.openBoard)
	mux.HandleFunc("/evidence/boards/{id}/", s.whatIfBoard)
}

// evidencePage shows an experiment and does not run it.
func (s *Server) evidencePage(w http.ResponseWriter, r *http.Request) {
	e := s.readExperiment(r.URL.Query())
	status := http.StatusOK
	if !e.good() {
		status = http.StatusUnprocessableEntity
	}
	s.render(w, r, status, s.studioView(r, e, nil, r.URL.RawQuery != ""))
}

// runEvidence begins a run and shows how far it is.
func (s *Server) runEvidence(w http.ResponseWriter, r *http.Request) {
	e, j := s.begin(w, r)
	switch {
	case e == nil:
	case j == nil && fragment(r):
		s.render(w, r, http.StatusUnprocessableEntity, answerSection(e, nil))
	case j == nil:
		s.render(w, r, http.StatusUnprocessableEntity, s.studioView(r, e, nil, false))
	case fragment(r):
		s.render(w, r, http.StatusAccepted, answerSection(e, j))
	default:
		http.Redirect(w, r, "/evidence/jobs/"+j.id, http.StatusSeeOther)
	}
}

// begin reads a form and starts its run; no job where something is wrong with
// it, nothing where the request has been answered.
func (s *Server) begin(w http.ResponseWriter, r *http.Request) (*experiment, *job) {
	e, ok := s.experimentOf(w, r)
	if !ok {
		return nil, nil
	}
	if !e.good() {
		return e, nil
	}
	j, err := s.studio.start(e)
	if err != nil {
		e.problem(err)
		return e, nil
	}
	return e, j
}

// experimentOf reads a form; not ok where the request has been answered.
func (s *Server) experimentOf(w http.ResponseWriter, r *http.Request) (e *experiment, ok bool) {
	r.Body = http.MaxBytesReader(w, r.Body, sheetMost)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, newProblem(http.StatusRequestEntityTooLarge, CodeBadOrder, "Not taken", "The form could not be read; it may be at most 1 MB."))
		return nil, false
	}
	return s.readExperiment(r.Form), true
}

// jobPage shows how far a run is, or its answer. Without a script the page comes
// again every second until it is done.
func (s *Server) jobPage(w http.ResponseWriter, r *http.Request) {
	j := s.studio.job(r.PathValue("id"))
	if j == nil {
		s.fail(w, r, newProblem(http.StatusNotFound, CodeUnknownPath, "No such run",
			"This run is no longer kept. Its link makes it again: open it, and press Run."))
		return
	}
	if fragment(r) {
		s.render(w, r, http.StatusOK, answerSection(j.of, j))
		return
	}
	if j.running() {
		w.Header().Set("Refresh", "1")
	}
	s.render(w, r, http.StatusOK, s.studioView(r, j.of, j, false))
}

// cancelJob calls a run off.
func (s *Server) cancelJob(w http.ResponseWriter, r *http.Request) {
	j := s.studio.job(r.PathValue("id"))
	if j != nil {
		j.cancel()
	}
	if j == nil || fragment(r) {
		s.jobPage(w, r)
		return
	}
	http.Redirect(w, r, "/evidence/jobs/"+j.id, http.StatusSeeOther)
}
