package gate

import (
	"flag"
	"fmt"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"landport/border"
)

var update = flag.Bool("update", false, "write what follows from the inputs into the shift logs instead of comparing")

// TestShiftLogs plays the shift logs in testdata. Each tells one story: a line
// for an input, and indented below it what follows. A watcher checks every step,
// replay included. Write them anew with: go test ./gate -run ShiftLogs -update.
func TestShiftLogs(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal("no shift logs in testdata", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			written, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			played := play(t, string(written))
			if *update {
				if err := os.WriteFile(path, []byte(played), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, got := strings.Split(string(written), "\n"), strings.Split(played, "\n")
			for i := range min(len(want), len(got)) {
				if want[i] != got[i] && !*update {
					t.Fatalf("%s:%d says\n%s\nbut it is\n%s", path, i+1, want[i], got[i])
				}
			}
			if len(want) != len(got) && !*update {
				t.Fatalf("%s has %d lines; it should have %d", path, len(want), len(got))
			}
		})
	}
}

// A shift is a log being played.
type shift struct {
	t      *testing.T
	line   int
	layout *Layout
	w      *watcher
	began  border.Time
	date   string
	words  map[string]func(*Input)
	visits map[string]VisitID
	things map[string]ThingID
	out    strings.Builder
}

// play carries out every input of a log and returns the log with what follows.
func play(t *testing.T, text string) string {
	t.Helper()
	s := &shift{t: t, visits: map[string]VisitID{}, things: map[string]ThingID{}}
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		s.line = i + 1
		if strings.HasPrefix(line, "    ") {
			continue
		}
		s.out.WriteString(line + "\n")
		if line != "" && line[0] != '#' {
			s.read(line)
		}
	}
	s.checkEnd()
	return s.out.String()
}

func (s *shift) read(line string) {
	first, rest, _ := strings.Cut(line, " ")
	switch first {
	case "layout":
		s.layout = s.layoutNamed(rest)
	case "policy":
		all := s.layout.Policies
		i := slices.IndexFunc(all, func(p Policy) bool { return p.Name == rest })
		if i < 0 {
			s.fatalf("no policy %q", rest)
		}
		all[0], all[i] = all[i], all[0]
	case "start":
		if err := s.layout.Compile(); err != nil {
			s.fatalf("%v", err)
		}
		s.words = vocabulary(s.layout)
		s.date, rest, _ = strings.Cut(rest, " ")
		s.began = s.instant(rest)
		s.w = watch(s.layout, s.began, func(f string, a ...any) { s.fatalf(f, a...) })
	case "date":
		s.date = rest
	default:
		at := s.instant(first)
		if rest == "look" {
			s.do(at, "tick")
			s.look()
			return
		}
		s.do(at, rest)
	}
}

func (s *shift) fatalf(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf("line %d: %s", s.line, fmt.Sprintf(format, args...))
}

// instant reads a clock of the current date, or a date and a clock.
func (s *shift) instant(text string) border.Time {
	if !strings.Contains(text, "T") {
		text = s.date + "T" + text
	}
	t, err := time.ParseInLocation("2006-01-02T15:04", text, s.layout.Posts[0].Zone)
	if err != nil {
		s.fatalf("%v", err)
	}
	return border.At(t)
}

// do carries out one input and writes what follows.
func (s *shift) do(at border.Time, text string) {
	in := Input{At: at}
	fresh := s.understand(&in, text)
	before := len(s.w.log)
	_, refusal := s.w.do(in)
	for _, f := range s.w.log[before:] {
		if fresh != "" {
			s.name(fresh, &f)
		}
		when := ""
		if f.At != at {
			when = f.At.Std(s.layout.Posts[0].Zone).Format("15:04 ")
		}
		s.out.WriteString("    " + when + s.tell(&f) + "\n")
	}
	if refusal.Refused() {
		fmt.Fprintf(&s.out, "    refused: %s (%v)\n", s.layout.Explain(refusal), refusal.Code)
	}
}

// name keeps the name of a visit or thing that a fact brought.
func (s *shift) name(fresh string, f *Fact) {
	switch f.Kind {
	case Announced, Arrived, Alighted:
		s.visits[fresh] = f.Visit
	case Linked:
		s.things[fresh] = f.Thing
	}
}

// understand reads the words of an input, the longest known first, and returns
// the name of a visit or thing not known before.
func (s *shift) understand(in *Input, text string) (fresh string) {
	words := strings.Fields(strings.ReplaceAll(text, ",", ""))
	of := false
	for len(words) > 0 {
		n := min(4, len(words))
		for n > 0 && s.words[strings.Join(words[:n], " ")] == nil {
			n--
		}
		if n > 0 {
			s.words[strings.Join(words[:n], " ")](in)
			of = of || words[0] == "of"
			words = words[n:]
			continue
		}
		word := words[0]
		words = words[1:]
		kind, _, numbered := strings.Cut(word, "-")
		number, err := strconv.ParseInt(word, 10, 64)
		switch id, known := s.visits[word]; {
		case known && of:
			in.Other, of = id, false
		case known:
			in.Visit = id
		case err == nil:
			in.N = number
		case strings.Contains(word, ":"):
			in.N = int64(s.instant(word))
		case numbered && slices.Contains(thingKinds, kind):
			if in.Thing = s.things[word]; in.Thing == 0 {
				fresh, in.N = word, int64(slices.Index(thingKinds, kind))
			}
		case word[0] >= 'A' && word[0] <= 'Z':
			fresh = word
		default:
			s.fatalf("nobody understands %q", word)
		}
	}
	return fresh
}

var thingKinds = []string{"", "tractor", "trailer", "consignment", "driver"}

// tell puts a fact in words.
func (s *shift) tell(f *Fact) string {
	l := s.layout
	zone := l.Posts[0].Zone
	way := l.Directions[f.Direction]
	blank := func(prefix, text string) string {
		if text == "" {
			return ""
		}
		return prefix + text
	}
	from := func(names int, name func(int) string) string {
		if f.N >= 0 && f.N < int64(names) {
			return name(int(f.N))
		}
		return ""
	}
	traits := f.Traits.String()
	if f.Traits == 0 {
		traits = "nothing"
	}
	sentence := sentences[f.Kind]
	if f.Kind == HoursChanged {
		sentence = [...]string{"{hours}: closed", "{hours}: open, no more admission", "{hours}: admitting"}[f.N&0xff]
	}
	return strings.NewReplacer(
		"{visit}", s.nameOf(f.Visit), "{other}", s.nameOf(f.Other),
		"{place}", l.Places[f.Place].Name, "{stop}", l.Stops[f.Stop].Name, "{server}", strconv.Itoa(int(f.Server)+1),
		"{traits}", traits, "{n}", strconv.FormatInt(f.N, 10),
		"{to}", from(len(l.Places), func(i int) string { return l.Places[i].Name }),
		"{post}", from(len(l.Posts), func(i int) string { return l.Posts[i].Name }),
		"{policy}", from(len(l.Policies), func(i int) string { return l.Policies[i].Name }),
		"{hours}", l.Openings[min(int(f.N>>8&0xff), len(l.Openings)-1)].Name,
		"{instant}", border.Time(f.N).Std(zone).Format("2 Jan 15:04"),
		"{way}", way.Exit+"-"+way.Entry, "{procedure}", l.Procedures[f.Procedure].Name,
		"{acts}", blank(": ", acts(l, f.Formalities)), "{why}", blank(": ", strings.ReplaceAll(f.Reason.String(), "-", " ")),
		"{where}", blank(" in ", l.Places[f.Place].Name), "{waiting}", blank(", others waiting: ", strings.TrimPrefix(strconv.FormatInt(f.N, 10), "0")),
		"{outcome}", f.Outcome.String(), "{thing}", s.thingOf(f.Thing),
	).Replace(sentence)
}

func acts(l *Layout, set FormalitySet) string {
	var names []string
	for f := uint32(set); f != 0; f &= f - 1 {
		if i := bits.TrailingZeros32(f); i < len(l.Formalities) {
			names = append(names, l.Formalities[i].Name)
		} else {
			names = append(names, "everything")
		}
	}
	return strings.Join(names, ", ")
}

func (s *shift) nameOf(id VisitID) string {
	for name, v := range s.visits {
		if v == id {
			return name
		}
	}
	if id == 0 {
		return "nobody"
	}
	return "somebody"
}

func (s *shift) thingOf(id ThingID) string {
	for name, v := range s.things {
		if v == id {
			return name
		}
	}
	return "something"
}

// look lists who is where.
func (s *shift) look() {
	empty := true
	for v := range s.w.s.Present {
		empty = false
		fmt.Fprintf(&s.out, "    %s: %v", s.nameOf(v.ID), v.Phase)
		if v.Place != Outside {
			fmt.Fprintf(&s.out, " in %s", s.layout.Places[v.Place].Name)
		}
		if v.Target != Outside {
			fmt.Fprintf(&s.out, ", bound for %s", s.layout.Places[v.Target].Name)
		}
		if v.Held != 0 {
			s.out.WriteString(", held")
		}
		s.out.WriteString("\n")
	}
	if empty {
		s.out.WriteString("    nobody is here\n")
	}
}

// checkEnd replays the whole history and compares the visits it brought and
// ended with those present.
func (s *shift) checkEnd() {
	replay := NewState(s.layout, s.began)
	here := map[VisitID]bool{}
	for i := range s.w.log {
		f := &s.w.log[i]
		replay.Apply(f)
		switch f.Kind {
		case Announced, Arrived, Alighted:
			here[f.Visit] = true
		case Cancelled, NoShow, Removed, TurnedBack, Readmitted, ExportCancelled, Boarded:
			delete(here, f.Visit)
		}
	}
	if replay.Digest() != s.w.s.Digest() {
		s.fatalf("replay of the log leads to another state")
	}
	for v := range s.w.s.Present {
		if !here[v.ID] {
			s.fatalf("%s is present but not by the log", s.nameOf(v.ID))
		}
		delete(here, v.ID)
	}
	if len(here) > 0 {
		s.fatalf("%d visits are lost", len(here))
	}
}
