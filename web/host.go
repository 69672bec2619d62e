package web

import (
	"fmt"
	"net"
	"net/http"
	"strings"
)

// ownHost refuses requests over the loopback to a name that is not this
// machine's: a site that had its own name resolve to 127.0.0.1 would get past
// the browser (DNS rebinding). Addresses and localhost cannot be had so. From
// other machines every name is taken: which ones lead here only they know.
func (s *Server) ownHost(listen string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := hostOf(r.Host)
		if local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr); !ok || !local.IP.IsLoopback() ||
			net.ParseIP(asked) != nil || strings.EqualFold(asked, "localhost") || strings.EqualFold(asked, hostOf(listen)) {
			next.ServeHTTP(w, r)
			return
		}
		s.fail(w, r, newProblem(http.StatusMisdirectedRequest, CodeWrongHost, "Wrong name",
			fmt.Sprintf("This server does not go by %q; on this machine it is localhost or an IP address such as 127.0.0.1.", asked)))
	})
}

// hostOf returns an address without its port and brackets.
func hostOf(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return strings.Trim(address, "[]")
}
