package border

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParsePlate(t *testing.T) {
	for _, c := range []struct{ country, in, match string }{
		{"KH", "3A-1234", "KH:3A1234"},
		{"KH", "ភ្នំពេញ 2AB-1234 PHNOM PENH", "KH:2AB1234:PHNOMPENH"},
		{"KH", "ប.មានជ័យ ២D-៨៨៨៨", "KH:2D8888:BANTEAYMEANCHEY"},
		{"KH", "កណ្ដាល 3a 0042", "KH:3A0042:KANDAL"},
		{"KH", "កណ្តាល 3A-0042", "KH:3A0042:KANDAL"},
		{"KH", "កម្ពុជា ANGKOR88 CAMBODIA", "KH:ANGKOR88:CAMBODIA"},
		{"KH", "Kep1 Cambodia", "KH:KEP1:CAMBODIA"},

		{"VN", "51C-123.45", "VN:51C-12345"},
		{"VN", "51c12345", "VN:51C-12345"},
		{"VN", "70LD 001.23", "VN:70LD-00123"},
		{"VN", "51R-012.34", "VN:51R-01234"},
		{"VN", "29N-1234", "VN:29N-1234"},
		{"VN", "59-F1 234.56", "VN:59F1-23456"},
		{"VN", "59F123456", "VN:59F1-23456"},
		{"VN", "59-F1 2345", "VN:59F1-2345"},
		{"VN", "59F-123.45", "VN:59F-12345"},
		{"VN", "29-mđ1 123.45", "VN:29MĐ1-12345"},
		{"VN", "29-MD1 123.45", "VN:29MD1-12345"},
		{"VN", "TC-12-34", "VN:TC-1234"},
		{"VN", "80-011-NG-01", "VN:80NG-01101"},
		{"VN", "80 NG 011-01", "VN:80NG-01101"},

		{"LA", "ກຂ 1234", "LA:ກຂ1234"},
		{"LA", "ສະຫວັນນະເຂດ ກຂ ໑໒໓໔", "LA:ກຂ1234:SAVANNAKHET"},
		{"LA", "ກຂ 1234 Savannakhet", "LA:ກຂ1234:SAVANNAKHET"},
		{"LA", "ນະຄອນຫຼວງວຽງຈັນ ບກ 0001", "LA:ບກ0001:VIENTIANECAPITAL"},
		{"LA", "ນະຄອນຫລວງວຽງຈັນ ບກ 0001", "LA:ບກ0001:VIENTIANECAPITAL"},
		{"LA", "ວຽງຈັນ ບກ 0001", "LA:ບກ0001:VIENTIANE"},
		{"LA", "ກຳແພງນະຄອນ ບກ 0001", "LA:ບກ0001:KAMPHAENGNAKHON"},

		{"TH", "70-1234 สระแก้ว", "TH:70-1234:SAKAEO"},
		{"TH", "๗๐-๑๒๓๔ Sa Kaeo", "TH:70-1234:SAKAEO"},
		{"TH", "1กข 1234 กรุงเทพมหานคร", "TH:1กข-1234:BANGKOK"},
		{"TH", "กทม. 1กข-1234", "TH:1กข-1234:BANGKOK"},
		{"TH", "กทม 123", "TH:กทม-123"},
		{"TH", "กข 0012", "TH:กข-12"},
		{"TH", "ลําปาง กข 12", "TH:กข-12:LAMPANG"}, // nikhahit and sara aa
		{"TH", "กข 1 สกลนคร", "TH:กข-1:SAKONNAKHON"},

		{"MM", "YGN 1A/1234", "MM:YGN-1A-1234"},
		{"MM", "mdy aa 1234", "MM:MDY-AA-1234"},
		{"MM", "1A-1234", "MM:1A-1234"},
		{"MM", "YGN HSE-1234", "MM:YGN-HSE-1234"},
		{"MM", "၁က/၁၂၃၄", "MM:1က-1234"},
		{"MM", "၁က/၁ဝ၃၄", "MM:1က-1034"}, // wa for zero
		{"MM", "34 ယ 44226", "MM:34ယ-44226"},

		{"CN", "桂F12345", "CN:F12345:桂"},
		{"CN", "桂F·12345", "CN:F12345:桂"},
		{"CN", "Guangxi f-12345", "CN:F12345:桂"},
		{"CN", "贵Ｆ１２３４５", "CN:F12345:贵"},
		{"CN", "云A·D12345", "CN:AD12345:云"},
		{"CN", "桂F1234挂", "CN:F1234挂:桂"},
		{"CN", "桂FO1I45", "CN:F01145:桂"},
		{"CN", "京O12345", "CN:O12345:京"},
	} {
		p, err := ParsePlate(c.country, c.in)
		if err != nil || p.Match != c.match || p.Country != c.country {
			t.Errorf("ParsePlate(%s, %q) = %+v, %v; want %s", c.country, c.in, p, err, c.match)
		}
	}
}

// I and O are in no serial number of China; the letter of the authority may be
// an O.
func TestLettersNeverIssuedAreReadAsDigits(t *testing.T) {
	for _, c := range []struct{ in, misread string }{
		{"桂FO1I45", "F01145"}, {"Guangxi fo1i45", "F01145"}, {"云AD1234O", "AD12340"}, {"桂F123I挂", "F1231挂"},
		{"桂F01145", ""}, {"京O12345", ""}, {"云A·D12345", ""}, {"Guangxi F12345", ""},
	} {
		p, err := ParsePlate("CN", c.in)
		if err != nil || p.Misread != c.misread || p.Shown != c.in {
			t.Errorf("%s: %+v, %v; want it read as %q", c.in, p, err, c.misread)
		}
		if c.misread != "" && PlateKey(c.in) != PlateKey(p.Match[strings.LastIndex(p.Match, ":")+1:]+c.misread) {
			t.Errorf("%s is not found by %s", c.in, c.misread)
		}
	}
}

func TestPlateIsShownAsWritten(t *testing.T) {
	p, err := ParsePlate("KH", "  ភ្នំពេញ\u200b  2A-1234 \t Phnom Penh ")
	if err != nil || p.Shown != "ភ្នំពេញ 2A-1234 Phnom Penh" {
		t.Errorf("%q, %v", p.Shown, err)
	}
}

func TestPlateErrors(t *testing.T) {
	for _, c := range []struct{ country, in, want string }{
		{"FR", "AA-123-AA", `country "FR" is not known here; known are KH, VN`},
		{"KH", "", "is empty; a right one is 2A-1234"},
		{"KH", " - ", "is empty"},
		{"KH", strings.Repeat("9", 300), "too long"},
		{"KH", "2A-123", `"2A123" is not a digit, one or two letters A to Z and four digits; a right one is 2A-1234 ភ្នំពេញ`},
		{"KH", "2A-1234 Phnom Pen", `"PHNOMPEN" is not a province known here`},
		{"KH", "Kandal 2A-1234 Kampot", "two provinces, KAMPOT and KANDAL"},
		{"KH", "Phnom Penh", "the number is missing beside the province"},
		{"KH", "ABCDEFGHI CAMBODIA", `"ABCDEFGHI" is not a digit`},
		{"VN", "10C-123.45", `"10C12345" is not two digits of the province from 11 on`},
		{"VN", "51C-123", "a right one is 51C-123.45"},
		{"LA", "KK 1111", `"KK1111" is not two Lao letters`},
		{"TH", "70-123", "two digits and four for a truck or bus; a right one is 70-1234 สระแก้ว"},
		{"TH", "กก 0", "is not one to three Thai letters"},
		{"TH", "กข 1234 Saigon", `"SAIGON" is not a province`},
		{"MM", "YANGON 1A-1234", "a region of three letters"},
		{"CN", "F12345", "the province's character is missing; a right one is 桂F12345"},
		{"CN", "越F12345", `"越" is not a province`},
		{"CN", "桂F1234", `"F1234" is not the character of the province`},
	} {
		p, err := ParsePlate(c.country, c.in)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("ParsePlate(%s, %q) = %+v, %v; want it to say %q", c.country, c.in, p, err, c.want)
		}
	}
}

func TestPlateExamplesAreRight(t *testing.T) {
	for country, rule := range plateRules {
		text := strings.NewReplacer(" or, for a trailer,", ",", " or ", ",").Replace(rule.example)
		for example := range strings.SplitSeq(text, ",") {
			if _, err := ParsePlate(country, example); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestProvinceTables: every spelling is in folded form, or it would never be
// found, and names one province.
func TestProvinceTables(t *testing.T) {
	for _, c := range []struct {
		provinces []string
		n         int
	}{{khProvinces, 25 + 1}, {laProvinces, 18 + 1}, {thProvinces, 77 + 1}, {cnProvinces, 31}} {
		if len(c.provinces) != c.n {
			t.Errorf("%d provinces; want %d", len(c.provinces), c.n)
		}
		of := map[string]string{}
		for _, p := range c.provinces {
			for name := range strings.SplitSeq(p, "|") {
				if folded := foldPlate(name); folded != name || of[name] != "" {
					t.Errorf("%q folds to %q; it is also in %q", name, folded, of[name])
				}
				of[name] = p
			}
		}
	}
}

// numberPlate is a plate by its parts: what makes it that plate and no other.
type numberPlate struct{ country, series, serial, suffix, province string }

func drawDigits(t *rapid.T, n int) string {
	s := fmt.Sprintf("%0*d", n, rapid.IntRange(0, 9999).Draw(t, "serial"))
	return s[len(s)-n:]
}

func drawLetters(t *rapid.T, alphabet string, least, most int) string {
	return string(rapid.SliceOfN(rapid.SampledFrom([]rune(alphabet)), least, most).Draw(t, "letters"))
}

func drawNumberPlate(t *rapid.T) numberPlate {
	p := numberPlate{country: rapid.SampledFrom([]string{"KH", "VN", "LA", "TH", "MM", "CN"}).Draw(t, "country")}
	letters := "ABĐDF"
	switch p.country {
	case "KH":
		p.series, p.serial = fmt.Sprint(rapid.IntRange(1, 9).Draw(t, "class"))+drawLetters(t, "ABO", 1, 2), drawDigits(t, 4)
	case "VN":
		p.series = fmt.Sprint(rapid.IntRange(11, 13).Draw(t, "code")) + drawLetters(t, letters, 1, 2)
		p.serial = drawDigits(t, rapid.IntRange(4, 5).Draw(t, "digits"))
		if rapid.Bool().Draw(t, "motorcycle") {
			p.series += fmt.Sprint(rapid.IntRange(0, 2).Draw(t, "own digit"))
		}
	case "LA":
		p.series, p.serial = drawLetters(t, "ກຂຫລ", 2, 2), drawDigits(t, 4)
	case "TH":
		if rapid.Bool().Draw(t, "truck") {
			p.series, p.serial = drawDigits(t, 2), drawDigits(t, 4)
		} else {
			p.series = rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "lead") + drawLetters(t, "กขทม", 1, 3)
			p.serial = fmt.Sprint(rapid.IntRange(1, 9999).Draw(t, "serial"))
		}
	case "MM":
		p.province = rapid.SampledFrom([]string{"", "YGN", "HSE"}).Draw(t, "region")
		p.series, p.serial = rapid.SampledFrom([]string{"1A", "AA", "HS", "HSE", "RLG"}).Draw(t, "series"), drawDigits(t, 4)
		if p.province == "" && rapid.Bool().Draw(t, "Burmese") {
			p.series = rapid.SampledFrom([]string{"", "1", "34"}).Draw(t, "lead") + drawLetters(t, "ကဝယ", 1, 1)
			p.serial = drawDigits(t, rapid.IntRange(4, 5).Draw(t, "digits"))
		}
	case "CN":
		p.series, p.serial = drawLetters(t, "ABO", 1, 1), rapid.StringMatching("[0-9ABD]{5,6}").Draw(t, "serial")
		if rapid.Bool().Draw(t, "trailer") {
			p.serial, p.suffix = p.serial[:4], "挂"
		}
	}
	if provinces := plateRules[p.country].provinces; provinces != nil && (p.country == "CN" || rapid.Bool().Draw(t, "with province")) {
		p.province, _, _ = strings.Cut(rapid.SampledFrom(provinces).Draw(t, "province"), "|")
	}
	return p
}

// spell writes the plate one of the ways people do.
func (p numberPlate) spell(t *rapid.T) string {
	separator := func() string {
		return rapid.SampledFrom([]string{"", "-", " ", ".", " - ", "/", "·", "\u200b"}).Draw(t, "separator")
	}
	serial := p.serial
	if len(serial) == 5 && rapid.Bool().Draw(t, "dotted") {
		serial = serial[:3] + "." + serial[3:]
	}
	middle := separator()
	if p.country == "VN" && len(p.serial) == 4 && strings.ContainsAny(p.series[len(p.series)-1:], "0123456789") {
		middle = "-" // without it, five digits are a car's
	}
	s := p.series + middle + serial + p.suffix
	spellings := []string{p.province}
	for _, row := range plateRules[p.country].provinces {
		if names := strings.Split(row, "|"); names[0] == p.province {
			spellings = names
		}
	}
	name := rapid.SampledFrom(spellings).Draw(t, "spelling")
	switch before := p.country == "MM" || p.country == "CN"; {
	case p.province == "":
	case before || rapid.Bool().Draw(t, "before"):
		// กทม before a number without a letter of its own is a series
		if name == "กทม" {
			name = spellings[0]
		}
		s = name + separator() + s
	default:
		s += separator() + name
	}
	if rapid.Bool().Draw(t, "lower") {
		s = strings.ToLower(s)
	}
	if zeros := map[string]rune{"KH": '០', "LA": '໐', "TH": '๐', "MM": '၀', "CN": '０'}; zeros[p.country] != 0 && rapid.Bool().Draw(t, "own digits") {
		s = strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return zeros[p.country] + r - '0'
			}
			return r
		}, s)
	}
	return s
}

func TestTwoSpellingsOfOnePlateMatch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawNumberPlate(t)
		a, errA := ParsePlate(p.country, p.spell(t))
		b, errB := ParsePlate(p.country, p.spell(t))
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if a.Match != b.Match {
			t.Fatalf("%q is %s; %q is %s", a.Shown, a.Match, b.Shown, b.Match)
		}
	})
}

func TestTwoPlatesNeverMatch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := drawNumberPlate(t), drawNumberPlate(t)
		if rapid.Bool().Draw(t, "alike") { // differ in one part at most
			other := q
			q = p
			if q.country == other.country && q.country != "MM" { // its regions go with Latin series alone
				switch rapid.IntRange(0, 2).Draw(t, "part") {
				case 0:
					q.province = other.province
				case 1:
					q.series, q.serial, q.suffix = other.series, other.serial, other.suffix
				}
			}
		}
		a, errA := ParsePlate(p.country, p.spell(t))
		b, errB := ParsePlate(q.country, q.spell(t))
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if (a.Match == b.Match) != (p == q) {
			t.Fatalf("%q is %s; %q is %s; %+v, %+v", a.Shown, a.Match, b.Shown, b.Match, p, q)
		}
	})
}

func FuzzParsePlate(f *testing.F) {
	countries := []string{"CN", "KH", "LA", "MM", "TH", "VN"}
	for i, s := range []string{"桂F1234挂", "ភ្នំពេញ 2A-1234", "ກຂ 1234 ສະຫວັນນະເຂດ", "၁က/၁ဝ၃၄", "70-1234 สระแก้ว", "59-F1 2345"} {
		f.Add(byte(i), s)
	}
	f.Fuzz(func(t *testing.T, which byte, s string) {
		country := countries[int(which)%len(countries)]
		p, err := ParsePlate(country, s)
		if err != nil {
			return
		}
		again, err := ParsePlate(country, p.Shown)
		if err != nil || again != p {
			t.Fatalf("%q became %+v, which reads %+v, %v", s, p, again, err)
		}
		// The normal form is a spelling of the plate as well.
		part := strings.Split(p.Match, ":")
		slices.Reverse(part[1:])
		normal, err := ParsePlate(country, strings.Join(part[1:], " "))
		if err != nil || normal.Match != p.Match {
			t.Fatalf("%q became %s, which reads %s, %v", s, p.Match, normal.Match, err)
		}
	})
}
