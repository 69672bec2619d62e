// Package sim runs gates in virtual time. A scenario becomes a Model: the
// layout the gate knows, and what the world brings that the gate cannot know,
// which is who arrives, how long each service, drive and delay takes and how
// each service ends. A World drives one gate.State, which covers both posts and
// the road between, by that Model; Run repeats it in replications and has the
// study measure them.
//
// Everything random comes from streams derived from seed, replication and the
// name of the process that draws, so the same seed gives the same facts on any
// number of CPUs, and a change to one process leaves the others' draws alone.
// The package reads no clock and does no I/O.
package sim
