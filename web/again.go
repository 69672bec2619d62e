package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
)

// refusedForm is a form that came to nothing. What was typed in it stands there
// again, so that nobody has to type it twice.
type refusedForm struct {
	path   string
	values url.Values
}

type refusedFormKey struct{}

// refused has the panel that answers a request offer its form again.
func refused(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), refusedFormKey{}, refusedForm{r.URL.Path, r.PostForm}))
}

// refusedAct returns which of the acts at an address was refused, or else what
// is given.
func refusedAct(ctx context.Context, address string, acts []act, none int) int {
	f, _ := ctx.Value(refusedFormKey{}).(refusedForm)
	if i := slices.IndexFunc(acts, func(a act) bool { return f.of(address, a) }); i >= 0 {
		return i
	}
	return none
}

// again is an act's form as it was refused, or else as it is.
func (a act) again(ctx context.Context, address string) act {
	a.Fields = slices.Clone(a.Fields)
	if a.Do != doSettle {
		a.Fields = append(a.Fields, remarkField())
	}
	f, _ := ctx.Value(refusedFormKey{}).(refusedForm)
	if !f.of(address, a) {
		return a
	}
	for i := range a.Fields {
		field := &a.Fields[i]
		given := f.values[field.Name]
		if len(given) > 0 && oneLine(given[0]) && field.Kind != "confirm" {
			field.Value = given[0]
		}
		field.Options = slices.Clone(field.Options)
		for j := range field.Options {
			field.Options[j].Chosen = slices.Contains(given, field.Options[j].Value)
		}
	}
	return a
}

// of says whether it is the form of an act: forms of one act are told apart by
// what they do not ask.
func (f refusedForm) of(address string, a act) bool {
	path, err := url.PathUnescape(address)
	return err == nil && path == f.path && f.values.Get("do") == a.Do && !slices.ContainsFunc(a.Fields, func(field field) bool {
		return field.Kind == "hidden" && f.values.Get(field.Name) != field.Value
	})
}
