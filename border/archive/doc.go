// Package archive keeps the state of a room as bytes: values are written one
// after the other, or read back in the same order, so that one list of fields
// serves both. Numbers are varints (encoding/binary). Whoever reads bytes that
// are cut off, damaged or of another version gets an error from Close, and
// values that are in their bounds.
package archive
