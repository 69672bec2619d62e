// Package evidence says what a plan would change at a crossing, by how much, for
// whom, and how sure that is.
//
// A Measure names one number of a study, such as p90(crossing_h) or
// mean(wait_min@Moc Bai entry customs). Compare runs two scenarios with common
// random numbers, so that replication i of both meets the same traffic, and
// reports the mean of the differences with its interval.
//
// The room is pure: the same scenarios, seed and replications give the same
// answer on any number of processors. It owes the reader two things besides a
// number: whether the crossing is stable, for no mean of one that is not means
// anything, and how much rests on figures that are assumed.
package evidence
