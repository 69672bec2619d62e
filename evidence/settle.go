package evidence

import "landport/study"

// unsure reports whether runs that are meant as a steady state, and in which no
// line grows, are too few or too short to show that it is one.
func unsure(r *study.Report) bool {
	return r.Kind == study.SteadyState && r.Copes() && r.Settled == nil
}

// settles reports whether a crossing is shown to cope for longer than it was run:
// a steady state that is reached, or a run that is meant to end.
func settles(r *study.Report) bool { return r.Copes() && !r.Rises() && !unsure(r) }
