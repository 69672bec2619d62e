package sim

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"landport/border/archive"
	"landport/study"
)

// Shard is what some of the replications of a run measured. MergeShards puts
// all shards of a run together.
type Shard struct {
	Name     string  // what errors call it, such as its file
	Program  string  // the build that ran it
	Scenario []byte  // as File.YAML writes it
	Seed     uint64  // of the run, as all below
	Total    int     // replications
	Days     float64 // measured in each, 0 for what the scenario says
	Part     int     // from 1
	Parts    int
	measured [][]byte // archived Collectors of the replications, in order
}

// CheckShard returns nil or one sentence that says what is wrong with a part of
// so many of a run.
func (o Options) CheckShard(part, parts int) error {
	switch {
	case part < 1 || part > parts:
		return fmt.Errorf("shard %d/%d is impossible; give one from 1/%d to %d/%d", part, parts, max(1, parts), max(1, parts), max(1, parts))
	case parts > max(1, o.Replications):
		return fmt.Errorf("%d shards of %d replications leave some without any; give at most %d shards, or more replications", parts, max(1, o.Replications), max(1, o.Replications))
	}
	return o.Check()
}

// RunShard runs one part of so many, counted from 1, of what Run does. Parts
// are of consecutive replications, as even in number as can be.
func RunShard(f *File, o Options, part, parts int) (*Shard, error) {
	if err := o.CheckShard(part, parts); err != nil {
		return nil, err
	}
	m, err := f.Model()
	if err != nil {
		return nil, err
	}
	m = m.Settled()
	w := m.window(o.Days)
	s := &Shard{Scenario: f.YAML(), Seed: o.Seed, Total: max(1, o.Replications), Days: o.Days, Part: part, Parts: parts}
	first, end := s.replications()
	n := end - first
	InOrder(n, max(1, min(o.Workers, n)), func(i int) []byte {
		return replicate(m, w, o.Seed, first+i).AppendArchive(nil)
	}, func(i int, measured []byte) bool {
		s.measured = append(s.measured, measured)
		if o.Progress != nil {
			o.Progress(i+1, n)
		}
		return true
	})
	return s, nil
}

// replications are those of the shard, from first on and before end.
func (s *Shard) replications() (first, end int) {
	return (s.Part - 1) * s.Total / s.Parts, s.Part * s.Total / s.Parts
}

// MergeShards returns the report that Run gives of the whole run, the same bytes.
// The shards may come in any order; all must be there, once. Library is what
// their scenario is read with.
func MergeShards(l Library, shards []*Shard) (*study.Report, error) {
	ordered, err := complete(shards)
	if err != nil {
		return nil, err
	}
	s := ordered[0]
	f, err := l.Decode(s.Name, s.Scenario)
	if err != nil {
		return nil, err
	}
	m, err := f.Model()
	if err != nil {
		return nil, err
	}
	m = m.Settled()
	w := m.window(s.Days)
	var all *study.Collector
	for _, s := range ordered {
		for _, measured := range s.measured {
			one, err := study.RestoreCollector(m.Layout, w, m.Standard, m.Costs, measured)
			switch {
			case err != nil:
				return nil, fmt.Errorf("%s cannot be read: %w", s.Name, err)
			case all == nil:
				all = one
			default:
				all.Merge(one)
			}
		}
	}
	return m.report(all, w, s.Seed)
}

// complete puts the shards of one run in order, or says why they are not that.
func complete(shards []*Shard) ([]*Shard, error) {
	if len(shards) == 0 {
		return nil, errors.New("no shards are given; give all of a run")
	}
	one := shards[0]
	parts := make([]*Shard, one.Parts)
	for _, s := range shards {
		if why := one.differs(s); why != "" {
			return nil, fmt.Errorf("%s and %s are of two runs: %s; give the shards of one", one.Name, s.Name, why)
		}
		if other := parts[s.Part-1]; other != nil {
			return nil, fmt.Errorf("%s and %s are both shard %d/%d; give each once", other.Name, s.Name, s.Part, s.Parts)
		}
		parts[s.Part-1] = s
	}
	var missing []string
	for i, s := range parts {
		if s == nil {
			missing = append(missing, fmt.Sprintf("%d/%d", i+1, one.Parts))
		}
	}
	if missing != nil {
		return nil, fmt.Errorf("of the shards %s missing; simulate with --shard %s too", isOrAre(missing), missing[0])
	}
	return parts, nil
}

func isOrAre(names []string) string {
	if len(names) == 1 {
		return names[0] + " is"
	}
	return strings.Join(names, ", ") + " are"
}

// differs says in what the run of o is another, empty if it is the same.
func (s *Shard) differs(o *Shard) string {
	switch {
	case !bytes.Equal(s.Scenario, o.Scenario):
		return "their scenarios differ"
	case s.Program != o.Program:
		return fmt.Sprintf("one is by %s, the other by %s", s.Program, o.Program)
	case s.Seed != o.Seed:
		return fmt.Sprintf("one has seed %d, the other %d", s.Seed, o.Seed)
	case s.Total != o.Total:
		return fmt.Sprintf("one has %d replications, the other %d", s.Total, o.Total)
	case s.Days != o.Days:
		return fmt.Sprintf("one measures %s, the other %s", daysAsked(s.Days), daysAsked(o.Days))
	case s.Parts != o.Parts:
		return fmt.Sprintf("one is in %d shards, the other in %d", s.Parts, o.Parts)
	}
	return ""
}

func daysAsked(days float64) string {
	if days == 0 {
		return "as many days as the scenario says"
	}
	return fmt.Sprintf("%g days", days)
}

// What a shard's bytes begin with, and the version of what follows: the archive
// and its SHA-256, so that damage in transport is noticed.
const (
	shardMark    = "landport shard\n"
	shardVersion = 2
)

// Bytes returns the shard for ReadShard.
func (s *Shard) Bytes() []byte {
	a := archive.Append([]byte(shardMark), shardVersion)
	s.archive(a)
	b, _ := a.Close() // writing never fails
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

// ReadShard reads a shard that errors call by a name.
func ReadShard(name string, data []byte) (*Shard, error) {
	rest, found := bytes.CutPrefix(data, []byte(shardMark))
	if !found {
		return nil, fmt.Errorf("%s is not a shard; landport simulate --shard writes them", name)
	}
	if at := len(data) - sha256.Size; at < len(shardMark) || sha256.Sum256(data[:at]) != [sha256.Size]byte(data[at:]) {
		return nil, fmt.Errorf("%s is cut off or damaged; copy it again, or make it again with landport simulate --shard", name)
	}
	s := &Shard{Name: name}
	a := archive.Read(rest[:len(rest)-sha256.Size], shardVersion)
	s.archive(a)
	if _, err := a.Close(); err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, err)
	}
	return s, nil
}

func (s *Shard) archive(a *archive.Archive) {
	archive.Text(a, &s.Program)
	archive.Text(a, &s.Scenario)
	archive.Int(a, &s.Seed)
	archive.Int(a, &s.Total)
	archive.Float(a, &s.Days)
	archive.Int(a, &s.Part)
	archive.Int(a, &s.Parts)
	archive.List(a, &s.measured, func(b *[]byte) { archive.Text(a, b) })
	if a.Reading() {
		o := Options{Replications: s.Total, Days: s.Days}
		if s.Total < 1 || o.CheckShard(s.Part, s.Parts) != nil {
			a.Fail(archive.ErrOther)
			return
		}
		if first, end := s.replications(); len(s.measured) != end-first {
			a.Fail(archive.ErrOther)
		}
	}
}
