// Package web shows a crossing point to people: pages made on the server, a
// live board, and the same figures as JSON for programs.
//
// Pages work without a script as a picture of the moment; with it they follow
// the facts. Nothing is asked of any other host, styles and scripts come from
// files only (see the Content-Security-Policy), and whatever is said by colour
// is also said by shape or word.
//
// A Server owes its caller a handler that can be stopped: open event streams
// end when the playback does.
package web
