package api

import (
	"net/http"
	"strings"
	"testing"

	"landport/survey"
)

// A sample is recorded once, however often it is sent, and handed out as a row
// of a sheet.
func TestSamplesAreTaken(t *testing.T) {
	p := bavet(t)
	const path, row = "/api/v1/posts/bavet/samples", `{"cells": {"post": "Bavet", "direction": "exit", "plate": "2A-3456", "arrival": "2018-03-05T08:15", "removal": "2018-03-05T09:00"}}`
	first := read[Receipt](t, p.ask("POST", path, row, keyHeader, "phone-1", actorHeader, "recorder-1"), http.StatusOK)
	r := p.ask("POST", path, row, keyHeader, "phone-1", actorHeader, "recorder-1")
	if again := read[Receipt](t, r, http.StatusOK); again != first || first.Sequence == 0 || r.Header().Get("Idempotency-Replayed") != "true" {
		t.Errorf("again: %+v, not %+v", again, first)
	}
	for _, c := range []struct {
		key, body, code, says string
		status                int
	}{
		{"phone-1", strings.Replace(row, "3456", "9999", 1), codeKeyReused, "another sample", 422},
		{"phone 2", row, codeInvalid, "header.Idempotency-Key", 422},
		{"phone-2", strings.Replace(row, "T09:00", "T25:00", 1), codeInvalid, "25:00", 422},
		{"phone-2", strings.Replace(row, "plate", "colour", 1), codeInvalid, "body.cells", 422},
		{"phone-2", `{"cells": {}}`, codeInvalid, "body.cells", 422},
		{"", row, codeKeyMissing, "Idempotency-Key", 422},
	} {
		if got := p.ask("POST", path, c.body, keyHeader, c.key); !strings.Contains(got.Body.String(), c.says) || read[Problem](t, got, c.status).Code != c.code {
			t.Errorf("%s %s: %s", c.key, c.body, got.Body)
		}
	}
	if got := read[Problem](t, p.write("/api/v1/posts/moc-bai/samples", row), http.StatusNotFound); got.Code != codeUnknownPost {
		t.Errorf("at the other post: %+v", got)
	}
	sheet, err := survey.Import("samples.csv", p.ask("GET", path, "").Body.Bytes(), survey.Mapping{}, nil)
	if err != nil || len(sheet.Records) != 1 {
		t.Errorf("%+v, %v", sheet, err)
	}
	if e := read[Entries](t, p.ask("GET", "/api/v1/ledger/entries", ""), http.StatusOK); len(e.Entries) != 2 || e.Entries[1].Actor != "recorder-1" || strings.Contains(e.Entries[1].Data, "2A-3456") {
		t.Errorf("the ledger has %+v", e)
	}
}
