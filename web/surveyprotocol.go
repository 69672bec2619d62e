package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"landport/border"
	"landport/survey"
)

// protocolAsked is the form of a survey's protocol, as a person filled it in.
type protocolAsked struct {
	url.Values

	Err string
}

// protocolDefaults are those of landport survey protocol, for a crossing that has
// this post.
func protocolDefaults(post string) url.Values {
	asked := url.Values{"shift": {"8"}, "cv": {"0.8"}, "design_effect": {"2"}, "missing_most": {"0.1"}}
	here, err := survey.PlaceOf(post, nil)
	if err != nil {
		return asked
	}
	asked["post"] = []string{here.Name, ""}
	var across []string
	for _, p := range survey.Places() {
		if p.Country == here.Facing && p.Facing == here.Country {
			across = append(across, p.Name)
		}
	}
	if len(across) == 1 {
		asked["post"][1] = across[0]
	}
	return asked
}

// nth is the field of a side of the line.
func (a *protocolAsked) nth(name string, i int) string {
	if all := a.Values[name]; i < len(all) {
		return strings.TrimSpace(all[i])
	}
	return ""
}

// surveyProtocol asks for what a protocol needs, and writes it.
func (s *Server) surveyProtocol(w http.ResponseWriter, r *http.Request) {
	asked := &protocolAsked{Values: r.URL.Query()}
	status := http.StatusOK
	if len(asked.Values) > 0 {
		page, err := asked.page()
		if err == nil {
			w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src "+styleHashes(page)+"; base-uri 'none'; frame-ancestors 'none'")
			w.Header().Set("Content-Type", kinds[".html"])
			w.Header().Set("Cache-Control", "no-store")
			_, _ = w.Write(page) // the caller may be gone
			return
		}
		asked.Err, status = sentence(err.Error()), http.StatusUnprocessableEntity
	} else {
		post := ""
		if s.node != nil {
			post = s.node.Post()
		}
		asked.Values = protocolDefaults(post)
	}
	s.render(w, r, status, surveyProtocol(s.page("survey", "Survey protocol"), asked))
}

func (a *protocolAsked) page() ([]byte, error) {
	p, err := a.protocol()
	if err == nil {
		err = p.Check()
	}
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	err = p.WriteProtocol(&page)
	return page.Bytes(), err
}

func (a *protocolAsked) protocol() (p survey.Protocol, err error) {
	for i := range 2 {
		name, country := a.nth("post", i), strings.ToUpper(a.nth("country", i))
		place, unknown := survey.PlaceOf(name, nil)
		switch {
		case name == "":
			return p, errors.New("name both posts of the crossing")
		case unknown != nil && country == "":
			return p, fmt.Errorf("%q is not known here; write its country too, and that of the post across the line", name)
		case unknown != nil && !border.KnownCountry(country):
			return p, fmt.Errorf("%q is no country; write an ISO 3166 code such as KH or IN", country)
		case unknown != nil:
			place = survey.Place{Name: name, Country: country}
		}
		p.Posts = append(p.Posts, place)
	}
	for i := range p.Posts {
		if p.Posts[i].Facing == "" {
			p.Posts[i].Facing = p.Posts[1-i].Country
		}
	}
	if day := a.nth("start", 0); day != "" {
		if p.Start, err = time.Parse(time.DateOnly, day); err != nil {
			return p, fmt.Errorf("%q is no day; write one such as 2027-03-01", day)
		}
	}
	for _, field := range []struct {
		name, asks string
		to         *float64
	}{
		{"cv", "the standard deviation over the mean", &p.CV}, {"design_effect", "the design effect", &p.DesignEffect}, {"missing_most", "the share that may be missing", &p.MissingMost},
	} {
		if *field.to, err = strconv.ParseFloat(a.nth(field.name, 0), 64); err != nil {
			return p, fmt.Errorf("%s: %q is no number", field.asks, a.nth(field.name, 0))
		}
	}
	if p.ShiftH, err = strconv.Atoi(a.nth("shift", 0)); err != nil {
		return p, fmt.Errorf("hours of a shift: %q is no whole number", a.nth("shift", 0))
	}
	if n := a.nth("per_day", 0); n != "" {
		if p.PerDay, err = strconv.Atoi(n); err != nil {
			return p, fmt.Errorf("vehicles a day: %q is no whole number", n)
		}
	}
	p.CVSource, p.EveryShift = a.nth("cv_source", 0), a.nth("every_shift", 0) != ""
	return p, nil
}

var inlineStyle = regexp.MustCompile(`(?s)<style>(.*?)</style>`)

// styleHashes admits the styles that stand in a page, and no others.
func styleHashes(page []byte) string {
	var hashes []string
	for _, style := range inlineStyle.FindAllSubmatch(page, -1) {
		sum := sha256.Sum256(style[1])
		hashes = append(hashes, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	}
	return strings.Join(hashes, " ")
}
