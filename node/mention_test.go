package node

import "testing"

func TestAReasonThatMentionsAValue(t *testing.T) {
	for _, test := range []struct {
		reason, kind, value string
		want                bool
	}{
		{"request of the driver of 2A-3456", "plate", "2A-3456", true},
		{"driver of 2a 3456, by letter", "plate", "2A-3456", true},
		{"plate 2A3456", "plate", "2A-3456", true},
		{"driver of-2a3456", "plate", "2A-3456", true},
		{"plate 51C-123.45 asked", "plate", "51C 12345", true},
		{"plate (51c12345)", "plate", "51C-123.45", true},
		{"request 17 of 2026", "plate", "2A-3456", false},
		{"request 3456", "plate", "2A-3456", false},
		{"plate 2A-3457", "plate", "2A-3456", false},
		{"legal term", "plate", "", false},
		{"asked for by Sokha DARA himself", "remark", "Sokha Dara", true},
		{"asked for by សុខ ដារ៉ា", "remark", "សុខ ដារ៉ា", true},
		{"asked for by Sokha", "remark", "Sokha Dara", false},
		{"of the retention term", "remark", "r", false},
	} {
		if got := Mentions(test.reason, test.kind, test.value); got != test.want {
			t.Errorf("%q mentions the %s %q: %v", test.reason, test.kind, test.value, got)
		}
	}
}
