package web

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/node"
)

// A place's panel lists those in it in order of their turns, says what the order
// means, and whose turn is next by the policy in force.
func TestALineSaysWhoIsNext(t *testing.T) {
	p := resumeOf(t, "bavet-mocbai-shift", 0, NodeOptions{}, filepath.Join(t.TempDir(), "ledger.db"), time.Date(2018, 3, 5, 2, 0, 0, 0, time.UTC))
	for _, lane := range []string{"Bavet exit lane 1", "Bavet exit lane 2", "Bavet exit coach lane"} {
		p.command(t, node.Command{Input: gate.Input{Do: gate.CloseLane, Place: p.place(t, lane), Reason: gate.ByOperator}})
	}
	come := func(place string, cargo border.Traits, unready bool) string {
		p.pass(time.Minute)
		in := gate.Input{Do: gate.ObserveArrival, Traits: lorry | border.Laden | cargo, Place: p.place(t, place), Unready: unready}
		return p.command(t, node.Command{Input: in}).Reference
	}
	const zone = "Bavet waiting zone"
	held, unready, ready, fresh := come(zone, 0, false), come(zone, 0, true), come(zone, 0, false), come(zone, border.Perishable, false)
	p.command(t, node.Command{Reference: held, Input: gate.Input{Do: gate.Hold, Reason: gate.Documents}})
	panel := func(place string) string {
		_, list, _ := strings.Cut(p.get(t, "/places/"+strings.ReplaceAll(place, " ", "%20")).text, "Here now")
		return list
	}
	policy := func(name string) {
		for i, known := range p.node.Model().Layout.Policies {
			if known.Name == name {
				p.command(t, node.Command{Input: gate.Input{Do: gate.SetPolicy, N: int64(i), Reason: gate.ByOperator}})
				return
			}
		}
		t.Fatalf("no policy %s", name)
	}
	for _, test := range []struct {
		policy, says string
		next         string
		line         []string
	}{
		{"fresh goods first", "ahead of those that came up to 1 h 00 before", fresh, []string{fresh, held, unready, ready}},
		{readyFirst, "Without a ready dossier nobody is called, but the place in line is kept.", ready, []string{held, unready, ready, fresh}},
	} {
		policy(test.policy)
		list := panel(zone)
		var line []string
		next := ""
		for _, item := range regexp.MustCompile(`(?s)<li>(.*?)</li>`).FindAllStringSubmatch(list, -1) {
			reference := regexp.MustCompile(`/visits/([^"]*)`).FindStringSubmatch(item[1])[1]
			line = append(line, reference)
			if strings.Contains(item[1], "<b>next</b>") {
				next += reference
			}
		}
		if next != test.next || !slices.Equal(line, test.line) || !strings.Contains(list, test.says) {
			t.Errorf("%s: the line is %v, not %v, and next is %q, not %q: %s", test.policy, line, test.line, next, test.next, list)
		}
	}
	if list := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(panel(zone), ""); !strings.Contains(list, ready+" laden articulated truck, waiting in Bavet waiting zone 1 min next") {
		t.Errorf("words run together: %s", list)
	}
	first, second := come("Bavet exit lane 1", 0, false), come("Bavet exit lane 1", 0, false)
	list := panel("Bavet exit lane 1")
	if a, b := strings.Index(list, first), strings.Index(list, second); a < 0 || b < a || !strings.Contains(list, "In single file: nobody passes who is ahead.") || strings.Contains(list, "<b>next</b>") {
		t.Errorf("the lane: %s", list)
	}
	if got := panel("Bavet exit lane 2"); !strings.Contains(got, "Nobody.") {
		t.Errorf("the empty lane: %s", got)
	}
}

// Who is booked is said to be, in line and on its record: the booking, not when
// it came, decides its turn.
func TestALineSaysWhoIsBooked(t *testing.T) {
	p := resumeOf(t, "bavet-mocbai-shift", 0, NodeOptions{}, filepath.Join(t.TempDir(), "ledger.db"), time.Date(2018, 3, 5, 2, 10, 0, 0, time.UTC))
	for _, lane := range []string{"Bavet exit lane 1", "Bavet exit lane 2", "Bavet exit coach lane"} {
		p.command(t, node.Command{Input: gate.Input{Do: gate.CloseLane, Place: p.place(t, lane), Reason: gate.ByOperator}})
	}
	policies := p.node.Model().Layout.Policies
	i := slices.IndexFunc(policies, func(known gate.Policy) bool { return known.Slots.Length > 0 })
	p.command(t, node.Command{Input: gate.Input{Do: gate.SetPolicy, N: int64(i), Reason: gate.ByOperator}})
	booked := p.command(t, node.Command{Input: gate.Input{Do: gate.Announce, Traits: lorry | border.Laden}}).Reference
	thirteen := time.Date(2018, 3, 5, 6, 0, 0, 0, time.UTC)
	if a := p.command(t, node.Command{Reference: booked, Input: gate.Input{Do: gate.Book, N: int64(border.At(thirteen))}}); a.Refusal != "" {
		t.Fatalf("it was answered %+v", a)
	}
	const zone = "Bavet waiting zone"
	p.command(t, node.Command{Reference: booked, Input: gate.Input{Do: gate.ObserveArrival, Traits: lorry | border.Laden, Place: p.place(t, zone)}})
	p.pass(time.Minute)
	later := p.command(t, node.Command{Input: gate.Input{Do: gate.ObserveArrival, Traits: lorry | border.Laden, Place: p.place(t, zone)}}).Reference
	_, list, _ := strings.Cut(p.get(t, "/places/Bavet%20waiting%20zone").text, "Here now")
	list = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(list, "")
	ahead, behind, cut := strings.Cut(list, booked+" laden articulated truck, waiting in Bavet waiting zone, booked for 13:00 ")
	if !cut || !strings.Contains(ahead, later) || strings.Contains(behind, later) || strings.Count(list, "booked for") != 1 {
		t.Errorf("the line: %s", list)
	}
	const head = "<dt>booked</dt><dd>for 13:00</dd>"
	if got := p.get(t, "/visits/"+booked).text; !strings.Contains(got, head) {
		t.Errorf("the record: %s", got)
	}
	p.command(t, node.Command{Reference: booked, Input: gate.Input{Do: gate.ObserveGone, Reason: gate.ByDriver}})
	if got := p.get(t, "/visits/"+booked).text; !strings.Contains(got, head) {
		t.Errorf("the record of one that left: %s", got)
	}
	if got := p.get(t, "/visits/"+later).text; strings.Contains(got, "<dt>booked</dt>") {
		t.Errorf("the record of one without a booking: %s", got)
	}
}
