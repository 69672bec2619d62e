package web

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"landport/border"
)

// Hour by hour through a day and on every width of screen, a vehicle at rest
// stands on nothing: no booth but its own, no border, no word, no other vehicle;
// and no booth leaves its place.
func TestVehiclesAtRestStandOnNothing(t *testing.T) {
	s := serve(t, "bavet-mocbai-2018")
	b := browse(t, 1440, 900)
	b.do(chromedp.Navigate(s.URL), chromedp.WaitVisible(chromedp.CSS(".vehicle")))
	m := s.play.Model()
	for hour := range 24 {
		at := m.Start.Add(border.Day + border.Micros(hour)*border.Hour + 3*border.Minute)
		if err := s.play.Jump(t.Context(), at); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		b.until("the page stands where it was told to", fmt.Sprintf(
			`document.getElementById("standing").textContent === "paused" && document.querySelector("[data-clock]").textContent === "%02d:03:00"`, hour))
		for _, width := range []int64{1440, 1280, 1200, 1024, 390} {
			b.do(chromedp.EmulateViewport(width, 900))
			if upon := eval[[]string](b, standing); len(upon) > 0 {
				t.Errorf("at %02d:03 on a screen %d wide %d stand on something: %v", hour, width, len(upon), upon)
			}
		}
	}
}

// standing tells which vehicles at rest stand on what, by what is drawn of them.
const standing = `(() => {
	for (const animation of document.getAnimations()) animation.finish();
	const upon = [];
	const glyphs = [...document.querySelectorAll(".vehicle[data-reference]")].map((v) => ({ v, r: v.querySelector(".glyph").getBoundingClientRect() }));
	const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5;
	const words = [...document.querySelectorAll(".strip h3, .booth .label, .officers, .figures, .posts > *")].map((e) => {
		const text = document.createRange();
		text.selectNodeContents(e);
		return { e, r: text.getBoundingClientRect() };
	});
	const booths = [...document.querySelectorAll(".booth[data-stop]")].map((e) => ({ e, r: e.getBoundingClientRect() }));
	for (const { e, r } of booths) {
		const strip = e.closest(".strip").getBoundingClientRect();
		if (r.left < strip.left || r.right > strip.right || r.bottom > strip.bottom) upon.push("the booth of " + e.dataset.stop + " on the border of its place");
	}
	for (const [i, { v, r }] of glyphs.entries()) {
		const say = (what) => upon.push(v.parentElement.dataset.cell + " on " + what);
		const strip = v.closest(".strip").getBoundingClientRect(), booth = v.closest(".booth")?.getBoundingClientRect();
		for (const box of [strip, booth]) {
			if (box && (r.left < box.left || r.right > box.right || r.top < box.top || r.bottom > box.bottom)) say(box === strip ? "the border of its place" : "the border of its booth");
		}
		for (const other of glyphs.slice(i + 1)) if (over(r, other.r)) say("another of " + other.v.parentElement.dataset.cell);
		for (const other of booths) if (!other.e.contains(v) && over(r, other.r)) say("the booth of " + other.e.dataset.stop);
		for (const other of words) if (over(r, other.r)) say("the words " + other.e.textContent.trim());
	}
	return upon;
})()`
