package node

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// What is hashed of a command is final: digests are kept with its answer.
func TestTextOfCommands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.SampledFrom([]string{"", "operator-1", `"a" \\`, "Mộc Bài", "\xff\n"}), rapid.String())
		c := Command{
			Actor: text.Draw(t, "actor"), OnBehalfOf: text.Draw(t, "on behalf of"), Act: Act(rapid.Uint8().Draw(t, "act")), Reference: text.Draw(t, "reference"),
			Other: text.Draw(t, "other"), Plate: text.Draw(t, "plate"), Remark: text.Draw(t, "remark"), Anomaly: rapid.Int64().Draw(t, "anomaly"),
		}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		in := reflect.ValueOf(&c.Input).Elem()
		for _, f := range in.Fields() {
			switch {
			case r.IntN(2) == 0:
			case f.Kind() == reflect.Bool:
				f.SetBool(true)
			case f.CanInt():
				f.SetInt(int64(r.Uint64()) >> (64 - f.Type().Bits()))
			default:
				f.SetUint(r.Uint64() >> (64 - f.Type().Bits()))
			}
		}
		want := fmt.Appendf(nil, "landport/command/1\n%q %q %d %q %q %q %q %d\n",
			c.Actor, c.OnBehalfOf, c.Act, c.Reference, c.Other, c.Plate, c.Remark, c.Anomaly)
		want = fmt.Appendf(want, "%d %d %d %d %d %d %d %d %d %d %d %d %d %d %t",
			c.Input.At, c.Input.Visit, c.Input.Other, uint64(c.Input.Traits), c.Input.N, c.Input.Thing, c.Input.Formalities, c.Input.Place, c.Input.Stop,
			c.Input.Procedure, c.Input.Direction, uint8(c.Input.Do), uint8(c.Input.Reason), uint8(c.Input.Outcome), c.Input.Unready)
		if got := c.appendText(nil); string(got) != string(want) {
			t.Fatalf("%s\nis not\n%s", got, want)
		}
	})
}
