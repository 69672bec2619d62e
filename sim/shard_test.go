package sim

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"landport/scenarios"
)

// shippedFile decodes a scenario that comes with Landport.
func shippedFile(t *testing.T, name string) (*File, Library) {
	t.Helper()
	l := Library{Zones: time.LoadLocation, Base: scenarios.Base}
	data, err := scenarios.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	f, err := l.Decode(name, data)
	if err != nil {
		t.Fatal(err)
	}
	return f, l
}

// shardsOf runs a scenario in parts, and writes and reads them.
func shardsOf(t *testing.T, f *File, o Options, parts int) (shards []*Shard) {
	t.Helper()
	for part := 1; part <= parts; part++ {
		s, err := RunShard(f, o, part, parts)
		if err != nil {
			t.Fatal(err)
		}
		s.Program = "this"
		read, err := ReadShard(fmt.Sprintf("part%d", part), s.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		shards = append(shards, read)
	}
	return shards
}

func TestShardsMergeToTheSameBytes(t *testing.T) {
	for _, c := range []struct {
		scenario     string
		days         float64
		replications int
		parts        int
	}{
		{"mm5", 2, 7, 3}, {"mm5", 20, 1, 1}, {"bavet-mocbai-2018", 3, 5, 3}, {"bavet-mocbai-short", 1, 2, 2}, {"kimthanh-tidal", 1, 3, 3},
	} {
		f, l := shippedFile(t, c.scenario)
		m, err := f.Model()
		if err != nil {
			t.Fatal(err)
		}
		o := Options{Replications: c.replications, Seed: 1<<63 + 7, Days: c.days, Workers: 2}
		whole, err := Run(m, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, workers := range []int{1, 2} {
			o.Workers = workers
			shards := shardsOf(t, f, o, c.parts)
			slices.Reverse(shards)
			merged, err := MergeShards(l, shards)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(marshal(t, merged), marshal(t, whole)) || merged.Text() != whole.Text() {
				t.Errorf("%s: %d shards by %d workers merge to another report\n%s\n%s", c.scenario, c.parts, workers, marshal(t, merged), marshal(t, whole))
			}
		}
	}
}

func TestShardsThatAreNotOneRunAreRefused(t *testing.T) {
	f, l := shippedFile(t, "mm5")
	other, _ := shippedFile(t, "gate16")
	o := Options{Replications: 4, Seed: 1, Days: 0.1}
	shards := shardsOf(t, f, o, 4)
	with := func(change func(o *Options)) *Shard {
		o := o
		change(&o)
		s := shardsOf(t, f, o, 4)[3]
		s.Name = "foreign"
		return s
	}
	build := *shards[3]
	build.Name, build.Program = "foreign", "that"
	for _, c := range []struct {
		name   string
		shards []*Shard
		want   string
	}{
		{"none", nil, "no shards are given"},
		{"missing", shards[1:3], "of the shards 1/4, 4/4 are missing; simulate with --shard 1/4 too"},
		{"one missing", shards[:3], "of the shards 4/4 is missing"},
		{"double", append(slices.Clone(shards), shards[1]), "part2 and part2 are both shard 2/4"},
		{"seed", append(shards[:3:3], with(func(o *Options) { o.Seed = 2 })), "part1 and foreign are of two runs: one has seed 1, the other 2"},
		{"replications", append(shards[:3:3], with(func(o *Options) { o.Replications = 5 })), "one has 4 replications, the other 5"},
		{"days", append(shards[:3:3], with(func(o *Options) { o.Days = 0.2 })), "one measures 0.1 days, the other 0.2 days"},
		{"parts", append(shards[:3:3], shardsOf(t, f, o, 3)[2]), "one is in 4 shards, the other in 3"},
		{"scenario", append(shards[:3:3], shardsOf(t, other, Options{Replications: 4, Seed: 1, Days: 0.01}, 4)[3]), "their scenarios differ"},
		{"program", append(shards[:3:3], &build), "one is by this, the other by that"},
	} {
		if _, err := MergeShards(l, c.shards); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	for _, part := range [][2]int{{0, 4}, {5, 4}, {-1, -1}, {1, 0}, {1, 5}} {
		if _, err := RunShard(f, o, part[0], part[1]); err == nil {
			t.Errorf("part %d of %d of 4 replications is run", part[0], part[1])
		}
	}
}

// Whatever byte is changed or missing, a shard is not read, and neither is
// what is none.
func TestDamagedShardsAreRefused(t *testing.T) {
	f, _ := shippedFile(t, "mm5")
	s, err := RunShard(f, Options{Days: 0.01}, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	whole := s.Bytes()
	refused := func(what string, data []byte, want string) {
		t.Helper()
		if _, err := ReadShard("part1.bin", data); err == nil || !strings.Contains(err.Error(), "part1.bin "+want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for at := range whole {
		damaged := bytes.Clone(whole)
		damaged[at] ^= 1
		want := "is cut off or damaged"
		if at < len(shardMark) {
			want = "is not a shard"
		}
		refused(fmt.Sprint("byte ", at), damaged, want)
		if at >= len(shardMark) {
			refused(fmt.Sprint(at, " bytes"), whole[:at], want)
		}
	}
	refused("nothing", nil, "is not a shard")
}
