package archive

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
)

// Archive is being written or read.
type Archive struct {
	bytes   []byte
	reading bool
	err     error
}

// What is wrong with bytes.
var (
	ErrShort = errors.New("the archive is cut off")
	ErrOther = errors.New("the archive is of another layout")
)

// Append begins to write a format of a version behind b.
func Append(b []byte, version int) *Archive {
	return &Archive{bytes: binary.AppendVarint(b, int64(version))}
}

// Read begins to read what Append began, of the same version.
func Read(b []byte, version int) *Archive {
	a := &Archive{bytes: b, reading: true}
	given := version
	if Int(a, &given); given != version {
		a.Fail(fmt.Errorf("the archive is of version %d; this program reads %d", given, version))
	}
	return a
}

// Reading reports whether values are read.
func (a *Archive) Reading() bool { return a.reading }

// Fail says what is wrong. What is read from then on is zero.
func (a *Archive) Fail(err error) {
	if a.err == nil {
		a.err = err
	}
	a.bytes = nil
}

// Close returns what was written, or what was wrong with what was read.
func (a *Archive) Close() ([]byte, error) {
	if a.reading && a.err == nil && len(a.bytes) > 0 {
		a.Fail(fmt.Errorf("the archive has %d bytes too many", len(a.bytes)))
	}
	return a.bytes, a.err
}

// Int writes or reads a whole number.
func Int[T ~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64](a *Archive, v *T) {
	if !a.reading {
		a.bytes = binary.AppendVarint(a.bytes, int64(*v))
		return
	}
	x, n := binary.Varint(a.bytes)
	if n <= 0 {
		a.Fail(ErrShort)
	}
	*v, a.bytes = T(x), a.bytes[max(0, n):]
}

// Float writes or reads a number with decimals, to the bit. Round ones are
// short, because their zeros are put in front.
func Float(a *Archive, v *float64) {
	x := bits.ReverseBytes64(math.Float64bits(*v))
	Int(a, &x)
	*v = math.Float64frombits(bits.ReverseBytes64(x))
}

// Text writes or reads bytes with their number.
func Text[T ~string | ~[]byte](a *Archive, v *T) {
	n := a.Count(len(*v))
	if !a.reading {
		a.bytes = append(a.bytes, *v...)
		return
	}
	*v, a.bytes = T(a.bytes[:n]), a.bytes[n:]
}

// Index is Int for a number from 0 and below a limit.
func Index[T ~int | ~uint8 | ~uint16](a *Archive, v *T, limit int) {
	Int(a, v)
	if i := int(*v); i < 0 || i >= limit {
		a.Fail(ErrOther)
		*v = 0
	}
}

// Flags writes or reads booleans.
func (a *Archive) Flags(values ...*bool) {
	for _, v := range values {
		n := 0
		if *v {
			n = 1
		}
		Int(a, &n)
		*v = n != 0
	}
}

// Count writes the length of a list, or reads it. Every element must take a
// byte at least.
func (a *Archive) Count(n int) int {
	Int(a, &n)
	if a.reading && (n < 0 || n > len(a.bytes)) {
		a.Fail(ErrShort)
		return 0
	}
	return n
}

// List writes or reads a list whose length is its own.
func List[T any](a *Archive, values *[]T, each func(*T)) {
	n := a.Count(len(*values))
	if a.reading {
		*values = make([]T, n)
	}
	for i := range *values {
		each(&(*values)[i])
	}
}

// Fixed writes or reads a list whose length is known beforehand.
func Fixed[T any](a *Archive, values []T, each func(*T)) {
	n := len(values)
	if Int(a, &n); n != len(values) {
		a.Fail(ErrOther)
		return
	}
	for i := range values {
		each(&values[i])
	}
}
