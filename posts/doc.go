// Package posts reads the files that say which post a node runs: which part of
// which crossing, and under what name. The files of Bavet and Moc Bai come with
// Landport.
package posts
