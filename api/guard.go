package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// bodyMost is the largest body taken, in bytes. The longest remark fits in
// every encoding.
const bodyMost = 64 << 10

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
	body, err := io.ReadAll(io.LimitReader(r.Body, bodyMost+1))
	switch {
	case err != nil:
		return newProblem(codeUnreadable, "body: it broke off")
	case len(body) > bodyMost:
		return newProblem(codeTooLarge, fmt.Sprintf("body: it is larger than %d bytes", bodyMost))
	case !utf8.Valid(body):
		return newProblem(codeUnreadable, "body: it is not UTF-8")
	}
	if key := twice(body); key != "" {
		return newProblem(codeUnreadable, fmt.Sprintf("body: %.40q stands there twice; give it once", key))
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// twice returns the first key that an object in a JSON text has twice: readers
// differ on which of the values counts. A text that is no JSON has none.
func twice(body []byte) string {
	tokens := json.NewDecoder(bytes.NewReader(body))
	var open []map[string]bool // by depth; nil for a list
	key := true                // the next string is one, in an object
	for {
		token, err := tokens.Token()
		if err != nil {
			return ""
		}
		within := len(open) > 0 && open[len(open)-1] != nil
		switch token {
		case json.Delim('{'):
			open, key = append(open, map[string]bool{}), true
			continue
		case json.Delim('['):
			open = append(open, nil)
			continue
		case json.Delim('}'), json.Delim(']'):
			open, key = open[:len(open)-1], true
			continue
		}
		if !within {
			continue
		}
		if name, ok := token.(string); key && ok {
			if open[len(open)-1][name] {
				return name
			}
			open[len(open)-1][name] = true
		}
		key = !key
	}
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
