package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"landport/board"
	"landport/border"
	"landport/gate"
	"landport/node"
)

// Who is held at the head of a single file keeps those behind from going on. The
// list of what to look into, the lane's panel, both records and the board's data
// say so, and no longer when the hold is released.
func TestWhoIsHeldBarsTheLane(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	const lane = "Bavet exit lane 1"
	came := func() string {
		return p.command(t, node.Command{Input: gate.Input{Do: gate.ObserveArrival, Traits: lorry | border.Laden, Place: p.place(t, lane)}}).Reference
	}
	first, second := came(), came()
	panel := "/places/" + strings.ReplaceAll(lane, " ", "%20")
	says := func(when string, barred bool) {
		t.Helper()
		for _, c := range []struct{ at, words string }{
			{"/look", `1 vehicle stands behind it in single file and cannot pass. <a href="/visits/` + first + `" data-panel>Release the hold, or move it aside</a>.`},
			{"/visits/" + first, `<summary>Release hold</summary>`},
			{panel, "1 vehicle stands behind it in single file and cannot pass"},
			{"/visits/" + first, "It is held, and 1 vehicle stands behind it in single file and cannot pass. Release the hold, or move it aside."},
			{"/visits/" + second, "which stands before it in single file and is held."},
		} {
			if page := p.get(t, c.at).text; strings.Contains(page, c.words) != barred {
				t.Errorf("%s: %s says %q: %v", when, c.at, c.words, !barred)
			}
		}
	}
	inJSON := func(has bool) {
		t.Helper()
		b, _, err := p.node.Board(t.Context(), node.Cursor{})
		if err != nil {
			t.Fatal(err)
		}
		view := board.View{Layout: p.node.Names(), State: &b}
		is, err := json.Marshal(view.Whole(model(t, "bavet-mocbai-2018"), 0).Places[p.place(t, lane)-1].Directions[0])
		if err != nil || strings.Contains(string(is), `"barred_by":"`+first+`","barred":1`) != has {
			t.Errorf("%s, %v", is, err)
		}
	}
	says("before", false)
	if got := p.do(t, http.MethodPost, "/visits/"+first, filled("do", "hold", "key", "H", "reason", "documents")); got.status != http.StatusSeeOther {
		t.Fatalf("%d: %s", got.status, got.text)
	}
	says("held", true)
	inJSON(true)
	if got := p.do(t, http.MethodPost, "/visits/"+first, filled("do", "unhold", "key", "U")); got.status != http.StatusSeeOther {
		t.Fatalf("%d: %s", got.status, got.text)
	}
	says("released", false)
	inJSON(false)
}
