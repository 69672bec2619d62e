package study

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"landport/border"
)

// StageTimes are times by stage. The zero value is empty and ready. Merging
// gives the same statistics in any order and any grouping.
type StageTimes struct {
	stages []stageSketch // by name
}

type stageSketch struct {
	name string
	Sketch
}

// Add counts a time of a stage.
func (t *StageTimes) Add(stage string, time border.Micros) { t.of(stage, 0).Add(time) }

// of returns a stage's sketch, which probably is at an index.
func (t *StageTimes) of(stage string, at int) *Sketch {
	if at < len(t.stages) && t.stages[at].name == stage {
		return &t.stages[at].Sketch
	}
	at, found := slices.BinarySearchFunc(t.stages, stage, func(s stageSketch, name string) int { return cmp.Compare(s.name, name) })
	if !found {
		t.stages = slices.Insert(t.stages, at, stageSketch{name: stage})
	}
	return &t.stages[at].Sketch
}

// Remove takes a time of a stage out again. Where it returns false the times are
// of no use: see Sketch.Remove.
func (t *StageTimes) Remove(stage string, time border.Micros) bool {
	s := t.of(stage, 0)
	if !s.Remove(time) {
		return false
	}
	if s.Count() == 0 && s.Refused() == 0 {
		t.stages = slices.DeleteFunc(t.stages, func(s stageSketch) bool { return s.name == stage })
	}
	return true
}

// Merge counts everything o has counted. o is left as it is.
func (t *StageTimes) Merge(o *StageTimes) {
	for i := range o.stages {
		t.of(o.stages[i].name, i).Merge(&o.stages[i].Sketch)
	}
}

// Each visits the stages of which there are times, in the order of their names.
func (t *StageTimes) Each(visit func(stage string, times *Sketch)) {
	for i := range t.stages {
		if s := &t.stages[i]; s.Count() > 0 {
			visit(s.name, &s.Sketch)
		}
	}
}

// Reset empties the times and keeps their room: filling them again with the
// like allocates nothing.
func (t *StageTimes) Reset() {
	for i := range t.stages {
		t.stages[i].reset()
	}
}

// Exact reports whether quantiles are those of the times themselves.
func (s *Sketch) Exact() bool { return s.exact() }

// Summarize sums up times of a sketch in multiples of unit. There is no
// interval: visits of one time depend on each other.
func Summarize(times *Sketch, unit border.Micros) Summary {
	return (&series{sketch: *times}).summary(unit)
}

// timesVersion is the version of the format below.
const timesVersion = 1

// AppendBinary appends the times as MergeBinary reads them.
func (t *StageTimes) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, timesVersion)
	b = binary.AppendUvarint(b, uint64(len(t.stages)))
	var err error
	for i := range t.stages {
		s := &t.stages[i]
		b = binary.AppendUvarint(b, uint64(len(s.name)))
		b = append(b, s.name...)
		if b, err = s.AppendBinary(b); err != nil {
			return nil, err
		}
	}
	return b, nil
}

var errTimes = errors.New("the bytes are not those of times by stage")

// MergeBinary counts everything that AppendBinary wrote of others. After an
// error the times are of no use.
func (t *StageTimes) MergeBinary(b []byte) error {
	r := sketchReader{bytes: b}
	if version := r.byte(); version != timesVersion {
		return fmt.Errorf("times by stage have version %d, and this program knows %d", version, timesVersion)
	}
	n := r.uvarint()
	for i := range n {
		length := r.uvarint()
		if r.bad || length > uint64(len(r.bytes)) {
			return errTimes
		}
		name := r.bytes[:length]
		rest, err := t.named(name, int(i)).MergeBinary(r.bytes[length:])
		if err != nil {
			return err
		}
		r.bytes = rest
	}
	if r.bad || len(r.bytes) > 0 {
		return errTimes
	}
	return nil
}

// named is of without making a string of a name that is known.
func (t *StageTimes) named(stage []byte, at int) *Sketch {
	if at < len(t.stages) && t.stages[at].name == string(stage) {
		return &t.stages[at].Sketch
	}
	return t.of(string(stage), at)
}
