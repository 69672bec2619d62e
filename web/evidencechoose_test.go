package web

import (
	"strings"
	"testing"

	"landport/scenarios"
)

// Any two scenarios can be set beside each other in one round, by their titles,
// those of one crossing together.
func TestScenariosAreChosenByTheirTitles(t *testing.T) {
	s := serve(t, "bavet-mocbai-2018")
	page := s.get(t, "/evidence")
	formed(t, page)
	for _, name := range []string{"scenario", "against"} {
		_, list, _ := strings.Cut(page.text, `<select name="`+name+`">`)
		list, _, _ = strings.Cut(list, "</select>")
		if n := strings.Count(list, "<option value="); n < len(scenarios.Names()) {
			t.Errorf("%s has %d scenarios of %d", name, n, len(scenarios.Names()))
		}
		for _, part := range []string{
			`<optgroup label="Bavet – Moc Bai"><option value="bavet-mocbai-2018"`, ">Bavet – Moc Bai as it was in 2018, two stops, first come, first served</option>",
			`<optgroup label="Kim Thanh – Hekou"><option value="kimthanh-empties"`, `<optgroup label="Several borders">`, `<optgroup label="Textbook queues"><option value="gate16"`,
		} {
			if strings.Count(list, part) != 1 {
				t.Errorf("%s lacks %s", name, part)
			}
		}
	}
	page = s.get(t, "/evidence?scenario=bavet-mocbai-long&against=bavet-mocbai-2018")
	if _, list, _ := strings.Cut(page.text, `<select name="against">`); !strings.Contains(list, `<option value="bavet-mocbai-2018" selected>`) {
		t.Error("2018 is not chosen beside the long term")
	}
}
