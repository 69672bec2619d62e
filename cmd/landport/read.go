package main

import (
	"fmt"
	"io"
	"os"
	"syscall"
)

// How much of a file is read at most. What people write is refused long before
// by those who know what it is; a device, or a disk image given by mistake, is
// not to fill the memory first.
const (
	mostText  = 16 << 20
	mostSheet = 256 << 20
	mostShard = 4 << 30
)

// readFile reads a whole file of up to so many bytes, a pipe too; one into which
// nobody writes is empty and not waited for.
func readFile(name string, most int64) ([]byte, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) //nolint:gosec // the caller's own file
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("%s has more than %d MiB; no file of its kind has so much", name, most>>20)
	}
	return data, err
}

// readText is readFile for what people write.
func readText(name string) ([]byte, error) { return readFile(name, mostText) }
