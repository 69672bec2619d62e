package border

import (
	"fmt"
	"strings"
)

// countryCodes are the 249 officially assigned alpha-2 codes of ISO 3166-1,
// each followed by a space.
const countryCodes = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT " +
	"BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH " +
	"ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT " +
	"HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS " +
	"LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI " +
	"NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG " +
	"SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG " +
	"UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW "

// KnownCountry reports whether code is an assigned alpha-2 code, in capitals.
func KnownCountry(code string) bool {
	return len(code) == 2 && strings.Index(countryCodes, code+" ")%3 == 0
}

// ParseCountry reads an ISO 3166-1 alpha-2 code in any case and returns it in
// capitals.
func ParseCountry(s string) (string, error) {
	code := strings.ToUpper(strings.TrimSpace(s))
	if !KnownCountry(code) {
		return "", fmt.Errorf("unknown country %q; write an ISO 3166 alpha-2 code such as KH, VN, LA, TH, MM or CN%s", s, countryMeant(code))
	}
	return code, nil
}

// countryMeant suggests the alpha-2 code for common other ways to write a
// country at these borders: alpha-3 and road vehicle codes.
func countryMeant(code string) string {
	for _, c := range [][3]string{
		{"KH", "KHM", "CAMBODIA"}, {"VN", "VNM", "VIETNAM"}, {"LA", "LAO", "LAOS"},
		{"TH", "THA", "THAILAND"}, {"MM", "MMR", "MYANMAR"}, {"CN", "CHN", "CHINA"},
	} {
		if code == c[1] || code == c[2] {
			return fmt.Sprintf("; %s is %s", code, c[0])
		}
	}
	return ""
}

// CountryName returns the English short name of a Mekong country after ISO
// 3166, or the code itself.
func CountryName(code string) string {
	switch code {
	case "CN":
		return "China"
	case "KH":
		return "Cambodia"
	case "LA":
		return "Lao PDR"
	case "MM":
		return "Myanmar"
	case "TH":
		return "Thailand"
	case "VN":
		return "Viet Nam"
	}
	return code
}
