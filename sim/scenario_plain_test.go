package sim_test

import (
	"strings"
	"testing"
	"time"

	"landport/sim"
)

const smallest = "name: q\nsource: textbook\nflows: [{name: a, rate: 6/hour}]\nstops: [{name: s, service: 5m}]\n"

func TestWhatIsNotPlainTextIsRefused(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"not UTF-8", "name: \xff\xfe\n", "q.yaml:1:7: is not UTF-8 text; save the scenario as UTF-8"},
		{"control character", "name: a\x00b\n", "q.yaml:1:8: has the control character U+0000; a scenario is plain text"},
		{"turned writing", "name: q\ntitle: a\u202eb\n", "q.yaml:2:9: has the control character U+202E; a scenario is plain text"},
		{"nested", "name: " + strings.Repeat("[", 100_000), "q.yaml:1:107: opens more than 100 brackets inside each other"},
		{"huge", strings.Repeat("# no end\n", 200_000), "q.yaml:1:1: has 1800000 bytes; a scenario has at most 1048576"},
		{"escaped", strings.Replace(smallest, "name: q", `name: "q\u001b[31m"`, 1), "q.yaml:1:7: name: has a control character; a text is what a person can see"},
	} {
		_, err := sim.Decode("q.yaml", []byte(c.text), time.LoadLocation)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v\nwant %s", c.name, err, c.want)
		}
	}
}

func TestByteOrderMarkIsPassedOver(t *testing.T) {
	if _, err := sim.Decode("q.yaml", []byte("\ufeff"+smallest), time.LoadLocation); err != nil {
		t.Error(err)
	}
}

// A textbook queue may name its post, and so have a clock and hours.
func TestOnePostAlone(t *testing.T) {
	text := smallest + "posts: [{name: P, country: KH, zone: Asia/Phnom_Penh, hours: 06:00-22:00}]\n"
	f, err := sim.Decode("q.yaml", []byte(text), time.LoadLocation)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Model(); err != nil {
		t.Error(err)
	}
}
