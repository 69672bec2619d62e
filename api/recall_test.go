package api

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"landport/ledger"
)

// A truck that is called is called again, twice, and all that can be asked is
// answered as before.
func TestCalledAgain(t *testing.T) {
	skey, vkey, err := note.GenerateKey(nil, "bavet.kh")
	if err != nil {
		t.Fatal(err)
	}
	config := ledger.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "ledger.db"), Origin: "bavet.kh", Key: skey}
	p := bavetBy(t, "bavet-mocbai-shift", config, vkey)
	visit := "/api/v1/visits/" + p.arrive()
	for range 2 {
		read[Receipt](t, p.write(visit+"/recall", `{}`), http.StatusOK)
	}
	read[Receipt](t, p.write(visit+"/entered", `{}`), http.StatusOK)
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/api/v1/posts/bavet/board", "/api/v1/posts/bavet/report", "/api/v1/posts/bavet/study", visit} {
		if r := p.ask(http.MethodGet, path, ""); r.Code != http.StatusOK || path == "/metrics" && !strings.Contains(r.Body.String(), "\nlandport_study_told 1\n") {
			t.Errorf("%s: %d %s", path, r.Code, r.Body)
		}
	}
}

// A visit has a procedure once it comes, and is held as long as it is here.
func TestWhatAVisitHasOnlyWhileItIsHere(t *testing.T) {
	p := bavet(t)
	for _, direction := range []string{"KH-VN", "VN-KH"} {
		body := `{"event": "announced", "direction": "` + direction + `", "traits": ["laden", "home-use", "articulated-truck", "bilateral-permit", "regular"]}`
		visit := "/api/v1/visits/" + read[Receipt](t, p.write("/api/v1/posts/bavet/visits", body), http.StatusCreated).Reference
		is := func() VisitOnSite { return read[VisitRecord](t, p.ask("GET", visit, ""), http.StatusOK).VisitOnSite }
		shown := func() VisitOnSite {
			for _, v := range read[Board](t, p.ask("GET", "/api/v1/posts/bavet/board", ""), http.StatusOK).Visits {
				if strings.HasSuffix(visit, v.Reference) {
					return v
				}
			}
			return VisitOnSite{}
		}
		if is, shown := is(), shown(); is.Procedure != "" || shown.Procedure != "" || shown.State != "announced" {
			t.Errorf("announced %s it goes by %q, on the board by %q", direction, is.Procedure, shown.Procedure)
		}
		read[Receipt](t, p.write(visit+"/arrived", `{}`), http.StatusOK)
		read[Receipt](t, p.write(visit+"/hold", `{"reason": "documents"}`), http.StatusOK)
		if is := is(); is.Procedure != "goods "+direction+", two stops" || !is.Held {
			t.Errorf("arrived %s it goes by %q, held %t", direction, is.Procedure, is.Held)
		}
		read[Receipt](t, p.write(visit+"/gone", `{"reason": "by-driver"}`), http.StatusOK)
		if is := is(); is.Procedure == "" || is.Held {
			t.Errorf("gone %s it went by %q, held %t", direction, is.Procedure, is.Held)
		}
	}
}
