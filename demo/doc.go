// Package demo is the world of a demonstration: the drivers, officers and
// brokers of a scenario, who work the nodes of a crossing point as people and
// devices would, over HTTP alone.
//
// It draws what they do as the simulator does and takes no part in deciding.
// A vehicle that leaves one post drives on to the other and says there what it
// was called before. Started on nodes that have a past, it reads their ledgers
// and goes on from there.
package demo
