package sim

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"landport/border"
	"landport/gate"
)

func (c *compiler) setPosts() error {
	if len(c.Posts) == 0 {
		c.posts.add("Post", 0)
		c.layout.Posts = []gate.Post{{Name: "Post", Country: "XA", Zone: time.UTC}}
		c.holidays = make([]dates, 1)
	}
	for i, e := range c.Posts {
		path := c.write("posts", e.Name)
		zone := time.UTC
		if e.Zone != "" {
			var err error
			if zone, err = c.zones(e.Zone); err != nil || e.Zone == "Local" { // which zone that is, each machine says for itself
				return c.text.errorf(path+".zone", "unknown time zone %q; write its IANA name, such as Asia/Phnom_Penh", e.Zone)
			}
		}
		if !border.KnownCountry(e.Country) {
			_, err := border.ParseCountry(e.Country)
			return c.text.errorf(path+".country", "%v", err)
		}
		c.posts.add(e.Name, gate.PostID(i))
		c.layout.Posts = append(c.layout.Posts, gate.Post{Name: e.Name, Country: e.Country, Zone: zone})
		c.holidays = append(c.holidays, e.Holidays)
	}
	return nil
}

// write notes where a named entry stands and returns its path.
func (c *compiler) write(list, name string) (path string) {
	path = fmt.Sprintf("%s[%s]", list, name)
	c.written = append(c.written, written{name, path})
	return path
}

func (c *compiler) setDirections() error {
	switch {
	case len(c.Directions) > 0:
		for i, name := range c.Directions {
			exit, entry, _ := strings.Cut(name, "-")
			if !border.KnownCountry(exit) || !border.KnownCountry(entry) || exit == entry {
				return c.text.errorf(fmt.Sprintf("directions[%d]", i+1),
					"%q is not a direction; write the country of exit and that of entry, such as KH-VN", name)
			}
			c.addDirection(exit, entry)
		}
	case len(c.Posts) == 0:
		c.addDirection("XA", "XB")
	case len(c.Posts) == 1:
		c.addDirection(c.layout.Posts[0].Country, "XB")
	default:
		for _, from := range c.layout.Posts {
			for _, to := range c.layout.Posts {
				if from.Country != to.Country && len(c.directions.ids[from.Country+"-"+to.Country]) == 0 {
					c.addDirection(from.Country, to.Country)
				}
			}
		}
	}
	if len(c.layout.Directions) == 0 {
		return c.text.errorf("posts", "all of them are in %s; a crossing lies between two countries, so give one post the other's, or write one post", c.Posts[0].Country)
	}
	if n := len(c.layout.Directions); n > 8 {
		return c.text.errorf("posts", "give %d directions of travel; it takes up to 8; name them under directions:, such as [KH-VN, VN-KH]", n)
	}
	return nil
}

func (c *compiler) addDirection(exit, entry string) {
	c.directions.add(exit+"-"+entry, gate.Direction(len(c.layout.Directions)))
	c.layout.Directions = append(c.layout.Directions, gate.Way{Exit: exit, Entry: entry})
}

func (c *compiler) setOpenings() error {
	c.layout.Openings = []gate.Opening{{Name: "always"}}
	c.openings.add("always", 0)
	for _, e := range c.Posts {
		if path := "posts[" + e.Name + "]"; c.text.has(path + ".hours") {
			if err := c.addOpening(path, openingEntry{e.Name, e.Name, e.Hours, e.LastAdmission}); err != nil {
				return err
			}
		}
	}
	for _, e := range c.Openings {
		if err := c.addOpening(c.write("openings", e.Name), e); err != nil {
			return err
		}
	}
	return nil
}

func (c *compiler) addOpening(path string, e openingEntry) error {
	if len(c.openings.ids[e.Name]) > 0 {
		return c.text.errorf(path, "the name is taken by a post or means always open; choose another")
	}
	post, err := c.posts.the(&c.text, path+".post", e.Post)
	if err != nil {
		return err
	}
	if err := c.checkHolidays(path+".hours", &e.Hours, post); err != nil {
		return err
	}
	hours := e.Hours.calendar(c.layout.Posts[post].Zone, c.holidays[post], border.Micros(e.LastAdmission))
	if peak(hours) < border.Admitting {
		return c.text.errorf(path+".hours", "it never opens to anybody; check hours and last_admission")
	}
	c.openings.add(e.Name, gate.OpeningID(len(c.layout.Openings)))
	c.layout.Openings = append(c.layout.Openings, gate.Opening{Name: e.Name, Post: post, Hours: hours})
	return nil
}

func (c *compiler) checkHolidays(path string, h *hours, post gate.PostID) error {
	if h.closed && len(c.holidays[post]) == 0 {
		return c.text.errorf(path, "has hours for holidays, but post %q lists no holidays", c.layout.Posts[post].Name)
	}
	return nil
}

// peak returns the highest level a calendar is ever at.
func peak(c *border.Calendar) int {
	level := c.Outside
	for _, spans := range c.Week {
		for _, s := range spans {
			level = max(level, s.Level)
		}
	}
	for _, spans := range c.Dates { // the order does not matter
		for _, s := range spans {
			level = max(level, s.Level)
		}
	}
	return level
}

func (c *compiler) setFormalities() error {
	for i, e := range c.Formalities {
		path := c.write("formalities", e.Name)
		if !border.KnownCountry(e.Country) {
			_, err := border.ParseCountry(e.Country)
			return c.text.errorf(path+".country", "%v", err)
		}
		c.formalities.add(e.Name, i)
		c.layout.Formalities = append(c.layout.Formalities, gate.Formality{
			Name: e.Name, Agency: border.Agency(e.Agency), Country: e.Country,
			Subject: border.Subject(e.Subject), Side: border.Side(e.Side), Visiting: e.Visiting,
		})
	}
	return nil
}

func (c *compiler) formalitySet(path string, list names) (set gate.FormalitySet, err error) {
	for _, name := range list {
		i, err := c.formalities.the(&c.text, path, name)
		if err != nil {
			return 0, err
		}
		set |= 1 << i
	}
	return set, nil
}

func (c *compiler) setPlaces() error {
	c.layout.Places = []gate.Place{{Name: "outside", Kind: gate.World}}
	c.model.Drives = make([]Dist, 1)
	c.lets.places = map[gate.PlaceID]let{}
	for _, e := range c.Places {
		path := c.write("places", e.Name)
		place, err := c.place(path, &e)
		if err != nil {
			return err
		}
		expanded, err := c.expand(path, e.Name, e.Count)
		if err != nil {
			return err
		}
		for _, name := range expanded {
			place.Name = name
			if err := c.addPlace(path, e.Name, place, e.Drive.Dist); err != nil {
				return err
			}
			c.lets.places[gate.PlaceID(len(c.layout.Places)-1)] = let{path, group(e.Accepts, e.Refuses)}
		}
	}
	return nil
}

func (c *compiler) addPlace(path, pattern string, p gate.Place, drive Dist) error {
	if err := c.checkPlaces(path, len(c.layout.Places), "places"); err != nil {
		return err
	}
	id := gate.PlaceID(len(c.layout.Places))
	if p.Name != pattern {
		if len(c.places.ids[p.Name]) > 0 {
			return c.text.errorf(path, "its %q is the name of another place", p.Name)
		}
		c.places.ids[p.Name] = append(c.places.ids[p.Name], id)
		c.written = append(c.written, written{p.Name, path})
	}
	if len(c.places.ids[pattern]) == 0 {
		c.places.add(pattern, id)
	} else {
		c.places.ids[pattern] = append(c.places.ids[pattern], id)
	}
	c.layout.Places = append(c.layout.Places, p)
	c.model.Drives = append(c.model.Drives, drive)
	return nil
}

// expand returns the names of an entry that may stand for several alike.
func (c *compiler) expand(path, name string, n count) ([]string, error) {
	switch {
	case !c.text.has(path + ".count"):
		return []string{name}, nil
	case !strings.Contains(name, "*"):
		return nil, c.text.errorf(path+".name", "the name needs an asterisk where the number goes, such as %q", name+" *")
	}
	out := make([]string, n)
	for i := range out {
		out[i] = strings.Replace(name, "*", strconv.Itoa(i+1), 1)
	}
	return out, nil
}

func (c *compiler) place(path string, e *placeEntry) (p gate.Place, err error) {
	p = gate.Place{
		Kind: gate.PlaceKind(e.Kind), Capacity: int32(e.Capacity), EachWay: e.EachWay, Tidal: e.Tidal, Shut: e.Shut,
		Accepts: group(e.Accepts, e.Refuses).Predicate, SingleFile: e.SingleFile, Pager: e.Pager,
		CallGrace: border.Micros(e.CallGrace), CallTries: uint8(e.CallTries), TurnAway: e.TurnAway,
	}
	if c.text.has(path+".capacity") && e.Capacity == 0 {
		return p, c.text.errorf(path+".capacity", "nobody fits in; write 1 or more, or leave it out if it is unbounded")
	}
	if p.Post, err = c.posts.the(&c.text, path+".post", e.Post); err != nil {
		return p, err
	}
	for _, name := range e.Directions {
		d, err := c.directions.the(&c.text, path+".directions", name)
		if err != nil {
			return p, err
		}
		p.Directions |= 1 << d
	}
	if len(e.Directions) == 0 {
		p.Directions = 1<<len(c.layout.Directions) - 1
	}
	switch own := c.openings.ids[c.layout.Posts[p.Post].Name]; {
	case e.Opening != "":
		p.Opening, err = c.openings.the(&c.text, path+".opening", e.Opening)
	case p.Kind.Work() && len(own) > 0:
		p.Opening = own[0]
	}
	return p, err
}

func group(accepts, refuses traits) border.Group {
	return border.Among(border.Traits(accepts)).Except(border.Traits(refuses))
}

func (c *compiler) setStops() error {
	c.layout.Stops = []gate.Stop{{Name: "none"}}
	for _, e := range c.Stops {
		path := c.write("stops", e.Name)
		stop, err := c.stop(path, &e)
		if err != nil {
			return err
		}
		expanded, err := c.expand(path, e.Name, e.Count)
		if err != nil {
			return err
		}
		if err := c.checkPlaces(path, len(c.layout.Stops)-1+len(expanded), "stops"); err != nil {
			return err
		}
		var ids []gate.StopID
		for _, name := range expanded {
			stop.Name = name
			ids = append(ids, gate.StopID(len(c.layout.Stops)))
			c.layout.Stops = append(c.layout.Stops, stop)
			if name != e.Name {
				c.written = append(c.written, written{name, path})
			}
		}
		c.stops.add(e.Name, ids...)
	}
	return nil
}

func (c *compiler) stop(path string, e *stopEntry) (s gate.Stop, err error) {
	s = gate.Stop{Agency: border.Agency(e.Agency), Servers: int32(e.Servers), Dossier: e.Dossier}
	if s.Post, err = c.posts.the(&c.text, path+".post", e.Post); err != nil {
		return s, err
	}
	if !c.text.has(path+".agency") && len(c.Posts) == 0 {
		s.Agency = border.Operator
	}
	if !c.text.has(path + ".servers") {
		s.Servers = 1
	}
	shifts, breaks := append([]shift(nil), e.Shifts...), append([]shift(nil), e.Breaks...)
	if len(shifts)+len(breaks) == 0 {
		return s, nil
	}
	if len(shifts) == 0 {
		shifts = []shift{{Hours: allDay(), Servers: count(s.Servers)}}
	}
	for i := range shifts {
		at := fmt.Sprintf("%s.shifts[%d]", path, i+1)
		if len(e.Shifts) > 0 && !c.text.has(at+".servers") {
			shifts[i].Servers = 1
		}
		if err := c.checkHolidays(at+".hours", &shifts[i].Hours, s.Post); err != nil {
			return s, err
		}
	}
	for i := range breaks {
		at := fmt.Sprintf("%s.breaks[%d]", path, i+1)
		if !c.text.has(at + ".servers") {
			breaks[i].Servers = gate.MaxServers
		}
		if err := c.checkHolidays(at+".hours", &breaks[i].Hours, s.Post); err != nil {
			return s, err
		}
	}
	s.Staff = roster(shifts, breaks, c.layout.Posts[s.Post].Zone, c.holidays[s.Post])
	most := peak(s.Staff)
	if !c.text.has(path + ".servers") {
		s.Servers = int32(min(most, math.MaxInt32))
	}
	if most == 0 {
		return s, c.text.errorf(path, "never has staff; nobody could pass it")
	}
	return s, nil
}

func allDay() (h hours) {
	for day := range h.week {
		h.week[day] = []border.Span{{From: 0, To: 24 * 60, Level: border.Admitting}}
	}
	return h
}
