package study

import (
	"encoding/binary"
	"testing"

	"pgregory.net/rapid"
)

// The short way of reading a number reads what the long way reads.
func TestNumbersOfSketches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.Uint64().Draw(t, "number") >> rapid.IntRange(0, 63).Draw(t, "shift")
		bytes := binary.AppendUvarint(nil, want)
		length := len(bytes)
		bytes = append(bytes, rapid.SliceOfN(rapid.Byte(), 8, 8).Draw(t, "what follows")...)
		v, n := uvarint8(binary.LittleEndian.Uint64(bytes))
		if length > 8 && n == 9 {
			return
		}
		if v != want || n != length {
			t.Fatalf("%d in %d bytes is read as %d in %d", want, length, v, n)
		}
	})
}
