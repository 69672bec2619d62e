package web

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	tabs "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"landport/gate"
	"landport/node"
)

// A browser keeps six connections to one host. More boards than that are open
// in tabs: each that is shown answers, and knows what happened while it was not.
func TestABoardInSevenTabs(t *testing.T) {
	p := keep(t, 0, NodeOptions{Demo: true})
	p.truck(t, "")
	boards := []*browser{browse(t, 1440, 900)}
	for len(boards) < 7 {
		ctx, closed := chromedp.NewContext(boards[0].ctx, chromedp.WithNewWindow(false))
		t.Cleanup(closed)
		boards = append(boards, &browser{ctx, t})
	}
	for i, b := range boards {
		b.do(toFront, chromedp.Navigate(p.URL), chromedp.WaitVisible(chromedp.CSS(".vehicle")))
		if before := boards[max(i-1, 0)]; before != b {
			before.until("the tab before is hidden", "document.hidden")
		}
		b.until("the tab is shown", "!document.hidden")
		s := &shift{b, p, t, "desk", beside}
		s.open(`a[href="/arrivals"]`, "Arrivals")
	}
	late := p.command(t, node.Command{Input: gate.Input{Do: gate.ObserveArrival, Traits: lorry}}).Reference
	drawn := fmt.Sprintf(`document.querySelector('[data-reference=%q]') !== null`, late)
	boards[6].until("who comes is drawn", drawn)
	if eval[bool](boards[0], drawn) {
		t.Error("a hidden page goes on listening")
	}
	boards[0].do(toFront)
	boards[0].until("who came meanwhile is drawn", drawn)
	p.command(t, node.Command{Reference: late, Input: gate.Input{Do: gate.ObserveGone, Reason: gate.ByDriver}})
	boards[0].until("and who left is not", "!("+drawn+")")
}

func toFront(ctx context.Context, t *chromedp.Target) (none chromedp.Void, err error) {
	_, err = cdp.Call(ctx, t, tabs.BringToFront, cdp.Empty{})
	return none, err
}
