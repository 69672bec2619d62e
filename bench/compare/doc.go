// Command compare sets Landport beside its yardsticks in one run: a bare event
// loop in Go (bench/bare) and, where Debian's python3-simpy3 is installed,
// SimPy. mm5 is the same model everywhere. gate16 is so in SimPy too; the bare
// loop and a second SimPy model take its agencies as delays, which is less to
// do. Landport runs the shipped scenario files as a user would, statistics
// included, on one worker.
//
// Machines are shared and noisy: the engines take turns, and of several turns
// each engine's fastest counts. Only ratios mean anything.
package main
