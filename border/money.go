package border

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Currency is an ISO 4217 alphabetic code.
type Currency string

// The currencies used at the Mekong's borders.
const (
	KHR Currency = "KHR"
	VND Currency = "VND"
	LAK Currency = "LAK"
	THB Currency = "THB"
	MMK Currency = "MMK"
	CNY Currency = "CNY"
	USD Currency = "USD"
)

// Money is an amount in minor units, such as cents.
type Money struct {
	Minor    int64
	Currency Currency
}

// ErrMixedCurrencies is the error of adding amounts in different currencies.
var ErrMixedCurrencies = errors.New("amounts in different currencies cannot be added; convert one at a stated rate first")

// Exponent returns how many decimal digits the minor unit has, after ISO 4217
// (list one, column minor unit), and whether the currency is known.
func (c Currency) Exponent() (digits int, known bool) {
	switch c {
	case KHR, LAK, THB, MMK, CNY, USD:
		return 2, true
	case VND:
		return 0, true
	}
	return 0, false
}

// ParseCurrency reads a currency code in any case.
func ParseCurrency(s string) (Currency, error) {
	c := Currency(strings.ToUpper(strings.TrimSpace(s)))
	if _, known := c.Exponent(); !known {
		return "", fmt.Errorf("unknown currency %q; known are KHR, VND, LAK, THB, MMK, CNY, USD", s)
	}
	return c, nil
}

// ParseMoney reads an amount with its currency before or after it, such as
// "USD 416.70" or "416.7 USD". The decimal sign is a point and thousands are
// not separated: 1.234 means different sums on the two sides of a border.
func ParseMoney(s string) (Money, error) {
	part := strings.Fields(s)
	if len(part) != 2 {
		return Money{}, fmt.Errorf("amount %q must be a currency and a number, such as USD 416.70", s)
	}
	code, number := part[0], part[1]
	if strings.ContainsAny(code, "0123456789") {
		code, number = number, code
	}
	c, err := ParseCurrency(code)
	if err != nil {
		return Money{}, fmt.Errorf("amount %q: %w", s, err)
	}
	minor, err := parseMinor(number, c)
	if err != nil {
		return Money{}, fmt.Errorf("amount %q: %w", s, err)
	}
	return Money{minor, c}, nil
}

func parseMinor(number string, c Currency) (int64, error) {
	exponent, _ := c.Exponent()
	digits, negative := strings.CutPrefix(number, "-")
	whole, fraction, point := strings.Cut(digits, ".")
	if strings.Contains(number, ",") {
		return 0, errors.New("commas are not accepted; write 1234.50, without thousands separators")
	}
	if !allDigits(whole) || point && !allDigits(fraction) {
		return 0, fmt.Errorf("%q is not a number; write digits such as 416.70", number)
	}
	if len(fraction) > exponent {
		return 0, fmt.Errorf("%s has %d decimal digits; %q has %d", c, exponent, number, len(fraction))
	}
	sign := ""
	if negative {
		sign = "-"
	}
	minor, err := strconv.ParseInt(sign+whole+fraction+strings.Repeat("0", exponent-len(fraction)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s is too large; the most is %s", number, Money{math.MaxInt64, c})
	}
	return minor, nil
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// String returns the currency and the amount with all its decimal digits, such
// as "USD 416.70".
func (m Money) String() string {
	exponent, _ := m.Currency.Exponent()
	digits, sign := strconv.FormatInt(m.Minor, 10), ""
	if m.Minor < 0 {
		digits, sign = digits[1:], "-"
	}
	if exponent == 0 {
		return string(m.Currency) + " " + sign + digits
	}
	if missing := exponent + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	point := len(digits) - exponent
	return string(m.Currency) + " " + sign + digits[:point] + "." + digits[point:]
}

// Add returns the sum. It fails with ErrMixedCurrencies, or when the sum does
// not fit; nothing is converted or rounded.
func (m Money) Add(n Money) (Money, error) {
	if m.Currency != n.Currency {
		return Money{}, fmt.Errorf("%s + %s: %w", m, n, ErrMixedCurrencies)
	}
	sum := m.Minor + n.Minor
	if (sum > m.Minor) != (n.Minor > 0) {
		return Money{}, fmt.Errorf("%s + %s is too large; the most is %s", m, n, Money{math.MaxInt64, m.Currency})
	}
	return Money{sum, m.Currency}, nil
}
