package border

import "testing"

func TestNearest(t *testing.T) {
	posts := []string{"Bavet", "Moc Bai", "Lao Bao"}
	for _, tt := range []struct{ name, want string }{
		{"Mocbai", "Moc Bai"},
		{"bavet", "Bavet"},
		{"Bavte", "Bavet"},
		{"Moc Bai", "Moc Bai"},
		{"Poipet", ""},
		{"", ""},
		{"ລາວບາວ", ""},
	} {
		if got := Nearest(tt.name, posts); got != tt.want {
			t.Errorf("Nearest(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}
