// Package board is the one form in which a board is told: its JSON, its words
// and its stream of changes, for playbacks, nodes, the API and the pages.
//
// Everything in it is made from a node.Board, which callers get from a playback
// or a node and must not change meanwhile. It writes no personal value: no plate
// and no remark.
package board
