package ledger_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"landport/ledger"
)

const (
	killReplicas  = 2  // processes that write to one database at a time
	killsPerSlot  = 60 // so many times each is killed
	killsLongest  = 25 * time.Millisecond
	killsCommands = 4 // at most, in a batch
)

// TestNothingAcknowledgedIsLost kills writers at any point, hundreds of times.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	onBoth(t, func(t *testing.T, e engine) {
		t.Helper()
		c := config(e.url(t))
		open(t, c)
		var together sync.WaitGroup
		acknowledged := make([][]string, killReplicas)
		for slot := range killReplicas {
			together.Go(func() {
				random := rand.New(rand.NewPCG(uint64(slot), 7))
				for run := range killsPerSlot {
					name := fmt.Sprintf("%d-%d", slot, run)
					acknowledged[slot] = append(acknowledged[slot], killWriter(t, c.URL, name, time.Duration(random.Int64N(int64(killsLongest))))...)
				}
			})
		}
		together.Wait()
		l := open(t, c)
		if report := verified(t, c.URL, nil, nil); len(report.Damage) > 0 {
			t.Errorf("after the kills: %s", words(report.Damage))
		}
		written := map[string][]int64{}
		for _, entry := range all(t, l) {
			written[entry.Command] = append(written[entry.Command], entry.Seq)
		}
		n := 0
		for _, slot := range acknowledged {
			for _, id := range slot {
				o, ok, err := l.Outcome(t.Context(), id)
				if err != nil || !ok {
					t.Fatalf("command %s was acknowledged and is lost: %v", id, err)
				}
				if seqs := written[id]; len(seqs) != o.Entries || seqs[0] != o.First || seqs[len(seqs)-1] != o.First+int64(o.Entries)-1 {
					t.Fatalf("command %s, of %d entries from %d on, stands at %v", id, o.Entries, o.First, seqs)
				}
				delete(written, id)
				n++
			}
		}
		for id, seqs := range written { // killed between commit and answer
			if o, ok, err := l.Outcome(t.Context(), id); err != nil || !ok || o.Entries != len(seqs) {
				t.Errorf("command %s is half done, %v: %+v %v %v", id, seqs, o, ok, err)
			}
		}
		if n < killReplicas*killsPerSlot {
			t.Errorf("only %d commands were acknowledged", n)
		}
		t.Logf("%d kills, %d commands acknowledged, %d more done", killReplicas*killsPerSlot, n, len(written))
	})
}

// killWriter runs a writer until some time after its first answer, and returns
// the commands it answered.
func killWriter(t *testing.T, url, name string, after time.Duration) (acknowledged []string) {
	t.Helper()
	writer := part(t.Context(), "write", url, name)
	var complaint strings.Builder
	writer.Stderr = &complaint
	answers, err := writer.StdoutPipe()
	if err == nil {
		err = writer.Start()
	}
	if err != nil {
		t.Error(err)
		return nil
	}
	for lines := bufio.NewScanner(answers); lines.Scan(); {
		if len(acknowledged) == 0 {
			time.AfterFunc(after, func() { writer.Process.Kill() }) //nolint:errcheck,gosec // it may have ended by itself
		}
		acknowledged = append(acknowledged, lines.Text())
	}
	if err := writer.Wait(); err == nil || complaint.Len() > 0 {
		t.Errorf("writer %s ended by itself: %v\n%s", name, err, &complaint)
	}
	return acknowledged
}

// part is this program as another process.
func part(ctx context.Context, part, url, name string) *exec.Cmd {
	c := exec.CommandContext(ctx, os.Args[0]) //nolint:gosec // this program
	c.Env = append(os.Environ(), envPart+"="+part, envURL+"="+url, envName+"="+name)
	return c
}

// writeUntilKilled carries out commands in batches and answers each on a line
// once it is committed.
func writeUntilKilled(url, name string) error {
	ctx := context.Background()
	l, err := ledger.Open(ctx, config(url))
	if err != nil {
		return err
	}
	for batch := 0; ; batch++ {
		ids, err := carryOut(ctx, l, name, batch)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(os.Stdout, strings.Join(ids, "\n")); err != nil {
			return err
		}
	}
}

// carryOut writes one batch: some commands, each with some entries.
func carryOut(ctx context.Context, l *ledger.Ledger, name string, batch int) (ids []string, err error) {
	_, err = l.Write(ctx, func(b *ledger.Batch) error {
		for n := range 1 + batch%killsCommands {
			id := fmt.Sprintf("%s-%d-%d", name, batch, n)
			o := ledger.Outcome{First: b.Head().Size + 1, Entries: 1 + (batch+n)%3, Answer: id}
			for i := range o.Entries {
				entry := fact(batch)
				entry.Command = id
				if seq := b.Append(entry); i == 0 {
					o.First = seq
				}
			}
			b.Done(id, o)
			ids = append(ids, id)
		}
		return nil
	})
	return ids, err
}
