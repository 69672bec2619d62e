package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// How much of a file is read at most. What people write is refused long before
// by those who know what it is; a device, or a disk image given by mistake, is
// not to fill the memory first.
const (
	mostText  = 16 << 20
	mostSheet = 256 << 20
	mostShard = 4 << 30
)

// writerWithin is how long a named pipe is waited for: whoever is to write into
// it may be started after the program.
const writerWithin = 3 * time.Second

// readFile reads a whole file of up to so many bytes, a pipe too; one into which
// nobody writes is not waited for without end.
func readFile(name string, most int64) ([]byte, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) //nolint:gosec // the caller's own file
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if info.Mode()&fs.ModeNamedPipe != 0 {
		// Until a writer has come the pipe is at its end; then it is waited for.
		for began := time.Now(); err == nil && len(data) == 0 && time.Since(began) < writerWithin; {
			time.Sleep(10 * time.Millisecond)
			data, err = io.ReadAll(io.LimitReader(f, most+1))
		}
		if err == nil && len(data) == 0 {
			err = fmt.Errorf("%s is a pipe into which nothing was written within %v; start what writes into it, or give a file", name, writerWithin)
		}
	}
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("%s has more than %d MiB; no file of its kind has so much", name, most>>20)
	}
	return data, err
}

// readText is readFile for what people write.
func readText(name string) ([]byte, error) { return readFile(name, mostText) }
