package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"landport/ledger/pgtest"
)

// The tests run the real program, built once.
var binary string

// cluster is the one PostgreSQL of the tests that need no new one.
var cluster pgtest.Shared

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "landport")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "landport")
	build := exec.Command("go", "build", "-o", binary, ".") //nolint:gosec,noctx // the program under test
	if text, err := build.CombinedOutput(); err != nil {
		panic(string(text))
	}
	code := m.Run()
	if err := errors.Join(cluster.Close(), os.RemoveAll(dir)); err != nil {
		panic(err)
	}
	os.Exit(code)
}

// landport runs the program to its end.
func landport(t *testing.T, args ...string) (code int, out, complaint string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), binary, args...) //nolint:gosec // the program under test
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mine.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const counter = `name: mine
assumed: a textbook's figures
stops:
  - {name: counter, service: {exponential: 3m}}
flows:
  - {rate: 12/hour}
`

func TestCommandsAnswer(t *testing.T) {
	mine := file(t, counter)
	for _, c := range []struct {
		args string
		want []string
	}{
		{"scenario list", []string{"bavet-mocbai-2018 ", "mm5 "}},
		{"scenario show mm5", []string{"name: mm5"}},
		{"scenario check bavet-mocbai-2018", []string{"bavet-mocbai-2018 is good: ", "assumed"}},
		{"scenario check " + mine, []string{"mine is good: "}},
		{"simulate " + mine + " --days 2 --seed 7", []string{"seed 7"}},
		{"version", []string{"landport ", "go1."}},
		{"check container csqu3054383", []string{"CSQU 305438 3 is right: freight container of owner CSQ\n"}},
		{"check plate 51C-12345 2A-1234", []string{"51C-12345 is right: plate of Viet Nam\n", "2A-1234 is right: plate of Cambodia or Myanmar by its shape\n"}},
		{"check plate 2A-1234 --country kh", []string{"2A-1234 is right: plate of Cambodia\n"}},
		{"check plate 京O12345", []string{"京O12345 is right: plate of China\n"}},
		{"check reference kh07oo123410", []string{"KH07-0012-3410 is right: visit 1234 of post 07 of Cambodia\n"}},
		{"check locode khbvt KHXXX", []string{"KH BVT is right: Bavet, Cambodia\n", "KH XXX is right in form: of Cambodia; whether"}},
		{"check hs 10 1006.30.99 1006.31", []string{"10 is right: Cereals\n", "1006.30.99 is right: ", "(1006.30; what follows is a country's own)", "1006.31 is right in form: ", "(1006; the Harmonized"}},
		{"check hs 9999.99 98", []string{"9999.99 is right in form: chapter 99 is reserved for special use by the contracting parties to the Harmonized System; what the code means is for a country's tariff to say\n", "98 is right in form: chapter 98 is"}},
	} {
		code, out, complaint := landport(t, strings.Fields(c.args)...)
		if code != 0 || complaint != "" {
			t.Errorf("%s: exit code %d, %s", c.args, code, complaint)
		}
		for _, part := range c.want {
			if !strings.Contains(out, part) {
				t.Errorf("%s lacks %q: %s", c.args, part, out)
			}
		}
	}
}

func TestCommandsAnswerPrograms(t *testing.T) {
	for _, test := range []struct {
		args   string
		fields []string
	}{
		{"scenario list", []string{}},
		{"scenario show mm5", []string{"scenario", "title", "notes", "facts", "parameters"}},
		{"scenario check mm5", []string{"scenario", "parameters", "assumed_parameters"}},
		{"simulate mm5 --days 1", []string{"scenario", "seed", "replications", "posts", "stops", "groups", "system", "attribution", "stable", "facts", "elapsed_s", "assumed_parameters"}},
		{"version", []string{"version", "revision", "go", "platform"}},
		{"simulate gate16 --days 0.125", []string{"scenario"}},
		{"check hs 1006.30", []string{}},
	} {
		code, out, complaint := landport(t, append(strings.Fields(test.args), "--format", "json")...)
		var answer any
		if err := json.Unmarshal([]byte(out), &answer); err != nil || code != 0 {
			t.Errorf("%s: exit code %d, %v, %s", test.args, code, err, complaint)
		}
		for _, field := range test.fields {
			if _, ok := answer.(map[string]any)[field]; !ok {
				t.Errorf("%s lacks %s", test.args, field)
			}
		}
	}
}

func TestAReportSaysWhatItCounts(t *testing.T) {
	_, out, _ := landport(t, "simulate", "bavet-mocbai-2018", "--days", "2", "--format", "json")
	var report struct {
		Crossing, System struct {
			NCounts string `json:"n_counts"`
		}
		Groups []struct {
			Direction, Traits, Label string
			NCounts                  string `json:"n_counts"`
		}
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	if a, b := report.Crossing.NCounts, report.System.NCounts; !strings.HasPrefix(a, "goods vehicles ") || !strings.HasPrefix(b, "all visits ") {
		t.Errorf("the crossing counts %q, the system %q", a, b)
	}
	for _, g := range report.Groups {
		label, counts := strings.Replace(g.Direction, "-", " to ", 1)+", goods vehicles", "goods vehicles that were released"
		if g.Traits != "" {
			label, counts = strings.Replace(label, "goods vehicles", g.Traits, 1), "all visits of this kind that were released"
		}
		if g.Label != label || g.NCounts != counts {
			t.Errorf("group %+v, want %q of %q", g, label, counts)
		}
	}
	if len(report.Groups) < 10 {
		t.Errorf("%d groups", len(report.Groups))
	}
	_, out, _ = landport(t, "simulate", "bavet-mocbai-2018", "--days", "2")
	if !strings.Contains(out, "  KH to VN, goods vehicles ") || !strings.Contains(out, "(n: goods vehicles; in the rows of one kind, all visits of that kind)") {
		t.Errorf("the text says %s", out)
	}
}

func TestATextbooksQueueIsOfNoCountryAndNoAgency(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		for _, test := range []struct{ scenario, names string }{{"mm5", "operator"}, {"gate16", "plant-quarantine"}} {
			_, out, _ := landport(t, "simulate", test.scenario, "--days", "1", "--format", format)
			for _, group := range []string{`"group": "XA-XB"`, `"group": "XA-XB perishable"`, `"direction": "XA-XB"`} {
				out = strings.ReplaceAll(out, group, "")
			}
			if found := regexp.MustCompile(`X[AB]`).FindString(out); found != "" || !strings.Contains(out, test.names) || test.scenario == "mm5" && strings.Contains(out, "customs") || format == "text" && strings.Contains(out, "goods") {
				t.Errorf("%s as %s: %s", test.scenario, format, out)
			}
		}
	}
}

func TestSameSeedSameBytesOnAnyNumberOfWorkers(t *testing.T) {
	elapsed := regexp.MustCompile(`"elapsed_s": [^\n]*`)
	var first string
	for _, workers := range []string{"1", "2", "5"} {
		_, out, _ := landport(t, "simulate", "bavet-mocbai-2018", "--replications", "5", "--days", "2", "--format", "json", "--workers", workers)
		if out = elapsed.ReplaceAllString(out, ""); first == "" {
			first = out
		}
		if out != first || len(out) < 1000 {
			t.Errorf("%s workers give another report", workers)
		}
	}
}

func TestHelpShowsAnExample(t *testing.T) {
	for _, command := range []string{"", "simulate", "play", "version", "check", "scenario list", "scenario show", "scenario check"} {
		code, out, complaint := landport(t, append(strings.Fields(command), "--help")...)
		if code != 0 || complaint != "" || !strings.Contains(out, "  landport "+command) || !strings.Contains(out, "Example") && command != "" {
			t.Errorf("landport %s --help: exit code %d, %s%s", command, code, complaint, out)
		}
	}
}

func TestMisuseIsToldInOneSentence(t *testing.T) {
	broken := file(t, strings.Replace(counter, "rate: 12", "rat: 12", 1))
	for _, test := range []struct{ args, want string }{
		{"", ""},
		{"fly", "fly"},
		{"simulate", "name|file"},
		{"simulate nothing", "landport scenario list shows the "},
		{"simulate bavet-mocbai", `perhaps "bavet-mocbai-2018"`},
		{"simulate mm5 --replications 0", "replications"},
		{"simulate mm5 --days -1", "days"},
		{"simulate mm5 --workers -1", "workers"},
		{"simulate mm5 --format xml", "format"},
		{"simulate mm5 --quick", "--quick"},
		{"scenario show nothing", "unknown scenario"},
		{"scenario check ./none.yaml", "there is no file ./none.yaml"},
		{"scenario check " + broken, "6:6"},
		{"simulate bavet", `perhaps "bavet-mocbai-2018"`},
		{"simulate mm5 --seed -1", `--seed: "-1" is not a seed; give a whole number from 0 to 18446744073709551615`},
		{"simulate mm5 --seed=-1", `--seed: "-1" is not a seed`},
		{"simulate mm5 --seed", `--seed: "" is not a seed`},
		{"simulate mm5 --replications x", `--replications: "x" is not a whole number; give one such as 20`},
		{"simulate mm5 --days week", `--days: "week" is not a number; give one such as 30 or 0.5`},
		{"play mm5 --seed first", `--seed: "first" is not a seed`},
		{"play mm5 --speed fast", `--speed: "fast" is not a number`},
		{"check", "<code>"},
		{"check hs", "<value>"},
		{"check wagon 1", "container"},
		{"check hs 10 --country KH", "--country goes with a plate"},
		{"check container CSQU3054384", "the check digit (digit 7) is 4; for CSQU305438 it should be 3"},
		{"check container CSQU3O54383", "character 6 is 'O'; it must be a digit, perhaps 0"},
		{"check plate foo --country KH", "a right one is 2A-1234"},
		{"check plate foo", "--country KH"},
		{"check plate 桂FO1I45 --country CN", `plate "桂FO1I45" of China: behind its first letter the letters I and O are never issued; the number should be F01145`},
		{"check plate 桂FO1I45", "--country KH"},
		{"check reference KH0700123411", "the check digits at the end are 11; for KH07001234 they should be 10"},
		{"check locode KHB0T", "character 4 is '0'; places use letters and digits 2 to 9, so it may be O"},
		{"check hs 7700", "chapter 77 is reserved for future use"},
		{"check hs 10O6", "character 3 is 'O'; it must be a digit, perhaps 0"},
		{"play mm5 --speed 0", "pace"},
		{"play mm5 --listen nowhere", "127.0.0.1:8080"},
		{"play mm5 --listen 1.2.3.4:99999", "65535"},
		{"play mm5 --listen=", `"" is no address`},
	} {
		code, out, complaint := landport(t, strings.Fields(test.args)...)
		if code != exitMisuse || out != "" {
			t.Errorf("landport %s: exit code %d, %s", test.args, code, out)
		}
		if !strings.HasPrefix(complaint, "landport: ") || strings.Count(complaint, "\n") != 1 || !strings.Contains(complaint, test.want) {
			t.Errorf("landport %s says %q, want one line with %q", test.args, complaint, test.want)
		}
	}
}

func TestCheckAnswersForEachValue(t *testing.T) {
	code, out, complaint := landport(t, "check", "container", "CSQU3054384", "CSQU 305438 3", "MSKU", "--format", "json")
	var verdicts []verdict
	if err := json.Unmarshal([]byte(out), &verdicts); err != nil || code != exitMisuse || len(verdicts) != 3 {
		t.Fatalf("exit code %d, %v: %s", code, err, out)
	}
	for i, v := range verdicts {
		if v.Code != "container" || v.Value == "" || v.Valid != (i == 1) || v.Valid != (v.Error == "") || v.Valid != (v.Written == "CSQU 305438 3") {
			t.Errorf("value %d: %+v", i, v)
		}
	}
	if lines := strings.Split(complaint, "\n"); len(lines) != 3 || !strings.HasPrefix(lines[0], "landport: container") || !strings.HasPrefix(lines[1], "landport: container") {
		t.Errorf("it says %q", complaint)
	}
}

func TestPortInUse(t *testing.T) {
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer closing(t, taken)
	address := taken.Addr().String()
	code, _, complaint := landport(t, "play", "mm5", "--listen", address)
	if code != exitFailed || complaint != "landport: "+address+" is in use; free it, or serve elsewhere with --listen 127.0.0.1:0\n" {
		t.Errorf("exit code %d: %s", code, complaint)
	}
}

func TestPlayServesUntilToldToStop(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		command := exec.CommandContext(t.Context(), binary, "play", "bavet-mocbai-2018", "--listen", "127.0.0.1:0", "--speed", "600")
		out, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		at := regexp.MustCompile(`http://[0-9.:]+`).FindString(line)
		if err != nil || at == "" {
			t.Fatalf("it says %q, %v", line, err)
		}
		for _, test := range []struct{ path, want string }{{"/", "Bavet"}, {"/study", "Time release study"}, {"/api/v1/board", `"speed":600`}} {
			if text := fetch(t, at+test.path); !strings.Contains(text, test.want) {
				t.Errorf("%s lacks %q", test.path, test.want)
			}
		}
		stream, err := http.Get(at + "/api/v1/events") //nolint:bodyclose,noctx // closing does; the server ends it
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		asked := time.Now()
		if _, err := io.Copy(io.Discard, stream.Body); err != nil {
			t.Errorf("%v: an open stream was cut: %v", signal, err)
		}
		closing(t, stream.Body)
		if err := command.Wait(); err != nil || time.Since(asked) > patience {
			t.Errorf("%v: ended after %v with %v", signal, time.Since(asked), err)
		}
	}
}

func closing(t *testing.T, c io.Closer) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

func fetch(t *testing.T, address string) string {
	t.Helper()
	response, err := http.Get(address) //nolint:gosec,noctx // the server is ours
	if err != nil {
		t.Fatal(err)
	}
	defer closing(t, response.Body)
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
