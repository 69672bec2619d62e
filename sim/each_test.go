package sim

import (
	"bytes"
	"encoding/json"
	"testing"

	"landport/study"
)

func TestEachHandsOverEveryReplication(t *testing.T) {
	m := loadModel(t, "testdata/everything.yaml")
	each := func(workers, enough int) (reports [][]byte, all []byte) {
		o := Options{Replications: 6, Seed: 3, Days: 2, Workers: workers}
		whole, err := Each(m, o, func(i int, r *study.Report) bool {
			if i != len(reports) {
				t.Fatalf("replication %d comes as number %d", i, len(reports))
			}
			reports = append(reports, marshal(t, r))
			return len(reports) < enough
		})
		if err != nil {
			t.Fatal(err)
		}
		return reports, marshal(t, whole)
	}
	one, all := each(1, 6)
	if len(one) != 6 || bytes.Equal(one[0], one[1]) {
		t.Fatalf("%d reports", len(one))
	}
	for _, workers := range []int{2, 4} {
		if two, again := each(workers, 6); !bytes.Equal(bytes.Join(one, nil), bytes.Join(two, nil)) || !bytes.Equal(all, again) {
			t.Errorf("%d workers report otherwise than one", workers)
		}
	}
	run, err := Run(m, Options{Replications: 6, Seed: 3, Days: 2})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(marshal(t, run), all) {
		t.Error("Run and Each report differently")
	}
	first, err := Run(m, Options{Seed: 3, Days: 2})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(marshal(t, first), one[0]) {
		t.Error("a run of one replication reports otherwise than the first of six")
	}
	for _, workers := range []int{1, 3} {
		some, taken := each(workers, 2)
		two, err := Run(m, Options{Replications: 2, Seed: 3, Days: 2})
		if err != nil {
			t.Fatal(err)
		}
		if len(some) != 2 || !bytes.Equal(taken, marshal(t, two)) {
			t.Errorf("stopped after 2 of 6, %d workers hand over %d and report something else", workers, len(some))
		}
	}
}

func marshal(t *testing.T, r *study.Report) []byte {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
