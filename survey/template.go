package survey

import (
	"encoding/csv"
	"io"
)

// WriteTemplate writes the row of headers of a recording sheet as CSV, which
// Import reads without a mapping.
func WriteTemplate(w io.Writer) error {
	var headers []string
	for _, c := range Columns() {
		headers = append(headers, c.Label())
	}
	out := csv.NewWriter(w)
	if err := out.Write(headers); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}
