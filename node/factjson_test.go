package node

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Every field of factData is found by its name.
func TestFieldsOfFacts(t *testing.T) {
	var d factData
	v := reflect.ValueOf(&d).Elem()
	for field, value := range v.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if d.field(name) != value.Addr().Interface() {
			t.Errorf("%s is found as another field, or not at all", name)
		}
	}
}

// Answers are kept as encoding/json writes them.
func TestAnswersInJSON(t *testing.T) {
	text := rapid.OneOf(rapid.SampledFrom([]string{"", "KH01-0000-0124", `no visit "a" \ b`, "làn 1", "<&>"}), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		a := Answer{
			rapid.Int64().Draw(t, "sequence"), rapid.Int().Draw(t, "entries"),
			text.Draw(t, "reference"), text.Draw(t, "refusal"), text.Draw(t, "detail"), text.Draw(t, "anomaly"), text.Draw(t, "claimed"), rapid.Bool().Draw(t, "repeated"),
		}
		if want := compact(a); a.json() != string(want) {
			t.Fatalf("%s, encoding/json writes %s", a.json(), want)
		}
	})
}

// Facts are written as encoding/json writes them, and read as it reads them.
func TestFactsInJSON(t *testing.T) {
	text := rapid.OneOf(rapid.SampledFrom([]string{"", "laden", `a "b" \ c`, "làn 1", "<&>", "\u2028", "\xff\x00"}), rapid.String())
	texts := rapid.SliceOfN(text, 0, 3)
	rapid.Check(t, func(t *rapid.T) {
		var d factData
		v := reflect.ValueOf(&d).Elem()
		for _, f := range v.Fields() {
			switch {
			case rapid.IntRange(0, 2).Draw(t, "given") > 0:
			case f.Kind() == reflect.String:
				f.SetString(text.Draw(t, "text"))
			case f.Kind() == reflect.Slice:
				f.Set(reflect.ValueOf(texts.Draw(t, "texts")))
			case f.CanInt():
				f.SetInt(rapid.Int64().Draw(t, "number"))
			default:
				f.SetUint(rapid.Uint64().Draw(t, "number") >> (64 - f.Type().Bits()))
			}
		}
		written := d.appendJSON(nil)
		if want := compact(d); string(written) != string(want) {
			t.Fatalf("%s, encoding/json writes %s", written, want)
		}
		checkParse(t, string(written))
	})
}

func checkParse(t interface {
	Fatalf(format string, args ...any)
}, text string) {
	var d, want factData
	err, wrong := d.parseJSON(text), json.Unmarshal([]byte(text), &want)
	if (err == nil) != (wrong == nil) || err == nil && string(compact(d)) != string(compact(want)) {
		t.Fatalf("%q is read as %+v, %v; encoding/json reads %+v, %v", text, d, err, want, wrong)
	}
}

// Whatever is read, it is what encoding/json reads.
func FuzzFactJSON(f *testing.F) {
	for _, text := range []string{
		`{}`, `{"visit":12,"slot":3,"place":"lane 1","traits":["laden","home-use"],"n":-5}`, `{"visit":012}`, `{"n":-0}`, `{"n":-}`, `{"server":256}`,
		`{"Visit":1}`, `{"visit":1,}`, `{"place":null}`, ` {"place" : "a"}`, `{"place":"a\n"}`, `{"traits":[]}`, `{"traits":["a",]}`, `{"n":1e3}`,
		`{"visit":18446744073709551615}`, `{"place":"a"}{}`, `{"traits":["a"],"traits":["b"]}`, "{\"place\":\"\xff\"}", "{\"place\":\"à\\\\\"}", `{"x":1}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkParse(t, text) })
}
