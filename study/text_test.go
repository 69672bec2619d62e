package study

import "testing"

func TestMinutes(t *testing.T) {
	for _, test := range []struct {
		minutes float64
		want    string
	}{
		{0, "0"}, {-1e-9, "0"}, {-0.04, "0"}, {0.04, "0.0 min"}, {-0.06, "-0.1 min"}, {9.94, "9.9 min"}, {9.96, "10 min"}, {99.6, "1.7 h"}, {48 * 60, "2.0 d"},
	} {
		if got := Minutes(test.minutes); got != test.want {
			t.Errorf("%g minutes are shown as %q, want %q", test.minutes, got, test.want)
		}
	}
}
