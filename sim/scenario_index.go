package sim

import "strings"

// index finds things by the names they go by in the file. A name with an
// asterisk stands for several.
type index[ID ~uint8 | ~uint16 | ~int] struct {
	one, many string // what they are
	names     []string
	ids       map[string][]ID
}

func indexOf[ID ~uint8 | ~uint16 | ~int](one, many string) index[ID] {
	return index[ID]{one: one, many: many, ids: map[string][]ID{}}
}

func (x *index[ID]) add(name string, ids ...ID) {
	x.names = append(x.names, name)
	x.ids[name] = append(x.ids[name], ids...)
}

// all returns what a name at path stands for.
func (x *index[ID]) all(text *document, path, name string) ([]ID, error) {
	if ids := x.ids[name]; len(ids) > 0 {
		return ids, nil
	}
	if r := text.gone(x.many, name); r != nil {
		return nil, r.at.errorf("%s %q is removed, but %s still names it (%s); change that too", x.one, name, text.nearest(path), strings.TrimSuffix(about(path), ": "))
	}
	if len(x.names) == 0 {
		return nil, text.errorf(path, "unknown %s %q; there are no %s", x.one, name, x.many)
	}
	return nil, text.errorf(path, "unknown %s %q%s; %s are %s",
		x.one, name, perhaps(name, x.names), x.many, strings.Join(x.names, ", "))
}

// the returns the single thing a name at path stands for. Without a name it is
// the only one there is.
func (x *index[ID]) the(text *document, path, name string) (ID, error) {
	if name == "" {
		if len(x.names) == 1 && len(x.ids[x.names[0]]) == 1 {
			return x.ids[x.names[0]][0], nil
		}
		return 0, text.errorf(path[:strings.LastIndex(path, ".")], "lacks its %s; %s are %s", x.one, x.many, strings.Join(x.names, ", "))
	}
	ids, err := x.all(text, path, name)
	if err == nil && len(ids) > 1 {
		err = text.errorf(path, "%q stands for %d %s; name one", name, len(ids), x.many)
	}
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}
