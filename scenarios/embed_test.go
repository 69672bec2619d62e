package scenarios_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"landport/scenarios"
)

func TestNames(t *testing.T) {
	want := []string{"bavet-mocbai-2018", "bavet-mocbai-booked", "bavet-mocbai-detour", "bavet-mocbai-dryport", "bavet-mocbai-expressway", "bavet-mocbai-long", "bavet-mocbai-mid", "bavet-mocbai-shift", "bavet-mocbai-short", "chongqing-shuttles", "densavanh-laobao", "gate16", "hekou-rail", "kimthanh-empties", "kimthanh-full", "kimthanh-hekou", "kimthanh-peaks", "kimthanh-scanner", "kimthanh-shuttles", "kimthanh-shuttles-tidal", "kimthanh-standing", "kimthanh-tidal", "mekong-barges", "mm5", "pingxiang", "pingxiang-design", "pingxiang-ten-hours", "southern-corridor"}
	if got := scenarios.Names(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRead(t *testing.T) {
	for _, name := range scenarios.Names() {
		data, err := scenarios.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(data, []byte("\nname: "+name+"\n")) {
			t.Errorf("%s does not say its own name", name)
		}
	}
}

func TestReadUnknown(t *testing.T) {
	for _, test := range []struct{ name, want string }{
		{"bavet-mocbai", `unknown scenario "bavet-mocbai", perhaps "bavet-mocbai-2018"; landport scenario list shows the 28 there are`},
		{"bavet", `unknown scenario "bavet", perhaps "bavet-mocbai-2018"; landport scenario list shows the 28 there are`},
		{"Ping", `unknown scenario "Ping", perhaps "pingxiang"; landport scenario list shows the 28 there are`},
		{"", `unknown scenario ""; landport scenario list shows the 28 there are`},
		{"poipet", `unknown scenario "poipet"; landport scenario list shows the 28 there are`},
		{"../go", `unknown scenario "../go"; landport scenario list shows the 28 there are`},
	} {
		if _, err := scenarios.Read(test.name); err == nil || err.Error() != test.want {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}

func TestAWrongNameIsAnsweredWithWhatItMayMean(t *testing.T) {
	for _, test := range []struct{ name, want string }{
		{"bavet mocbai", `unknown scenario "bavet mocbai", perhaps "bavet-mocbai-2018"; `},
		{"mocbai", `, perhaps "bavet-mocbai-2018"; `},
		{"Lao-Bao", `, perhaps "densavanh-laobao"; `},
		{"kim_thanh_scanner", `, perhaps "kimthanh-scanner"; `},
		{"gate61", `, perhaps "gate16"; `},
		{"nope", `unknown scenario "nope"; landport scenario list shows the `}, // near none
		{"--", `unknown scenario "--"; landport scenario list shows the `},
	} {
		if _, err := scenarios.Read(test.name); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}
