// Package paper is a page that needs no other file and prints well: what
// reports, protocols and assessments are written on.
package paper
