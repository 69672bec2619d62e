package sim

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"landport/border"
)

// Schema returns the JSON Schema (draft 2020-12) of scenario files, for editors.
// It is made from the types that Decode fills, so the two cannot differ; what
// only the whole file shows, such as an unknown post, is left to Decode.
func Schema() []byte {
	s := schemas{defs: schema{}}
	root := schema{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   "Landport scenario",
		"if":      schema{"required": []string{"extends"}},
		"then":    s.overlay(reflect.TypeFor[File]()),
		"else":    s.object(reflect.TypeFor[File]()),
		"$defs":   s.defs,
	}
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(err) // maps, slices, strings and numbers always marshal
	}
	return append(text, '\n')
}

type schema = map[string]any

type schemas struct{ defs schema }

// of returns the schema of a type, by reference where it has a name.
func (s *schemas) of(t reflect.Type) schema {
	if t.Name() == "" || t.PkgPath() == "" {
		return s.plain(t)
	}
	return s.define(defName(t), t, s.named)
}

// define makes a definition once, and refers to it.
func (s *schemas) define(name string, t reflect.Type, as func(reflect.Type) schema) schema {
	if _, ok := s.defs[name]; !ok {
		s.defs[name] = schema{} // so that a type inside itself finds it
		s.defs[name] = as(t)
	}
	return schema{"$ref": "#/$defs/" + name}
}

// laid returns the schema of what is laid over a value of a type.
func (s *schemas) laid(t reflect.Type) schema {
	switch {
	case whole(t):
		return s.of(t)
	case t.Kind() == reflect.Struct:
		return s.define("overlay-"+defName(t), t, s.overlay)
	case t.Kind() == reflect.Slice && slices.Contains(fieldNames(t.Elem()), "name"):
		return schema{"type": "array", "items": s.laid(t.Elem())}
	}
	return s.of(t)
}

// overlay is a mapping laid over one with the fields of a type: it needs none
// of them but what says where it belongs, and null leaves one out.
func (s *schemas) overlay(t reflect.Type) schema {
	properties, required := explained(), []string{}
	for i, name := range fieldNames(t) {
		field := t.Field(i)
		of := s.laid(field.Type)
		limit(of, field)
		either := anyOf(of, schema{"type": "null"})
		either["description"] = field.Tag.Get("doc")
		properties[name] = either
	}
	switch {
	case t == reflect.TypeFor[File]():
		required = []string{"extends"}
	case properties["name"] != nil:
		required = []string{"name"}
		properties["remove"] = schema{"const": true, "description": "The base's entry of this name is left out."}
	}
	return schema{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

// defName is the type's name without what only Go needs: a distribution of
// durations is dist-duration.
func defName(t reflect.Type) string {
	name, of, generic := strings.Cut(t.Name(), "[")
	name = strings.TrimSuffix(name, "Entry")
	if generic {
		name += "-" + strings.TrimSuffix(of[strings.LastIndex(of, ".")+1:], "]")
	}
	return name
}

func (s *schemas) plain(t reflect.Type) schema {
	switch t.Kind() {
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.Slice:
		return schema{"type": "array", "items": s.of(t.Elem())}
	default:
		return plainText()
	}
}

func (s *schemas) named(t reflect.Type) schema {
	switch t {
	case reflect.TypeFor[agency]():
		return words(listOf(border.Agencies()))
	case reflect.TypeFor[subject]():
		return words(listOf([]border.Subject{border.MeansOfTransport, border.Goods, border.Person}))
	case reflect.TypeFor[side]():
		return words(listOf([]border.Side{border.Exit, border.Entry}))
	case reflect.TypeFor[placeKind]():
		return words(kindNames())
	case reflect.TypeFor[costKind]():
		return words(costKinds())
	case reflect.TypeFor[orderWord]():
		return words(orderWords())
	case reflect.TypeFor[traits]():
		var all []string
		for _, axis := range border.Axes() {
			all = append(all, axis.Values()...)
		}
		return oneOrMore(words(all))
	case reflect.TypeFor[literal]():
		return schema{"type": []string{"string", "number", "boolean"}}
	case reflect.TypeFor[names]():
		return oneOrMore(plainText())
	case reflect.TypeFor[services]():
		return anyOf(s.of(reflect.TypeFor[timing]()), s.plain(reflect.TypeFor[[]serviceEntry]()))
	}
	if !reflect.PointerTo(t).Implements(reflect.TypeFor[figure]()) {
		return s.object(t)
	}
	value := s.figure(t)
	explicit := explained()
	explicit["value"] = value
	s.fits(explicit, t)
	return anyOf(value, schema{"type": "object", "properties": explicit, "required": []string{"value"}, "additionalProperties": false})
}

// figure is the schema of a figure's value.
func (s *schemas) figure(t reflect.Type) schema {
	const day, number = `^\d{4}-\d{2}-\d{2}$`, `(\d+\.?\d*|\.\d+)`
	const decimal = `[+]?` + number + `([eE][+-]?\d+)?`
	const clock = `([01]?\d|2[0-4]):[0-5]\d`
	const spans = `^(closed|` + clock + `[-–]` + clock + `(, *` + clock + `[-–]` + clock + `)*)$`
	const weekdays = `^((sun|mon|tue|wed|thu|fri|sat)(-(sun|mon|tue|wed|thu|fri|sat))?|daily)$`
	switch t {
	case reflect.TypeFor[duration]():
		return text(`^(` + number + `(ms|s|m|h|d))+$`)
	case reflect.TypeFor[warmup]():
		return anyOf(words([]string{"auto"}), s.figure(reflect.TypeFor[duration]()))
	case reflect.TypeFor[count](), reflect.TypeFor[amount]():
		return schema{"type": "integer", "minimum": 0}
	case reflect.TypeFor[probability]():
		return schema{"type": "number", "minimum": 0, "maximum": 1}
	case reflect.TypeFor[growth]():
		return schema{"type": "number", "exclusiveMinimum": -1, "maximum": mostGrowth}
	case reflect.TypeFor[rate]():
		return text(`^` + decimal + ` */ *(day|hour|minute|second)$`)
	case reflect.TypeFor[date]():
		return text(day)
	case reflect.TypeFor[moneyText]():
		return text(`^` + decimal + ` [A-Z]{3}$`)
	case reflect.TypeFor[moment]():
		return text(`^((` + strings.Trim(weekdays, "^$") + `|` + strings.Trim(day, "^$") + `) +)?` + clock + `$`)
	case reflect.TypeFor[dates]():
		return oneOrMore(text(day))
	case reflect.TypeFor[hours]():
		return anyOf(text(spans), table(weekdays+`|^holidays$|`+day, text(spans)))
	case reflect.TypeFor[hourTable]():
		return table(`^\d{1,2}(-\d{1,2})?$`, s.figure(reflect.TypeFor[factor]()))
	case reflect.TypeFor[dayTable]():
		return table(weekdays, s.figure(reflect.TypeFor[factor]()))
	case reflect.TypeFor[batchTable]():
		return table(`^\d+$`, s.figure(reflect.TypeFor[probability]()))
	case reflect.TypeFor[mixTable]():
		return table("", s.figure(reflect.TypeFor[probability]()))
	case reflect.TypeFor[timing]():
		return anyOf(s.of(reflect.TypeFor[duration]()), s.of(reflect.TypeFor[distEntry[duration]]()))
	case reflect.TypeFor[tally]():
		return anyOf(s.of(reflect.TypeFor[amount]()), s.of(reflect.TypeFor[distEntry[amount]]()))
	default:
		return schema{"type": "number", "minimum": 0}
	}
}

// object is a mapping with the fields of a type, and what explains its figures.
func (s *schemas) object(t reflect.Type) schema {
	properties, required := explained(), []string{}
	short := -1
	for i, name := range fieldNames(t) {
		field := t.Field(i)
		of := s.of(field.Type)
		of["description"] = field.Tag.Get("doc")
		limit(of, field)
		properties[name] = of
		if field.Tag.Get("need") != "" {
			required = append(required, name)
		}
		if field.Tag.Get("short") != "" {
			short = i
		}
	}
	o := schema{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
	if strings.HasPrefix(t.Name(), "dist") {
		o["maxProperties"] = 3 // a family and what explains it
		if t == reflect.TypeFor[distEntry[duration]]() {
			s.fits(properties, reflect.TypeFor[timing]())
		}
	}
	if short < 0 {
		return o
	}
	return anyOf(s.of(t.Field(short).Type), o)
}

// limit adds the least and the most of a field. They say nothing of values of
// another type, such as a mapping with the value and its source.
func limit(of schema, field reflect.StructField) {
	least, most := "minimum", "maximum"
	if field.Type.Kind() == reflect.Slice {
		least, most = "minItems", "maxItems"
	}
	l := limitsOf(field)
	if _, ok := field.Tag.Lookup("least"); ok {
		of[least] = l.least
	}
	if _, ok := field.Tag.Lookup("most"); ok {
		of[most] = l.most
	}
}

func explained() schema {
	return schema{
		"source":  schema{"type": "string", "description": "Who published the figures in this mapping."},
		"assumed": schema{"type": "string", "description": "Why the figures in this mapping are what they are, where nobody published them."},
	}
}

// fits adds the range in which a figure of a type may be fitted, if it may.
func (s *schemas) fits(properties schema, t reflect.Type) {
	switch t {
	case reflect.TypeFor[timing]():
		t = reflect.TypeFor[duration]()
	case reflect.TypeFor[duration](), reflect.TypeFor[rate](), reflect.TypeFor[count](), reflect.TypeFor[probability](), reflect.TypeFor[factor](), reflect.TypeFor[growth]():
	default:
		return
	}
	properties["fit"] = schema{
		"type": "object", "properties": schema{"low": s.figure(t), "high": s.figure(t)}, "required": []string{"low", "high"},
		"additionalProperties": false, "description": "The figure may be fitted to observations, within these bounds; those of a distribution are of its mean.",
	}
}

func table(keys string, value schema) schema {
	t := schema{"type": "object", "properties": explained(), "additionalProperties": value}
	if keys != "" {
		t["propertyNames"] = schema{"pattern": keys + `|^(source|assumed)$`}
	}
	return t
}

// plainText is a text or a name, which may be a number.
func plainText() schema { return schema{"type": []string{"string", "number"}} }

func text(pattern string) schema { return schema{"type": "string", "pattern": pattern} }

func anyOf(options ...schema) schema { return schema{"anyOf": options} }

func oneOrMore(item schema) schema {
	return anyOf(item, schema{"type": "array", "items": item})
}

func words(list []string) schema { return schema{"enum": list} }

func listOf[T interface{ String() string }](values []T) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = v.String()
	}
	return list
}
