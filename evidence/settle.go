package evidence

import "landport/study"

// unsure reports whether runs that are meant as a steady state, and in which no
// line grows, are too few or too short to show that it is one.
func unsure(r *study.Report) bool {
	return r.Kind == study.SteadyState && r.Copes() && r.Settled == nil
}

// unsettledWords say of runs of a scenario in which no line grows that it had not
// settled, or is not shown to; empty where it had.
func unsettledWords(scenario string, r *study.Report) string {
	e := edgeOf(r)
	return e.unsettled(scenario)
}
