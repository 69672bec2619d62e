package web

import (
	"errors"
	"testing"

	"github.com/chromedp/chromedp"
)

// At 600 times real time a glide would take longer than what it shows: no
// vehicle is drawn on another, at any instant.
func TestNoVehicleIsDrawnOnAnotherAtHighSpeed(t *testing.T) {
	s := serve(t, "bavet-mocbai-2018")
	b := browse(t, 1440, 900)
	if err := errors.Join(s.play.SetSpeed(t.Context(), 600), s.play.Pause(t.Context(), false)); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Navigate(s.URL), chromedp.WaitVisible(chromedp.CSS(".vehicle")))
	eval[bool](b, `(() => {
		window.changes = 0;
		window.upon = [];
		const look = () => {
			const boxes = [...document.querySelectorAll(".vehicle[data-reference]")].map((v) => ({ r: v.querySelector(".glyph").getBoundingClientRect(), v }));
			boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
				const wide = Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left), high = Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.top, b.r.top);
				if (wide > 2 && high > 2) window.upon.push(a.v.parentElement.dataset.cell + " and " + b.v.parentElement.dataset.cell);
			}));
		};
		new MutationObserver(() => { window.changes++; look(); }).observe(document.getElementById("board"), { childList: true, subtree: true });
		setInterval(look, 60);
		return true;
	})()`)
	b.until("vehicles moved twelve times", `window.changes >= 12`)
	if upon := eval[[]string](b, `window.upon`); len(upon) > 0 {
		t.Errorf("%d times one was drawn on another, such as in %s", len(upon), upon[0])
	}
}

// Whose place changes while it glides goes on from where it is.
func TestAVehicleThatGlidesDoesNotJump(t *testing.T) {
	s := serve(t, "bavet-mocbai-2018")
	b := browse(t, 1440, 900)
	b.do(chromedp.Navigate(s.URL), chromedp.WaitVisible(chromedp.CSS(".vehicle")))
	eval[bool](b, `(() => {
		window.redirected = 0;
		window.jumps = [];
		const seen = new WeakMap(); // vehicle → where it was when it was asked the last two times
		const { getBoundingClientRect, animate } = Element.prototype;
		Element.prototype.getBoundingClientRect = function () {
			const r = getBoundingClientRect.call(this);
			if (this.dataset.reference) seen.set(this, [seen.get(this)?.[1], { r, gliding: this.getAnimations().length > 0 }]);
			return r;
		};
		Element.prototype.animate = function (frames, options) {
			const before = seen.get(this)?.[0];
			const animation = animate.call(this, frames, options);
			if (frames[0].transform && before?.gliding) {
				const now = getBoundingClientRect.call(this);
				window.redirected++;
				const far = Math.hypot(now.x - before.r.x, now.y - before.r.y);
				if (far > 1) window.jumps.push(Math.round(far));
			}
			return animation;
		};
		return true;
	})()`)
	if err := s.play.Pause(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	b.until("vehicles were redirected while they glided", `window.redirected >= 8`)
	if jumps := eval[[]int](b, `window.jumps`); len(jumps) > 0 {
		t.Errorf("vehicles jumped, by %v pixels", jumps)
	}
}
