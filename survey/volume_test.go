package survey

import "testing"

func TestHoursAreCounted(t *testing.T) {
	row := func(post, direction, arrival, volume string) map[Column]string {
		return map[Column]string{Post: post, Direction: direction, Arrival: arrival, VolumePerH: volume, Recorder: "B\n1"}
	}
	counts := []map[Column]string{
		row("Bavet", "exit", "2018-03-05T08:00+07:00", "23"),
		row("Bavet", "KH-VN", "2018-03-05T08:00+07:00", "25"), // of the other recorder
		row("Moc Bai", "entry", "2018-03-05T08:00+07:00", "7"),
		row("Bavet", "exit", "2018-03-05T09:00+07:00", ""),  // taken back
		row("Bavet", "exit", "2018-03-05T10:40+07:00", "3"), // begun late
	}
	var rows []map[Column]string
	tests := []struct{ post, direction, arrival, volume, want string }{
		{"Bavet", "exit", "2018-03-05T08:00+07:00", "", "25"},
		{"Bavet", "nowhere", "2018-03-05T08:10+07:00", "", ""},
		{"Bavet", "exit", "2018-03-05 08:59", "", "25"},
		{"Bavet", "exit", "2018-03-05T09:00+07:00", "", ""},
		{"Bavet", "exit", "2018-03-05T10:45+07:00", "", ""},
		{"Bavet", "entry", "2018-03-05T08:10+07:00", "", ""},
		{"Bavet", "", "2018-03-05T08:10+07:00", "", ""},
		{"Bavet", "exit", "", "", ""},
		{"Moc Bai", "KH-VN", "2018-03-05T08:10+07:00", "", "7"},
		{"Bavet", "exit", "2018-03-05T08:10+07:00", "30", "30"}, // its own stands
	}
	for _, test := range tests {
		rows = append(rows, row(test.post, test.direction, test.arrival, test.volume))
	}
	for i, got := range CountHours(rows, counts) {
		if got[VolumePerH] != tests[i].want || rows[i][VolumePerH] != tests[i].volume {
			t.Errorf("%+v has %q", tests[i], got[VolumePerH])
		}
	}
}
