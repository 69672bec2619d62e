package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// deployed runs a shell with the program on its path, and returns what it says.
func deployed(t *testing.T, environment []string, args ...string) (string, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "sh", args...) //nolint:gosec // the example under test
	command.Env = append(append(os.Environ(), "PATH="+filepath.Dir(binary)+":"+os.Getenv("PATH")), environment...)
	out, err := command.Output()
	return string(out), err
}

func TestTheExampleOfShardsReportsAsOneRun(t *testing.T) {
	t.Parallel()
	if version, err := exec.CommandContext(t.Context(), "parallel", "--version").Output(); err != nil || !strings.HasPrefix(string(version), "GNU parallel") {
		t.Fatal("this test needs GNU parallel; install it with: sudo apt-get install parallel")
	}
	without := t.TempDir() // a parallel that is not GNU's, so that xargs runs the shards
	if err := os.WriteFile(filepath.Join(without, "parallel"), []byte("#!/bin/sh\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	script, err := filepath.Abs("../../deploy/shards.sh")
	if err != nil {
		t.Fatal(err)
	}
	run := []string{"mm5", "--replications", "5", "--days", "0.5", "--seed", "3"}
	_, whole, _ := landport(t, append([]string{"simulate", "--format", "json"}, run...)...)
	parts := filepath.Join(t.TempDir(), "with a space")
	if err := os.Mkdir(parts, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, environment := range [][]string{nil, {"JOBS=1", "PARTS=" + parts}, {"PATH=" + without + ":" + filepath.Dir(binary) + ":" + os.Getenv("PATH")}} {
		out, err := deployed(t, environment, append([]string{script, "3"}, run...)...)
		if err != nil || withoutTime(out) != withoutTime(whole) || len(out) < 1000 {
			t.Errorf("%v: %v: it reports otherwise than one run\n%s", environment, err, out)
		}
	}
	if kept, err := filepath.Glob(filepath.Join(parts, "part*.bin")); err != nil || len(kept) != 3 {
		t.Errorf("%d parts are kept, %v", len(kept), err)
	}
	for _, args := range [][]string{{script, "9", "mm5", "--replications", "5"}, {script, "2", "nothing"}, {script, "2"}} {
		if out, err := deployed(t, nil, args...); err == nil || out != "" {
			t.Errorf("%v does not fail: %s", args, out)
		}
	}
}

// The pods of the Job are all shards of one run.
func TestTheExampleOfAJobRunsAllShards(t *testing.T) {
	text, err := os.ReadFile("../../deploy/kubernetes-job.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var job struct {
		Kind string
		Spec struct {
			CompletionMode string `yaml:"completionMode"`
			Completions    int
			Template       struct {
				Spec struct {
					Containers []struct{ Command, Args []string }
				}
			}
		}
	}
	if err := yaml.Unmarshal(text, &job); err != nil {
		t.Fatal(err)
	}
	if job.Kind != "Job" || job.Spec.CompletionMode != "Indexed" || job.Spec.Completions < 2 {
		t.Fatalf("%+v", job)
	}
	pod := job.Spec.Template.Spec.Containers[0]
	dir := t.TempDir()
	// The same run, short and here.
	command := strings.NewReplacer("/shared/", dir+"/", "bavet-mocbai-2018", "mm5 --days 0.1", "--replications 200", "--replications 8").Replace(pod.Args[0])
	merge := []string{"merge"}
	for i := range job.Spec.Completions {
		if _, err := deployed(t, []string{fmt.Sprint("JOB_COMPLETION_INDEX=", i)}, pod.Command[1], command); err != nil {
			t.Fatalf("pod %d: %v", i, err)
		}
		merge = append(merge, filepath.Join(dir, fmt.Sprintf("part%d.bin", i+1)))
	}
	if code, out, complaint := landport(t, merge...); code != 0 || !strings.Contains(out, "8 replications of 0.1 days") {
		t.Errorf("exit code %d, %s%s", code, out, complaint)
	}
}
