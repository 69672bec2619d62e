package survey

import (
	"fmt"
	"math"
	"slices"
	"time"

	"landport/border"
	"landport/study"
)

// Report is the study of a survey. Times are in minutes.
type Report struct {
	Sheets   []SheetCount `json:"sheets"`
	Coverage []Coverage   `json:"coverage"`
	Joined   Joined       `json:"joined"`
	Times    []Times      `json:"times"`
	Missing  []Missing    `json:"missing"`
	Early    []Early      `json:"lodged_early"`
	Flags    []Flag       `json:"flags"`
	Notes    []string     `json:"notes"`
}

// SheetCount says what became of a sheet's rows: Records and Aside add up to Rows.
type SheetCount struct {
	Sheet   string `json:"sheet"`
	Rows    int    `json:"rows"`
	Records int    `json:"records"`
	Aside   int    `json:"aside"`
}

// Coverage is what of a week a post was surveyed.
type Coverage struct {
	Post    string `json:"post"`
	Country string `json:"country"`
	Records int    `json:"records"`
	From    string `json:"from"` // local day, ISO 8601
	To      string `json:"to"`
	Days    int    `json:"days"`          // on which something was recorded
	Hours   int    `json:"hours_of_week"` // of 168 in which something was recorded
}

// Joined says how many halves of crossings found each other by plate.
type Joined struct {
	Exits     int `json:"exits"`   // records at the post of exit that had a plate
	Entries   int `json:"entries"` // and at the post of entry
	Crossings int `json:"crossings"`
}

// Times are those of one stage at one post: all that can be, outliers among
// them; without outliers; and with what cannot be, too: rows in an impossible
// order or recorded twice.
type Times struct {
	Post      string        `json:"post"`      // or "Bavet to Moc Bai"
	Direction string        `json:"direction"` // "" for all
	Stage     string        `json:"stage"`
	Possible  study.Summary `json:"possible_min"`
	Without   study.Summary `json:"without_flagged_min"`
	All       study.Summary `json:"all_min"`
	Flagged   int           `json:"flagged"`
	Outliers  int           `json:"outliers"`      // of those flagged
	LowMin    *float64      `json:"fence_low_min"` // null where there are too few to tell
	HighMin   *float64      `json:"fence_high_min"`
}

// Missing says how often a column was left empty at a post.
type Missing struct {
	Post    string  `json:"post"`
	Column  Column  `json:"column"`
	OnSheet bool    `json:"on_sheet"` // some sheet of the post has the column
	Records int     `json:"records"`
	Missing int     `json:"missing"`
	Share   float64 `json:"share"`
}

// Early says how many declarations were lodged before the vehicle arrived.
type Early struct {
	Post   string `json:"post"`
	Early  int    `json:"early"`
	Lodged int    `json:"lodged"` // records with both instants
}

// Study sums up a survey.
func (s *Survey) Study() *Report {
	r := &Report{Times: []Times{}, Flags: []Flag{}, Notes: []string{}, Missing: []Missing{}, Early: []Early{}, Coverage: []Coverage{}}
	for _, sheet := range s.Sheets {
		r.Sheets = append(r.Sheets, SheetCount{sheet.Name, sheet.Rows, len(sheet.Records), len(sheet.Aside)})
	}
	flags, doubted := s.doubt()
	r.Flags = append(r.Flags, flags...)
	for _, post := range s.Posts() {
		r.Coverage = append(r.Coverage, s.coverage(post))
		r.missing(s, post)
		r.atPost(s, post, doubted)
	}
	r.joined(s, doubted)
	r.Notes = slices.Concat(r.Notes, s.Repeated, s.Besides)
	if s.Completed > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d %s without an arrival completed one of the same plate, direction and post within a day before; each two are one record.", s.Completed, plural(s.Completed, "row")))
	}
	r.note()
	return r
}

// Posts lists the posts with records, as they first appear.
func (s *Survey) Posts() (posts []Place) {
	for i := range s.Records {
		if !slices.Contains(posts, s.Records[i].Post) {
			posts = append(posts, s.Records[i].Post)
		}
	}
	return posts
}

func (s *Survey) coverage(post Place) Coverage {
	c := Coverage{Post: post.Name, Country: post.Country}
	var days []string
	var week [7 * 24]bool
	for i := range s.Records {
		r := &s.Records[i]
		if r.Post != post {
			continue
		}
		c.Records++
		at := r.first().Std(r.zone)
		days = append(days, at.Format(time.DateOnly))
		week[int(at.Weekday())*24+at.Hour()] = true
	}
	slices.Sort(days)
	c.From, c.To = days[0], days[len(days)-1]
	c.Days = len(slices.Compact(days))
	for _, seen := range week {
		if seen {
			c.Hours++
		}
	}
	return c
}

// missing counts empty cells of all columns but those that rows may do without.
func (r *Report) missing(s *Survey, post Place) {
	for _, c := range Columns() {
		if c == Date || c == Post || c == PlateCountry {
			continue
		}
		m := Missing{Post: post.Name, Column: c}
		for i := range s.Records {
			record := &s.Records[i]
			if record.Post != post {
				continue
			}
			m.Records++
			if !record.has(c) {
				m.Missing++
			}
		}
		for _, sheet := range s.Sheets {
			m.OnSheet = m.OnSheet || sheet.Has(c) && slices.ContainsFunc(sheet.Records, func(r Record) bool { return r.Post == post })
		}
		m.Share = float64(m.Missing) / float64(m.Records)
		r.Missing = append(r.Missing, m)
	}
}

// has reports whether something was recorded in a column.
func (r *Record) has(c Column) bool {
	switch c {
	case Direction:
		return r.Exit != ""
	case Plate:
		return r.plain
	case LoadState:
		return r.Load != 0
	case VehicleType:
		return r.Vehicle != 0
	case Channel:
		return r.Channel != ""
	case Recorder:
		return r.Recorder != ""
	case VolumePerH:
		return r.VolumePerH != 0
	default:
		return r.times[c] != 0
	}
}

// atPost adds the times of a post: of all directions, then of each if there are
// several. Outliers are found within one direction.
func (r *Report) atPost(s *Survey, post Place, doubted []bool) {
	early := Early{Post: post.Name}
	directions := []string{}
	for i := range s.Records {
		record := &s.Records[i]
		if record.Post != post {
			continue
		}
		if !slices.Contains(directions, record.Direction()) {
			directions = append(directions, record.Direction())
		}
		if arrival, lodged := record.times[Arrival], record.times[Lodgement]; arrival != 0 && lodged != 0 {
			early.Lodged++
			if lodged < arrival {
				early.Early++
			}
		}
	}
	slices.Sort(directions)
	if early.Lodged > 0 {
		r.Early = append(r.Early, early)
	}
	for _, stage := range Stages() {
		all := group{post: post.Name, stage: stage.Name}
		var each []group
		for _, direction := range directions {
			g := group{post: post.Name, stage: stage.Name, direction: direction}
			for i := range s.Records {
				record := &s.Records[i]
				if record.Post != post || record.Direction() != direction {
					continue
				}
				if t, ok := stage.of(record); ok {
					g.times = append(g.times, timed{t, i, doubted[i]})
				}
			}
			g.fence(r, s)
			all.add(&g)
			each = append(each, g)
		}
		if len(directions) == 1 {
			all = each[0]
			each = nil
		}
		r.tell(&all)
		for i := range each {
			if each[i].direction != "" {
				r.tell(&each[i])
			}
		}
	}
}

// group is the times of one stage that are summed up together.
type group struct {
	post, direction, stage string
	times                  []timed
	fences                 *Fences
	beyond                 []bool // by time: an outlier
}

// fence finds the group's outliers and adds their flags.
func (g *group) fence(r *Report, s *Survey) {
	var f Fences
	f, g.beyond = outliers(g.times)
	if f != (Fences{}) {
		g.fences = &f
	}
	for i, t := range g.times {
		if g.beyond[i] {
			r.Flags = append(r.Flags, s.Records[t.record].flag(Outlier, g.stage,
				fmt.Sprintf("%s took %s; the fences are %s and %s", g.stage, minutesOf(t.time), minutesOf(max(0, f.Low)), minutesOf(f.High))))
		}
	}
}

func (g *group) add(o *group) {
	g.times = append(g.times, o.times...)
	g.beyond = append(g.beyond, o.beyond...)
}

// tell adds the group's times, if there are any.
func (r *Report) tell(g *group) {
	if len(g.times) == 0 {
		return
	}
	var possible, without, all []float64
	for i, t := range g.times {
		all = append(all, t.time.Minutes())
		if t.doubted {
			continue
		}
		possible = append(possible, t.time.Minutes())
		if !g.beyond[i] {
			without = append(without, t.time.Minutes())
		}
	}
	line := Times{
		Post: g.post, Direction: g.direction, Stage: g.stage,
		Possible: study.SummarizeValues(possible), Without: study.SummarizeValues(without), All: study.SummarizeValues(all),
		Flagged: len(all) - len(without), Outliers: len(possible) - len(without),
	}
	if g.fences != nil {
		line.LowMin, line.HighMin = new(math.Max(0, g.fences.Low.Minutes())), new(g.fences.High.Minutes())
	}
	r.Times = append(r.Times, line)
}

// joined adds the times of crossings from post to post.
func (r *Report) joined(s *Survey, doubted []bool) {
	for i := range s.Records {
		switch record := &s.Records[i]; {
		case !record.plain || record.Exit == "":
		case record.Post.Country == record.Exit:
			r.Joined.Exits++
		default:
			r.Joined.Entries++
		}
	}
	r.Joined.Crossings = len(s.Crossings)
	var pairs []string
	groups := map[string]*[2]group{}
	for _, c := range s.Crossings {
		out, in := &s.Records[c.Exit], &s.Records[c.Entry]
		pair := out.Post.Name + " to " + in.Post.Name
		g := groups[pair]
		if g == nil {
			g = &[2]group{{post: pair, direction: out.Direction(), stage: StageCrossing}, {post: pair, direction: out.Direction(), stage: StageBetween}}
			groups[pair] = g
			pairs = append(pairs, pair)
		}
		for k, ends := range [2][2]border.Time{{out.times[Arrival], in.times[Removal]}, {out.times[Removal], in.times[Arrival]}} {
			if ends[0] != 0 && ends[1] != 0 {
				g[k].times = append(g[k].times, timed{ends[1].Sub(ends[0]), c.Exit, doubted[c.Exit] || doubted[c.Entry]})
			}
		}
	}
	for _, pair := range pairs {
		for k := range groups[pair] {
			groups[pair][k].fence(r, s)
			r.tell(&groups[pair][k])
		}
	}
}

// note says what a reader must know before any figure.
func (r *Report) note() {
	notef := func(format string, args ...any) { r.Notes = append(r.Notes, fmt.Sprintf(format, args...)) }
	for _, c := range r.Coverage {
		if c.Days < 7 {
			notef("%s: records of %d of seven days; what was not surveyed may differ.", c.Post, c.Days)
		}
		if c.Days >= 7 && c.Hours < 100 {
			notef("%s: records in %d of the 168 hours of a week; say whether the post was open in the others.", c.Post, c.Hours)
		}
		if c.Records < 30 {
			notef("%s: %d records are too few to rest on a mean or a percentile; the range is given.", c.Post, c.Records)
		}
	}
	for _, m := range r.Missing {
		if m.OnSheet && m.Share > missingTold {
			notef("%s: %s is missing in %.0f%% of the records; if those are not like the rest, the times mislead.", m.Post, m.Column.Label(), 100*m.Share)
		}
	}
	if n := min(r.Joined.Exits, r.Joined.Entries); n > 0 && r.Joined.Crossings*2 < n {
		notef("Only %d of %d vehicles that could be were joined across the line; check plates and that both sides recorded the same hours.", r.Joined.Crossings, n)
	}
	notef("Flagged: %d by impossible order, %d recorded twice, %d %s. The first two kinds count under “all recorded” alone, outliers also under “outliers included”.",
		countRule(r.Flags, ImpossibleOrder), countRule(r.Flags, RecordedTwice), countRule(r.Flags, Outlier), plural(countRule(r.Flags, Outlier), "outlier"))
	if slices.ContainsFunc(r.Flags, func(f Flag) bool { return f.Rule == Outlier }) {
		notef("An outlier is a time far from the middle half of its stage, post and direction: with the quartiles Q1 and Q3, below Q1/(Q3/Q1)^1.5 or above Q3·(Q3/Q1)^1.5, its fences.")
	}
	if slices.ContainsFunc(r.Times, func(t Times) bool { return !t.All.Small() }) {
		notef("± is the 95%% interval of the mean; 95th is the time within which 95 of 100 vehicles were through.")
	}
	notef("Intervals of means take the samples as independent; vehicles of the same hour are not, so the true interval is wider.")
}

// missingTold is from which share on a missing column is noted.
const missingTold = 0.10
