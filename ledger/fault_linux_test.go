package ledger_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"landport/ledger"
)

// disk faults: a system call that fails from some time on.
var faults = map[string]struct {
	calls []uint32
	errno syscall.Errno
}{
	"fsync fails":           {[]uint32{syscall.SYS_FSYNC, syscall.SYS_FDATASYNC}, syscall.EIO},
	"the disk is full":      {[]uint32{syscall.SYS_PWRITE64}, syscall.ENOSPC},
	"the disk is read-only": {[]uint32{syscall.SYS_PWRITE64}, syscall.EROFS},
}

// TestNothingIsAcknowledgedThatIsNotDurable makes the disk fail under a writer.
func TestNothingIsAcknowledgedThatIsNotDurable(t *testing.T) {
	for fault := range faults {
		t.Run(fault, func(t *testing.T) {
			c := config(newFile(t))
			writer := part(t.Context(), "starve", c.URL, fault)
			var complaint strings.Builder
			writer.Stderr = &complaint
			answers, err := writer.Output()
			if err != nil {
				t.Fatalf("%v\n%s", err, &complaint)
			}
			l := open(t, c)
			var acknowledged int
			for lines := bufio.NewScanner(strings.NewReader(string(answers))); lines.Scan(); acknowledged++ {
				if _, ok, err := l.Outcome(t.Context(), lines.Text()); !ok || err != nil {
					t.Errorf("command %s was acknowledged and is lost: %v", lines.Text(), err)
				}
			}
			if acknowledged == 0 {
				t.Error("nothing was acknowledged before the fault")
			}
			if report := verified(t, c.URL, nil, nil); len(report.Damage) > 0 {
				t.Errorf("after the fault: %s", words(report.Damage))
			}
			write(t, l, 10)
		})
	}
}

// writeUntilRefused writes some batches, lets the disk fail and expects that
// none is acknowledged from then on.
func writeUntilRefused(url, name string) error {
	ctx := context.Background()
	l, err := ledger.Open(ctx, config(url))
	if err != nil {
		return err
	}
	for batch := range 20 {
		if batch == 10 {
			if err := fail(faults[name].calls, faults[name].errno); err != nil {
				return err
			}
		}
		ids, err := carryOut(ctx, l, "starved", batch)
		switch {
		case batch < 10 && err != nil:
			return err
		case batch >= 10 && err == nil:
			return fmt.Errorf("batch %d is acknowledged although %s", batch, name)
		case batch < 10:
			if _, err := fmt.Fprintln(os.Stdout, strings.Join(ids, "\n")); err != nil {
				return err
			}
		case errors.Is(err, ledger.ErrUnknown):
			if _, ok, err := l.Outcome(ctx, ids[0]); ok || err == nil {
				return fmt.Errorf("the outcome of %s is given as known, %v, although %s", ids[0], ok, name)
			}
		}
	}
	return nil
}

// fail makes system calls of this thread return errno: a filter of seccomp(2), which
// stays.
func fail(calls []uint32, errno syscall.Errno) error {
	const (
		loadNumber, ifEqual, answer         = 0x20, 0x15, 0x06 // BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_RET|K
		allow, refuse                       = 0x7fff0000, 0x00050000
		noNewPrivileges, seccomp, setFilter = 38, 22, 2
	)
	type instruction struct {
		code    uint16
		yes, no uint8
		k       uint32
	}
	program := []instruction{{loadNumber, 0, 0, 0}}
	for _, call := range calls {
		program = append(program, instruction{ifEqual, 0, 1, call}, instruction{answer, 0, 0, refuse | uint32(errno)})
	}
	program = append(program, instruction{answer, 0, 0, allow})
	filter := struct {
		n     uint16
		first *instruction
	}{uint16(len(program)), &program[0]}
	runtime.LockOSThread()                                                                                               // the filter is this thread's, and SQLite calls from where it is called
	for _, args := range [][3]uintptr{{noNewPrivileges, 1, 0}, {seccomp, setFilter, uintptr(unsafe.Pointer(&filter))}} { //nolint:gosec // as the kernel wants it
		if _, _, e := syscall.RawSyscall6(syscall.SYS_PRCTL, args[0], args[1], args[2], 0, 0, 0); e != 0 {
			return fmt.Errorf("prctl: %w", e)
		}
	}
	return nil
}
