package evidence

import (
	"slices"
	"strings"

	"landport/sim"
)

// reasoned are all figures that rest on one assumption or source.
type reasoned struct {
	reason  string
	figures int
	objects []object
}

// object is what figures are of, such as stops[customs], with what they are:
// "servers 4". Objects of which the same is said stand together.
type object struct {
	names []string
	says  []string
}

// byReason groups figures by what they rest on and then by what they are of, in
// the order in which each is first met. A path is its object, a dot and the
// first word of what is said of it.
func byReason(list []sim.Parameter) (out []reasoned) {
	for _, p := range list {
		at := slices.IndexFunc(out, func(r reasoned) bool { return r.reason == because(p) })
		if at < 0 {
			at, out = len(out), append(out, reasoned{reason: because(p)})
		}
		out[at].add(p)
	}
	for i := range out {
		out[i].merge()
	}
	return out
}

func (r *reasoned) add(p sim.Parameter) {
	r.figures++
	of, what := "", p.Path
	if end := strings.Index(p.Path, "]."); end >= 0 {
		of, what = p.Path[:end+1], p.Path[end+2:]
	}
	at := slices.IndexFunc(r.objects, func(o object) bool { return o.names[0] == of })
	if at < 0 {
		at, r.objects = len(r.objects), append(r.objects, object{names: []string{of}})
	}
	r.objects[at].says = append(r.objects[at].says, what+" "+p.Value)
}

func (r *reasoned) merge() {
	var merged []object
	for _, o := range r.objects {
		at := slices.IndexFunc(merged, func(m object) bool { return slices.Equal(m.says, o.says) })
		if at < 0 {
			merged = append(merged, o)
		} else {
			merged[at].names = append(merged[at].names, o.names...)
		}
	}
	r.objects = merged
}

func (o *object) text() string { return strings.Join(o.says, "; ") }
