// Package study is the time release study: it turns the facts of a gate into
// times, says whose time every interval was, and sums up runs honestly.
//
// It reads facts and nothing else, so a live gate, a simulated one and a
// replayed one are measured by the same code. A Collector takes the facts of
// one run in order and keeps only aggregates: its memory does not grow with the
// length of the run, and after the first visits it allocates nothing. Collectors
// of replications are merged in their order into one Report. Timeline and
// Intervals give the record of a single visit on demand.
//
// What is measured, how intervals are attributed and what the statistics mean
// is written for readers of results in docs/method.md.
package study
