package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"landport/border"
	"landport/ledger"
	"landport/study"
)

// program is landport, running.
type program struct {
	b       *testing.B
	command *exec.Cmd
	urls    []string // where it serves
}

// begin starts landport and waits until it has said where it serves.
func begin(b *testing.B, addresses int, args ...string) *program {
	b.Helper()
	p := &program{b: b, command: exec.CommandContext(context.Background(), binary, args...)} //nolint:gosec // the program under test
	out, err := p.command.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(p.end)
	for lines := bufio.NewScanner(out); len(p.urls) < addresses; {
		if !lines.Scan() {
			b.Fatalf("landport %s ended", strings.Join(args, " "))
		}
		if url := regexp.MustCompile(`http://[0-9.:]+`).FindString(lines.Text()); url != "" {
			p.urls = append(p.urls, url)
		}
	}
	return p
}

func (p *program) end() {
	if p.command.ProcessState == nil {
		p.command.Process.Signal(syscall.SIGTERM) //nolint:errcheck,gosec // it may have ended
		p.command.Wait()                          //nolint:errcheck,gosec // as above
	}
}

// memory is what the program holds now and held at most, in MiB.
func (p *program) memory() (now, most float64) {
	p.b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))
	if err != nil {
		p.b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) == 3 {
			kib, _ := strconv.ParseFloat(fields[1], 64)
			switch fields[0] {
			case "VmRSS:":
				now = kib / 1024
			case "VmHWM:":
				most = kib / 1024
			}
		}
	}
	return now, most
}

// processor is how much of it the program has used, to a hundredth of a second.
func (p *program) processor() time.Duration {
	p.b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.command.Process.Pid))
	if err != nil {
		p.b.Fatal(err)
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')'):]))
	user, _ := strconv.Atoi(fields[12])
	system, _ := strconv.Atoi(fields[13])
	return time.Duration(user+system) * 10 * time.Millisecond
}

const (
	streamsOpen = 1000
	inputsEach  = 200 // second
	streamsLoad = 15 * time.Second
)

// BenchmarkEventStreams hands inputs to landport serve over HTTP, evenly, with
// no event stream open and with a thousand: what those cost the server, and how
// long after an input was answered a stream told of it.
func BenchmarkEventStreams(b *testing.B) {
	for b.Loop() {
		p := begin(b, 1, "serve", "--post", "bavet", "--data", b.TempDir(), "--listen", "127.0.0.1:0")
		alone, lasted, _ := p.load()
		b.ReportMetric(alone.Seconds()/lasted.Seconds(), "cores-alone")
		ctx, leave := context.WithCancel(b.Context())
		var watching sync.WaitGroup
		told := make([][]tidings, streamsOpen)
		for i := range told {
			watching.Go(func() { told[i] = p.watch(ctx) })
		}
		time.Sleep(2 * time.Second) // all have the whole board
		watched, lasted, answered := p.load()
		b.ReportMetric(watched.Seconds()/lasted.Seconds(), "cores-watched")
		time.Sleep(time.Second)
		_, most := p.memory()
		leave()
		watching.Wait()
		var delays study.Sketch
		for _, heard := range told {
			for _, a := range answered {
				for len(heard) > 0 && heard[0].seq < a.seq {
					heard = heard[1:]
				}
				if len(heard) == 0 {
					b.Fatalf("a stream never told of entry %d", a.seq)
				}
				delays.Add(border.Micros(max(0, heard[0].at.Sub(a.at).Microseconds())))
			}
		}
		b.ReportMetric(watched.Seconds()/alone.Seconds(), "times-alone")
		b.ReportMetric(delays.Quantile(0.5)/1000, "p50-ms")
		b.ReportMetric(delays.Quantile(0.99)/1000, "p99-ms")
		b.ReportMetric(most, "MB")
		p.end()
	}
}

// tidings are that the ledger has come to an entry.
type tidings struct {
	seq int64
	at  time.Time
}

// load hands in inputs and returns what processor time they took the program,
// how long that lasted, and when each was answered, by seq.
func (p *program) load() (took, lasted time.Duration, answered []tidings) {
	p.b.Helper()
	before, began := p.processor(), time.Now()
	var mu sync.Mutex
	var asking sync.WaitGroup
	due := make(chan string)
	for range 32 {
		asking.Go(func() {
			reference := ""
			for key := range due {
				path, body := "/posts/bavet/visits", `{"traits":["laden","home-use","articulated-truck","bilateral-permit","regular"],"direction":"KH-VN"}`
				if reference != "" {
					path, body = "/visits/"+reference+"/gone", `{"reason": "by-driver"}`
				}
				receipt := p.post(path, key, body)
				at := time.Now()
				if reference = receipt.Reference; body == "{}" {
					reference = ""
				}
				if receipt.Sequence > 0 {
					mu.Lock()
					answered = append(answered, tidings{receipt.Sequence + receipt.Entries - 1, at})
					mu.Unlock()
				}
			}
		})
	}
	tick := time.NewTicker(time.Second / inputsEach)
	defer tick.Stop()
	for i := range int(streamsLoad.Seconds() * inputsEach) {
		due <- fmt.Sprint("load-", before, "-", i)
		<-tick.C
	}
	close(due)
	asking.Wait()
	slices.SortFunc(answered, func(a, b tidings) int { return cmp.Compare(a.seq, b.seq) })
	return p.processor() - before, time.Since(began), answered
}

// receipt is what an input is answered with.
type receipt struct {
	Sequence, Entries int64
	Reference         string
}

func (p *program) post(path, key, body string) (r receipt) {
	request, err := http.NewRequestWithContext(p.b.Context(), http.MethodPost, p.urls[0]+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		p.b.Error(err)
		return r
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		p.b.Error(err)
		return r
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	if err := json.NewDecoder(response.Body).Decode(&r); err != nil || response.StatusCode >= http.StatusBadRequest {
		p.b.Errorf("%s: %d, %v", path, response.StatusCode, err)
	}
	return r
}

// watch keeps an event stream open until ctx ends and returns what it told.
func (p *program) watch(ctx context.Context) (heard []tidings) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.urls[0]+"/api/v1/events", nil)
	if err != nil {
		p.b.Error(err)
		return nil
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		p.b.Error(err)
		return nil
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	in := bufio.NewReader(response.Body)
	for begins := true; ; {
		line, more, err := in.ReadLine()
		if err != nil {
			return heard
		}
		if id, ok := bytes.CutPrefix(line, []byte("id: ")); ok && begins {
			_, number, _ := bytes.Cut(id, []byte("-"))
			seq, _ := strconv.ParseInt(string(number), 10, 64)
			heard = append(heard, tidings{seq, time.Now()})
		}
		begins = !more
	}
}

// BenchmarkDemo runs the demonstration until a day has passed at its posts, and
// says what memory both nodes and their world hold.
func BenchmarkDemo(b *testing.B) {
	const speed = 1200
	for b.Loop() {
		p := begin(b, 2, "demo", "--listen", "127.0.0.1:0", "--speed", fmt.Sprint(speed))
		time.Sleep(24 * time.Hour / speed)
		now, most := p.memory()
		b.ReportMetric(now, "MB")
		if b.ReportMetric(most, "most-MB"); most > 150 {
			b.Errorf("both nodes of the demo took %.0f MB; 150 is the most they may", most)
		}
		var page struct{ Size int64 }
		for _, url := range p.urls {
			response, err := http.Get(url + "/api/v1/ledger/entries?limit=1") //nolint:noctx // the server is ours
			if err != nil {
				b.Fatal(err)
			}
			if err := errors.Join(json.NewDecoder(response.Body).Decode(&page), response.Body.Close()); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(page.Size), "facts-of-one")
		}
		p.end()
	}
}

// BenchmarkExport writes facts as CloudEvents, and says how many it writes a
// second and what memory that takes however many there are.
func BenchmarkExport(b *testing.B) {
	for _, facts := range []int{100_000, 1_000_000} {
		dir := b.TempDir()
		l, err := ledger.Open(b.Context(), ledger.Config{URL: "sqlite:" + filepath.Join(dir, "ledger.db"), Origin: "bavet.kh"})
		if err != nil {
			b.Fatal(err)
		}
		fill(b, l, facts)
		b.Run(fmt.Sprint("facts=", facts), func(b *testing.B) {
			most := int64(0)
			for b.Loop() {
				export := exec.CommandContext(b.Context(), binary, "export", "--data", dir, "--post", "bavet", "--format", "cloudevents", "--out", "-") //nolint:gosec // the program under test
				if err := export.Run(); err != nil {
					b.Fatal(err)
				}
				usage, _ := export.ProcessState.SysUsage().(*syscall.Rusage)
				most = max(most, usage.Maxrss)
			}
			b.ReportMetric(float64(b.N)*float64(facts)/b.Elapsed().Seconds(), "facts/s")
			b.ReportMetric(float64(most)/1024, "MB")
		})
		if err := l.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// fill writes so many facts into a ledger.
func fill(b *testing.B, l *ledger.Ledger, facts int) {
	b.Helper()
	for written := 0; written < facts; {
		if _, err := l.Write(b.Context(), func(batch *ledger.Batch) error {
			for end := min(facts, written+20_000); written < end; written++ {
				batch.Append(ledger.Entry{
					Occurred: batch.Now(), Post: "Bavet", Actor: "operator-1", Command: fmt.Sprint("w", written), Kind: "gate.called", Version: 1,
					Data: fmt.Appendf(nil, `{"visit":%d,"slot":3,"place":"Bavet exit lane 1","reason":"first-in-line"}`, written/10+1),
				})
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
}
