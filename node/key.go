package node

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// The files of a node's signing key in a directory.
const (
	keyFile    = "node.key" // secret, for its owner alone to read
	publicFile = "node.pub" // for everybody who checks what the node signed
)

// Key returns the signing key in a directory and its public half, and makes
// them if there are none. name is the node's; a key of another node is refused.
func Key(dir, name string) (key, public string, err error) {
	if key, public, err = ReadKey(dir, name); errors.Is(err, fs.ErrNotExist) {
		return makeKey(dir, name)
	}
	return key, public, err
}

// ReadKey is Key for a key that is there; the error is fs.ErrNotExist if none
// is. The name "" takes any node's.
func ReadKey(dir, name string) (key, public string, err error) {
	secret, err := os.ReadFile(filepath.Join(dir, keyFile)) //nolint:gosec // the directory is the caller's
	if err != nil {
		return "", "", fmt.Errorf("the signing key cannot be read: %w", err)
	}
	known, err := os.ReadFile(filepath.Join(dir, publicFile)) //nolint:gosec // the directory is the caller's
	if err != nil {
		return "", "", fmt.Errorf("%s is in %s, but %s is not: %s", keyFile, dir, publicFile, err) //nolint:errorlint // not as if there were no key
	}
	key, public = strings.TrimSpace(string(secret)), strings.TrimSpace(string(known))
	signer, err := note.NewSigner(key)
	if err != nil {
		return "", "", fmt.Errorf("%s holds no signing key; it begins with PRIVATE+KEY+ and the node's name", filepath.Join(dir, keyFile))
	}
	verifier, err := note.NewVerifier(public)
	if err != nil || verifier.KeyHash() != signer.KeyHash() {
		return "", "", fmt.Errorf("%s is not the public half of %s", filepath.Join(dir, publicFile), keyFile)
	}
	if name != "" && signer.Name() != name {
		return "", "", fmt.Errorf("the signing key in %s belongs to %s, not to %s; give each node a directory of its own", dir, signer.Name(), name)
	}
	return key, public, nil
}

// DropKey takes away the key that Key has made in a directory and that nothing
// was signed with.
func DropKey(dir string) {
	_ = os.Remove(filepath.Join(dir, keyFile)) // what is left is seen when a key is made there
	_ = os.Remove(filepath.Join(dir, publicFile))
}

func makeKey(dir, name string) (key, public string, err error) {
	if key, public, err = note.GenerateKey(rand.Reader, name); err != nil {
		return "", "", err
	}
	if err = os.MkdirAll(dir, 0o700); err == nil {
		err = errors.Join(
			os.WriteFile(filepath.Join(dir, keyFile), []byte(key+"\n"), 0o600),
			os.WriteFile(filepath.Join(dir, publicFile), []byte(public+"\n"), 0o600))
	}
	if err != nil {
		return "", "", fmt.Errorf("the signing key cannot be kept: %w", err)
	}
	return key, public, nil
}
