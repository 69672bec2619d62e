package gate

// Skip passes over n serial numbers, which may be those of visits that no fact
// tells of, and returns the last. No visit will have one of them.
func (s *State) Skip(n uint64) (last uint64) {
	s.serial += n
	return s.serial
}
