package sim_test

import (
	"strings"
	"testing"
	"time"

	"landport/sim"
)

// smallBorder has one of everything that the cases below spoil.
const smallBorder = `name: small
assumed: for tests
run: {length: 10d, warmup: 1d}
posts:
  - {name: Bavet, country: KH, zone: Asia/Phnom_Penh, hours: 06:00-22:00}
  - {name: Moc Bai, country: VN, zone: Asia/Ho_Chi_Minh}
directions: KH-VN
formalities:
  - {name: export, agency: customs, country: KH, subject: goods, side: exit}
  - {name: x-ray, agency: customs, country: KH, subject: goods, side: exit}
places:
  - {name: road, kind: approach, post: Bavet}
  - {name: lane *, count: 2, kind: lane, post: Bavet, accepts: laden, capacity: 1}
  - {name: yard, kind: bay, post: Moc Bai, capacity: 5}
stops:
  - name: customs
    post: Bavet
    service: [{time: 8m, refer: [{formalities: x-ray, probability: 0.1}]}]
  - {name: scanner, post: Moc Bai, service: {exponential: 12m}}
procedures:
  - name: goods
    route:
      - road
      - {place: lane *, stops: [{stop: customs, formalities: export}]}
      - {place: yard, stops: [{stop: scanner, formalities: x-ray, on_referral: true}]}
classes:
  - {name: truck, traits: laden}
flows:
  - {name: trucks, rate: 100/day, classes: {truck: 1}}
`

func TestErrorsSayWhatIsWrongAndWhere(t *testing.T) {
	if _, err := modelOf(smallBorder); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new, want string }{
		{"malformed YAML", "run: {length: 10d", "run: {length: [10d",
			`small.yaml:3:31: malformed YAML: value is not allowed in this context. map key-value is pre-defined`},
		{"nobody ever arrives", "rate: 100/day", "rate: 0/hour",
			`small.yaml:29:26: flow "trucks": rate: nobody would ever arrive; give more than 0, or leave the flow out`},
		{"a list that is not closed", "classes: {truck: 1}}", "batch: [1",
			`small.yaml:29:42: malformed YAML: the bracket [ that opens here is never closed; put ] after the last entry of the list`},
		{"a tab", "  - {name: truck,", "\t- {name: truck,",
			`small.yaml:27:1: malformed YAML: found character '	' that cannot start any token`},
		{"a field twice", "assumed: for tests", "assumed: for tests\nname: again",
			`small.yaml:3:1: malformed YAML: mapping key "name" already defined at [1:1]`},
		{"two documents", "directions: KH-VN", "---\ndirections: KH-VN",
			`small.yaml:7:1: a second YAML document begins; a scenario is one`},
		{"unknown field", "capacity: 5", "capcity: 5",
			`small.yaml:14:44: place "yard": unknown field "capcity", perhaps "capacity"; fields here are name, count, kind, post, capacity, each_way, directions, tidal, shut, accepts, refuses, opening, single_file, pager, call_grace, call_tries, turn_away, drive`},
		{"unknown field far from any", "capacity: 5", "colour: 5",
			`small.yaml:14:44: place "yard": unknown field "colour"; fields here are name, count, kind, post, capacity, each_way, directions, tidal, shut, accepts, refuses, opening, single_file, pager, call_grace, call_tries, turn_away, drive`},
		{"unknown field at the top", "\nclasses:", "\nclases:",
			`small.yaml:26:1: unknown field "clases", perhaps "classes"; fields here are name, title, extends, run, service_standard, posts, directions, openings, formalities, places, stops, procedures, policies, classes, flows, costs, orders, calibration, causes, validation, bounds, notes`},
		{"missing field", "country: KH, zone", "zone",
			`small.yaml:5:5: post "Bavet": lacks country: ISO 3166 alpha-2`},
		{"a list is due", "flows:\n  -", "flows:\n   ",
			`small.yaml:29:5: flows: a mapping is not a list; begin each entry with a hyphen`},
		{"a mapping is due", "run: {length: 10d, warmup: 1d}", "run: 10d",
			`small.yaml:3:6: run: "10d" is not a mapping; fields here are start, length, warmup`},
		{"true or false is due", "on_referral: true", "on_referral: often",
			`small.yaml:25:80: procedure "goods": leg 3: stop 1: on_referral: "often" is not true or false`},
		{"a start in the year one", "run: {", "run: {start: 0001-01-01, ",
			`small.yaml:3:14: run: start: 0001-01-01 is out of range; dates are from 1970 to 2199`},
		{"a start in the far future", "run: {", "run: {start: 9999-12-31, ",
			`small.yaml:3:14: run: start: 9999-12-31 is out of range; dates are from 1970 to 2199`},
		{"hours of a date far off", "06:00-22:00", "{daily: 06:00-22:00, 2500-01-01: closed}",
			`small.yaml:5:83: post "Bavet": hours: 2500-01-01 is out of range; dates are from 1970 to 2199`},
		{"a run longer than a century", "length: 10d", "length: 36526d",
			`small.yaml:3:15: run: length: "36526d" is longer than 100 years`},
		{"a run of no length", "length: 10d, warmup: 1d", "length: 0s",
			`small.yaml:3:15: run: length: a run of no length measures nothing; write more, such as 30d`},
		{"too many phases", "{exponential: 12m}", "{erlang: {mean: 12m, k: 1000000000}}",
			`small.yaml:19:69: stop "scanner": service: erlang: k: "1000000000" is not a whole number from 1 to 1000`},
		{"too many servers", "    service: [{time", "    servers: 1000000000000\n    service: [{time",
			`small.yaml:18:14: stop "customs": servers: "1000000000000" is not a whole number from 1 to 64`},
		{"too many officers in a shift", "    service: [{time", "    shifts: [{hours: 00:00-24:00, servers: 65}]\n    service: [{time",
			`small.yaml:18:44: stop "customs": shift 1: servers: "65" is not a whole number from 0 to 64`},
		{"too many lanes", "count: 2", "count: 1001",
			`small.yaml:13:27: place "lane *": count: "1001" is not a whole number from 1 to 1000`},
		{"too many lanes of a leg", "count: 2", "count: 65",
			`small.yaml:24:9: procedure "goods": leg 2: has 65 places; it takes 1 to 64`},
		{"too many posts", "posts:\n", "posts:\n  - {name: A, country: KH}\n  - {name: B, country: KH}\n  - {name: C, country: KH}\n  - {name: D, country: KH}\n  - {name: E, country: KH}\n  - {name: F, country: KH}\n  - {name: G, country: KH}\n",
			`small.yaml:5:3: posts: has 9 entries; it takes at most 8`},
		{"a lane for laden takes who has no load state", "traits: laden}", "traits: rigid-truck}",
			`small.yaml:13:64: place "lane *": accepts: class "truck" (rigid-truck) has no load_state, and a gate lets pass what it does not know; give the class one, such as empty, or have this refuse it by what it is`},
		{"a procedure of permits takes who has none", "  - name: goods", "  - name: goods\n    accepts: border-pass",
			`small.yaml:22:14: procedure "goods": accepts: class "truck" (laden) has no traffic_right, and a gate lets pass what it does not know; give the class one, such as bilateral-permit, or have this refuse it by what it is`},
		{"a case of service for a kind that is not known", "[{time: 8m", "[{accepts: rigid-truck, time: 8m",
			`small.yaml:18:14: stop "customs": service: no case accepts class "truck" (laden), which procedure "goods" brings here`},
		{"too many calls", "capacity: 5", "capacity: 5, call_tries: 256",
			`small.yaml:14:69: place "yard": call_tries: "256" is not a whole number from 0 to 255`},
		{"nearly for ever again", "{exponential: 12m}", "[{time: 12m, again: 0.9999999}]",
			`small.yaml:19:65: stop "scanner": case 1: again: each visit would be served 10000000 times on average; write 0.99 or less`},
		{"back at once", "traits: laden}", "traits: laden, return: {probability: 1, as: truck, after: 0s}}",
			`small.yaml:27:77: class "truck": return: after: a vehicle takes some time before it comes back; write 1m or more`},
		{"booked long ago", "traits: laden}", "traits: laden, booking: {probability: 1, lead: 360d}}",
			`small.yaml:27:66: class "truck": booking: lead: is too long; slots are booked up to 30d ahead`},
		{"slots too short", "\nclasses:", "\npolicies: [{name: slots, slots: {length: 1ms, quota: 1}}]\nclasses:",
			`small.yaml:26:42: policy "slots": slots: length: is too short; a slot takes 1m or more`},
		{"arrivals without end", "rate: 100/day", "every: 1ms",
			`small.yaml:29:27: flow "trucks": every: brings 8.64e+07 arrivals a day; it takes at most 1000000`},
		{"growth without end", "length: 10d", "length: 36500d|rate: 100/day|rate: 100/day, growth_per_year: 0.5",
			`small.yaml:29:52: flow "trucks": growth_per_year: in the end brings 3.95e+19 arrivals a day; it takes at most 1000000`},
		{"a name of a page", "name: truck,", "name: " + strings.Repeat("truck ", 50) + ",",
			`small.yaml:27:12: class 1: name: has 299 letters; a name has at most 100`},
		{"a scenario's name of a page", "name: small", "name: " + strings.Repeat("a", 101),
			`small.yaml:1:7: name: has 101 letters; a name has at most 100`},
		{"a time of nothing", "time: 8m", "time: 0.0001ms",
			`small.yaml:18:22: stop "customs": case 1: time: "0.0001ms" is shorter than a microsecond, the least there is; write 0s if it takes no time`},
		{"traffic that vanishes", "rate: 100/day", "rate: 100/day, growth_per_year: -1",
			`small.yaml:29:52: flow "trucks": growth_per_year: "-1" is not a growth; 0.05 is five per cent more each year, -0.05 less; it lies above -1, up to 10`},
		{"a provenance that says nothing", "assumed: for tests", "assumed: false",
			`small.yaml:2:10: assumed: "false" does not say where a figure comes from; write it in words`},
		{"a provenance of a digit", "assumed: for tests", "assumed: 0",
			`small.yaml:2:10: assumed: "0" does not say where a figure comes from; write it in words`},
		{"a number that is text", "capacity: 5", `capacity: "5"`,
			`small.yaml:14:54: place "yard": capacity: "5" is text; write a whole number, without quotation marks`},
		{"a name that is true", "name: truck,", "name: true,",
			`small.yaml:27:12: class 1: name: "true" is true or false, and not a name; put it in quotation marks if it is meant as a word`},
		{"a duration with a space", "time: 8m", `time: " 8m"`,
			`small.yaml:18:22: stop "customs": case 1: time: " 8m" begins or ends with a space; leave it out`},
		{"a coachful of thousands", "traits: laden}", "traits: laden, coach: {passengers: 1001, as: truck, alight: [{from: lane *, to: road}]}}",
			`small.yaml:27:54: class "truck": coach: passengers: "1001" is not a whole number from 0 to 1000`},
		{"two of a name", "name: scanner, post", "name: customs, post",
			`small.yaml:19:5: stop "customs": the name is taken by the entry of line 16`},
		{"a name with brackets", "name: truck,", "name: 'truck[1]',",
			`small.yaml:27:12: class 1: name: "truck[1]" cannot be a name; leave out brackets, quotation marks and line breaks`},
		{"unknown anchor", "post: Moc Bai, capacity: 5", "post: *moc, capacity: 5",
			`small.yaml:14:35: place "yard": post: unknown anchor "moc"; write &moc before the value it stands for, further up`},

		{"no source", "assumed: for tests\n", "",
			`small.yaml:4:62: post "Bavet": hours: nothing says where the figure comes from; add source: or assumed: beside it or around it`},
		{"source and assumed", "assumed: for tests", "assumed: for tests\nsource: and a book",
			`small.yaml:1:1: says both source and assumed; give the figures that are assumed a mapping of their own`},
		{"duration without unit", "time: 8m", "time: 8",
			`small.yaml:18:22: stop "customs": case 1: time: "8" has no unit; write 8m if it is minutes`},
		{"duration that is none", "exponential: 12m", "exponential: twelve",
			`small.yaml:19:59: stop "scanner": service: exponential: "twelve" is not a duration; write it as 45s, 8m, 1h30m or 2d`},
		{"distribution unknown", "exponential: 12m", "exponentials: 12m",
			`small.yaml:19:46: stop "scanner": service: unknown field "exponentials", perhaps "exponential"; fields here are exponential, normal, lognormal, gamma, erlang, uniform, triangular, empirical`},
		{"two distributions", "{exponential: 12m}", "{exponential: 12m, uniform: {low: 1m, high: 2m}}",
			`small.yaml:19:45: stop "scanner": service: has 2 distributions; give it one of exponential, normal, lognormal, gamma, erlang, uniform, triangular, empirical`},
		{"impossible distribution", "{exponential: 12m}", "{uniform: {low: 3m, high: 2m}}",
			`small.yaml:19:45: stop "scanner": service: the greatest time 2m0s is below the least 3m0s; exchange them`},
		{"half a log-normal", "{exponential: 12m}", "{lognormal: {mean: 3m}}",
			`small.yaml:19:45: stop "scanner": service: lognormal takes mean and cv, or median and p90`},
		{"probability above 1", "probability: 0.1", "probability: 10",
			`small.yaml:18:68: stop "customs": case 1: referral 1: probability: "10" is not a probability; it lies between 0 and 1`},
		{"count that is none", "capacity: 5", "capacity: five",
			`small.yaml:14:54: place "yard": capacity: "five" is not a whole number from 0 to 1048576`},
		{"no capacity", "capacity: 5", "capacity: 0",
			`small.yaml:14:54: place "yard": capacity: nobody fits in; write 1 or more, or leave it out if it is unbounded`},
		{"rate without unit", "100/day", "100",
			`small.yaml:29:26: flow "trucks": rate: "100" is not a rate; write it as 450/day, 12/hour, 1.2/minute or 3/second`},
		{"unknown word", "agency: customs, country: KH, subject: goods, side: exit}\n  - {name: x", "agency: custom, country: KH, subject: goods, side: exit}\n  - {name: x",
			`small.yaml:9:28: formality "export": agency: unknown agency "custom"; known are customs, immigration, plant-quarantine, animal-quarantine, health, transport, police, operator`},
		{"unknown kind", "kind: bay", "kind: yard",
			`small.yaml:14:24: place "yard": kind: unknown kind of place "yard"; known are approach, dry-port, waiting-zone, escort-leg, neutral-zone, lane, bay, common-control-area, transshipment-yard`},
		{"unknown trait", "traits: laden", "traits: loaded",
			`small.yaml:27:27: class "truck": traits: unknown trait "loaded"; known are load_state: empty, part-loaded, laden; cargo_nature: perishable, dangerous, live-animals, oversize, relief; customs_procedure: no-goods, home-use, transit, temporary-admission, outright; vehicle_type: rigid-truck, articulated-truck, van, coach, car, motorbike, on-foot, train, barge; traffic_right: bilateral-permit, corridor-permit, border-pass, local-only, no-permit-needed; operator_status: regular, authorised`},
		{"two values on an axis", "traits: laden", "traits: [laden, empty]",
			`small.yaml:27:27: class "truck": traits: load_state has several values (empty laden); it takes one`},

		{"impossible time", "06:00-22:00", "06:00-25:00",
			`small.yaml:5:62: post "Bavet": hours: "06:00-25:00": the closing "25:00" is not a time of day; it lies between 00:00 and 24:00`},
		{"hours that overlap", "06:00-22:00", "'06:00-14:00, 12:00-22:00'",
			`small.yaml:5:62: post "Bavet": hours: Sunday: 06:00-14:00 and 12:00-22:00 overlap; end the first at 12:00 or before`},
		{"a day missing", "06:00-22:00", "{mon-fri: 06:00-22:00, sat: 06:00-12:00}",
			`small.yaml:5:62: post "Bavet": hours: sun is not named; add sun: 06:00-22:00, or sun: closed`},
		{"a day twice", "06:00-22:00", "{daily: 06:00-22:00, sun: closed}",
			`small.yaml:5:83: post "Bavet": hours: sun is named twice`},
		{"an impossible date", "06:00-22:00", "{daily: 06:00-22:00, 2018-02-30: closed}",
			`small.yaml:5:83: post "Bavet": hours: "2018-02-30" is not a date; write it as 2018-04-14`},
		{"never open", "06:00-22:00", "closed",
			`small.yaml:5:62: post "Bavet": hours: it never opens to anybody; check hours and last_admission`},
		{"holidays not listed", "06:00-22:00", "{daily: 06:00-22:00, holidays: closed}",
			`small.yaml:5:62: post "Bavet": hours: has hours for holidays, but post "Bavet" lists no holidays`},
		{"unknown time zone", "Asia/Phnom_Penh", "Asia/Phnom_Pen",
			`small.yaml:5:38: post "Bavet": zone: unknown time zone "Asia/Phnom_Pen"; write its IANA name, such as Asia/Phnom_Penh`},
		{"the machine's own time zone", "Asia/Phnom_Penh", "Local",
			`small.yaml:5:38: post "Bavet": zone: unknown time zone "Local"; write its IANA name, such as Asia/Phnom_Penh`},
		{"unknown country", "country: KH, zone", "country: KHM, zone",
			`small.yaml:5:28: post "Bavet": country: unknown country "KHM"; write an ISO 3166 alpha-2 code such as KH, VN, LA, TH, MM or CN; KHM is KH`},

		{"unknown post", "kind: bay, post: Moc Bai", "kind: bay, post: Mocbai",
			`small.yaml:14:35: place "yard": post: unknown post "Mocbai", perhaps "Moc Bai"; posts are Bavet, Moc Bai`},
		{"no post", "kind: bay, post: Moc Bai", "kind: bay",
			`small.yaml:14:5: place "yard": lacks its post; posts are Bavet, Moc Bai`},
		{"unknown place", "      - road\n", "      - rode\n",
			`small.yaml:23:9: procedure "goods": leg 1: place: unknown place "rode", perhaps "road"; places are road, lane *, yard`},
		{"unknown stop", "stop: scanner", "stop: scaner",
			`small.yaml:25:38: procedure "goods": leg 3: stop 1: stop: unknown stop "scaner", perhaps "scanner"; stops are customs, scanner`},
		{"unknown formality", "stop: customs, formalities: export", "stop: customs, formalities: exports",
			`small.yaml:24:62: procedure "goods": leg 2: stop 1: formalities: unknown formality "exports", perhaps "export"; formalities are export, x-ray`},
		{"unknown class", "{truck: 1}", "{lorry: 1}",
			`small.yaml:29:44: flow "trucks": classes: unknown class "lorry"; classes are truck`},
		{"unknown direction", "directions: KH-VN", "directions: KH-VM",
			`small.yaml:7:13: direction 1: "KH-VM" is not a direction; write the country of exit and that of entry, such as KH-VN`},
		{"a count without asterisk", "name: lane *, count", "name: lane, count",
			`small.yaml:13:12: place "lane": name: the name needs an asterisk where the number goes, such as "lane *"`},
		{"stops that do not match lanes", "stop: customs, formalities", "stop: [customs, scanner, scanner], formalities",
			`small.yaml:24:40: procedure "goods": leg 2: stop 1: stop: names 3 stops for 2 lanes; name one that all share, or 2`},
		{"a warm-up to be found in a short run", "length: 10d, warmup: 1d", "length: 9d, warmup: auto",
			`small.yaml:3:27: run: warmup: a run shorter than 10d is too short to find out a warm-up; make run.length 10d or more, or write how long the warm-up is`},
		{"a warm-up that is a word", "warmup: 1d", "warmup: some",
			`small.yaml:3:28: run: warmup: "some" is not a duration; write it as 45s, 8m, 1h30m or 2d`},
		{"warm-up as long as the run", "warmup: 1d", "warmup: 10d",
			`small.yaml:3:28: run: warmup: the warm-up takes the whole run; make it shorter than run.length`},

		{"no case for a class", "service: [{time: 8m", "service: [{accepts: empty, time: 8m",
			`small.yaml:18:14: stop "customs": service: no case accepts class "truck" (laden), which procedure "goods" brings here`},
		{"a lane that accepts nobody of the class", "traits: laden}", "traits: empty}",
			`small.yaml:24:17: procedure "goods": leg 2: place: no place here accepts class "truck" (empty); it could never go on`},
		{"one lane of several that accepts nobody", "capacity: 1}\n", "capacity: 1}\n  - {name: spur, kind: lane, post: Bavet, accepts: empty}\n|place: lane *|place: [lane *, spur]",
			`small.yaml:14:5: place "spur": accepts nobody who comes there; check accepts, refuses and directions`},
		{"a formality done nowhere", "formalities:\n  - {name: export", "formalities:\n  - {name: import, agency: customs, country: VN, subject: goods, side: entry}\n  - {name: export",
			`small.yaml:9:5: formality "import": is done at no stop of any procedure; add it to one or leave it out`},
		{"a formality of another country", "country: KH, subject: goods, side: exit}\n  - {name: x-ray", "country: VN, subject: goods, side: exit}\n  - {name: x-ray",
			`small.yaml:24:33: procedure "goods": leg 2: stop 1: "export" is for exit of VN; from KH to VN it takes exit of KH or entry of VN`},
		{"referred back", "{exponential: 12m}", "[{time: 12m, refer: [{formalities: export, probability: 0.1}]}]",
			`small.yaml:19:66: stop "scanner": case 1: referral 1: "export" is done at no later stop of procedure "goods", so class "truck" could never finish`},
		{"referred to what is done nowhere", "stop: scanner, formalities: x-ray, on_referral: true", "stop: scanner",
			`small.yaml:18:34: stop "customs": case 1: referral 1: "x-ray" is done at no later stop of procedure "goods", so class "truck" could never finish`},
		{"a class referred to what is done nowhere", "stop: scanner, formalities: x-ray, on_referral: true", "stop: scanner|, refer: [{formalities: x-ray, probability: 0.1}]||traits: laden}|traits: laden, refer: [{formalities: x-ray, probability: 0.2}]}",
			`small.yaml:27:42: class "truck": referral 1: "x-ray" is done at no stop of procedure "goods"`},
		{"nobody on duty", "    service: [{time", "    shifts: [{hours: closed}]\n    service: [{time",
			`small.yaml:16:5: stop "customs": never has staff; nobody could pass it`},
		{"all on a break", "    service: [{time", "    breaks: [{hours: 00:00-24:00}]\n    service: [{time",
			`small.yaml:16:5: stop "customs": never has staff; nobody could pass it`},
		{"served again for ever", "{exponential: 12m}", "[{time: 12m, again: 1}]",
			`small.yaml:19:65: stop "scanner": case 1: again: everybody would be served again for ever; write 0.99 or less`},
		{"outcomes above 1", "{time: 8m,", "{time: 8m, again: 0.5, refuse: 0.5,",
			`small.yaml:18:15: stop "customs": case 1: again, refuse, hold and refer add up to 1.1; what is left of 1 passes, so they must not exceed it`},
		{"a hold without end", "{time: 8m,", "{time: 8m, hold: 0.1,",
			`small.yaml:18:15: stop "customs": case 1: lacks hold_for: how long a hold lasts`},
		{"a dossier never ready", "traits: laden}", "traits: laden, dossier: {ready: 0.8}}",
			`small.yaml:27:43: class "truck": dossier: lacks lodged_after: when the dossiers that are not ready on arrival become so`},
		{"shares that do not add up", "{truck: 1}", "{truck: 0.9}",
			`small.yaml:29:44: flow "trucks": classes: the probabilities add up to 0.9; they must add up to 1`},
		{"hours of the day missing", "rate: 100/day", "rate: 100/day, by_hour: {06-18: 1}",
			`small.yaml:29:44: flow "trucks": by_hour: 00-01 is not named; give it a weight, 0 if nobody comes`},
		{"neither rate nor every", "rate: 100/day, ", "",
			`small.yaml:29:5: flow "trucks": takes either rate, such as 450/day, or every, the time between arrivals`},
		{"a profile without rate", "rate: 100/day", "every: 10m, by_weekday: {daily: 1}",
			`small.yaml:29:44: flow "trucks": by_weekday: goes with a rate; every has no such profile`},
		{"no procedure for a class", "  - name: goods\n", "  - name: goods\n    accepts: empty\n",
			`small.yaml:28:5: class "truck": no procedure from KH to VN accepts it (laden); procedures are goods`},
		{"nobody comes back", "traits: laden}", "traits: laden, return: {probability: 1, as: truck, after: 1d}}",
			`small.yaml:27:42: class "truck": return: nobody travels from VN to KH; add that direction`},
		{"passengers who never rejoin", "traits: laden}", "traits: laden, coach: {passengers: 3, as: truck, alight: [{from: lane *, to: road}]}}",
			`small.yaml:27:41: class "truck": coach: its passengers alight, but procedure "goods" has no step where they rejoin`},
		{"a class that never comes", "flows:\n", "  - {name: van, traits: van}\nflows:\n",
			`small.yaml:28:5: class "van": nobody of this class comes; add it to a flow or leave it out`},
		{"a place on no route", "places:\n", "places:\n  - {name: depot, kind: dry-port, post: Bavet}\n",
			`small.yaml:12:5: place "depot": is on the route of no procedure; add it to one or leave it out`},
		{"a stop on no route", "stops:\n", "stops:\n  - {name: health, post: Bavet, service: 1m}\n",
			`small.yaml:16:5: stop "health": is on the route of no procedure; add it to one or leave it out`},
		{"a published time without source", "\nclasses:", "\ncalibration: [{post: Bavet, time: 3.7h}]\nclasses:",
			`small.yaml:26:35: target 1: time: a published time needs the source that published it`},

		{"priorities without ageing", "\nclasses:", "\npolicies: [{name: fresh first, priorities: [{accepts: perishable, class: 1}]}]\nclasses:",
			`small.yaml:26:12: policy "fresh first": priorities need an ageing time, or the last would wait for ever`},
		{"a leg that mixes", "      - road\n", "      - [road, yard]\n",
			`small.yaml:23:9: procedure "goods": leg 1: mixes "road" and "yard"; a leg is for waiting, for driving or for formalities`},
		{"entry before exit", "country: KH, subject: goods, side: exit}\n  - {name: x-ray", "country: VN, subject: goods, side: entry}\n  - {name: x-ray",
			`small.yaml:25:31: procedure "goods": step 2: x-ray is an exit formality after export, an entry formality; exit comes first, or both at one stop`},
		{"a pager in a lane", "kind: bay, post", "kind: bay, pager: true, post",
			`small.yaml:14:5: place "yard": only a place where vehicles wait has a pager`},
		{"a deadlock", "      - {place: yard", "      - yard\n      - lane *\n      - {place: yard",
			`small.yaml:13:5: visits can wait for each other for ever: lane 1 → yard → lane 1; give one of these a capacity for each direction (each_way), leave it unbounded, or take it out of one route`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := smallBorder
			for i, edits := 0, strings.Split(tt.old+"|"+tt.new, "|"); i < len(edits); i += 2 {
				if n := strings.Count(text, edits[i]); n != 1 {
					t.Fatalf("%q occurs %d times", edits[i], n)
				}
				text = strings.Replace(text, edits[i], edits[i+1], 1)
			}
			_, err := modelOf(text)
			if err == nil {
				t.Fatal("no error")
			}
			if err.Error() != tt.want {
				t.Errorf("got  %s\nwant %s", err, tt.want)
			}
		})
	}
}

func modelOf(text string) (*sim.Model, error) {
	f, err := sim.Decode("small.yaml", []byte(text), time.LoadLocation)
	if err != nil {
		return nil, err
	}
	return f.Model()
}

// What is missing altogether is told where it is missing.
func TestErrorsOfScenariosThatLackSomething(t *testing.T) {
	const head = "name: x\nassumed: y\n"
	const flows, stops = "flows: [{rate: 1/hour}]\n", "stops: [{name: s, service: 5m}, {name: u, service: 5m}]\n"
	const procedures = "places: [{name: a, kind: bay}]\nprocedures:\n"
	for _, test := range []struct{ text, want string }{
		{flows + "stops: []\n", `small.yaml:4:8: stops: is empty; it needs one entry at least: Where agencies serve`},
		{"flows: []\n" + stops, `small.yaml:3:8: flows: is empty; it needs one entry at least: Who arrives, and when`},
		{flows + "stops: [{name: s, service: []}]\n", `small.yaml:4:28: stop "s": service: is empty; it needs one entry at least: How long it takes and how it ends: one time for all, or a list of cases of which the first that accepts the visit counts`},
		{flows + stops + procedures + "  - {name: p, suspended: true, fallback: q, route: [{place: a, stops: [s]}]}\n  - {name: q, suspended: true, fallback: p, route: [{place: a, stops: [u]}]}\n",
			`small.yaml:8:26: procedure "q": suspended: no other procedure of this direction is in force at the start either; leave one in force`},
		{"posts: [{name: A, country: KH}, {name: B, country: VN}]\n" + "flows: [{direction: KH-VN, rate: 1/hour}]\nstops: [{name: s, post: A, service: 5m}]\nplaces: [{name: a, kind: bay, post: A}]\nprocedures: [{name: p, direction: KH-VN, route: [{place: a, stops: [s]}]}]\n",
			`small.yaml:7:13: procedures: none runs VN-KH; every direction needs one`},
		{"posts: [{name: A, country: KH}, {name: B, country: KH}]\n" + flows + "stops: [{name: s, post: A, service: 5m}]\n",
			`small.yaml:3:8: posts: all of them are in KH; a crossing lies between two countries, so give one post the other's, or write one post`},
	} {
		_, err := modelOf(head + test.text)
		if err == nil || err.Error() != test.want {
			t.Errorf("%s got  %v\nwant %s", test.text, err, test.want)
		}
	}
}
