package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// replica is landport serve, running.
type replica struct {
	t       *testing.T
	process *exec.Cmd
	url     string
	said    lines // on standard error
}

// lines is a buffer that may be read while it is written.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// serve starts the program; ready returns once it says where it serves.
func serve(t *testing.T, args ...string) *replica {
	t.Helper()
	r := launch(t, append([]string{"--listen", "127.0.0.1:0"}, args...)...)
	out, err := r.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	r.start()
	line, err := bufio.NewReader(out).ReadString('\n')
	if r.url = regexp.MustCompile(`http://[0-9.:]+`).FindString(line); err != nil || r.url == "" {
		t.Fatalf("it says %q, %v\n%s", line, err, r.said.String())
	}
	return r
}

func launch(t *testing.T, args ...string) *replica {
	t.Helper()
	if !slices.Contains(args, "--post") {
		args = append([]string{"--post", "bavet"}, args...)
	}
	r := &replica{t: t, process: exec.CommandContext(context.Background(), binary, append([]string{"serve"}, args...)...)} //nolint:gosec // the program under test
	r.process.Stderr = &r.said
	return r
}

func (r *replica) start() {
	r.t.Helper()
	if err := r.process.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { r.end(syscall.SIGKILL) })
}

// end sends a signal and waits for the end.
func (r *replica) end(signal os.Signal) {
	if r.process.ProcessState == nil {
		r.process.Process.Signal(signal) //nolint:errcheck,gosec // it may have ended
		r.process.Wait()                 //nolint:errcheck,gosec // as above
	}
}

// arrive reports a truck and returns its reference.
func (r *replica) arrive(key, plate string) (reference string) {
	r.t.Helper()
	body := `{"traits":["laden","home-use","articulated-truck","bilateral-permit","regular"],"direction":"KH-VN","plate":"` + plate + `","remark":"seen from the road"}`
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.url+"/api/v1/posts/bavet/visits", strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer closing(r.t, response.Body)
	var answer struct{ Reference string }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || response.StatusCode != http.StatusCreated {
		r.t.Fatalf("%s: %d, %v\n%s", key, response.StatusCode, err, r.said.String())
	}
	return answer.Reference
}

// did runs a command that must succeed and returns what it says.
func did(t *testing.T, line string, args ...string) string {
	t.Helper()
	code, out, complaint := landport(t, append(strings.Fields(line), args...)...)
	if code != 0 {
		t.Fatalf("landport %s: exit code %d: %s", line, code, complaint)
	}
	return out
}

// refused runs a command that must fail in a sentence.
func refused(t *testing.T, want int, sentence, line string, args ...string) {
	t.Helper()
	code, _, complaint := landport(t, append(strings.Fields(line), args...)...)
	if code != want || strings.Count(complaint, "\n") != 1 || !strings.HasPrefix(complaint, "landport: ") || !strings.Contains(complaint, sentence) {
		t.Errorf("landport %s %q: exit code %d, not %d, and it says %q, not one line with %q", line, args, code, want, complaint, sentence)
	}
}

func contains(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, part := range want {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in: %s", part, text)
		}
	}
}

// size is how many entries a ledger has, which hangs on the hour of the day:
// at night nobody is called.
func size(t *testing.T, where ...string) int {
	t.Helper()
	var found verdictOfLedger
	if err := json.Unmarshal([]byte(did(t, "verify --format json", where...)), &found); err != nil || !found.Intact {
		t.Fatalf("%+v, %v", found, err)
	}
	return int(found.Size)
}

// alter changes a ledger file behind the program's back.
func alter(t *testing.T, dir, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer closing(t, db)
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, file, text string) string {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestANodesLifeInOneDirectory(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	dir, outside := filepath.Join(home, "node"), filepath.Join(home, "outside")
	node := serve(t, "--data", dir)
	first := node.arrive("a1", "2A-1234")
	node.arrive("a2", "3B-9999")
	refused(t, exitMisuse, "the reason names the plate, and would keep in the ledger what is to be erased", "erase --post bavet --data "+dir, "--visit", first, "--reason", "letter of the owner of 2a 1234")
	refused(t, exitMisuse, "the reason names the remark", "erase --post bavet --data "+dir, "--visit", first, "--reason", "it was seen from the road")

	// Beside the node.
	refused(t, exitFailed, "is open in another process; stop that one", "serve --post bavet --listen 127.0.0.1:0 --data "+dir)
	write(t, outside, did(t, "checkpoint --data "+dir))
	contains(t, did(t, "verify --post bavet --data "+dir), " entries of bavet.kh, epoch 1", "4 personal values fit")
	contains(t, did(t, "verify --format json --data "+dir, "--checkpoint", outside), `"intact": true`, `"checkpoint_from_outside": true`, `"signature_checked": true`)
	contains(t, did(t, "erase --reason r --dry-run --post bavet --data "+dir, "--plate", "2a 1234"), "would be erased: 1 (plate 1)")
	contains(t, did(t, "erase --reason r --format json --post bavet --data "+dir, "--visit", first), `"values": 2`, `"plate": 1`, `"remark": 1`)
	contains(t, did(t, "erase --reason r --post bavet --data "+dir, "--plate", "2A-1234"), "nothing to erase")
	contains(t, did(t, "erase --reason r --post bavet --kind plate --older-than 1d --data "+dir), "nothing to erase")
	backup := filepath.Join(home, "backup")
	contains(t, did(t, "backup "+backup+" --data "+dir), " entries of bavet.kh, epoch 1")
	refused(t, exitFailed, "exists; a backup overwrites nothing", "backup "+backup+" --data "+dir)
	contains(t, fetch(t, node.url+"/api/v1/ledger/entries?after=6&limit=100"), "node.erased", `\"reason\":\"r\"`)
	refused(t, exitFailed, "is open in another process", "recover --anyway --reason r --data "+dir)
	node.end(syscall.SIGTERM)
	if code := node.process.ProcessState.ExitCode(); code != 0 {
		t.Errorf("told to end, it ended with %d: %s", code, node.said.String())
	}
	before := size(t, "--data", dir)
	contains(t, did(t, "verify --data "+dir), fmt.Sprintf("All %d are covered by the last signed checkpoint", before), "were not compared with the entries")
	contains(t, did(t, "verify --post bavet --data "+dir), "The tables of records and studies are what the entries give.")
	alter(t, dir, `UPDATE head SET recorded_us = recorded_us - 40 * 86400 * 1000000`)
	refused(t, exitFailed, "40 days ahead of the last entry; set it right, or start the node and confirm it there", "erase --reason r --older-than 1d --post bavet --data "+dir)
	alter(t, dir, `UPDATE head SET recorded_us = recorded_us + 40 * 86400 * 1000000`)
	refused(t, exitFailed, fmt.Sprintf("nothing is damaged: all %d entries of bavet.kh fit", before), "recover --reason r --data "+dir)

	// Damaged.
	alter(t, dir, `UPDATE entries SET actor = 'nobody' WHERE seq = 3`)
	alter(t, dir, `DELETE FROM entries WHERE seq IN (5, 6)`)
	code, out, complaint := landport(t, "verify", "--data", dir)
	if code != exitFailed || complaint != "landport: the ledger of bavet.kh is damaged\n" {
		t.Errorf("exit code %d: %s", code, complaint)
	}
	contains(t, out, "entry 3 altered", "entries 5 to 6 missing")
	code, out, _ = landport(t, "verify", "--format", "json", "--data", dir)
	if code != exitFailed || !strings.Contains(out, `"from": 5`) {
		t.Errorf("exit code %d: %s", code, out)
	}
	refused(t, exitFailed, "is damaged: entry 3 altered", "serve --post bavet --listen 127.0.0.1:0 --data "+dir)
	contains(t, did(t, "recover --data "+dir, "--reason", "a disk failed"), fmt.Sprintf("is in epoch 2, with %d entries", before+1), "Lost: entry 3 altered", "Lost: entries 5 to 6 missing", fmt.Sprintf("bavet.kh/epoch/2\n%d\n", before+1))
	contains(t, did(t, "verify --data "+dir), fmt.Sprintf("Intact: %d entries of bavet.kh, epoch 2", before+1))
	against := did(t, "verify --data "+dir+" --checkpoint "+outside)
	contains(t, against, "The checkpoint is of epoch 1, and counts", fmt.Sprintf("Entry %d opened epoch 2: a disk failed.", before+1), "lost since the checkpoint: entry 3 altered", "Its history is kept up to entry 2, and behind that but for what was lost.")
	contains(t, did(t, "verify --format json --data "+dir+" --checkpoint "+outside), `"reopened": {`, `"shown_to": `)

	// Restored elsewhere.
	again := filepath.Join(home, "again")
	refused(t, exitMisuse, "there is no signing key in "+again, "restore "+backup+" --data "+again)
	refused(t, exitMisuse, "there is no backup", "restore "+home+"/none --data "+again)
	contains(t, did(t, "restore "+backup+" --data "+again+" --keys "+dir), "is in epoch 2")
	refused(t, exitFailed, "is not empty; give a database that is", "restore "+backup+" --data "+again+" --keys "+dir)
	contains(t, did(t, "verify --data "+again, "--key", filepath.Join(dir, "node.pub"), "--checkpoint", outside), "Intact", "All entries of the checkpoint stand here as they were.")
	node = serve(t, "--data", again, "--keys", dir)
	contains(t, fetch(t, node.url+"/api/v1/posts/bavet/board"), first)
	node.arrive("a3", "2A-1234")
}

func TestAKeyThatIsMissingOrWrong(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	dir, keys, others := filepath.Join(home, "node"), filepath.Join(home, "keys"), filepath.Join(home, "others")
	contains(t, did(t, "key --post bavet --keys "+keys), "bavet.kh+")
	contains(t, did(t, "key --name bavet.kh --format json --keys "+others), `"public_key": "bavet.kh+`)
	refused(t, exitMisuse, "nothing overwrites it", "key --post bavet --keys "+keys)
	refused(t, exitMisuse, "belongs to bavet.kh, not to mocbai.vn", "serve --post moc-bai --listen 127.0.0.1:0 --data "+dir+" --keys "+keys)
	serve(t, "--data", dir, "--keys", keys).end(os.Interrupt)
	refused(t, exitFailed, "the signing key is not the one this ledger is signed with", "serve --post bavet --listen 127.0.0.1:0 --data "+dir+" --keys "+others)
	refused(t, exitFailed, "the signing key is not the one", "checkpoint --data "+dir+" --keys "+others)
	refused(t, exitMisuse, "if it is lost for good, landport recover --anyway --new-key", "serve --post bavet --listen 127.0.0.1:0 --data "+dir)
	refused(t, exitMisuse, "there is no signing key in "+dir, "checkpoint --data "+dir)
	refused(t, exitMisuse, "say where the signing key is: --keys DIR", "checkpoint --database postgres:///x")
	refused(t, exitMisuse, "say --post FILE or --name NAME", "recover --anyway --new-key --reason r --data "+dir)
	write(t, filepath.Join(others, "node.pub"), did(t, "key --name bavet.kh --keys "+filepath.Join(home, "third")))
	refused(t, exitMisuse, "is not the public half of node.key", "checkpoint --data "+dir+" --keys "+others)
	write(t, filepath.Join(others, "node.key"), "secret")
	refused(t, exitMisuse, "holds no signing key", "checkpoint --data "+dir+" --keys "+others)
	contains(t, did(t, "recover --anyway --new-key --post bavet --reason lost --data "+dir), "is in epoch 2")
	serve(t, "--data", dir).end(os.Interrupt)
	contains(t, did(t, "verify --data "+dir), "Intact: 2 entries", "epoch 2")
}

func TestWhatOperatorsGetWrong(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	dir := filepath.Join(home, "node")
	serve(t, "--data", dir).end(os.Interrupt)
	post := write(t, filepath.Join(home, "mine.yaml"), "name: bavet.kh\ncrossing: bavet-mocbai-2018\npost: Bavet\nretention: {plate: 2 years}\n")
	for _, test := range []struct{ line, want string }{
		{"verify", "--data=DIR or --database=URL"},
		{"verify --data " + home + "/none", "there is no ledger in " + home + "/none"},
		{"verify --post moc-bai --data " + dir, "holds the ledger of bavet.kh, not of mocbai.vn"},
		{"verify --key none --data " + dir, `"none" is neither a public key nor a file of one`},
		{"verify --checkpoint " + post + " --data " + dir, "is not signed by bavet.kh"},
		{"verify --checkpoint none --data " + dir, "none"},
		{"verify --database postgres://127.0.0.1:1/x", "the database does not answer: x at 127.0.0.1: connect: connection refused"},
		{"verify --data " + dir + " --database postgres://127.0.0.1:1/x", "can't be used together"},
		{"backup b --data " + home + "/none", "there is no ledger in"},
		{"erase --post bavet --reason r --data " + dir, "--visit=REFERENCE or --plate=PLATE or --older-than=TERM"},
		{"erase --post bavet --plate 2A-1 --reason of-2a1 --data " + dir, "the reason names the plate"},
		{"erase --post bavet --plate 2A-1 --data " + dir, "--reason"},
		{"erase --post bavet --plate - --reason r --data " + dir, `the plate "-" has no letter and no digit; give it as it stands on the vehicle, or name the visit by --visit`},
		{"erase --post bavet --plate= --reason r --data " + dir, "say what to erase: --visit, --plate or --older-than"},
		{"erase --post bavet --plate 2A-1 --kind plate --reason r --data " + dir, "--kind goes with --older-than"},
		{"erase --post bavet --older-than 2 --reason r --data " + dir, `"2" is not a term; give a whole number and d, w, mo or y`},
		{"erase --post bavet --visit KH01-0000-0199 --reason r --data " + dir, "the check digits at the end are 99"},
		{"serve --post bavet --listen 127.0.0.1:0 --database postgres:///x", "say where the signing key is: --keys DIR"},
		{"serve --post bavet --data " + dir + " --listen 0.0.0.0:0", "insist with --insecure-no-sign-in"},
		{"serve --post bavet --database mysql://u:secret@db/x --keys " + dir, "--database: this is not the address of a PostgreSQL database; give postgres://USER@HOST/NAME, or --data DIR"},
		{"verify --database bavet", "this is not the address of a PostgreSQL database"},
		{"config check " + post, `"2 years" is not a term`},
		{"config check " + home + "/none.yaml", "there is no file " + home + "/none.yaml; those that come with Landport are bavet and moc-bai"},
		{"config check bavett", `perhaps "bavet"`},
	} {
		refused(t, exitMisuse, test.want, test.line)
	}
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer closing(t, taken)
	refused(t, exitFailed, "is in use; free it", "serve --post bavet --data "+home+"/new --listen "+taken.Addr().String())
	if _, err := os.Stat(home + "/new"); err == nil {
		t.Error("a node that could not listen left something behind")
	}
	alter(t, dir, `INSERT INTO schema_ledger (version_id, is_applied) VALUES (99, true)`)
	for _, line := range []string{
		"serve --post bavet --listen 127.0.0.1:0", "checkpoint", "erase --post bavet --plate 2A-1 --reason r", "recover --anyway --reason r", "recover --reason r", "backup " + home + "/b",
	} {
		refused(t, exitFailed, "the database is of a newer version: ", line+" --data "+dir)
	}
	refused(t, exitMisuse, "the database is of a newer version: ", "verify --data "+dir)
}

func TestConfigCheckSaysWhatWouldRun(t *testing.T) {
	home := t.TempDir()
	text := did(t, "scenario show bavet-mocbai-2018")
	write(t, filepath.Join(home, "crossing.yaml"), text)
	post := write(t, filepath.Join(home, "post.yaml"), "name: bavet.kh\ncrossing: ./crossing.yaml\npost: Bavet\nretention: {plate: 2y}\n")
	contains(t, did(t, "config check "+post), post+" is good.", "bavet.kh", "Asia/Phnom_Penh", home+"/crossing.yaml", "Bavet exit lane 1", "Bavet exit customs",
		"goods KH-VN, two stops", "first come, first served", "plate 2y, remark for good")
	var answer struct {
		Name, From                string
		Places, Stops, Procedures []string
		Retention                 map[string]string
	}
	if err := json.Unmarshal([]byte(did(t, "config check bavet --format json")), &answer); err != nil {
		t.Fatal(err)
	}
	if answer.Name != "bavet.kh" || answer.From != "a scenario that comes with Landport" || len(answer.Places) < 5 || len(answer.Stops) < 5 || len(answer.Procedures) < 2 || answer.Retention == nil {
		t.Errorf("%+v", answer)
	}
}

func TestOperatorsCommandsShowAnExample(t *testing.T) {
	for _, command := range []string{"serve", "verify", "checkpoint", "recover", "backup", "restore", "erase", "config check", "key"} {
		contains(t, did(t, command+" --help"), "  landport "+command, "Example")
	}
}
