package ledger

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// past looks at a ledger whose database cannot read its own file: at what is
// found in it page by page, which is what Rebuild can save.
func (v *verification) past(url string, why error) error {
	v.Report = Report{Head: v.Head, Spoilt: true, Damage: []*Damage{{What: spoiltText(why)}}}
	file, ok := strings.CutPrefix(url, "sqlite:")
	if !ok {
		v.foundf(0, 0, "PostgreSQL, which keeps these files, is to mend them; or restore a backup")
		return nil
	}
	if v.db != nil {
		lost, derived, err := v.db.structure(v.ctx)
		if err != nil {
			return err
		}
		v.Damage = append(append(v.Damage, lost...), derived...)
	}
	p, err := openPages(file)
	if err != nil {
		return err
	}
	defer p.close()
	c := census{report: &v.Report}
	s := c.scan()
	if err := p.each(s.row); err != nil {
		return err
	}
	c.count(v)
	return nil
}

func spoiltText(err error) string {
	why, _ := spoilt(err)
	return "the database cannot read its file as it is: " + why
}

// census counts what is found in a file.
type census struct {
	report  *Report
	known   bool     // the head row was found
	sound   []uint64 // a bit for each seq
	altered []int64  // seq
	last    int64    // seq
	values  []*Damage
}

func (c *census) scan() scan {
	return scan{
		head: func(h Head, frontier []byte) error {
			if c.known && h.Size <= c.report.Head.Size || checkOrigin(h.Origin) != nil {
				return nil //nolint:nilerr // it is another table's row
			}
			t, err := parseTree(h.Size, frontier)
			if err == nil {
				h.Root = t.root()
			}
			c.known, c.report.Head = true, h
			return nil
		},
		entry: func(e *Entry, leaf tlog.Hash) error {
			c.report.Entries++
			c.last = max(c.last, e.Seq)
			if e.Hash() != leaf {
				c.altered = append(c.altered, e.Seq)
				return nil
			}
			for int64(len(c.sound)) <= e.Seq/64 {
				c.sound = append(c.sound, make([]uint64, len(c.sound)+1)...)
			}
			c.sound[e.Seq/64] |= 1 << (e.Seq % 64)
			return nil
		},
		subtree:    func(int64, int64, []byte) error { return nil },
		checkpoint: func(int64, int64, string) error { return nil },
		command:    func(string, []byte, int64, int64, string) error { return nil },
		personal: func(commitment, kind, value string, secret []byte, _ int64) error {
			if c.report.Personal++; !committed(commitment, kind, value, secret) {
				c.values = append(c.values, &Damage{What: fmt.Sprintf("the personal value behind commitment %s was altered", commitment)})
			}
			return nil
		},
	}
}

// count puts into the report which entries are not there.
func (c *census) count(v *verification) {
	size := c.report.Head.Size
	if !c.known {
		size = c.last
		if headLost := irreplaceable[0].what; !slices.ContainsFunc(v.Damage, func(d *Damage) bool { return d.What == headLost }) {
			v.foundf(0, 0, "%s", headLost)
		}
	}
	slices.Sort(c.altered)
	for seq := int64(1); seq <= min(size, c.last); seq++ {
		if seq/64 < int64(len(c.sound)) && c.sound[seq/64]&(1<<(seq%64)) != 0 {
			continue
		}
		what := "cannot be read"
		if _, found := slices.BinarySearch(c.altered, seq); found {
			what = textAltered
		}
		v.foundf(seq, seq, "%s", what)
	}
	if c.last < size {
		v.foundf(c.last+1, size, "cannot be read")
	}
	v.Damage = append(v.Damage, c.values...)
}
