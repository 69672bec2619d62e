package study

// Forget drops the visits present. Facts of theirs are missing, so that none of
// their times can be told; what is still heard of them counts for nothing.
func (s *Stages) Forget() {
	for i := range s.track.stays {
		s.track.stays[i].id, s.track.stays[i].doing = 0, absent
	}
}
