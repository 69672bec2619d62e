package posts

import (
	"strings"
	"testing"

	"landport/border"
)

func TestShippedPosts(t *testing.T) {
	for _, name := range Names() {
		data, err := Read(name)
		if err != nil {
			t.Fatal(err)
		}
		if f, err := Decode(name, data); err != nil || f.Post == "" {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
	if _, err := Read("bavett"); err == nil || !strings.Contains(err.Error(), `perhaps "bavet"`) {
		t.Errorf("a name mistyped: %v", err)
	}
}

func TestPostsThatAreNoGood(t *testing.T) {
	const good = "name: bavet.kh\ncrossing: c\npost: Bavet\n"
	for _, test := range []struct{ text, want string }{
		{"name: bavet.kh\ncrossing: c\n", "post is missing"},
		{good + "posts: Bavet\n", "posts"},
		{strings.Replace(good, ".kh", " KH", 1), "cannot name a node"},
		{"name: [bavet.kh\n", "["},
		{strings.Replace(good, "Bavet", "[a]", 1), "3:7"},
		{strings.Replace(good, "name: bavet.kh\n", "", 1), "name is missing"},
		{good + "retention: {plate: 2 years}\n", `"2 years" is not a term; give a whole number and d, w, mo or y`},
		{good + "retention: {plate: 2}\n", `"2" is not a term`},
		{good + "retention: {plate: }\n", "plate has no term; give one such as 2y"},
		{good + "retention: {name: 2y}\n", `"name" is no kind of personal value; those kept are plate and remark`},
		{good + "retention: 2y\n", "4:12"},
	} {
		if _, err := Decode("x.yaml", []byte(test.text)); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "x.yaml") {
			t.Errorf("%q: %v, not about %q", test.text, err, test.want)
		}
	}
}

func TestRetention(t *testing.T) {
	f, err := Decode("x.yaml", []byte("name: bavet.kh\ncrossing: c\npost: Bavet\nretention: {plate: 2y, remark: 90d}\n"))
	if want := (border.Term{Years: 2}); err != nil || f.Retention["plate"] != want || f.Retention["remark"].String() != "90d" {
		t.Errorf("%+v, %v", f.Retention, err)
	}
}
