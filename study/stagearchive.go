package study

import (
	"encoding/binary"
	"errors"
	"fmt"

	"landport/gate"
)

// stagesVersion is the version of the format below. Another is not read: the
// facts are always there to make the Stages anew.
const stagesVersion = 2

// AppendArchive appends all that Stages know of the visits present, for
// RestoreStages on the same layout.
func (s *Stages) AppendArchive(b []byte) []byte {
	a := archive{bytes: b}
	s.archive(&a)
	return a.bytes
}

// RestoreStages returns the Stages that AppendArchive wrote. l must be the
// layout they were of.
func RestoreStages(l *gate.Layout, archived []byte) (*Stages, error) {
	s := NewStages(l, 0)
	a := archive{bytes: archived, reading: true}
	s.archive(&a)
	if a.err == nil && len(a.bytes) > 0 {
		a.err = fmt.Errorf("the archived stages have %d bytes too many", len(a.bytes))
	}
	return s, a.err
}

// archive writes values one after the other, or reads them back in the same
// order, so that one list of fields serves both.
type archive struct {
	bytes   []byte
	reading bool
	err     error
}

var (
	errArchiveShort = errors.New("the archived stages are cut off")
	errArchiveOther = errors.New("the archived stages are of another layout")
)

func (a *archive) fail(err error) {
	if a.err == nil {
		a.err = err
	}
	a.bytes = nil
}

func integer[T ~int | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64](a *archive, v *T) {
	if !a.reading {
		a.bytes = binary.AppendVarint(a.bytes, int64(*v))
		return
	}
	x, n := binary.Varint(a.bytes)
	if n <= 0 {
		a.fail(errArchiveShort)
		return
	}
	*v, a.bytes = T(x), a.bytes[n:]
}

// index is an integer below a limit.
func index[T ~int | ~uint8 | ~uint16](a *archive, v *T, limit int) {
	integer(a, v)
	if i := int(*v); i < 0 || i >= limit {
		a.fail(errArchiveOther)
		*v = 0
	}
}

// bits is a set of numbers below a limit.
func (a *archive) bits(set *uint64, limit int) {
	integer(a, set)
	if *set>>limit != 0 {
		a.fail(errArchiveOther)
		*set = 0
	}
}

func (a *archive) flags(values ...*bool) {
	for _, v := range values {
		n := 0
		if *v {
			n = 1
		}
		integer(a, &n)
		*v = n != 0
	}
}

// count is the length of a list; every element takes a byte at least.
func (a *archive) count(n int) int {
	integer(a, &n)
	if a.reading && (n < 0 || n > len(a.bytes)) {
		a.fail(errArchiveShort)
		return 0
	}
	return n
}

// fixed is the length of a list that the layout has made.
func (a *archive) fixed(n int) int {
	given := n
	integer(a, &given)
	if given != n {
		a.fail(errArchiveOther)
		return 0
	}
	return n
}

func (s *Stages) archive(a *archive) {
	version := stagesVersion
	if integer(a, &version); version != stagesVersion {
		a.fail(fmt.Errorf("the archived stages have version %d, and this program knows %d", version, stagesVersion))
		return
	}
	integer(a, &s.clock)
	s.track.hours.archive(a)
	a.flags(&s.track.readyFirst)
	a.fixed(len(s.parties))
	a.fixed(len(s.track.layout.Posts))
	n := a.count(len(s.track.stays))
	for slot := range n {
		if a.reading {
			s.track.begin(&gate.Fact{Visit: gate.MakeVisitID(0, slot)})
			s.served = append(s.served, 0)
		}
		stay := &s.track.stays[slot]
		if integer(a, &stay.id); stay.id != 0 {
			if stay.id.Slot() != slot {
				a.fail(errArchiveOther)
				stay.id = 0
				return
			}
			s.track.archive(a, stay)
			integer(a, &s.served[slot])
		}
	}
}

func (h *hours) archive(a *archive) {
	for i := range a.fixed(len(h.levels)) {
		integer(a, &h.levels[i])
	}
	for i := range a.fixed(len(h.shut)) {
		a.flags(&h.shut[i])
	}
	for i := range a.fixed(len(h.accepts)) {
		integer(a, &h.accepts[i].Refused)
		integer(a, &h.accepts[i].Required)
	}
	for i := range a.fixed(len(h.offDuty)) {
		a.flags(&h.offDuty[i])
	}
}

// archive archives a stay, but for what the collector notes there.
func (t *track) archive(a *archive, s *stay) {
	integer(a, &s.arrived)
	integer(a, &s.since)
	integer(a, &s.came)
	integer(a, &s.traits)
	integer(a, &s.held)
	for i := range s.times {
		integer(a, &s.times[i])
	}
	areas := uint64(s.areas)
	a.bits(&areas, len(t.layout.Posts))
	s.areas = uint8(areas)
	index(a, &s.place, len(t.layout.Places))
	index(a, &s.stop, len(t.layout.Stops))
	integer(a, &s.passengers)
	index(a, &s.procedure, len(t.layout.Procedures))
	index(a, &s.direction, len(t.layout.Directions))
	index(a, &s.doing, int(refused)+1)
	a.flags(&s.unready, &s.passenger)
}
