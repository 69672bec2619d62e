package border

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseContainer(t *testing.T) {
	for _, test := range []struct {
		in   string
		want Container
	}{
		{"CSQU3054383", "CSQU3054383"}, // the example of ISO 6346
		{"csqu 305438 3", "CSQU3054383"},
		{"CSQU 305438-3", "CSQU3054383"},
		{"CSQU.305.438/3 ", "CSQU3054383"},
		{"TOLU4734787", "TOLU4734787"},
		{"MSCU6639870", "MSCU6639870"},
	} {
		if got, err := ParseContainer(test.in); err != nil || got != test.want {
			t.Errorf("ParseContainer(%q) = %q, %v; want %q", test.in, got, err, test.want)
		}
	}
	c, _ := ParseContainer("CSQU3054383")
	if c.Owner() != "CSQ" || c.Category() != 'U' || c.String() != "CSQU 305438 3" {
		t.Errorf("%s: owner %s, category %c", c, c.Owner(), c.Category())
	}
	if got := Container("").String(); got != "" {
		t.Errorf("the empty container number is %q", got)
	}
}

func TestContainerErrorsSayWhatIsWrong(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"", "0 characters; four letters and seven digits"},
		{"CSQU3054384", "check digit (digit 7) is 4; for CSQU305438 it should be 3"},
		{"CSQU305438", "10 characters"},
		{"CSQU30543833", "12 characters"},
		{"CS1U3054383", "character 3 is '1'; it must be a letter"},
		{"CSQX3054383", "character 4 is 'X'; it must be U (container), J"},
		{"CSQU3O54383", "character 6 is 'O'; it must be a digit, perhaps 0"},
		{"CSQU30543B3", "character 10 is 'B'; it must be a digit, perhaps 8"},
		{"CSQU30543X3", "character 10 is 'X'; it must be a digit"},
		{"ខSQU3054383", "character 1 is 'ខ'"},
		{"CSQU 305៤38 3", "character 8 is '៤'"},
	} {
		if _, err := ParseContainer(test.in); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("ParseContainer(%q): %v; want it to say %q", test.in, err, test.want)
		}
	}
}

// TestContainerLetterValues holds the values of ISO 6346: 10 for A to 38 for
// Z, without 11, 22 and 33. The first letter's weight is 1.
func TestContainerLetterValues(t *testing.T) {
	value := 10
	for letter := 'A'; letter <= 'Z'; letter++ {
		if value%11 == 0 {
			value++
		}
		want := byte('0' + (value+ /* AAA */ 10*2+10*4+10*8)%11%10)
		if got := ContainerCheckDigit(string(letter) + "AAA000000"); got != want {
			t.Errorf("%c: check digit %c; want %c for value %d", letter, got, want, value)
		}
		value++
	}
	if value != 39 {
		t.Errorf("Z has value %d; want 38", value-1)
	}
}

func drawContainer(t *rapid.T) string {
	s := fmt.Sprintf("%s%s%06d", rapid.StringMatching("[A-Z]{3}").Draw(t, "owner"),
		rapid.SampledFrom([]string{"U", "J", "Z"}).Draw(t, "category"), rapid.IntRange(0, 999999).Draw(t, "serial"))
	return s + string(ContainerCheckDigit(s))
}

func TestContainerCheckDigitIsNamed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawContainer(t)
		if _, err := ParseContainer(Container(s).String()); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		wrong := byte('0' + (int(s[10]-'0')+rapid.IntRange(1, 9).Draw(t, "off"))%10)
		_, err := ParseContainer(s[:10] + string(wrong))
		if want := fmt.Sprintf("is %c; for %s it should be %c", wrong, s[:10], s[10]); err == nil || !strings.Contains(err.Error(), want) {
			t.Fatalf("%v; want it to say %q", err, want)
		}
	})
}

// TestContainerMisreadDigit: a misread digit is noticed unless the sum's
// remainder is 10, which shares the check digit 0; ISO 6346 advises owners
// against such serial numbers.
func TestContainerMisreadDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := []byte(drawContainer(t))
		i := rapid.IntRange(4, 9).Draw(t, "at")
		old := s[i]
		s[i] = '0' + (s[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "off")))%10
		if _, err := ParseContainer(string(s)); err == nil && s[10] != '0' {
			t.Fatalf("%s: digit %d was %c and nothing was noticed", s, i+1, old)
		}
	})
}

func FuzzParseContainer(f *testing.F) {
	for _, s := range []string{"CSQU3054383", "csqu 305438-3", "CSQU3O54383", "\xff", "ĳ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseContainer(s)
		if err != nil {
			return
		}
		if again, err := ParseContainer(c.String()); err != nil || again != c || len(c) != 11 {
			t.Fatalf("%q became %q, which reads %q, %v", s, c, again, err)
		}
	})
}
