// Package node is one jurisdiction's running node: the one place where rooms
// are tied together and where a wall clock drives them. So far it plays
// scenarios: a Playback runs a simulated world at a chosen pace and keeps what
// a screen needs to show it.
//
// A Playback promises that the facts of a scenario and seed carry the same
// sequence numbers whenever and however fast they are played, and that readers
// get copies they may keep. It owes nothing to slow readers: a reader says
// which sequence it has seen and gets what changed since, however much that is.
//
// Callers hand in the clock, call Run once, and end it by its context.
package node
