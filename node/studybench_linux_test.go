package node

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"landport/border"
	"landport/ledger"
	"landport/ledger/pgtest"
	"landport/study"
)

// BenchmarkStudy reads studies of ten million visits in almost eleven years at
// a post where twenty kinds of visit are told apart, each with sixteen stages.
// By day it is the last four hundred days that are read.
func BenchmarkStudy(b *testing.B) {
	m, err := hutModel()
	if err != nil {
		b.Fatal(err)
	}
	zone := Zone(m.Layout, 0)
	at := func(year int, month time.Month, day, hour int) border.Time {
		return border.At(time.Date(year, month, day, hour, 0, 0, 0, zone))
	}
	from, to := at(2008, 1, 1, 0), at(2018, 11, 25, 10)
	const visits = 10_000_000
	written := decade(from, to, visits, zone)
	for _, test := range []struct{ name, url string }{{"SQLite", "sqlite:" + filepath.Join(b.TempDir(), "ledger.db")}, {"PostgreSQL", pgtest.Start(b).Database(b)}} {
		l, err := hutLedger(b.Context(), test.url)
		if err != nil {
			b.Fatal(err)
		}
		bytes := fill(b, l, viewer(l, m), written, from, to)
		for _, group := range StudyGroups() {
			q := StudyQuery{To: border.Never, Group: group}
			if group == ByDay {
				q.From = study.Day.Start(to.Add(-400*border.Day), zone)
			}
			b.Run(fmt.Sprintf("%s/%s", test.name, group), func(b *testing.B) {
				b.ReportAllocs()
				lines, of, used := 0, int64(0), processor(b)
				for b.Loop() {
					lines = 0
					cover, err := Study(b.Context(), l, m.Layout, q, func(line StudyLine) error {
						lines++
						study.Summarize(line.Times, border.Minute)
						return nil
					})
					if err != nil {
						b.Fatal(err)
					}
					of = cover.Visits
				}
				b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/study")
				b.ReportMetric(float64((processor(b)-used).Milliseconds())/float64(b.N), "processor-ms/study")
				b.ReportMetric(float64(of), "visits")
				b.ReportMetric(float64(lines), "lines")
				b.ReportMetric(float64(bytes)/(1<<20), "views-MB")
			})
		}
		if err := l.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// decade makes the views of visits that leave evenly over the hours of a
// period: all that a study of the whole or of the last days reads.
func decade(from, to border.Time, visits int, zone *time.Location) map[viewKey]*gained {
	var kinds []kind
	for _, direction := range []string{"KH-VN", "VN-KH"} {
		for _, load := range []string{"laden", "empty"} {
			for _, vehicle := range []string{"articulated-truck", "rigid-truck", "tanker", "van", "car"} {
				kinds = append(kinds, kind{direction: direction, load: load, vehicle: vehicle})
			}
		}
	}
	r := rand.New(rand.NewPCG(1, 1))
	rows := map[viewKey]*gained{}
	drawn := map[int64][]*study.StageTimes{} // to draw anew for every hour would take minutes
	each := float64(visits) / (float64(to.Sub(from)) / float64(border.Hour)) / float64(len(kinds))
	for hour := from; hour < to; hour = hour.Add(border.Hour) {
		for _, k := range kinds {
			n := int64(each)
			if r.Float64() < each-float64(n) {
				n++
			}
			if len(drawn[n]) < 4096 {
				drawn[n] = append(drawn[n], someTimes(r, n))
			}
			times, notGoods := drawn[n][r.IntN(len(drawn[n]))], k.vehicle == "car"
			merge := func(span study.Span) {
				for _, k := range []kind{k, {scope: goodsOneWay, direction: k.direction}, {scope: allGoods}} {
					if k.scope != oneKind && notGoods || k.scope == allGoods && span == study.Hour {
						continue
					}
					key := viewKey{span, span.Key(hour, zone), k}
					if rows[key] == nil {
						rows[key] = &gained{}
					}
					rows[key].visits += n
					rows[key].times.Merge(times)
				}
			}
			if end := study.Day.Next(hour, zone); end <= to && to.Sub(hour) < 401*border.Day {
				merge(study.Day)
			}
			switch {
			case study.Year.Next(hour, zone) <= to:
				merge(study.Year)
				merge(study.HoursOfYear)
			case study.Month.Next(hour, zone) <= to:
				merge(study.Month)
				merge(study.HoursOfMonth)
			default:
				merge(study.Hour)
			}
		}
	}
	return rows
}

// someTimes draws visits of hours, cut into stages.
func someTimes(r *rand.Rand, n int64) *study.StageTimes {
	t := &study.StageTimes{}
	for range n {
		whole := border.Micros(0)
		for party := range 6 {
			spent := border.Micros(0)
			if r.IntN(3) > 0 {
				spent = border.Micros(math.Exp(r.NormFloat64()) * 25 * float64(border.Minute))
			}
			whole += spent
			t.Add(fmt.Sprint("party ", party), spent)
			t.Add(fmt.Sprint("party ", party, ", active"), spent/3)
		}
		t.Add(study.StageAtPost, whole)
		t.Add(study.StageWaiting, whole-whole/3)
		t.Add(study.StageActive, whole/3)
		t.Add(study.StageFirstService, whole/2)
	}
	return t
}

// fill writes views into a ledger's database and returns how large they are.
func fill(b *testing.B, l *ledger.Ledger, v *studyView, rows map[viewKey]*gained, from, to border.Time) (bytes int64) {
	b.Helper()
	_, err := l.Write(b.Context(), func(batch *ledger.Batch) error {
		tx := batch.Tx()
		if _, err := tx.ExecContext(b.Context(), `UPDATE study_progress SET seq = 1, clock_us = $1, begin_us = $2`, int64(to)-1, int64(from)); err != nil {
			return err
		}
		return write(b.Context(), tx, v, rows)
	})
	if err != nil {
		b.Fatal(err)
	}
	if err := l.Reader().QueryRowContext(b.Context(), `SELECT SUM(LENGTH(times)) FROM study_times`).Scan(&bytes); err != nil {
		b.Fatal(err)
	}
	return bytes
}

func write(ctx context.Context, tx *sql.Tx, v *studyView, rows map[viewKey]*gained) error {
	for key, row := range rows {
		copied := *row
		if err := v.merge(ctx, tx, key, &copied); err != nil {
			return err
		}
	}
	return nil
}
