// Package node is one jurisdiction's running node: the one place where rooms
// are tied together and where a wall clock drives them.
//
// A Node runs one post on a ledger. It promises that what it answered is
// durable and done once, that what it shows is committed, and that it stands
// where a replay of its entries stands. Any number of nodes may run on one
// PostgreSQL database. Callers call Run once, hand in commands with an ID of
// their own, and hand in the same again when they got no answer.
//
// A Playback plays a scenario: a simulated world at a chosen pace, with what a
// screen needs to show it. It promises that the facts of a scenario and seed
// carry the same sequence numbers whenever and however fast they are played.
//
// What a post's layout is may change in a ledger's life: crossingdata.go writes
// it into an entry and crossingread.go reads it back, crossingpast.go knows which
// were in force when and tells the past by their names, crossingchange.go goes
// over to another, and crossingforesee.go says beforehand what that comes to.
//
// Readers of both get copies they may keep. Nothing is owed to slow readers: a
// reader says which sequence it has seen and gets what changed since, however
// much that is. Callers hand in the clock, and end both by their context.
package node
