package archive_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"landport/border/archive"
)

// room is something to archive.
type room struct {
	level  int8
	key    uint64
	place  uint8
	open   bool
	line   []int64
	places [3]uint16
	share  float64
	none   float64
	name   string
}

func (r *room) archive(a *archive.Archive) {
	archive.Int(a, &r.level)
	archive.Int(a, &r.key)
	archive.Index(a, &r.place, 10)
	a.Flags(&r.open)
	archive.List(a, &r.line, func(v *int64) { archive.Int(a, v) })
	archive.Fixed(a, r.places[:], func(v *uint16) { archive.Int(a, v) })
	archive.Float(a, &r.share)
	archive.Float(a, &r.none)
	archive.Text(a, &r.name)
}

func TestWhatIsArchivedIsReadBack(t *testing.T) {
	was := room{-7, 1<<64 - 1, 9, true, []int64{1, -2, 1 << 62}, [3]uint16{0, 1, 65535}, -1.0 / 3, math.NaN(), "Mộc Bài"}
	w := archive.Append([]byte("ahead"), 3)
	was.archive(w)
	whole, err := w.Close()
	if err != nil || string(whole[:5]) != "ahead" {
		t.Fatal(whole, err)
	}
	read := func(b []byte, version int) (r room, err error) {
		a := archive.Read(b, version)
		r.archive(a)
		_, err = a.Close()
		return r, err
	}
	b := whole[5:]
	if is, err := read(b, 3); err != nil || is.level != was.level || is.key != was.key || is.place != was.place ||
		is.open != was.open || !slices.Equal(is.line, was.line) || is.places != was.places ||
		is.share != was.share || !math.IsNaN(is.none) || is.name != was.name {
		t.Errorf("%+v is read back as %+v, %v", was, is, err)
	}
	for n := range b {
		if _, err := read(b[:n], 3); !errors.Is(err, archive.ErrShort) {
			t.Errorf("%d of %d bytes: %v", n, len(b), err)
		}
	}
	if _, err := read(append(slices.Clone(b), 0), 3); err == nil {
		t.Error("a byte too many is taken")
	}
	if _, err := read(b, 4); err == nil {
		t.Error("another version is taken")
	}
	b[3] = 20 // the place, 10: a varint's lowest bit is the sign
	if is, err := read(b, 3); !errors.Is(err, archive.ErrOther) || is.place != 0 {
		t.Errorf("a place that is none is read as %d, %v", is.place, err)
	}
}

// Whatever the bytes, reading ends, and nothing is out of its bounds.
func FuzzRead(f *testing.F) {
	f.Add([]byte{6, 1, 2, 3, 1, 4, 1, 2, 6, 0, 0, 0})
	f.Add([]byte{6, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		var r room
		a := archive.Read(b, 3)
		r.archive(a)
		if r.place >= 10 || len(r.line) > len(b) {
			t.Errorf("read %+v", r)
		}
	})
}
