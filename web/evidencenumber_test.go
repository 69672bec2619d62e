package web

import (
	"net/url"
	"strings"
	"testing"
)

// A field takes a number as people write it, with or without its unit, and asks
// where it may be meant in two ways.
func TestNumbersAsPeopleWriteThem(t *testing.T) {
	s := &Server{source: serve(t, "mm5").play}
	const ready, coaches, service, lanes, hours = "classes[fresh goods].dossier.ready", "flows[coaches KH-VN].rate", "stops[Bavet exit customs].service[2].time", "places[Bavet exit lane *].count", "posts[Bavet].hours"
	const referred = "stops[Bavet entry customs].service[2].refer[1].probability"
	for _, test := range []struct{ path, given, value, setting, problem string }{
		{ready, "75%", "75", "0.75", ""},
		{ready, "75 %", "75", "0.75", ""},
		{ready, "75", "75", "0.75", ""},
		{ready, "72,5", "72.5", "0.725", ""},
		{ready, "0.5%", "0.5%", "0.005", ""},
		{ready, "0.5", "0.5", "", "Is 0.5% meant, or 50%? Write it with its %."},
		{ready, "0,5", "0,5", "", "Is 0.5% meant, or 50%?"},
		{ready, "1", "1", "0.01", ""},
		{ready, "12.345", "12.345", "0.12345", ""},
		{ready, "ninety", "ninety", "", "\"ninety\" is no number; give 0 to 100."},
		{referred, "80%", "80%", "0.8", ""},
		{referred, "0,5", "0.5", "0.5", ""},
		{referred, "0.5 %", "0.5%", "0.005", ""},
		{referred, "0.125", "0.125", "0.125", ""},
		{referred, "120%", "120%", "", "120% is not from 0% to 100%."},
		{referred, "80", "80", "", "it lies between 0 and 1"},
		{ready, "120%", "120%", "", "120% is more than all; give 0 to 100."},
		{coaches, "7,5", "7.5", "7.5/day", ""},
		{coaches, "7.5 a day", "7.5", "7.5/day", ""},
		{coaches, "0,125", "0.125", "0.125/day", ""},
		{coaches, "1,500", "1,500", "", "Is 1.5 meant, or 1500? Write one of these."},
		{coaches, "1.500", "1.500", "", "Is 1.5 meant, or 1500? Write one of these."},
		{coaches, "1.500 a day", "1.500 a day", "", "Is 1.5 meant, or 1500?"},
		{coaches, "1.125", "1.125", "", "Is 1.1250 meant, or 1125?"},
		{coaches, "1.1250", "1.1250", "1.125/day", ""},
		{coaches, "0.125", "0.125", "0.125/day", ""},
		{coaches, "1500.125", "1500.125", "1500.125/day", ""},
		{coaches, "1,2,3", "1,2,3", "", "is not a rate"},
		{coaches, "1/hour", "1/hour", "1/hour", ""},
		{service, "7,5 min", "7.5", "", ""},
		{lanes, "64", "64", "64", ""},
		{lanes, "65", "65", "", "A whole number from 1 to 64 is needed."},
		{lanes, "2,5", "2,5", "", "A whole number from 1 to 64 is needed."},
		{hours, "22:00-06:00", "22:00-06:00", "", "These hours cannot be tried with this layout, because of place \"Bavet passenger hall\""},
		{hours, "05:00-23:00", "05:00-23:00", "", ""},
	} {
		e := s.readExperiment(url.Values{"scenario": {"bavet-mocbai-2018"}, test.path: {test.given}})
		var k *knob
		for of := range e.knobs() {
			if of.Path == test.path {
				k = of
			}
		}
		if k == nil {
			t.Fatalf("there is no %s", test.path)
		}
		if k.Value != test.value || !strings.Contains(k.Problem, test.problem) || (k.Problem == "") != (test.problem == "") || len(e.Problems) > 0 {
			t.Errorf("%s=%s became %q, %q, %q; want %q, %q", test.path, test.given, k.Value, k.Problem, e.Problems, test.value, test.problem)
		}
		if test.setting != "" && (len(e.settings) == 0 || e.settings[0].Value != test.setting) {
			t.Errorf("%s=%s set %v, not %s", test.path, test.given, e.settings, test.setting)
		}
		if k.Problem == "" && !strings.Contains(e.Query(), url.QueryEscape(test.value)) {
			t.Errorf("the link of %s=%s is %s", test.path, test.given, e.Query())
		}
	}
	e := s.readExperiment(url.Values{"scenario": {"bavet-mocbai-2018"}, ready: {"80%"}, "days": {"2,5"}})
	if e.turned() != 0 || e.options.Days != 2.5 {
		t.Errorf("80%% changed %d figures; %g days", e.turned(), e.options.Days)
	}
	if e := s.readExperiment(small("days", "1.500")); e.Run[1].Problem != "Is 1.5 meant, or 1500? Write one of these." || e.Run[1].Value != "1.500" {
		t.Errorf("of 1.500 days is said %q", e.Run[1].Problem)
	}
}

// The field allows as many lanes as the gate does.
func TestAsManyLanesAsTheGateTakes(t *testing.T) {
	file, err := shipped("bavet-mocbai-2018")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		lanes string
		taken bool
	}{{"64", true}, {"65", false}} {
		k := knob{Path: "places[Bavet exit lane *].count", Value: test.lanes, Kind: "count"}
		set, err := k.setting()
		if err != nil {
			t.Fatal(err)
		}
		settings := append(carried(file, nil), set)
		if _, _, err := changed(file, append(settings, carried(file, settings)...)); (err == nil) != test.taken {
			t.Errorf("%s lanes: %v", test.lanes, err)
		}
	}
}
