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
