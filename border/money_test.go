package border

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMoney(t *testing.T) {
	for _, c := range []struct {
		in    string
		minor int64
		out   string
	}{
		{"USD 416.70", 41670, "USD 416.70"},
		{"416.7 usd", 41670, "USD 416.70"},
		{" USD   49 ", 4900, "USD 49.00"},
		{"VND 250000", 250000, "VND 250000"},
		{"KHR 0.05", 5, "KHR 0.05"},
		{"-0.05 THB", -5, "THB -0.05"},
		{"CNY -12.30", -1230, "CNY -12.30"},
		{"LAK 92233720368547758.07", math.MaxInt64, "LAK 92233720368547758.07"},
		{"MMK -92233720368547758.08", math.MinInt64, "MMK -92233720368547758.08"},
	} {
		m, err := ParseMoney(c.in)
		if err != nil || m.Minor != c.minor || m.String() != c.out {
			t.Errorf("ParseMoney(%q) = %d (%s), %v; want %d (%s)", c.in, m.Minor, m, err, c.minor, c.out)
		}
	}
	for _, test := range []struct{ in, want string }{
		{"", "USD 416.70"},
		{"416.70", "USD 416.70"},
		{"EUR 5", `unknown currency "EUR"; known are KHR`},
		{"VND 5.5", "VND has 0 decimal digits"},
		{"USD 1.234", "USD has 2 decimal digits"},
		{"USD 1,234.50", "write 1234.50"},
		{"USD 5.", "not a number"},
		{"USD .5", "not a number"},
		{"USD +5", "not a number"},
		{"USD ៥", "not a number"},
		{"USD 92233720368547758.1", "too large"},
		{"5 6", "unknown currency"},
	} {
		if m, err := ParseMoney(test.in); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("ParseMoney(%q) = %v, %v; want it to say %q", test.in, m, err, test.want)
		}
	}
}

// TestExponents holds the minor units of ISO 4217 list one.
func TestExponents(t *testing.T) {
	for _, test := range []struct {
		c    Currency
		want int
	}{{KHR, 2}, {VND, 0}, {LAK, 2}, {THB, 2}, {MMK, 2}, {CNY, 2}, {USD, 2}} {
		if got, known := test.c.Exponent(); !known || got != test.want {
			t.Errorf("%s: exponent %d, %v; want %d", test.c, got, known, test.want)
		}
	}
	if _, known := Currency("XXX").Exponent(); known {
		t.Error("XXX is known")
	}
}

func TestMoneyAddRefusesMixedCurrencies(t *testing.T) {
	_, err := Money{100, USD}.Add(Money{100, KHR})
	if !errors.Is(err, ErrMixedCurrencies) || !strings.Contains(err.Error(), "USD 1.00 + KHR 1.00") {
		t.Errorf("error %v", err)
	}
}

func TestMoneyAdd(t *testing.T) {
	amount := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1000, 1000),
		rapid.SampledFrom([]int64{math.MaxInt64, math.MinInt64, 0, -1, 1}))
	rapid.Check(t, func(t *rapid.T) {
		a, b := amount.Draw(t, "a"), amount.Draw(t, "b")
		want := new(big.Int).Add(big.NewInt(a), big.NewInt(b))
		got, err := Money{a, THB}.Add(Money{b, THB})
		if want.IsInt64() != (err == nil) {
			t.Fatalf("%d + %d: %v; the sum is %v", a, b, err, want)
		}
		if err == nil && (got.Minor != want.Int64() || got.Currency != THB) {
			t.Fatalf("%d + %d = %v; want %v", a, b, got, want)
		}
	})
}

func TestMoneyRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Money{rapid.Int64().Draw(t, "minor"), rapid.SampledFrom([]Currency{KHR, VND, USD}).Draw(t, "currency")}
		if got, err := ParseMoney(m.String()); err != nil || got != m {
			t.Fatalf("%s reads as %v, %v", m, got, err)
		}
	})
}

func FuzzParseMoney(f *testing.F) {
	for _, s := range []string{"USD 416.70", "416.7 usd", "VND 250000", "USD -0.05", "USD 1,234.50"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := ParseMoney(s)
		if err != nil {
			return
		}
		if again, err := ParseMoney(m.String()); err != nil || again != m {
			t.Fatalf("%q became %q, which reads %v, %v", s, m, again, err)
		}
	})
}
