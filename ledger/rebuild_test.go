package ledger_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"landport/ledger"
)

const pageSize = 4096

// served is a ledger as a node leaves it: 300 entries, some of them longer than
// a page, commands, personal values, checkpoints and snapshots.
func served(t *testing.T) (c ledger.Config, file string) {
	t.Helper()
	c, _ = signed(t, config(newFile(t)))
	l, err := ledger.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 6 {
		if _, err := l.Write(t.Context(), func(b *ledger.Batch) error {
			for i := range 50 {
				e := fact(n*50 + i + 1)
				if i == 7 {
					e.Data = fmt.Appendf(nil, `{"text":%q}`, strings.Repeat("long ", 2000))
				}
				b.Append(e)
				b.Done(e.Command, ledger.Outcome{First: b.Head().Size + 1, Entries: 1, Answer: "{}"})
				b.Personal("plate", fmt.Sprintf("2A-%04d", n*50+i))
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Checkpoint(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.SaveSnapshot(t.Context(), ledger.Snapshot{Seq: 300, Version: 1, State: bytes.Repeat([]byte("state"), 100)}); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return c, strings.TrimPrefix(c.URL, "sqlite:")
}

// put makes a ledger of the bytes of its file.
func put(t *testing.T, c ledger.Config, content []byte) (ledger.Config, string) {
	t.Helper()
	c.URL = newFile(t)
	file := strings.TrimPrefix(c.URL, "sqlite:")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return c, file
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Wherever a page of the file is damaged, Verify says so, nothing reads over
// it, and what follows keeps every entry that is not on it.
func TestADamagedPage(t *testing.T) {
	c, file := served(t)
	whole := read(t, file)
	for at := 0; at < len(whole); at += pageSize {
		fill := byte(0xa5)
		if at/pageSize%2 == 1 {
			fill = 0
		}
		content := bytes.Clone(whole)
		copy(content[at:at+pageSize], bytes.Repeat([]byte{fill}, pageSize))
		if bytes.Equal(content, whole) {
			continue
		}
		comesThrough(t, fmt.Sprintf("page %d", at/pageSize+1), c, content, 60)
	}
}

func TestADamagedFile(t *testing.T) {
	c, file := served(t)
	whole := read(t, file)
	header := bytes.Clone(whole)
	copy(header, bytes.Repeat([]byte{0xff}, 100))
	pageOne := bytes.Clone(whole)
	copy(pageOne, bytes.Repeat([]byte{0xff}, pageSize))
	comesThrough(t, "the header", c, header, 0)
	comesThrough(t, "the first page", c, pageOne, 0)
	comesThrough(t, "half the file", c, whole[:len(whole)/2], 300)
	comesThrough(t, "the last page", c, whole[:len(whole)-pageSize], 60)
	comesThrough(t, "half a page", c, whole[:len(whole)-pageSize/2], 60)
}

// comesThrough checks what is said of a damaged file, and what is kept of it
// but for at most so many entries.
func comesThrough(t *testing.T, what string, sound ledger.Config, content []byte, most int64) {
	t.Helper()
	c, file := put(t, sound, content)
	report, err := ledger.Verify(t.Context(), c.URL, nil, nil, nil)
	if err != nil || len(report.Damage) == 0 {
		t.Errorf("%s: Verify says %+v, %v", what, report, err)
		return
	}
	if l, err := ledger.Open(t.Context(), c); err != nil && !strings.Contains(err.Error(), "is damaged: ") {
		t.Errorf("%s: Open says %v", what, err)
	} else if err == nil {
		_ = l.Close()
	}
	content = read(t, file)
	aside, lost, err := ledger.Rebuild(t.Context(), c)
	if err != nil {
		t.Errorf("%s: Rebuild says %v", what, err)
		return
	}
	if !bytes.Equal(read(t, aside), content) {
		t.Errorf("%s: the damaged file was not kept as it was", what)
	}
	after := verified(t, c.URL, nil, nil)
	if after.Spoilt {
		t.Errorf("%s: after Rebuild Verify says %s", what, words(after.Damage))
	}
	if said := missing(after.Damage); fmt.Sprint(said) != fmt.Sprint(missing(report.Damage)) || int64(len(said)) > most {
		t.Errorf("%s: missing are %d entries %v; before, it said %s", what, len(said), said, words(report.Damage))
	}
	if len(lost) == 0 && len(after.Damage) == 0 {
		l := open(t, c)
		if head := write(t, l, 3); head.Epoch != 1 || head.Size != 303 {
			t.Errorf("%s: nothing was lost, and it goes on at %+v", what, head)
		}
		if found, err := l.Search(t.Context(), "plate", "2a 0299"); len(found) != 1 || err != nil {
			t.Errorf("%s: nothing was lost, and found are %v, %v", what, found, err)
		}
		return
	}
	head, given, err := ledger.Recover(t.Context(), c, what, lost...)
	if err != nil || head.Epoch != 2 || len(given) == 0 {
		t.Errorf("%s: recovered to %+v, lost %s: %v", what, head, words(given), err)
		return
	}
	if last := verified(t, c.URL, nil, nil); len(last.Damage) > 0 {
		t.Errorf("%s: after all Verify says %s", what, words(last.Damage))
	}
	entries := all(t, open(t, c))
	var began ledger.Recovered
	if err := json.Unmarshal(entries[len(entries)-1].Data, &began); err != nil || len(began.Lost) != len(given) {
		t.Errorf("%s: the epoch begins with %s, %v", what, entries[len(entries)-1].Data, err)
	}
}

// missing lists the entries that damage names.
func missing(damage []*ledger.Damage) (seqs []int64) {
	for _, d := range damage {
		for seq := d.From; seq <= d.To && seq > 0 && (strings.HasPrefix(d.What, "missing") || d.What == "cannot be read"); seq++ {
			seqs = append(seqs, seq)
		}
	}
	return seqs
}

// What is in the write-ahead log alone, committed, counts; what is not
// committed does not.
func TestADamagedFileWithItsLog(t *testing.T) {
	c, _ := signed(t, config(newFile(t)))
	l := open(t, c)
	for range 30 {
		write(t, l, 7)
	}
	file := strings.TrimPrefix(c.URL, "sqlite:")
	log := read(t, file+"-wal")
	for _, test := range []struct {
		what string
		log  []byte
		most int64
	}{
		{"whole", log, 210}, {"torn", log[:len(log)*2/3], 203}, {"another's", append([]byte("x"), log[1:]...), 0},
	} {
		copied, file := put(t, c, bytes.Repeat([]byte{7}, 3*pageSize))
		if err := os.WriteFile(file+"-wal", test.log, 0o600); err != nil {
			t.Fatal(err)
		}
		aside, _, err := ledger.Rebuild(t.Context(), copied)
		if err != nil || !bytes.Equal(read(t, aside+"-wal"), test.log) {
			t.Errorf("%s: %v", test.what, err)
			continue
		}
		report := verified(t, copied.URL, nil, nil)
		if report.Head.Size > test.most || test.what == "whole" && (report.Head.Size != 210 || len(report.Damage) > 0) || report.Head.Size%7 != 0 {
			t.Errorf("%s: %+v, %s", test.what, report.Head, words(report.Damage))
		}
	}
}

func TestRebuildLetsSoundThingsBe(t *testing.T) {
	c, _ := served(t)
	held := c
	held.Shared = false
	l := open(t, held)
	if _, _, err := ledger.Rebuild(t.Context(), c); !errors.Is(err, ledger.ErrHeld) {
		t.Errorf("a ledger in use is rebuilt: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	before := verified(t, c.URL, nil, nil)
	for range 2 {
		if _, lost, err := ledger.Rebuild(t.Context(), c); err != nil || len(lost) > 0 {
			t.Fatal(words(lost), err)
		}
	}
	if after := verified(t, c.URL, nil, nil); after.Head != before.Head || after.Personal != before.Personal || len(after.Damage) > 0 {
		t.Errorf("%+v has become %+v: %s", before.Head, after.Head, words(after.Damage))
	}
	if _, _, err := ledger.Rebuild(t.Context(), config("postgres://127.0.0.1:1/x")); err == nil || !strings.Contains(err.Error(), "zero_damaged_pages") {
		t.Errorf("of PostgreSQL it says %v", err)
	}
}
