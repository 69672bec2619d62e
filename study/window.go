package study

import "landport/border"

// Window is what of a run is measured.
type Window struct {
	Start    border.Time   // of the facts, when the crossing was empty
	From, To border.Time   // visits that arrive from From on and before To are measured; To may be border.Never
	Cycle    border.Micros // what traffic and hours repeat in, such as border.Day; 0 when they are always the same
}

// periods says into how many periods a window is divided, and how long each is:
// whole cycles, at most twenty periods. None when the window has no two cycles
// or no end.
func (w Window) periods() (n int, length border.Micros) {
	const most = 20
	if w.To == border.Never {
		return 0, 0
	}
	span := w.To.Sub(w.From)
	if w.Cycle == 0 {
		return most, max(1, span/most)
	}
	cycles := span / w.Cycle
	if cycles < 2 {
		return 0, 0
	}
	each := (cycles + most - 1) / most
	return int(cycles / each), each * w.Cycle
}
