package web

import (
	"errors"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// While a vehicle glides to its place it is drawn on no other, at any pace and
// any instant; at 600 times real time a glide would take longer than what it
// shows, and there is none.
func TestNoVehicleIsDrawnOnAnother(t *testing.T) {
	s := serve(t, "bavet-mocbai-2018")
	for _, pace := range []struct {
		speed  float64
		most   float64 // of a glyph, that another may cover
		glides bool
	}{{60, 0.4, true}, {120, 0.4, true}, {600, 0.1, false}} {
		t.Run(fmt.Sprint(pace.speed), func(t *testing.T) {
			b := browse(t, 1440, 900)
			if err := errors.Join(s.play.SetSpeed(t.Context(), pace.speed), s.play.Pause(t.Context(), false)); err != nil {
				t.Fatal(err)
			}
			b.do(chromedp.Navigate(s.URL), chromedp.WaitVisible(chromedp.CSS(".vehicle")))
			eval[bool](b, watchCovered)
			b.until("vehicles moved often", `window.changes >= 40`)
			if upon := eval[[]string](b, fmt.Sprintf(`window.covered.filter((c) => c.part > %v).map((c) => c.words)`, pace.most)); len(upon) > 0 {
				t.Errorf("%d times one was drawn on another, such as %s", len(upon), upon[0])
			}
			if glides := eval[int](b, `window.gliding`); glides > 0 != pace.glides {
				t.Errorf("vehicles were seen gliding %d times", glides)
			}
		})
	}
}

// watchCovered looks, at every change and in between, which vehicle covers what
// part of another's glyph.
const watchCovered = `(() => {
	window.changes = window.gliding = 0;
	window.covered = [];
	const look = () => {
		const boxes = [...document.querySelectorAll(".vehicle[data-reference]")].map((v) => ({ v, r: v.querySelector(".glyph").getBoundingClientRect() }));
		boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
			const wide = Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left), high = Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.top, b.r.top);
			if (wide <= 0 || high <= 0) return;
			const part = wide * high / Math.min(a.r.width * a.r.height, b.r.width * b.r.height);
			window.covered.push({ part, words: a.v.parentElement.dataset.cell + " and " + b.v.parentElement.dataset.cell + ", by " + Math.round(100 * part) + "%" });
		}));
		window.gliding += boxes.filter(({ v }) => v.getAnimations().some((a) => a.effect.getKeyframes()[0].transform)).length;
	};
	new MutationObserver(() => { window.changes++; look(); }).observe(document.getElementById("board"), { childList: true, subtree: true });
	setInterval(look, 40);
	return true;
})()`

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
