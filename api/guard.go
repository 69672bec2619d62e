package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// guard keeps out what no handler should see: other sites, names that are not
// this machine's, bytes that are no text.
func guard(listen string, next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		newProblem(codeCrossOrigin, "Writes are taken from this site's own pages and from programs only.").write(w)
	}))
	inner := protection.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		p := wrongHost(listen, r)
		if p == nil {
			p = unreadable(r)
		}
		if p != nil {
			p.write(w)
			return
		}
		r.Header.Del("Accept") // there is one format
		inner.ServeHTTP(w, r)
	})
}

// wrongHost refuses requests over the loopback to a name that is not this
// machine's: a site that had its own name resolve to 127.0.0.1 would get past
// the browser (DNS rebinding). From other machines every name is taken: which
// ones lead here only they know.
func wrongHost(listen string, r *http.Request) *Problem {
	asked := hostOf(r.Host)
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if !ok || !local.IP.IsLoopback() || net.ParseIP(asked) != nil ||
		strings.EqualFold(asked, "localhost") || strings.EqualFold(asked, hostOf(listen)) {
		return nil
	}
	return newProblem(codeWrongHost,
		fmt.Sprintf("This server does not go by %.100q; on this machine it is localhost or an IP address such as 127.0.0.1.", asked))
}

// hostOf returns an address without its port and brackets.
func hostOf(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return strings.Trim(address, "[]")
}

// unreadable reports what in a request is no text, and reads its body.
func unreadable(r *http.Request) *Problem {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return newProblem(codeUnreadable, "query: it is not encoded as a query should be")
	}
	if !plain(r.URL.Path) {
		return newProblem(codeUnreadable, "path: it holds control characters or is not UTF-8")
	}
	for name, values := range query {
		if !plain(name + strings.Join(values, "")) {
			return newProblem(codeUnreadable, fmt.Sprintf("query.%.40q: it holds control characters or is not UTF-8", name))
		}
	}
	for _, name := range []string{keyHeader, actorHeader, "Last-Event-ID", "Content-Type"} {
		if !plain(strings.Join(r.Header.Values(name), "")) {
			return newProblem(codeUnreadable, "header."+name+": it holds control characters or is not UTF-8")
		}
	}
	if r.Body == nil {
		return nil
	}
	return readBody(r)
}

// plain reports whether s is text on one line.
func plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// noRoute answers a request for which there is nothing: not at its path, or not
// by its method.
func noRoute(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		with := r.Clone(r.Context())
		with.Method = method
		if _, pattern := mux.Handler(with); pattern != "/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		newProblem(codeUnknownPath, fmt.Sprintf("There is nothing at %.100s; /docs lists what there is.", r.URL.Path)).write(w)
		return
	}
	list := strings.Join(allowed, ", ")
	w.Header().Set("Allow", list)
	newProblem(codeWrongMethod, fmt.Sprintf("%.100s takes %s, not %.20s.", r.URL.Path, list, r.Method)).write(w)
}

func (p *Problem) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", p.ContentType(""))
	maps.Copy(w.Header(), p.GetHeaders())
	w.WriteHeader(p.Status)
	if data, err := json.Marshal(p); err == nil { // strings and a number always are
		_, _ = w.Write(data)
	}
}
