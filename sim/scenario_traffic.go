package sim

import (
	"fmt"
	"math"

	"landport/border"
	"landport/gate"
)

func (c *compiler) setServices() error {
	c.model.Services = make([][]Service, 1)
	for _, e := range c.Stops {
		var cases []Service
		for i := range e.Service {
			s, err := c.service(fmt.Sprintf("stops[%s].service[%d]", e.Name, i+1), &e.Service[i])
			if err != nil {
				return err
			}
			cases = append(cases, s)
		}
		for range c.stops.ids[e.Name] {
			c.model.Services = append(c.model.Services, cases)
		}
	}
	return nil
}

func (c *compiler) service(path string, e *serviceEntry) (s Service, err error) {
	s = Service{
		Accepts: group(e.Accepts, e.Refuses), Time: e.Time.Dist, AgainP: float64(e.Again),
		RefuseP: float64(e.Refuse), HoldP: float64(e.Hold), HoldFor: e.HoldFor.Dist,
	}
	if s.Refer, err = c.referrals(path+".refer", e.Refer); err != nil {
		return s, err
	}
	sum := s.AgainP + s.RefuseP + s.HoldP
	for _, r := range s.Refer {
		sum += r.P
	}
	switch {
	case sum > 1+1e-9:
		return s, c.text.errorf(path, "again, refuse, hold and refer add up to %.6g; what is left of 1 passes, so they must not exceed it", sum)
	case s.AgainP >= 1:
		return s, c.text.errorf(path+".again", "everybody would be served again for ever; write %g or less", mostAgain)
	case s.AgainP > mostAgain:
		return s, c.text.errorf(path+".again", "each visit would be served %.0f times on average; write %g or less", 1/(1-s.AgainP), mostAgain)
	case s.Time.Mean() > c.model.Span:
		return s, c.text.errorf(path+".time", "is longer on average than the whole run, in which hardly anybody would be served; write less than run.length")
	case s.HoldP > 0 && !c.text.has(path+".hold_for"):
		return s, c.text.errorf(path, "lacks hold_for: how long a hold lasts")
	case s.HoldP > 0 && s.HoldFor.Mean() > c.model.Span:
		return s, c.text.errorf(path+".hold_for", "is longer on average than the whole run, in which hardly anybody held would be released; write less than run.length")
	}
	return s, nil
}

func (c *compiler) referrals(path string, list []referralEntry) (out []Referral, err error) {
	for i, e := range list {
		r := Referral{P: float64(e.Probability)}
		if r.Formalities, err = c.formalitySet(fmt.Sprintf("%s[%d].formalities", path, i+1), e.Formalities); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func (c *compiler) setClasses() error {
	entries := c.Classes
	if len(entries) == 0 {
		entries = []classEntry{{Name: "everybody"}}
	}
	for i, e := range entries {
		c.classes.add(e.Name, i)
	}
	for _, e := range entries {
		class, err := c.class("classes["+e.Name+"]", &e)
		if err != nil {
			return err
		}
		c.model.Classes = append(c.model.Classes, class)
	}
	return nil
}

func (c *compiler) class(path string, e *classEntry) (k Class, err error) {
	k = Class{
		Name: e.Name, Traits: border.Traits(e.Traits), ReadyP: 1, Lodge: e.Dossier.Lodged.Dist,
		BookP: float64(e.Booking.Probability), Lead: e.Booking.Lead.Dist, NoShowP: float64(e.Booking.NoShow),
		Lateness: e.Booking.Lateness.Dist, Earliness: e.Booking.Earliness.Dist,
		ReturnP: float64(e.Return.Probability), Stay: e.Return.After.Dist,
		StayLimit: border.Micros(e.StayLimit), Passengers: e.Coach.Passengers.Dist,
	}
	if err := k.Traits.Check(); err != nil {
		return k, c.text.errorf(path+".traits", "%v", err)
	}
	if c.text.has(path + ".dossier") {
		k.ReadyP = float64(e.Dossier.Ready)
	}
	if k.ReadyP < 1 && !c.text.has(path+".dossier.lodged_after") {
		return k, c.text.errorf(path+".dossier", "lacks lodged_after: when the dossiers that are not ready on arrival become so")
	}
	if k.ReadyP < 1 && k.Lodge.Mean() > c.model.Span {
		return k, c.text.errorf(path+".dossier.lodged_after", "is longer on average than the whole run, in which hardly any of these dossiers would become ready; write less than run.length")
	}
	if k.Lead.Mean() > mostLead {
		return k, c.text.errorf(path+".booking.lead", "is too long; slots are booked up to 30d ahead")
	}
	if k.Refer, err = c.referrals(path+".refer", e.Refer); err != nil {
		return k, err
	}
	if c.text.has(path + ".return") {
		if k.ReturnP > 0 && k.Stay.Mean() < leastAway {
			return k, c.text.errorf(path+".return.after", "a vehicle takes some time before it comes back; write 1m or more")
		}
		if k.ReturnAs, err = c.classes.the(&c.text, path+".return.as", e.Return.As); err != nil {
			return k, err
		}
	}
	if !c.text.has(path + ".coach") {
		return k, nil
	}
	if k.PassengerClass, err = c.classes.the(&c.text, path+".coach.as", e.Coach.As); err != nil {
		return k, err
	}
	for i, a := range e.Coach.Alight {
		at := fmt.Sprintf("%s.coach.alight[%d]", path, i+1)
		from, err := c.places.all(&c.text, at+".from", a.From)
		if err != nil {
			return k, err
		}
		to, err := c.places.the(&c.text, at+".to", a.To)
		if err != nil {
			return k, err
		}
		for _, id := range from {
			k.Alight = append(k.Alight, Alight{From: id, To: to})
		}
	}
	return k, nil
}

func (c *compiler) setFlows() error {
	for i, e := range c.Flows {
		path := fmt.Sprintf("flows[%d]", i+1)
		if e.Name != "" {
			path = "flows[" + e.Name + "]"
		} else {
			e.Name = fmt.Sprintf("flow %d", i+1)
		}
		flow, err := c.flow(path, &e)
		if err != nil {
			return err
		}
		c.model.Flows = append(c.model.Flows, flow)
	}
	return nil
}

func (c *compiler) flow(path string, e *flowEntry) (f Flow, err error) {
	f = Flow{Name: e.Name}
	if f.Direction, err = c.directions.the(&c.text, path+".direction", e.Direction); err != nil {
		return f, err
	}
	if e.ArrivesAt != "" {
		if f.Place, err = c.places.the(&c.text, path+".arrives_at", e.ArrivesAt); err != nil {
			return f, err
		}
	}
	if f.Arrivals, err = c.arrivals(path, e, f.Direction); err != nil {
		return f, err
	}
	for _, s := range e.Classes.shares {
		i, err := c.classes.the(&c.text, path+".classes", s.class)
		if err != nil {
			return f, err
		}
		f.Mix = append(f.Mix, Share{Class: i, P: s.p})
	}
	if len(f.Mix) == 0 {
		i, err := c.classes.the(&c.text, path+".classes", "")
		if err != nil {
			return f, err
		}
		f.Mix = []Share{{Class: i, P: 1}}
	}
	return f, nil
}

func (c *compiler) arrivals(path string, e *flowEntry, d gate.Direction) (a Arrivals, err error) {
	random, regular := c.text.has(path+".rate"), c.text.has(path+".every")
	if random == regular {
		return a, c.text.errorf(path, "takes either rate, such as 450/day, or every, the time between arrivals")
	}
	if regular {
		for _, field := range []string{"by_hour", "by_weekday", "on_holidays", "growth_per_year"} {
			if c.text.has(path + "." + field) {
				return a, c.text.errorf(path+"."+field, "goes with a rate; every has no such profile")
			}
		}
		if err := CheckRenewal(e.Every.Dist, e.Batch.chances); err != nil {
			return a, c.text.errorf(path+".every", "%v", err)
		}
		a = Renewal(e.Every.Dist, e.Batch.chances)
		return a, c.checkPace(path+".every", "brings", a.meanBatch*24/e.Every.Mean().Hours())
	}
	if e.Rate == 0 {
		return a, c.text.errorf(path+".rate", "nobody would ever arrive; give more than 0, or leave the flow out")
	}
	post := c.postOf(c.layout.Directions[d].Exit)
	r := Rate{
		PerDay: float64(e.Rate), Hours: e.ByHour.weights, Weekdays: e.ByWeekday.weights, Batch: e.Batch.chances,
		GrowthPerYear: float64(e.Growth), Since: c.model.Start, Zone: c.layout.Posts[post].Zone,
	}
	if c.text.has(path + ".on_holidays") {
		r.HolidayFactor = float64(e.Holidays)
		for _, days := range c.holidays {
			r.Holidays = append(r.Holidays, days...)
		}
		if len(r.Holidays) == 0 {
			return a, c.text.errorf(path+".on_holidays", "no post lists holidays")
		}
	}
	if err := r.Check(); err != nil {
		return a, c.text.errorf(path+".rate", "%v", err)
	}
	years := c.model.Span.Hours() / 24 / 365.25
	return r.Arrivals(), c.checkPace(path+".growth_per_year", "in the end brings", r.PerDay*math.Pow(1+r.GrowthPerYear, years))
}

// postOf returns the first post of a country, or the first of all.
func (c *compiler) postOf(country string) gate.PostID {
	for i, p := range c.layout.Posts {
		if p.Country == country {
			return gate.PostID(i)
		}
	}
	return 0
}
