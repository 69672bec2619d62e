package web

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"landport/gate"
	"landport/node"
)

// zoneGone is Bavet after its waiting zone went, in which trucks stood, of which
// the references are returned.
func zoneGone(t *testing.T) (p *outpost, references []string) {
	t.Helper()
	file, at := filepath.Join(t.TempDir(), "ledger.db"), time.Date(2018, 3, 5, 1, 0, 0, 0, time.UTC)
	was := resumeOf(t, "bavet-mocbai-shift", 0, NodeOptions{}, file, at)
	for range 9 {
		was.truck(t, "3A-1234")
	}
	l := was.node.Model().Layout
	for _, v := range was.visits(t) {
		if l.Places[v.Place].Name == "Bavet waiting zone" {
			references = append(references, v.Reference)
		}
	}
	if len(references) < 3 {
		t.Fatalf("%d stand in the waiting zone", len(references))
	}
	was.stop()
	p = resumeOf(t, "bavet-mocbai-2018", 0, NodeOptions{}, file, at)
	p.done = was.done
	return p, references
}

// Who stood in a place that is gone is on the board, in a cell of its own, until
// somebody says where it is; drivers are told of them, too.
func TestWhosePlaceIsNotKnown(t *testing.T) {
	p, references := zoneGone(t)
	n := len(references)
	for _, test := range []struct{ path, want string }{
		{"/public", fmt.Sprintf("Besides, %d trucks are here of which it is not known just now whether they wait.", n)},
		{"/look", "Somebody has to say where it stands; it was in a place that is no longer part of the post: Bavet waiting zone."},
		{"/visits/" + references[0], "</b>, place not known."},
	} {
		if page := p.get(t, test.path).text; !strings.Contains(page, test.want) || strings.Contains(page, "in outside") {
			t.Errorf("%s lacks %q: %s", test.path, test.want, page)
		}
	}
	b := browse(t, 1440, 900)
	complaints := b.listen(p.URL)
	b.do(chromedp.Navigate(p.URL), chromedp.WaitVisible(chromedp.CSS(".unplaced .vehicle")))
	shows := func(left int) {
		t.Helper()
		b.until(fmt.Sprint(left, " are drawn and counted"), fmt.Sprintf(`document.querySelectorAll('[data-unplaced="KH-VN"] .vehicle').length === %[1]d && document.querySelector('[data-unplaced="KH-VN"] [data-present]').textContent === "%[1]d"`, left))
	}
	shows(n)
	if eval[bool](b, `document.querySelector('[data-unplaced="VN-KH"]').checkVisibility()`) {
		t.Error("a cell for nobody is drawn")
	}
	b.boardFits()
	b.picture("unplaced.png")
	road := gate.PlaceID(1)
	for i, reference := range references {
		p.command(t, node.Command{Reference: reference, Input: gate.Input{Do: gate.ObserveSeen, Place: road}})
		if i == 0 {
			shows(n - 1)
		}
	}
	b.until("nobody is left there", `!document.querySelector('[data-unplaced="KH-VN"]').checkVisibility()`)
	if odd := p.odd(t); len(odd) > 0 {
		t.Errorf("it is left to look into %+v", odd)
	}
	for _, complaint := range complaints() {
		t.Error(complaint)
	}
}
