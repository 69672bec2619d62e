package web

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"landport/ledger"
	"landport/node"
)

func TestProblems(t *testing.T) {
	s := serve(t, "mm5")
	for _, c := range []struct {
		path, code string
		status     int
		header     []string
	}{
		{"/api/v1/visits/KH01-0000-0027", CodeUnknownVisit, 404, nil},
		{"/api/v1/visits/KH01-0000-0000", CodeBadReference, 404, nil},
		{"/api/v1/nothing", CodeUnknownPath, 404, nil},
		{"/api/v1/events", CodeBadCursor, 400, []string{"Last-Event-ID", "yesterday"}},
	} {
		got := s.get(t, c.path, c.header...)
		var p Problem
		got.read(t, &p)
		if got.status != c.status || got.header.Get("Content-Type") != "application/problem+json" ||
			p.Code != c.code || p.Status != c.status || p.Type != "urn:landport:problem:"+c.code || p.Title == "" || p.Detail == "" {
			t.Errorf("%s: %d, %+v", c.path, got.status, p)
		}
	}
	s.stop()
	<-s.play.Done()
	if got := s.get(t, "/api/v1/board"); got.status != http.StatusServiceUnavailable || !strings.Contains(got.text, CodeStopped) {
		t.Errorf("after the playback has stopped: %d %s", got.status, got.text)
	}
}

func TestTheDocsNameEveryCode(t *testing.T) {
	docs, err := os.ReadFile("../docs/board.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("problem.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := regexp.MustCompile(`Code\w+ += "([a-z-]+)"`).FindAllSubmatch(source, -1)
	if len(codes) < 10 {
		t.Fatalf("%d codes found", len(codes))
	}
	for _, code := range codes {
		if !strings.Contains(string(docs), "| `"+string(code[1])+"` |") {
			t.Errorf("docs/board.md does not explain %s", code[1])
		}
	}
}

func TestWrongMethodsAreToldTheRightOnes(t *testing.T) {
	s := serve(t, "mm5")
	for _, c := range []struct {
		method, path, allow string
		status              int
	}{
		{"PUT", "/api/v1/board", "GET, HEAD", 405},
		{"DELETE", "/api/v1/visits/27", "GET, HEAD", 405},
		{"POST", "/api/v1/events", "GET, HEAD", 405},
		{"OPTIONS", "/api/v1/study", "GET, HEAD", 405},
		{"POST", "/", "GET, HEAD", 405},
		{"PUT", "/study", "GET, HEAD", 405},
		{"DELETE", "/assets/style.css", "GET, HEAD", 405},
		{"GET", "/playback", "POST", 405},
		{"PUT", "/api/v1/nothing", "", 404},
		{"HEAD", "/api/v1/board", "", 200},
	} {
		got := s.do(t, c.method, c.path, nil)
		if got.status != c.status || got.header.Get("Allow") != c.allow {
			t.Errorf("%s %s: %d, Allow %q", c.method, c.path, got.status, got.header.Get("Allow"))
		}
		if c.status != 405 {
			continue
		}
		if !strings.HasPrefix(c.path, "/api/") {
			if !strings.Contains(got.text, c.path+" takes "+c.allow+", not "+c.method) {
				t.Errorf("%s %s says %s", c.method, c.path, got.text)
			}
			continue
		}
		var p Problem
		if got.read(t, &p); p.Code != CodeWrongMethod || p.Status != 405 || p.Detail != c.path+" takes "+c.allow+", not "+c.method+"." {
			t.Errorf("%s %s: %+v", c.method, c.path, p)
		}
	}
}

func TestOverLoopbackOnlyItsOwnNames(t *testing.T) {
	s := serve(t, "mm5")
	for _, test := range []struct {
		host   string
		status int
	}{
		{"127.0.0.1:8080", 200}, {"127.0.0.1", 200}, {"[::1]:8080", 200}, {"[::1]", 200}, {"192.0.2.7:8080", 200},
		{"localhost:8080", 200}, {"LocalHost", 200}, {"gate.example:8080", 200}, {"Gate.Example", 200},
		{"evil.example", 421}, {"evil.example:8080", 421}, {"localhost.evil.example", 421}, {"127.0.0.1.evil.example:80", 421},
	} {
		for _, path := range []string{"/", "/api/v1/board", "/assets/style.css"} {
			got := s.do(t, http.MethodGet, path, nil, "Host", test.host)
			if got.status != test.status {
				t.Errorf("%s of %s: %d", path, test.host, got.status)
			}
			if test.status == 200 || path != "/api/v1/board" {
				continue
			}
			var p Problem
			if got.read(t, &p); p.Code != CodeWrongHost || !strings.Contains(p.Detail, "localhost") {
				t.Errorf("%s of %s: %+v", path, test.host, p)
			}
		}
	}
}

func TestFromElsewhereAnyName(t *testing.T) {
	s := new(Server)
	for _, test := range []struct {
		address string
		status  int
	}{{"192.0.2.7", 204}, {"127.0.0.1", 421}} {
		reached := context.WithValue(t.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.ParseIP(test.address)})
		r := httptest.NewRequestWithContext(reached, http.MethodGet, "http://gate.example/api/v1/board", nil)
		w := httptest.NewRecorder()
		s.ownHost("0.0.0.0:8080", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })).ServeHTTP(w, r)
		if w.Code != test.status {
			t.Errorf("a request that reached %s: %d", test.address, w.Code)
		}
	}
}

// Why a node answers nothing now is said as it is: not every trouble is a
// database that does not answer.
func TestWhyNotNowIsSaid(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("%w: %w", node.ErrNotReady, ledger.ErrAway), "The database does not answer; this page comes by itself as soon as it does."},
		{fmt.Errorf("%w: the disk is full", node.ErrNotReady), "The disk is full. This page comes by itself as soon as it is over."},
	} {
		if p := broken(test.err); p.Detail != test.want || p.Status != http.StatusServiceUnavailable {
			t.Errorf("%v: %d %q", test.err, p.Status, p.Detail)
		}
	}
}
