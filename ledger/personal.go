package ledger

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
)

// Personal keeps a value that names or describes a person and returns the
// commitment that stands for it in an entry's data: 64 hexadecimal digits.
func (b *Batch) Personal(kind, value string) (commitment string) {
	if err := checkText("a personal value of kind "+kind, kind+value); err != nil && b.err == nil {
		b.err = err
	}
	secret := make([]byte, 32)
	rand.Read(secret) //nolint:errcheck,gosec // it never fails
	commitment = hex.EncodeToString(keyed(secret, kind, value))
	b.secrets.add(commitment, kind, value, secret, keyed(b.l.search, kind, value), int64(b.now))
	return commitment
}

// keyed is HMAC-SHA-256 of kind, a zero byte and value.
func keyed(secret []byte, kind, value string) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(kind + "\x00" + value))
	return mac.Sum(nil)
}
