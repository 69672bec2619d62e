package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func pipe(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A pipe into which nobody writes is said to be that, not waited for without end
// and not called empty.
func TestAPipeWithoutAWriter(t *testing.T) {
	t.Parallel()
	code, out, complaint := landport(t, "scenario", "check", pipe(t, "pipe.yaml"))
	if code != exitMisuse || out != "" || !strings.Contains(complaint, "pipe.yaml is a pipe into which nothing was written within 3s") {
		t.Errorf("exit code %d, %q %q", code, out, complaint)
	}
}

// A pipe is read to its end, however late its writer comes and however slowly it
// writes.
func TestAPipeWhoseWriterComesLate(t *testing.T) {
	t.Parallel()
	sheet := "Post,Direction,Arrival,Removal\nBavet,exit,2018-03-05 08:00,2018-03-05 09:00\n"
	for _, test := range []struct{ command, name, text, want string }{
		{"scenario check", "late.yaml", counter, "mine is good"},
		{"survey study", "late.csv", sheet, "1 row: 1 read, 0 kept aside"},
	} {
		path := pipe(t, test.name)
		written := make(chan error, 1)
		go func() {
			time.Sleep(500 * time.Millisecond)
			f, err := os.OpenFile(path, os.O_WRONLY, 0) // waits for a reader
			if err == nil {
				_, err = f.WriteString(test.text[:20])
				time.Sleep(100 * time.Millisecond)
			}
			if err == nil {
				_, err = f.WriteString(test.text[20:])
			}
			if err == nil {
				err = f.Close()
			}
			written <- err
		}()
		code, out, complaint := landport(t, append(strings.Fields(test.command), path)...)
		reader, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // so that the writer ends, whatever was read
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(<-written, reader.Close()); err != nil {
			t.Fatal(err)
		}
		if code != 0 || !strings.Contains(out, test.want) {
			t.Errorf("%s: exit code %d, %q %q", test.command, code, out, complaint)
		}
	}
}
