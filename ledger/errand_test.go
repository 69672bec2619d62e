package ledger_test

import (
	"errors"
	"strings"
	"testing"

	"landport/border"
	"landport/ledger"
)

func TestAnErrandBesideWhoHoldsTheLedger(t *testing.T) {
	onBoth(t, func(t *testing.T, e engine) {
		t.Helper()
		c, verifier := signed(t, config(e.url(t)))
		c.Shared = false
		holder := open(t, c)
		errand := c
		errand.Beside = true
		beside := open(t, errand)
		for _, l := range []*ledger.Ledger{beside, holder, beside} {
			if _, err := l.Write(t.Context(), func(b *ledger.Batch) error { b.Append(fact(1)); return nil }); err != nil {
				t.Fatal(err)
			}
		}
		checkpoint, err := beside.Checkpoint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if report := verified(t, c.URL, checkpoint, verifier); len(report.Damage) > 0 || report.Entries != 3 {
			t.Errorf("Verify says %s of %d entries", words(report.Damage), report.Entries)
		}
	})
}

func TestAnEpochIsSignedWithOneKey(t *testing.T) {
	onBoth(t, func(t *testing.T, e engine) {
		t.Helper()
		first, _ := signed(t, config(e.url(t)))
		other, _ := signed(t, first)
		l := open(t, first)
		if _, err := l.Checkpoint(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := ledger.Open(t.Context(), other); err == nil || !strings.Contains(err.Error(), "the signing key is not the one this ledger is signed with: it is bavet.kh+") {
			t.Errorf("opened with another key: %v", err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := ledger.Recover(t.Context(), other, "the key was lost"); err == nil || !strings.Contains(err.Error(), "or say that the epoch has a new one (--new-key)") {
			t.Errorf("another key began an epoch: %v", err)
		}
		other.NewKey = true
		if _, _, err := ledger.Recover(t.Context(), other, "the key was lost"); err != nil {
			t.Fatal(err)
		}
		l = open(t, other)
		if _, err := l.Checkpoint(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := ledger.Open(t.Context(), first); err == nil {
			t.Error("the old key opens the new epoch")
		}
	})
}

func TestErasingAndSayingSoAreOne(t *testing.T) {
	onBoth(t, func(t *testing.T, e engine) {
		t.Helper()
		l := open(t, config(e.url(t)))
		var commitment string
		if _, err := l.Write(t.Context(), func(b *ledger.Batch) error {
			commitment = b.Personal("plate", "2A-1234")
			b.Personal("remark", "by phone")
			b.Append(fact(1))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		given := errors.New("given up")
		for _, outcome := range []error{given, nil} {
			_, err := l.Write(t.Context(), func(b *ledger.Batch) error {
				erased, err := b.EraseBefore(t.Context(), "", border.Never)
				if erased["plate"] != 1 || erased["remark"] != 1 || err != nil {
					t.Errorf("erased %v, %v", erased, err)
				}
				b.Append(fact(2))
				return outcome
			})
			if !errors.Is(err, outcome) {
				t.Fatal(err)
			}
			if _, _, there, err := l.Reveal(t.Context(), commitment); there != (outcome != nil) || err != nil {
				t.Errorf("after %v the value is there: %v, %v", outcome, there, err)
			}
		}
		if head, err := l.Head(t.Context()); head.Size != 2 || err != nil {
			t.Errorf("%d entries, %v", head.Size, err)
		}
		if err := l.Sweep(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
