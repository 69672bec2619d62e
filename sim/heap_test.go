package sim

import (
	"cmp"
	"slices"
	"testing"
	"unsafe"

	"pgregory.net/rapid"

	"landport/border"
)

func TestEventIs32Bytes(t *testing.T) {
	if got := unsafe.Sizeof(Event{}); got != 32 {
		t.Fatalf("Event is %d bytes, want 32", got)
	}
}

func TestHeapEmpty(t *testing.T) {
	var h Heap
	if h.Len() != 0 || h.Next() != border.Never {
		t.Fatalf("empty heap: Len %d, Next %d; want 0 and Never", h.Len(), h.Next())
	}
}

// Any mix of pushes and pops agrees with a list that is stably sorted by
// instant, whether the instants are close together or far apart.
func TestHeapPopsInOrderOfInstantThenPush(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h Heap
		apart := rapid.IntRange(0, 60).Draw(t, "doublings apart")
		var want []Event
		pushed := int32(0)
		pop := func(t *rapid.T) {
			if h.Next() != want[0].At {
				t.Fatalf("Next = %d, want %d", h.Next(), want[0].At)
			}
			got := h.Pop()
			if got.At != want[0].At || got.A != want[0].A {
				t.Fatalf("popped push %d at %d, want push %d at %d", got.A, got.At, want[0].A, want[0].At)
			}
			want = want[1:]
		}
		t.Repeat(map[string]func(*rapid.T){
			"push": func(t *rapid.T) {
				at := rapid.Int64Range(-4, 4).Draw(t, "at") << apart
				at += rapid.Int64Range(-2, 2).Draw(t, "and") << (apart / 2)
				for range rapid.IntRange(1, 20).Draw(t, "times") {
					e := Event{At: border.Time(at), A: pushed}
					pushed++
					h.Push(e)
					want = append(want, e)
				}
				slices.SortStableFunc(want, func(a, b Event) int { return cmp.Compare(a.At, b.At) })
			},
			"pop": func(t *rapid.T) {
				if len(want) > 0 {
					pop(t)
				}
			},
			"": func(t *rapid.T) {
				if h.Len() != len(want) {
					t.Fatalf("Len = %d, want %d", h.Len(), len(want))
				}
			},
		})
		for len(want) > 0 {
			pop(t)
		}
	})
}

func TestHeapKeepsPayload(t *testing.T) {
	var h Heap
	h.Push(Event{At: 2})
	h.Push(Event{At: 1, V: 7, A: -8, B: 9, Kind: 10})
	if e := h.Pop(); e.V != 7 || e.A != -8 || e.B != 9 || e.Kind != 10 {
		t.Fatalf("payload came back as %+v", e)
	}
}

func TestHeapResetForgets(t *testing.T) {
	var h Heap
	h.Push(Event{At: 1})
	h.Reset()
	h.Push(Event{At: 2})
	if e := h.Pop(); e.At != 2 || h.Len() != 0 {
		t.Fatalf("after Reset popped %+v with %d left", e, h.Len())
	}
}

func TestHeapAllocatesNothingOnceWarm(t *testing.T) {
	var h Heap
	var s = Derive(1, 0, "heap")
	for range 64 {
		h.Push(Event{At: border.Time(s.Below(1000))})
	}
	if n := testing.AllocsPerRun(1000, func() {
		e := h.Pop()
		e.At += border.Time(s.Below(1000))
		h.Push(e)
	}); n != 0 {
		t.Fatalf("%g allocations per push and pop, want 0", n)
	}
}

func BenchmarkHeap16Pending(b *testing.B)   { benchmarkHeap(b, 16) }
func BenchmarkHeap1024Pending(b *testing.B) { benchmarkHeap(b, 1024) }

// The classic hold model: the earliest event is replaced by one an
// exponential span later.
func benchmarkHeap(b *testing.B, pending int) {
	b.Helper()
	var h Heap
	var spans [4096]border.Micros
	s := Derive(1, 0, "heap")
	for i := range spans {
		spans[i] = border.Micros(s.Exponential() * 1e6)
	}
	for i := range pending {
		h.Push(Event{At: border.Time(spans[i])})
	}
	for i := 0; b.Loop(); i++ {
		e := h.Pop()
		e.At += border.Time(spans[i%len(spans)])
		h.Push(e)
	}
}
