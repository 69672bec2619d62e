package web

import "testing"

// A form that stands beside the board is the script's from the moment it stands
// there: no click comes in between that would lead away from the board.
func TestNoFormBesideTheBoardIsTheBrowsers(t *testing.T) {
	s := work(t, "bavet-mocbai-shift")
	eval[bool](s.browser, `(() => {
		window.swaps = 0;
		window.untaken = [];
		new MutationObserver(() => {
			window.swaps++;
			for (const form of document.querySelectorAll("#record form")) {
				if (!form["htmx-internal-data"]) window.untaken.push(form.querySelector("[name=do]").value);
			}
		}).observe(document.getElementById("record"), { childList: true, subtree: true });
		return true;
	})()`)
	s.open(".vehicle[data-reference] a", eval[string](s.browser, `document.querySelector(".vehicle[data-reference]").dataset.reference`))
	s.done(s.act("Hold", "reason", "documents"), "gate.held")
	s.done(s.act("Release hold"), "gate.unheld")
	if swaps, untaken := eval[int](s.browser, "window.swaps"), eval[[]string](s.browser, "window.untaken"); swaps < 3 || len(untaken) > 0 {
		t.Errorf("after %d swaps the browser would have sent %v itself", swaps, untaken)
	}
}

// Where a form beside the board is sent by the browser nevertheless, a page of its
// own says what came of it, and leads back to the board.
func TestAFormSentWithoutTheScriptLeadsBack(t *testing.T) {
	s := work(t, "bavet-mocbai-shift")
	reference := eval[string](s.browser, `document.querySelector(".vehicle[data-reference]").dataset.reference`)
	s.open(".vehicle[data-reference] a", reference)
	eval[bool](s.browser, `(() => {
		const form = [...document.querySelectorAll("#record form")].find((f) => f.querySelector("[name=do]").value === "hold");
		form.querySelector("[name=reason]").value = "documents";
		setTimeout(() => form.submit());
		return true;
	})()`)
	s.until("a page of its own answers", `document.querySelector(".sheet .said")?.textContent.startsWith("Done, recorded under No. ") === true`)
	for _, part := range []string{".masthead nav", ".operator", ".sheet .act"} {
		if !eval[bool](s.browser, `document.querySelector(`+quote(part)+`) !== null`) {
			t.Errorf("the page has no %s", part)
		}
	}
	s.boardFits()
	s.picture("node-alone.png")
	eval[bool](s.browser, `document.querySelector(".sheet .close").click(), true`)
	s.until("the board is back, with who is held", `document.querySelector('#board .vehicle[data-reference="`+reference+`"] .mark.held') !== null`)
}
