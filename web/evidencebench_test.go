package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// BenchmarkStudio is the studio's first answer as a person meets it, from pressing Run to
// the page with the answer: twenty pairs of a week of Bavet – Moc Bai with one more officer.
// Cold the page has just been opened and Run is pressed at once, which only a link does;
// ready the base has been run while its figures were looked at. Told on the way is what five
// pairs show, after first-ms. The page asks every 40 ms.
func BenchmarkStudio(b *testing.B) {
	for _, test := range []struct {
		name  string
		ready bool
	}{{"cold", false}, {"ready", true}} {
		b.Run(test.name, func(b *testing.B) {
			var first time.Duration
			for b.Loop() {
				b.StopTimer()
				s := serve(b, "mm5") // whoever asks first has nothing kept
				form := url.Values{"scenario": {"bavet-mocbai-2018"}}
				if test.ready {
					s.ask(b, http.MethodPost, "/evidence/base", form)
				}
				form.Set("stops[Bavet exit customs].shifts[1].servers", "4")
				b.StartTimer()
				first += s.follow(b, form)
				b.StopTimer()
				s.stop()
				s.Close()
				b.StartTimer()
			}
			b.ReportMetric(float64(first.Milliseconds())/float64(b.N), "first-ms")
		})
	}
}

// follow presses Run and waits for the answer, as the page's script does; it returns when
// anything was told.
func (s *site) follow(b *testing.B, form url.Values) (first time.Duration) {
	b.Helper()
	begin := time.Now()
	text := s.ask(b, http.MethodPost, "/evidence", form)
	for {
		if first == 0 && strings.Contains(text, `class="answer"`) {
			first = time.Since(begin)
		}
		_, id, running := strings.Cut(text, `data-job="`)
		if !running {
			break
		}
		id, _, _ = strings.Cut(id, `"`)
		time.Sleep(40 * time.Millisecond)
		text = s.ask(b, http.MethodGet, "/evidence/jobs/"+id, nil)
	}
	if !strings.Contains(text, "20 pairs of runs of 7 days") {
		b.Fatalf("no answer: %.500s", text)
	}
	return first
}

func (s *site) ask(b *testing.B, method, address string, form url.Values) string {
	b.Helper()
	return s.do(b, method, address, form, "HX-Request", "true").text
}
