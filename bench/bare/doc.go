// Command bare is the yardstick of the benchmarks: event loops written by hand
// for two models, each as plain and as fast as it can be said, with nothing of
// Landport in them. What a simulator needs beyond them, facts, rules, a study,
// is what its distance to them pays for.
//
//	go run ./bench/bare mm5|gate16 [CUSTOMERS] [SEED]
//
// It prints one line of JSON; times are in minutes.
package main
