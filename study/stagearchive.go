package study

import (
	"landport/border"
	"landport/border/archive"
	"landport/gate"
)

// stagesVersion is the version of the format below. Another is not read: the
// facts are always there to make the Stages anew.
const stagesVersion = 3

// AppendArchive appends all that Stages know of the visits present, for
// RestoreStages on the same layout.
func (s *Stages) AppendArchive(b []byte) []byte {
	a := archive.Append(b, stagesVersion)
	s.archive(a)
	b, _ = a.Close() // writing never fails
	return b
}

// RestoreStages returns the Stages that AppendArchive wrote. l must be the
// layout they were of.
func RestoreStages(l *gate.Layout, archived []byte) (*Stages, error) {
	s := NewStages(l, 0)
	a := archive.Read(archived, stagesVersion)
	s.archive(a)
	_, err := a.Close()
	return s, err
}

func (s *Stages) archive(a *archive.Archive) {
	archive.Int(a, &s.clock)
	s.track.hours.archive(a)
	a.Flags(&s.track.readyFirst)
	archive.Int(a, &s.track.entries)
	archive.Fixed(a, s.parties, func(*partyStages) {})
	archive.Fixed(a, s.track.layout.Posts, func(*gate.Post) {})
	n := a.Count(len(s.track.stays))
	for slot := range n {
		if a.Reading() {
			s.track.begin(&gate.Fact{Visit: gate.MakeVisitID(0, slot)})
			s.served = append(s.served, 0)
		}
		stay := &s.track.stays[slot]
		if archive.Int(a, &stay.id); stay.id != 0 {
			if stay.id.Slot() != slot {
				a.Fail(archive.ErrOther)
				stay.id = 0
				return
			}
			s.track.archive(a, stay)
			archive.Int(a, &s.served[slot])
		}
	}
}

func (h *hours) archive(a *archive.Archive) {
	archive.Fixed(a, h.levels, func(level *uint8) { archive.Int(a, level) })
	archive.Fixed(a, h.shut, func(shut *bool) { a.Flags(shut) })
	archive.Fixed(a, h.accepts, func(p *border.Predicate) { archive.Int(a, &p.Refused); archive.Int(a, &p.Required) })
	archive.Fixed(a, h.offDuty, func(off *bool) { a.Flags(off) })
}

// archive archives a stay, but for what the collector notes there.
func (t *track) archive(a *archive.Archive, s *stay) {
	archive.Int(a, &s.arrived)
	archive.Int(a, &s.since)
	archive.Int(a, &s.came)
	archive.Int(a, &s.traits)
	archive.Int(a, &s.order)
	archive.Int(a, &s.held)
	t.holding = t.holding || s.held != 0
	for i := range s.spent {
		archive.Int(a, &s.spent[i][waits])
		archive.Int(a, &s.spent[i][active])
		if s.spent[i] != (spent{}) {
			s.parties |= 1 << (i & 63)
		}
	}
	for i := range s.inArea {
		archive.Int(a, &s.inArea[i])
	}
	archive.Index(a, &s.areas, 1<<len(t.layout.Posts))
	archive.Index(a, &s.place, len(t.layout.Places))
	archive.Index(a, &s.stop, len(t.layout.Stops))
	archive.Int(a, &s.passengers)
	archive.Index(a, &s.procedure, len(t.layout.Procedures))
	archive.Index(a, &s.direction, len(t.layout.Directions))
	archive.Index(a, &s.doing, int(refused)+1)
	a.Flags(&s.unready, &s.passenger)
}
