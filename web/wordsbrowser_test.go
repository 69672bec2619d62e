package web

import (
	"testing"

	"github.com/chromedp/chromedp"

	"landport/scenarios"
)

// On the board of every scenario, on screens of several widths, each place's words
// stay within its strip, and no words run into others.
func TestNoWordsRunIntoOthers(t *testing.T) {
	b := browse(t, 1440, 900)
	for _, name := range scenarios.Names() {
		s := serve(t, name)
		b.do(chromedp.Navigate(s.URL), chromedp.WaitVisible(chromedp.CSS(".strip")))
		for _, width := range []int64{1440, 1280, 1270, 1260, 1024, 390} {
			b.do(chromedp.EmulateViewport(width, 900))
			if over := eval[[]string](b, wordsAstray); len(over) > 0 {
				t.Errorf("%s on a screen %d wide: %v", name, width, over)
			}
		}
	}
}

// wordsAstray tells which words on the board run into others, or out of the
// strip of their place, by what is seen of them.
const wordsAstray = `(() => {
	const wrong = [];
	const all = [...document.querySelectorAll(".strip h3, .booth .label, .officers[data-count]")].flatMap((e) => {
		const list = [], walk = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
		while (walk.nextNode()) {
			const text = document.createRange(), around = walk.currentNode.parentElement;
			text.selectNodeContents(walk.currentNode);
			let { left, right, top, bottom } = text.getBoundingClientRect();
			if (getComputedStyle(around).overflow === "hidden") {
				const box = around.getBoundingClientRect();
				left = Math.max(left, box.left);
				right = Math.min(right, box.right);
			}
			if (right - left > 0.5 && walk.currentNode.data.trim()) list.push({ e, words: walk.currentNode.data.trim(), left, right, top: top + 3, bottom: bottom - 3 });
		}
		return list;
	});
	for (const [i, a] of all.entries()) {
		const strip = a.e.closest(".strip").getBoundingClientRect();
		if (a.left < strip.left - 0.5 || a.right > strip.right + 0.5) wrong.push([a.words, "out of its place:", a.left, "to", a.right, "in", strip.left, "to", strip.right].join(" "));
		for (const b of all.slice(i + 1)) {
			if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5) wrong.push(a.words + " on " + b.words);
		}
	}
	return wrong;
})()`
