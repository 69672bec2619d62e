package main

import "testing"

func TestAddressesThatAreRefused(t *testing.T) {
	dir := t.TempDir()
	for _, test := range []struct{ line, want string }{
		{"serve --post bavet --data " + dir + " --listen 0.0.0.0:0", "insist with --insecure-no-sign-in"},
		{"serve --post bavet --data " + dir + " --listen :0", "insist with --insecure-no-sign-in"},
		{"serve --post bavet --data " + dir + " --listen 127.0.0.1:0 --host http://x", `--host "http://x" is no name`},
		{"serve --post bavet --data " + dir + " --listen 127.0.0.1:0 --host bavet.example/", "without http:// and without a port"},
		{"serve --post bavet --data " + dir + " --listen 127.0.0.1:0 --host bavet.example:1", "without http:// and without a port"},
		{"demo --listen 0.0.0.0:0", "insist with --insecure-no-sign-in"},
		{"demo --listen 192.0.2.1:8080", "insist with --insecure-no-sign-in"},
		{"demo --listen bavet.example:0", "insist with --insecure-no-sign-in"},
		{"demo --listen 8080", `"8080" is no address`},
	} {
		refused(t, exitMisuse, test.want, test.line)
	}
}
