package web

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"landport/gate"
	"landport/node"
	"landport/survey"
)

// Limits of what the survey page takes: the sheets travel with the page, so that
// the server keeps nothing of them.
const (
	sheetMost  = 1 << 20 // bytes of one sheet
	sheetsMost = 4
)

// surveyPages are the pages of survey sheets; samples are entered at a node.
func (s *Server) surveyPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /survey", func(w http.ResponseWriter, r *http.Request) {
		s.render(w, r, http.StatusOK, surveyView(s.page("survey", "Survey"), &surveyed{live: s.node != nil}))
	})
	mux.HandleFunc("POST /survey", s.surveySheets)
	mux.HandleFunc("GET /survey/protocol", s.surveyProtocol)
	mux.HandleFunc("GET /survey/template.csv", func(w http.ResponseWriter, _ *http.Request) {
		download(w, "recording-sheet.csv", survey.FromRows(nil))
	})
	if s.node == nil {
		return
	}
	mux.HandleFunc("GET /survey/enter", func(w http.ResponseWriter, r *http.Request) {
		here, elsewhere := instantsAt(s.node.Model().Layout)
		s.render(w, r, http.StatusOK, surveyEntry(s.page("survey", "Roadside samples"), s.node.Post(), here, elsewhere))
	})
	mux.HandleFunc("GET /survey/worker.js", func(w http.ResponseWriter, r *http.Request) {
		r.SetPathValue("file", "survey-worker.js")
		asset(w, r)
	})
	mux.HandleFunc("GET /survey/samples.csv", s.surveySamples)
	mux.HandleFunc("POST /survey/samples", s.takeSamples)
}

// instantsAt parts what is asked of a vehicle: releases by agencies that have
// nothing to do at the post are elsewhere.
func instantsAt(l *gate.Layout) (here, elsewhere []survey.Column) {
	for _, c := range survey.Instants() {
		a, release := c.Agency()
		if !release || slices.ContainsFunc(l.Formalities, func(f gate.Formality) bool { return f.Agency == a }) {
			here = append(here, c)
		} else {
			elsewhere = append(elsewhere, c)
		}
	}
	return here, elsewhere
}

// ordersOf lists, for the form, the instants of which the first cannot come after
// the second: "arrival,removal" and so on.
func ordersOf() string {
	var pairs []string
	for _, o := range survey.Orders() {
		pairs = append(pairs, o.First.String()+","+o.Then.String())
	}
	return strings.Join(pairs, " ")
}

// surveyed is what the survey page shows.
type surveyed struct {
	live   bool // samples can be entered here
	Post   string
	Month  bool // before the day
	Sheets []sheetView
	Report *survey.Report
}

// sheetView is one file that was handed in.
type sheetView struct {
	survey.Proposal

	Name   string
	Data   []byte
	Chosen string          // sheet of a workbook; else all that can be read
	Sheets []*survey.Sheet // none if it could not be read
	Err    string
}

// Encoded is how a sheet travels with the page.
func (v *sheetView) Encoded() string { return base64.StdEncoding.EncodeToString(v.Data) }

// surveySheets reads the sheets, as their headers or the person says, and
// studies those that can be read.
func (s *Server) surveySheets(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 2*sheetsMost*sheetMost)
	if err := r.ParseMultipartForm(2 * sheetsMost * sheetMost); err != nil { //nolint:gosec // the body was bounded above
		s.fail(w, r, newProblem(http.StatusRequestEntityTooLarge, CodeBadOrder, "Not taken",
			fmt.Sprintf("Hand in at most %d sheets of 1 MB each; for more, use landport survey study.", sheetsMost)))
		return
	}
	v := &surveyed{live: s.node != nil, Post: strings.TrimSpace(r.PostFormValue("post")), Month: r.PostFormValue("month_first") != ""}
	files, err := handedIn(r)
	if err != nil {
		s.fail(w, r, newProblem(http.StatusUnprocessableEntity, CodeBadOrder, "Not taken", sentence(err.Error())))
		return
	}
	var sheets []*survey.Sheet
	for i := range files {
		f := &files[i]
		f.read(r, i, survey.Mapping{Post: v.Post, MonthFirst: v.Month})
		sheets = append(sheets, f.Sheets...)
	}
	v.Sheets = files
	if len(sheets) > 0 {
		v.Report = survey.New(sheets...).Study()
	}
	s.render(w, r, http.StatusOK, surveyView(s.page("survey", "Survey"), v))
}

// handedIn collects new files and those that travelled with the page.
func handedIn(r *http.Request) (files []sheetView, err error) {
	for i := range sheetsMost {
		encoded := r.PostFormValue(fmt.Sprintf("data%d", i))
		if encoded == "" {
			break
		}
		data, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return nil, errors.New("the page's copy of a sheet is damaged; hand in the file again")
		}
		files = append(files, sheetView{Name: r.PostFormValue(fmt.Sprintf("name%d", i)), Data: data})
	}
	for _, header := range r.MultipartForm.File["sheet"] {
		f, err := readUpload(header)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	switch {
	case len(files) == 0:
		return nil, errors.New("choose a sheet, CSV or XLSX")
	case len(files) > sheetsMost:
		return nil, fmt.Errorf("there are %d sheets; hand in at most %d, or use landport survey study", len(files), sheetsMost)
	}
	return files, nil
}

func readUpload(header *multipart.FileHeader) (sheetView, error) {
	if header.Size > sheetMost {
		return sheetView{}, fmt.Errorf("%s is larger than 1 MB; use landport survey study", header.Filename)
	}
	f, err := header.Open()
	if err != nil {
		return sheetView{}, err
	}
	data, err := io.ReadAll(f)
	return sheetView{Name: header.Filename, Data: data}, errors.Join(err, f.Close())
}

// read reads a sheet with what the page's form says about it: tab0 is the sheet
// of the first workbook, and f0.2 the column of the header h0.2, in its third
// place. What was said of another sheet, was0, is not about this one.
func (v *sheetView) read(r *http.Request, i int, m survey.Mapping) {
	m.Columns = map[string]string{}
	v.Chosen = r.PostFormValue(fmt.Sprintf("tab%d", i))
	m.Sheet = v.Chosen
	same := m.Sheet == r.PostFormValue(fmt.Sprintf("was%d", i))
	for k := 0; same; k++ {
		header, asked := r.PostForm[fmt.Sprintf("h%d.%d", i, k)]
		if !asked {
			break
		}
		switch chosen := r.PostFormValue(fmt.Sprintf("f%d.%d", i, k)); {
		case header[0] == "":
		case chosen == "":
			m.Ignore = append(m.Ignore, header[0])
		default:
			if other, twice := m.Columns[chosen]; twice {
				v.Err = fmt.Sprintf("%q and %q are both said to be %s; choose one of them.", other, header[0], chosen)
			}
			m.Columns[chosen] = header[0]
		}
	}
	if v.Err == "" {
		var err error
		if v.Sheets, err = survey.ImportAll(v.Name, v.Data, m, nil); err != nil {
			v.Err = v.because(err)
		} else {
			m.Sheet = v.Sheets[0].Tab
		}
	}
	var err error
	if v.Proposal, err = survey.Propose(v.Name, v.Data, m); err != nil && v.Err == "" {
		v.Err = v.because(err)
	}
}

// riddles reports whether a sheet has headers that no column was found for.
func (v *sheetView) riddles() bool {
	return slices.ContainsFunc(v.Sheets, func(s *survey.Sheet) bool { return len(s.Unread()) > 0 })
}

// because says why a sheet was not read. A file's name stays as it is.
func (v *sheetView) because(err error) string {
	if text := err.Error(); strings.HasPrefix(text, v.Name) {
		return text + "."
	}
	return sentence(err.Error())
}

// surveySamples hands out what was entered here, as a sheet.
func (s *Server) surveySamples(w http.ResponseWriter, r *http.Request) {
	rows, err := s.node.Samples(r.Context())
	if err != nil {
		s.broken(w, r, err)
		return
	}
	download(w, "samples.csv", survey.FromRows(rows))
}

// takeSamples records samples that a phone entered, with or without network at
// the time. The same sample again is answered and not recorded again.
func (s *Server) takeSamples(w http.ResponseWriter, r *http.Request) {
	var in []struct {
		ID       string            `json:"id"`
		Revision int               `json:"revision"`
		Counted  bool              `json:"counted"`
		Cells    map[string]string `json:"cells"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, sheetMost)).Decode(&in); err != nil {
		newProblem(http.StatusUnprocessableEntity, CodeBadOrder, "No samples", "A list of samples is expected, each with id and cells.").write(w)
		return
	}
	samples := make([]node.Sample, len(in))
	for i, sample := range in {
		samples[i] = node.Sample{ID: sample.ID, Revision: sample.Revision, Counted: sample.Counted, Actor: operator(r), Cells: map[survey.Column]string{}}
		for name, value := range sample.Cells {
			c, err := survey.ParseColumn(name)
			if err != nil {
				newProblem(http.StatusUnprocessableEntity, CodeBadOrder, "No samples", sentence(err.Error())).write(w)
				return
			}
			samples[i].Cells[c] = value
		}
	}
	answers, err := s.node.TakeSamples(r.Context(), samples)
	if bad, ok := errors.AsType[*node.BadCommand](err); ok {
		newProblem(http.StatusUnprocessableEntity, CodeBadOrder, "No samples", sentence(bad.Error())).write(w)
		return
	}
	if err != nil {
		broken(err).write(w)
		return
	}
	s.answer(w, r, answers)
}
