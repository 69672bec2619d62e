package web

import (
	"crypto/rand"
	"fmt"
	"strconv"
	"time"

	"landport/border"
	"landport/gate"
	"landport/node"
)

// doCorrectTime is the act by which an operator says when a fact was.
const doCorrectTime = "correct-time"

// clockLayout is how browsers write a day and a clock to the second; without
// seconds where these are none.
const clockLayout = "2006-01-02T15:04:05"

// retimedMost is how many facts of a visit are offered, the latest.
const retimedMost = 60

// timeCorrection offers to correct when facts of a visit were; false if it has
// none.
func (v *view) timeCorrection(rec *node.Record) (act, bool) {
	times := map[int64]bool{}
	for i := range rec.Facts {
		if e := &rec.Facts[i]; rec.Correctable(e) {
			times[int64(e.Sequence)] = true
		}
	}
	facts := field{Name: "fact", Label: "Of", Kind: "select", Required: true, Options: []choice{{"", "choose", true}}}
	told := tell(v.names, rec)
	for i := len(told) - 1; i >= 0 && len(facts.Options) <= retimedMost; i-- {
		if t := &told[i]; times[t.Seq] {
			facts.Options = append(facts.Options, choice{strconv.FormatInt(t.Seq, 10), v.clockOf(t.At, t.Post) + " " + t.Text, false})
		}
	}
	when := field{Name: "time", Label: "It was", Kind: "datetime-local", Required: true, Hint: "by the post’s clock; what followed from it at once goes with it"}
	why := reasonField()
	why.Required = true
	return act{doCorrectTime, "Correct a time", []field{facts, when, why}, rand.Text()}, len(facts.Options) > 1
}

// clockOf is a day and a clock to the second.
func (v *view) clockOf(at border.Time, post gate.PostID) string {
	return at.Std(v.Zone(post)).Format("2 Jan 15:04:05")
}

// retimed reads which fact was when, and why it is corrected.
func (f *formReader) retimed(c *node.Command) {
	seq, err := strconv.ParseInt(f.text("fact"), 10, 64)
	if err != nil || seq < 1 {
		f.failf("choose which time is wrong")
	}
	zone := node.Zone(f.layout, 0)
	at, err := time.ParseInLocation(clockLayout, f.text("time"), zone)
	if err != nil {
		at, err = time.ParseInLocation("2006-01-02T15:04", f.text("time"), zone)
	}
	if err != nil || at.Year() < 1971 || at.Year() > 9000 {
		f.failf("%q is not a day and a clock such as 2018-03-05T08:30:00", f.text("time"))
		return
	}
	reason, ok := gate.ParseReason(f.text("reason"))
	if !ok || !reason.ByPeople() {
		f.failf("say why the time is corrected; choose a reason under Why, such as a mistake")
	}
	c.Act, c.Fact = node.CorrectTime, seq
	c.Input.At, c.Input.Reason = border.At(at), reason
}

// retimedWords tell that a time was corrected.
func (v *view) retimedWords(a *node.Aside) string {
	return fmt.Sprintf("The time of No. %d was corrected to %s; it had been %s%s.", a.Cause, v.clockOf(a.Is, 0), v.clockOf(a.Was, 0), reasonAfter(a.Reason))
}

// struck is the time that was told of a fact at first, "" if it stands: with the
// day, where that is another.
func (v *view) struck(t *Telling) string {
	switch zone := v.Zone(t.Post); {
	case t.Told == 0:
		return ""
	case day(t.Told, zone) != day(t.At, zone):
		return v.clockOf(t.Told, t.Post)
	default:
		return t.Told.Std(zone).Format("15:04:05")
	}
}
