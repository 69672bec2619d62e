package survey

import "io"

// WriteTemplate writes the row of headers of a recording sheet as CSV, which
// Import reads without a mapping.
func WriteTemplate(w io.Writer) error {
	_, err := w.Write(FromRows(nil))
	return err
}
