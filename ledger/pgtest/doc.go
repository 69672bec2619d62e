// Package pgtest runs PostgreSQL for tests: a cluster of the test's own, in a
// temporary directory, reached over a socket there, gone when the test ends.
//
// It promises a server that keeps what it confirmed, as in production, and
// leaves any other PostgreSQL of the machine alone. A test that runs as root
// runs the server as the user postgres or nobody. Callers need Debian's
// package postgresql, or its programs in PATH; without them the test fails.
package pgtest
