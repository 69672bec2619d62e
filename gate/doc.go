// Package gate is a border crossing as a deterministic state machine.
//
// A State is built on a Layout. Inputs are orders, which may be refused with a
// reason, or observations, which never are. Decide takes one input and appends
// the facts that follow; every fact it appends has been applied. Apply alone,
// fed the same facts, leads to the same State (see State.Digest); it never
// decides. NextDeadline says when to be asked again with a Tick.
//
// The package reads no clock, does no I/O, draws no random number and starts no
// goroutine. How long a service, a drive or a delay takes is for the world to
// observe: an officer, a device, or the simulator.
//
// A visit follows a procedure: a route of legs and the stops on it. A leg is a
// hold where it waits, a way it drives, or work places such as lanes. A visit
// leaves a hold or a work place only when every way ahead and the next hold or
// work place has room, and reserves them all at once; Layout.Compile refuses
// layouts in which opposing flows could still wait for each other.
//
// A post that is rebuilt has another layout: Carry takes the State over to it by
// names, TakeUp says what does not fit, and Fits whether a history can have been
// written under a layout.
package gate
