package survey

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"landport/border"
)

// Protocol says how a survey of one crossing is done. What is zero is filled in
// by hand on paper.
type Protocol struct {
	Posts        []Place   // both sides of the line
	Start        time.Time // local day of the first shift
	ShiftH       int       // hours of a shift, a divisor of 24
	CV           float64   // standard deviation of the times over their mean
	CVSource     string    // where CV is from; "" is assumed
	DesignEffect float64   // how many times the variance of independent samples; 1 if they are
	MissingMost  float64   // share of a field that may be missing
	PerDay       int       // vehicles a day at one post in one direction
	EveryShift   bool      // a recording sheet for each shift, not one to copy
}

// surveyDays is a whole week, because traffic repeats in weeks.
const surveyDays = 7

// Check says what is wrong with a protocol, in one sentence.
func (p *Protocol) Check() error {
	switch {
	case len(p.Posts) != 2:
		return errors.New("a crossing has two posts; name both, such as --post Bavet --post \"Moc Bai\"")
	case p.Posts[0].Country != p.Posts[1].Facing || p.Posts[1].Country != p.Posts[0].Facing:
		return fmt.Errorf("%s (%s) and %s (%s) do not face each other", p.Posts[0].Name, p.Posts[0].Country, p.Posts[1].Name, p.Posts[1].Country)
	case p.ShiftH < 1 || 24%p.ShiftH != 0:
		return fmt.Errorf("shifts of %d hours do not fill a day; take 6, 8 or 12", p.ShiftH)
	case !(p.CV > 0 && p.CV <= 10):
		return fmt.Errorf("a coefficient of variation of %g is none; it is the standard deviation over the mean, such as 0.8", p.CV)
	case !(p.DesignEffect >= 1 && p.DesignEffect <= 100):
		return fmt.Errorf("a design effect of %g is none; it is 1 for independent samples and more for clustered ones, such as 2", p.DesignEffect)
	case !(p.MissingMost >= 0 && p.MissingMost < 1):
		return fmt.Errorf("a share of %g cannot be missing; give one below 1, such as 0.1", p.MissingMost)
	case p.PerDay < 0:
		return errors.New("fewer than no vehicle a day cannot be; give the count of one direction at one post")
	}
	return nil
}

// Size is how many vehicles it takes to know a mean to within a half-width.
type Size struct {
	HalfWidth float64 // of the 95% interval, as a share of the mean
	Needed    int     // vehicles in one direction at one post, rows that turn out incomplete included
	PerDay    int     // of them on each of seven days
	Every     int     // record every so many-th vehicle; 0 if the day's count is not known, 1 is all
}

// halfWidths for which a protocol tells the sample.
var halfWidths = [...]float64{0.20, 0.10, 0.05}

// Sizes returns the samples it takes: n = (z·CV/d)²·deff/(1-m), with z = 1.96
// for 95%, d the half-width as a share of the mean, deff the design effect and
// m the share that may be missing (Cochran, Sampling Techniques, 3rd edition,
// 1977, chapter 4, and for deff Kish, Survey Sampling, 1965). No fewer than 30
// are asked for.
func (p *Protocol) Sizes() (sizes []Size) {
	for _, d := range halfWidths {
		s := Size{HalfWidth: d}
		s.Needed = max(30, int(math.Ceil(math.Pow(1.96*p.CV/d, 2)*p.DesignEffect/(1-p.MissingMost))))
		s.PerDay = (s.Needed + surveyDays - 1) / surveyDays
		if p.PerDay > 0 {
			s.Every = max(1, p.PerDay/s.PerDay)
		}
		sizes = append(sizes, s)
	}
	return sizes
}

// shift is one shift of the survey.
type shift struct {
	Day      int // from 1
	Date     string
	FromH    int
	From, To string
}

func (p *Protocol) shifts() (out []shift) {
	for day := range surveyDays {
		for h := 0; h < 24; h += p.ShiftH {
			s := shift{Day: day + 1, FromH: h, From: fmt.Sprintf("%02d:00", h), To: fmt.Sprintf("%02d:00", h+p.ShiftH)}
			if !p.Start.IsZero() {
				s.Date = p.Start.AddDate(0, 0, day).Format("Mon 2 January 2006")
			}
			out = append(out, s)
		}
	}
	return out
}

// sheets are the recording sheets to print: of one shift, or of all.
func (p *Protocol) sheets() []shift {
	if p.EveryShift {
		return p.shifts()
	}
	return []shift{{}}
}

// way is a direction at one post, as recorders see it.
type way struct {
	Place
	Exit, Entry string
}

// ways lists both directions at both posts.
func (p *Protocol) ways() (out []way) {
	for _, post := range p.Posts {
		for _, leaving := range []bool{true, false} {
			w := way{Place: post, Exit: post.Country, Entry: post.Facing}
			if !leaving {
				w.Exit, w.Entry = w.Entry, w.Exit
			}
			out = append(out, w)
		}
	}
	return out
}

// clockPoint says when to look at the clock, and who does or what tells.
type clockPoint struct{ When, Who string }

var clockPoints = [columns]clockPoint{
	Arrival:                 {"it stops at the end of the queue before the post, or at the gate if there is no queue", "recorder at the road"},
	Lodgement:               {"the declaration and its documents are handed in or sent; may be before the arrival", "agent's copy or customs system"},
	Acceptance:              {"customs give the declaration a number", "customs system"},
	Selection:               {"the channel is known", "customs system"},
	Payment:                 {"duties and fees are paid, or a guarantee is given", "receipt"},
	ExaminationStart:        {"an officer begins to look at vehicle or goods, or the scanner takes it", "recorder at the stop"},
	ExaminationEnd:          {"the last of them is done", "recorder at the stop"},
	ImmigrationRelease:      {"the crew has its stamps", "recorder at the desk"},
	PlantQuarantineRelease:  {"the certificate or the stamp is given", "recorder at the desk"},
	AnimalQuarantineRelease: {"the certificate or the stamp is given", "recorder at the desk"},
	HealthRelease:           {"health officers let crew and vehicle pass", "recorder at the desk"},
	TransportRelease:        {"the vehicle's papers and permit are given back", "recorder at the desk"},
	PoliceRelease:           {"the police let it pass", "recorder at the desk"},
	CustomsRelease:          {"customs let the goods go", "customs system"},
	Removal:                 {"it passes the exit barrier of the post", "recorder at the barrier"},
}

// When says when to look at the clock for an instant, such as "customs give the
// declaration a number"; "" for other columns.
func (c Column) When() string { return clockPoints[c].When }

// hours are the clock hours of a shift, of which each has a count of vehicles;
// those of a sheet to copy are filled in by hand.
func (p *Protocol) hours(s shift) []string {
	list := make([]string, p.ShiftH)
	for i := range list {
		if s.From != "" {
			list[i] = fmt.Sprintf("%02d–%02d", s.FromH+i, s.FromH+i+1)
		}
	}
	return list
}

// WriteProtocol writes the protocol as one HTML file that needs nothing else
// and is made to be printed.
func (p *Protocol) WriteProtocol(w io.Writer) error {
	return render(w, protocolPage(p))
}

// rowsOnSheet is how many vehicles fit on a printed recording sheet.
const rowsOnSheet = 18

func (p *Protocol) title() string {
	return p.Posts[0].Name + " – " + p.Posts[1].Name
}

// formula says how Sizes come about.
func (p *Protocol) formula() string {
	return fmt.Sprintf("n = (1.96 · CV / d)² · deff / (1 − m). d is the half-width of the 95%% interval as a share of the mean; "+
		"CV, the standard deviation over the mean, is %g (%s); deff is %g, because vehicles of one hour are alike (assumed); m is %s, the rows that may turn out incomplete. "+
		"Never fewer than 30. Cochran, Sampling Techniques, 3rd edition, 1977; Kish, Survey Sampling, 1965. "+
		"If vehicles are sampled, take every so many-th that arrives, never those that are easy to follow.",
		p.CV, p.cvSource(), p.DesignEffect, percentOf(p.MissingMost))
}

func (p *Protocol) cvSource() string {
	if p.CVSource == "" {
		return "assumed; replace it with that of an earlier survey"
	}
	return p.CVSource
}

func percentOf(x float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", 100*x), ".0") + "%"
}

func everyWords(n int) string {
	switch n {
	case 0:
		return "–"
	case 1:
		return "every vehicle"
	}
	return fmt.Sprintf("one in %d", n)
}

func (p *Protocol) startWords() string {
	if p.Start.IsZero() {
		return "____________________"
	}
	return p.Start.Format("Monday 2 January 2006")
}

func countryOf(code string) string { return border.CountryName(code) }
