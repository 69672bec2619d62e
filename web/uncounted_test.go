package web

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// After a recovery that leaves the board empty, board, drivers' page and the
// list of what to look into say so in words until somebody settles it; whoever
// is there is reported with the place in one act.
func TestABoardThatIsEmptyBecauseEntriesWereLost(t *testing.T) {
	file, at := filepath.Join(t.TempDir(), "ledger.db"), time.Date(2018, 3, 5, 1, 0, 0, 0, time.UTC)
	before := resume(t, 0, NodeOptions{}, file, at)
	var truck string
	for range 5 {
		truck = before.truck(t, "3A-1234")
	}
	before.stop()
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{`DELETE FROM entries WHERE seq = 4`, `DELETE FROM snapshots`} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ledger.Recover(t.Context(), ledger.Config{URL: "sqlite:" + file, Origin: "post.example", Clock: func() border.Time { return border.At(at) }}, "test"); err != nil {
		t.Fatal(err)
	}
	p := resume(t, 0, NodeOptions{}, file, at.Add(time.Minute))
	p.done = before.done
	says := func(path, words string, want bool) {
		t.Helper()
		if page := p.get(t, path).text; strings.Contains(page, words) != want {
			t.Errorf("%s says %q, not %v", path, words, want)
		}
	}
	const look = "Entries of the ledger were lost, and the board began empty"
	says("/public", "Waiting now: <b>not known</b>", true)
	says("/public", "who is here is being counted anew since ", true)
	says("/public", "no truck", false)
	says("/look", look, true)

	for _, screen := range []struct {
		name          string
		width, height int64
	}{{"phone", 390, 844}, {"desk", 1440, 900}} {
		b := browse(t, screen.width, screen.height)
		b.do(chromedp.Navigate(p.URL), chromedp.WaitVisible(chromedp.CSS("#uncounted")))
		b.boardFits()
		b.picture("uncounted-" + screen.name + ".png")
		if screen.name == "phone" {
			continue
		}
		s := &shift{b, p, t, screen.name, beside}
		s.signOn()
		s.open(`#uncounted a[href="/arrivals"]`, "Arrivals")
		s.done(s.act("Arrival", "direction", s.way(0), "vehicle_type", "articulated-truck", "load_state", "laden", "reference", truck, "plate", "3A-1234", "place", "Bavet exit lane 2"), "gate.arrived")
		if v := s.of(truck); p.node.Model().Layout.Places[v.Place].Name != "Bavet exit lane 2" {
			t.Errorf("it was put in %s", p.node.Model().Layout.Places[v.Place].Name)
		}
		if !eval[bool](b, `document.getElementById("uncounted").checkVisibility()`) {
			t.Error("with one counted the board takes all for known")
		}
		odd := p.odd(t)
		if len(odd) != 1 || odd[0].Reason != gate.EntriesLost {
			t.Fatalf("to look into are %+v, %+v", odd, s.of(truck))
		}
		s.settleFirst()
		b.until("the board says it no more", `!document.getElementById("uncounted").checkVisibility()`)
	}
	says("/public", "not known</b>", false)
	says("/look", "Settled lately", true)
}
