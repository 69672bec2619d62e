package api

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"landport/node"
)

// meters are what /metrics tells.
type meters struct {
	registry *prometheus.Registry
	commands *prometheus.CounterVec
	seconds  prometheus.Histogram // of commands
	commits  prometheus.Histogram
	streams  prometheus.Gauge
}

func (s *server) newMeters() *meters {
	m := &meters{
		registry: prometheus.NewRegistry(),
		commands: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "landport_commands_total", Help: "Commands by outcome: done, replayed, or the code of the problem.",
		}, []string{"outcome"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "landport_command_seconds", Help: "From handing in a command until its answer, which is durable.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 15),
		}),
		commits: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "landport_commit_seconds", Help: "From deciding all commands of a transaction until it is durable: writing and syncing.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 15),
		}),
		streams: prometheus.NewGauge(prometheus.GaugeOpts{Name: "landport_streams", Help: "Open event streams."}),
	}
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	s.node.OnCommit(func(c node.Commit) { m.commits.Observe(c.Durable.Seconds()) })
	m.registry.MustRegister(m.commands, m.seconds, m.commits, m.streams,
		gauge("landport_entries", "Entries in the ledger that readers are shown.", func() float64 {
			seq, _ := s.node.Seen()
			return float64(seq)
		}),
		gauge("landport_queue_length", "Commands waiting to be decided.", func() float64 { return float64(s.node.Waiting()) }),
		gauge("landport_visits_present", "Visits announced or present.", func() float64 { return float64(s.node.Present()) }),
		gauge("landport_ready", "1 if the node takes commands.", func() float64 {
			if s.node.Ready() != nil {
				return 0
			}
			return 1
		}),
		gauge("landport_study_told", "1 if the study can be told; 0 after it failed, which its log says why.", func() float64 {
			if s.node.Untold() != nil {
				return 0
			}
			return 1
		}),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

// command counts an answer to a command.
func (m *meters) command(p *Problem, replayed bool, took time.Duration) {
	outcome := "done"
	switch {
	case p != nil:
		outcome = p.Code
	case replayed:
		outcome = "replayed"
	}
	m.commands.WithLabelValues(outcome).Inc()
	m.seconds.Observe(took.Seconds())
}
