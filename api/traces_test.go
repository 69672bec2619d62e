package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"landport/border"
	"landport/gate"
)

// Did this truck pass? A plate finds those here and those that left, the latest
// first, and nobody once it is erased.
func TestVisitsByTheirPlate(t *testing.T) {
	p := bavet(t)
	come := func() string {
		return read[Receipt](t, p.write("/api/v1/posts/bavet/visits", "{"+truck+`, "plate": "3A-0204"}`), http.StatusCreated).Reference
	}
	first := come()
	read[Receipt](t, p.write("/api/v1/visits/"+first+"/gone", `{"reason": "by-driver"}`), http.StatusOK)
	second := come()
	found := func(plate string) []Trace {
		return read[Traces](t, p.ask("GET", "/api/v1/visits?plate="+plate, ""), http.StatusOK).Visits
	}
	got := found("3a%200204")
	if len(got) != 2 || got[0].Reference != second || got[0].Ended != "" || got[1].Reference != first || got[1].Ended == "" || got[1].Plate != "3A-0204" || got[1].State != "ended" {
		t.Errorf("found are %+v", got)
	}
	for _, text := range append([]string{"9Z-9999"}, hostileTexts...) {
		if r := p.ask("GET", "/api/v1/visits?"+url.Values{"plate": {text}}.Encode(), ""); r.Code > 499 || r.Code < 400 && len(read[Traces](t, r, http.StatusOK).Visits) > 0 {
			t.Errorf("%q finds %d %s", text, r.Code, r.Body)
		}
	}
	for _, wrong := range []string{"", "?plate=", "?plate=%25", "?plate=-", "?plate=%F0%9F%98%80", "?plate=" + strings.Repeat("9", 41)} {
		if p := read[Problem](t, p.ask("GET", "/api/v1/visits"+wrong, ""), http.StatusUnprocessableEntity); p.Code != codeInvalid {
			t.Errorf("%q: %+v", wrong, p)
		}
	}
	if _, err := p.node.Ledger().EraseBefore(t.Context(), "plate", border.Never); err != nil {
		t.Fatal(err)
	}
	if got := found("3A-0204"); len(got) != 0 {
		t.Errorf("an erased plate finds %+v", got)
	}
}

// Who comes under a reference that is another's, or nobody's, goes by one of its
// own, and the anomaly and both records say so.
func TestClaimedReferences(t *testing.T) {
	p := bavet(t)
	arrive := func(reference string) string {
		r := p.write("/api/v1/posts/bavet/visits", "{"+truck+`, "reference": "`+reference+`"}`)
		got := read[Receipt](t, r, http.StatusCreated).Reference
		if r.Header().Get("Location") != "/api/v1/visits/"+got {
			t.Errorf("%s is at %s", got, r.Header().Get("Location"))
		}
		return got
	}
	announce := func(reference, code string) {
		body := "{" + truck + `, "event": "announced", "reference": "` + reference + `"}`
		if got := read[Problem](t, p.write("/api/v1/posts/bavet/visits", body), http.StatusConflict); got.Code != code {
			t.Errorf("%s announced: %+v", reference, got)
		}
		if page := p.ask("GET", "/problems/"+code, ""); page.Code != http.StatusOK {
			t.Errorf("/problems/%s: %d", code, page.Code)
		}
	}
	ahead := border.MintReference("KH", 1, 9).String()
	announce(ahead, "reference-not-minted")
	first := arrive(ahead)
	other := p.write("/api/v1/posts/bavet/visits", `{"traits": ["laden", "rigid-truck"], "direction": "VN-KH", "plate": "9Z-9999", "reference": "`+first+`"}`)
	second := read[Receipt](t, other, http.StatusCreated)
	if second.Reference == first || second.Anomaly != "in-use" || second.Claimed != first || other.Header().Get("Location") != "/api/v1/visits/"+second.Reference {
		t.Errorf("a second vehicle under %s: %+v", first, second)
	}
	if got := read[Traces](t, p.ask("GET", "/api/v1/visits?plate=9Z9999", ""), http.StatusOK).Visits; len(got) != 1 || got[0].Reference != second.Reference {
		t.Errorf("by its plate is found %+v", got)
	}
	same := read[Receipt](t, p.write("/api/v1/posts/bavet/visits", "{"+truck+`, "reference": "`+first+`"}`), http.StatusCreated)
	if same.Reference != first || same.Anomaly != "not-expected" || same.Claimed != "" {
		t.Errorf("the same vehicle again: %+v", same)
	}
	read[Receipt](t, p.write("/api/v1/visits/"+first+"/gone", `{"reason": "by-driver"}`), http.StatusOK)
	announce(first, "reference-used")
	again := read[Receipt](t, p.write("/api/v1/visits/"+first+"/arrived", `{}`), http.StatusOK).Reference
	third := arrive(first)
	var got []string
	for _, a := range read[Anomalies](t, p.ask("GET", "/api/v1/anomalies", ""), http.StatusOK).Anomalies {
		got = append(got, fmt.Sprintln(a.Reason, a.Reference, a.Claimed))
	}
	want := []string{
		fmt.Sprintln(gate.NotMinted, first, ahead), fmt.Sprintln(gate.InUse, second.Reference, first), fmt.Sprintln(gate.NotExpected, first, ""), fmt.Sprintln(gate.UsedBefore, again, first), fmt.Sprintln(gate.UsedBefore, third, first),
	}
	if strings.Join(got, "") != strings.Join(want, "") {
		t.Errorf("anomalies\n%snot\n%s", got, want)
	}
	record := func(reference string) VisitRecord {
		return read[VisitRecord](t, p.ask("GET", "/api/v1/visits/"+reference, ""), http.StatusOK)
	}
	if rec := record(first); rec.Claimed != ahead || strings.Join(rec.ClaimedBy, " ") != second.Reference+" "+again+" "+third || rec.State != "ended" {
		t.Errorf("%s: %+v", first, rec)
	}
	if rec := record(again); rec.Claimed != first || len(rec.ClaimedBy) > 0 || rec.Vehicle != "articulated-truck" {
		t.Errorf("%s: %+v", again, rec)
	}
	read[Problem](t, p.ask("GET", "/api/v1/visits/"+ahead, ""), http.StatusNotFound)
}

// A remark and the plate of a visit that has left are taken; what else is ordered
// is refused as has-left. A reference that nobody ever had is unknown.
func TestOrdersAboutAVisitThatLeft(t *testing.T) {
	p := bavet(t)
	reference := p.arrive()
	read[Receipt](t, p.write("/api/v1/visits/"+reference+"/gone", `{"reason": "by-driver"}`), http.StatusOK)
	bodies := []struct{ do, body string }{
		{"book", `{"slot": "2018-03-05T02:00:00Z"}`}, {"hold", `{"reason": "documents"}`}, {"refer", `{"formalities": ["export KH"]}`}, {"refuse", `{"reason": "documents"}`},
		{"return-goods", `{"thing": 1}`}, {"call", `{"reason": "by-officer"}`}, {"move", `{"place": "Bavet exit lane 2", "reason": "break-glass"}`},
		{"correct", `{"traits": ["empty"], "reason": "mistake"}`}, {"limit-stay", `{"until": "2018-04-05T02:00:00Z"}`}, {"note", `{"remark": "seen on the camera"}`},
	}
	for _, r := range orderRows {
		body := "{}"
		for _, b := range bodies {
			if b.do == r.do.String() {
				body = b.body
			}
		}
		got := p.write("/api/v1/visits/"+reference+"/"+r.do.String(), body)
		if r.do == gate.Note || r.do == gate.LimitStay {
			read[Receipt](t, got, http.StatusOK)
			continue
		}
		if problem := read[Problem](t, got, http.StatusConflict); problem.Code != "has-left" || !strings.Contains(problem.Detail, "note a remark, correct its plate") {
			t.Errorf("%s: %+v", r.do, problem)
		}
	}
	read[Receipt](t, p.write("/api/v1/visits/"+reference+"/correct", `{"plate": "9Z-9999", "reason": "mistake"}`), http.StatusOK)
	rec := read[VisitRecord](t, p.ask("GET", "/api/v1/visits/"+reference, ""), http.StatusOK)
	if last := rec.Facts[len(rec.Facts)-1]; rec.Plate != "9Z-9999" || rec.State != "ended" || last.Kind != "named" || last.Plate != "9Z-9999" {
		t.Errorf("%+v", rec)
	}
	if found := read[Traces](t, p.ask("GET", "/api/v1/visits?plate=9z9999", ""), http.StatusOK).Visits; len(found) != 1 || found[0].Reference != reference {
		t.Errorf("by its plate is found %+v", found)
	}
	if page := p.ask("GET", "/problems/has-left", ""); page.Code != http.StatusOK {
		t.Errorf("/problems/has-left: %d", page.Code)
	}
	nobody := border.MintReference("KH", 1, 77).String()
	if problem := read[Problem](t, p.write("/api/v1/visits/"+nobody+"/note", `{}`), http.StatusNotFound); problem.Code != codeUnknownVisit {
		t.Errorf("%+v", problem)
	}
}

// What devices tell of a visit that has left is taken, and is an anomaly of it;
// so is a passenger of what is no coach.
func TestObservationsOfAVisitThatLeft(t *testing.T) {
	p := bavet(t)
	reference := p.arrive()
	passenger := `{"coach": "` + reference + `", "traits": ["on-foot", "no-permit-needed"], "place": "Bavet passenger hall"}`
	read[Receipt](t, p.write("/api/v1/posts/bavet/passengers", passenger), http.StatusCreated)
	read[Receipt](t, p.write("/api/v1/visits/"+reference+"/gone", `{"reason": "by-driver"}`), http.StatusOK)
	want := []string{"no-coach"}
	for _, r := range observationRows {
		if r.do == gate.ObserveArrival || r.do == gate.ObserveConfirmed {
			continue // another visit, and what may be told of one that left
		}
		body := map[gate.Do]string{
			gate.ObserveSeen: `{"place": "Bavet exit lane 2"}`, gate.ObserveGone: `{"reason": "by-driver"}`, gate.ObserveMilestone: `{"milestone": "lodgement"}`,
		}[r.do]
		read[Receipt](t, p.write("/api/v1/visits/"+reference+"/"+r.do.String(), body), http.StatusOK)
		want = append(want, "has-left")
	}
	read[Receipt](t, p.write("/api/v1/posts/bavet/passengers", passenger), http.StatusOK)
	want = append(want, "has-left")
	odd := read[Anomalies](t, p.ask("GET", "/api/v1/anomalies", ""), http.StatusOK).Anomalies
	var got []string
	for _, a := range odd {
		if got = append(got, a.Reason); a.Reference != reference {
			t.Errorf("%+v is not of %s", a, reference)
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("anomalies %q, not %q", got, want)
	}
}
