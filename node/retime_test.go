package node

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// factOf is the first fact of a kind in a visit's record.
func factOf(t *testing.T, n *Node, reference string, k gate.Kind) Entry {
	t.Helper()
	rec, ok, err := n.Record(t.Context(), reference)
	if err != nil || !ok {
		t.Fatalf("%s has no record: %v", reference, err)
	}
	i := slices.IndexFunc(rec.Facts, func(e Entry) bool { return e.Kind == k && e.Visit == rec.ID })
	if i < 0 {
		t.Fatalf("%s has no fact %v", reference, k)
	}
	return rec.Facts[i]
}

// atPost is what the study knows of how long visits were at the post, in all.
func atPost(t *testing.T, n *Node) (visits int64, longest border.Micros) {
	t.Helper()
	for caught := false; !caught; time.Sleep(5 * time.Millisecond) {
		if err := n.ledger.Reader().QueryRowContext(t.Context(), `SELECT s.seq >= h.size FROM study_progress s, head h`).Scan(&caught); err != nil {
			t.Fatal(err)
		}
	}
	_, err := n.StudyOf(t.Context(), StudyQuery{From: 0, To: border.Never, Group: ByStage}, func(l StudyLine) error {
		if l.Stage == "not released" {
			visits, longest = l.Times.Count(), l.Times.Max()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return visits, longest
}

// A time that was wrong is corrected after the visit left: its record tells both,
// the study counts it, the gate stands where it stood, and so does a node that is
// made anew from the entries.
func TestATimeIsCorrected(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func() string) {
		t.Helper()
		url := fresh()
		clock := NewScaledClock(time.Now, border.At(morning()), 1)
		n, stop := manned(t, url, clock)
		reference := do(t, n, arrival("a")).Reference
		do(t, n, arrival("b"))
		do(t, n, Command{ID: "gone", Reference: reference, Input: gate.Input{Do: gate.ObserveGone, Reason: gate.ByDriver}})
		if visits, longest := atPost(t, n); visits != 1 || longest > border.Minute {
			t.Fatalf("%d visits, the longest of %v", visits, longest)
		}
		before, digest := factOf(t, n, reference, gate.Arrived), n.state.Digest()
		was := before.At.Add(-90 * border.Minute)
		c := Command{ID: "c", Actor: "chief-1", Reference: reference, Act: CorrectTime, Fact: int64(before.Sequence), Remark: "the camera's clock", Input: gate.Input{At: was, Reason: gate.Mistake}}
		a := do(t, n, c)
		if a.Refusal != "" || a.Entries != 1 {
			t.Fatalf("it was answered %+v", a)
		}
		if again := do(t, n, c); !again.Repeated || again.Sequence != a.Sequence {
			t.Errorf("again it was answered %+v", again)
		}
		c.Fact++
		if _, err := n.Do(t.Context(), c); err != ErrReused { //nolint:errorlint // it is that
			t.Errorf("another fact under the same key: %v", err)
		}
		told := func(n *Node, who string) {
			t.Helper()
			rec, _, err := n.Record(t.Context(), reference)
			i := slices.IndexFunc(rec.Facts, func(e Entry) bool { return e.Kind == gate.Arrived })
			if err != nil || rec.Facts[i].At != was || rec.Facts[i].Told != before.At || rec.ArrivedAt != was {
				t.Errorf("%s: the record tells %+v, arrived at %v, %v", who, rec.Facts[i], rec.ArrivedAt, err)
			}
			k := slices.IndexFunc(rec.Asides, func(a Aside) bool { return a.Kind == AsideTimed })
			if k < 0 || rec.Asides[k].Actor != "chief-1" || rec.Asides[k].Reason != gate.Mistake || rec.Asides[k].Cause != int64(before.Sequence) || rec.Asides[k].Remark == "" {
				t.Errorf("%s: the record has asides %+v", who, rec.Asides)
			}
			if visits, longest := atPost(t, n); visits != 1 || longest < 90*border.Minute || longest > 100*border.Minute {
				t.Errorf("%s: the study has %d visits, the longest of %v", who, visits, longest)
			}
		}
		told(n, "the node")
		if values, err := ValuesOf(t.Context(), n.ledger, n.model.Layout, reference); err != nil || len(values) != 1 {
			t.Errorf("to be erased with it are %v, %v", values, err)
		}
		if n.state.Digest() != digest {
			t.Error("the gate stands elsewhere")
		}
		stop()
		if differences, err := VerifyViews(t.Context(), url, part(t, 0).Layout); err != nil || len(differences) > 0 {
			t.Errorf("the tables differ: %v, %v", differences, err)
		}
		n, stop = manned(t, url, clock)
		told(n, "started again")
		stop()
		if err := DropViews(t.Context(), ledger.Config{URL: url, Origin: "bavet.kh"}); err != nil {
			t.Fatal(err)
		}
		n, stop = manned(t, url, clock)
		defer stop()
		told(n, "made anew")
		if !reflect.DeepEqual(n.state.Digest(), digest) {
			t.Error("made anew the gate stands elsewhere")
		}
	})
}

// A time can be put wherever nothing that is known of the visit is upset; else it
// is said from when until when.
func TestATimeBetweenOthers(t *testing.T) {
	clock := NewScaledClock(time.Now, border.At(morning()), 1)
	n, stop := manned(t, "sqlite:"+t.TempDir()+"/ledger.db", clock)
	defer stop()
	reference, other := do(t, n, arrival("a")).Reference, do(t, n, arrival("b")).Reference
	id, _ := n.VisitOf(reference)
	if v, ok := n.state.Visit(id); !ok || v.Phase != gate.PhaseInService {
		do(t, n, Command{ID: "reached", Reference: reference, Input: gate.Input{Do: gate.ObserveReached}})
	}
	arrived := factOf(t, n, reference, gate.Arrived)
	tries := 0
	try := func(reference string, fact uint64, at border.Time) Answer {
		t.Helper()
		tries++
		return do(t, n, Command{ID: fmt.Sprint("t", tries), Reference: reference, Act: CorrectTime, Fact: int64(fact), Input: gate.Input{At: at, Reason: gate.Mistake}})
	}
	for _, test := range []struct {
		what      string
		reference string
		fact      uint64
		at        border.Time
		want      string
	}{
		{"another's fact", other, arrived.Sequence, arrived.At - 1, refusedFact},
		{"no fact", reference, 99999, arrived.At - 1, refusedFact},
		{"what it is", reference, arrived.Sequence, arrived.At, "already-so"},
		{"not come yet", reference, arrived.Sequence, arrived.At.Add(border.Day), refusedOrder},
		{"31 days before", reference, arrived.Sequence, arrived.At.Add(-31 * border.Day), refusedOrder},
		{"an hour before", reference, arrived.Sequence, arrived.At.Add(-border.Hour), ""},
		{"two hours before", reference, arrived.Sequence, arrived.At.Add(-2 * border.Hour), ""},
	} {
		if a := try(test.reference, test.fact, test.at); a.Refusal != test.want {
			t.Errorf("%s: %+v", test.what, a)
		}
	}
	if a := try(reference, arrived.Sequence, arrived.At.Add(border.Day)); !strings.Contains(a.Detail, "at the earliest and ") {
		t.Errorf("it says %q", a.Detail)
	}
	if e := factOf(t, n, reference, gate.Arrived); e.At != arrived.At.Add(-2*border.Hour) || e.Told != arrived.At {
		t.Errorf("corrected twice it is %+v", e)
	}
	if _, err := n.Do(t.Context(), Command{ID: "why", Actor: "o", Reference: reference, Act: CorrectTime, Fact: int64(arrived.Sequence), Input: gate.Input{At: arrived.At}}); err == nil || !strings.Contains(err.Error(), "reason") {
		t.Errorf("without a reason: %v", err)
	}
	if _, err := n.Do(context.Background(), Command{ID: "who", Actor: "o", Reference: "KH01-9999-9999", Act: CorrectTime, Fact: 1, Input: gate.Input{At: 1, Reason: gate.Mistake}}); err == nil {
		t.Error("of nobody")
	}
}

// The seconds that a refused time names can be given as they are: instants are
// finer than what people type.
func TestTheTimesARefusalNamesAreTaken(t *testing.T) {
	const none = "leaves no other second that it can be of; correct the one beside it first"
	clock := func(text string) border.Time {
		at, err := time.Parse("15:04:05.999999", text)
		if err != nil {
			t.Fatal(err)
		}
		return border.At(at.AddDate(2018, 2, 4))
	}
	named := regexp.MustCompile(`of (.{26}) at the earliest and (.{26}) at the latest`)
	for _, test := range []struct{ told, from, to, first, last string }{
		{"09:30:10.5", "09:29:50.829", "09:31:00.14", "09:29:51", "09:31:00"},
		{"09:30:10.5", "09:29:50", "09:31:00", "09:29:50", "09:31:00"},
		{"09:30:10.5", "09:30:10.4", "09:30:11", "09:30:11", "09:30:11"},
		{"09:30:10.5", "09:30:10", "09:30:11.9", "09:30:10", "09:30:11"},
		{"09:30:10.5", "09:30:10.000001", "09:30:10.999999", "", ""},
		{"09:19:18.5", "09:19:17.9", "09:19:18.9", "", ""},
		{"09:19:18", "09:19:18", "09:19:18", "", ""},
	} {
		said := orderWords(7, clock(test.told), clock(test.from), clock(test.to), time.FixedZone("", 7*3600))
		m := named.FindStringSubmatch(said)
		if test.first == "" {
			if m != nil || !strings.Contains(said, "entry 7, "+none) {
				t.Errorf("%+v: %s", test, said)
			}
			continue
		}
		if m == nil {
			t.Errorf("%+v: %s", test, said)
			continue
		}
		for i, want := range []string{test.first, test.last} {
			at, err := time.Parse("2006-01-02 15:04:05 Z07:00", m[1+i])
			if err != nil || border.At(at) != clock(want) || border.At(at) < clock(test.from) || border.At(at) > clock(test.to) {
				t.Errorf("%+v: %s, %v", test, said, err)
			}
		}
	}
}
