package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"landport/ledger"
	"landport/node"
)

// Storage says where a ledger and its signing key are.
type Storage struct {
	Data     string      `placeholder:"DIR" xor:"where" required:"" help:"Directory of the ledger (SQLite) and the signing key."`
	Database databaseURL `placeholder:"URL" xor:"where" required:"" help:"PostgreSQL database of the ledger, as postgres://USER@HOST/NAME."`
	Keys     string      `placeholder:"DIR" help:"Directory of the signing key; that of --data if left out."`
}

// databaseURL is the address of a PostgreSQL database.
type databaseURL string

// UnmarshalText takes addresses of PostgreSQL. What it refuses it does not
// repeat: there may be a password in it.
func (d *databaseURL) UnmarshalText(text []byte) error {
	switch scheme, _, _ := strings.Cut(string(text), "://"); scheme {
	case "postgres", "postgresql":
		*d = databaseURL(text)
		return nil
	}
	return errors.New("this is not the address of a PostgreSQL database; give postgres://USER@HOST/NAME, or --data DIR for a file")
}

// Whose says whose ledger it is.
type Whose struct {
	Post string `placeholder:"FILE" xor:"whose" help:"The post's file, or one that comes with Landport (bavet, moc-bai): whose ledger it must be."`
	Name string `placeholder:"NAME" xor:"whose" help:"The node's name, such as bavet.kh, instead of a post's file."`
}

// ledgerFile is what the file of a ledger is called in its directory.
const ledgerFile = "ledger.db"

func (s Storage) url() string {
	if s.Data != "" {
		return "sqlite:" + filepath.Join(s.Data, ledgerFile)
	}
	return string(s.Database)
}

func (s Storage) keys() string {
	if s.Keys == "" {
		return s.Data
	}
	return s.Keys
}

// place is how a sentence calls it, without passwords.
func (s Storage) place() string {
	if s.Data != "" {
		return s.Data
	}
	return "the database"
}

// exists refuses a directory that holds no ledger.
func (s Storage) exists() error {
	if s.Data == "" {
		return nil
	}
	if begun, err := s.begun(); err != nil || begun {
		return err
	}
	return misuse{fmt.Errorf("there is no ledger in %s", s.Data)}
}

// begun reports whether a directory holds a ledger. Nothing begins where one has
// been (see holds), nor where directories in it hold ledgers, as those of a
// demonstration do: both are errors.
func (s Storage) begun() (bool, error) {
	if begun, err := s.holds(); err != nil || begun {
		return begun, err
	}
	if inside := ledgersIn(s.Data); len(inside) > 0 {
		return false, misuse{fmt.Errorf("there is no ledger in %s itself; give --data %s", s.Data, strings.Join(inside, " or --data "))}
	}
	return false, nil
}

// holds reports whether a ledger is in a directory itself. Where one has been and
// its file is gone or empty, it is an error: nothing begins anew over that.
func (s Storage) holds() (bool, error) {
	file := filepath.Join(s.Data, ledgerFile)
	_, err := os.Stat(file)
	switch there := err == nil; {
	case written(file), there && written(file+"-wal"): // it is all in the write-ahead log still
		return true, nil
	case there:
		return false, misuse{fmt.Errorf("%s is empty (0 bytes): it was never written, or what it held is gone; if this node never ran, remove the file, otherwise restore a backup elsewhere", file)}
	case written(file + "-wal"):
		return false, misuse{fmt.Errorf("%s is gone, and its write-ahead log %s-wal is not: put the file back, or restore a backup elsewhere", file, file)}
	}
	return false, nil
}

func written(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.Size() > 0
}

// ledgersIn lists the directories in a directory that hold ledgers.
func ledgersIn(dir string) (inside []string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // where there is no directory there is none in it
	}
	for _, e := range entries {
		if home := filepath.Join(dir, e.Name()); written(filepath.Join(home, ledgerFile)) {
			inside = append(inside, home)
		}
	}
	return inside
}

// name is the node's, "" if nothing was said.
func (w Whose) name() (string, error) {
	if w.Post == "" {
		return w.Name, nil
	}
	post, _, err := openPost(w.Post)
	return post.Name, err
}

// errNoKey says that there is none, not that it is wrong.
var errNoKey = errors.New("there is no signing key")

// signing returns the key that signs, of the node name if that is not "".
func (s Storage) signing(name string) (key, public string, err error) {
	if s.keys() == "" {
		return "", "", misuse{errors.New("with --database say where the signing key is: --keys DIR; every replica needs the same")}
	}
	key, public, err = node.ReadKey(s.keys(), name)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w in %s; put node.key and node.pub there, as every replica has them", errNoKey, s.keys())
	}
	if err != nil {
		return "", "", misuse{err}
	}
	return key, public, nil
}

// config says how to open the ledger with the key that signs it, which also
// says whose it is.
func (s Storage) config(w Whose) (c ledger.Config, public string, err error) {
	if c.Origin, err = w.name(); err != nil {
		return c, "", err
	}
	if c.Key, public, err = s.signing(c.Origin); err != nil {
		return c, "", err
	}
	c.URL = s.url()
	c.Origin, _, _ = strings.Cut(public, "+")
	return c, public, nil
}

// newKey is config where a key may have been lost: if there is none, and a new
// one is asked for, it is made.
func (s Storage) newKey(w Whose, wanted bool) (c ledger.Config, public string, err error) {
	if !wanted {
		return s.config(w)
	}
	name, err := w.name()
	if err != nil {
		return c, "", err
	}
	if err := s.makeKey(name); err != nil {
		return c, "", err
	}
	c, public, err = s.config(w)
	c.NewKey = true
	return c, public, err
}

// takenBack takes away the key that newKey made for what then failed, and
// directories that were not there before.
func (s Storage) takenBack(made bool, before []string) {
	if made {
		node.DropKey(s.keys())
	}
	for _, dir := range before {
		_ = os.Remove(dir) // if it is empty
	}
}

// absent lists the directories that a command would make.
func (s Storage) absent() (dirs []string) {
	for _, dir := range []string{s.Data, s.keys()} {
		if _, err := os.Stat(dir); dir != "" && err != nil {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// makeKey makes a key where there is none.
func (s Storage) makeKey(name string) error {
	switch {
	case s.keys() == "":
		return misuse{errors.New("say where the signing key goes: --keys DIR")}
	case name == "":
		return misuse{errors.New("a key has its node's name; say --post FILE or --name NAME")}
	}
	_, _, err := node.ReadKey(s.keys(), "")
	if err == nil {
		return misuse{fmt.Errorf("there is a signing key in %s; nothing overwrites it", s.keys())}
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return misuse{err}
	}
	_, _, err = s.ownKey(name)
	return err
}

// ownKey reads the signing key, or makes it; not above the ledgers of others, such
// as in the directory of a demonstration, whose nodes have theirs.
func (s Storage) ownKey(name string) (key, public string, err error) {
	others := slices.DeleteFunc(ledgersIn(s.keys()), func(dir string) bool { return dir == filepath.Clean(s.Data) })
	if len(others) > 0 {
		return "", "", misuse{fmt.Errorf("%s holds the ledgers of other nodes, %s, and this key would be none of theirs; give --keys another directory", s.keys(), strings.Join(others, " and "))}
	}
	return node.Key(s.keys(), name)
}

type keyCommand struct {
	Keys   string `placeholder:"DIR" required:"" help:"Directory to make it in."`
	Whose  `embed:""`
	Format string `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

func (keyCommand) Help() string {
	return `Example:

  landport key --keys /etc/landport --post bavet

With --data, landport serve makes the key of a new ledger itself. With
--database make it once and copy it to every replica: node.key is secret,
node.pub is for everybody who checks what the node signs.`
}

func (k keyCommand) Run(c console) error {
	name, err := k.name()
	if err != nil {
		return err
	}
	if err := (Storage{Keys: k.Keys}).makeKey(name); err != nil {
		return err
	}
	_, public, err := node.ReadKey(k.Keys, name)
	if err != nil {
		return err
	}
	if k.Format == "json" {
		return c.answer(struct {
			PublicKey string `json:"public_key"`
		}{public})
	}
	return c.sayf("%s\n", public)
}

type checkpointCommand struct {
	Storage `embed:""`
	Whose   `embed:""`
	Format  string `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

func (checkpointCommand) Help() string {
	return `Examples:

  landport checkpoint --data /var/lib/landport > bavet-2026-03-05.checkpoint
  landport checkpoint --database postgres://landport@db/bavet --keys /etc/landport --format json

It signs how many entries the ledger has and the hash over them all. Kept where
nobody reaches who can reach the database (printed, with the other country, on
another machine), it shows for ever whether any entry before it was altered,
taken away, added or moved: landport verify --checkpoint FILE.

It can be taken while the node runs.`
}

// point is a checkpoint as programs get it.
type point struct {
	Ledger string `json:"ledger"`
	Epoch  int    `json:"epoch"`
	Size   int64  `json:"size"`
	Root   string `json:"root"` // base64
	Signed string `json:"signed,omitempty"`
}

func pointOf(at ledger.Checkpoint, signed []byte) point {
	return point{at.Origin, at.Epoch, at.Size, base64.StdEncoding.EncodeToString(at.Root[:]), string(signed)}
}

func (k checkpointCommand) Run(ctx context.Context, c console) error {
	if err := k.exists(); err != nil {
		return err
	}
	config, public, err := k.config(k.Whose)
	if err != nil {
		return err
	}
	signed, at, err := signNow(ctx, config)
	if err != nil {
		return err
	}
	if k.Format == "json" {
		return c.answer(struct {
			point
			PublicKey string `json:"public_key"`
		}{pointOf(at, signed), public})
	}
	c.notef("%d entries of %s. Keep this where nobody reaches who can reach the database;\n"+
		"landport verify --checkpoint FILE --key %s\nshows by it whether they are still as they are now.\n\n", at.Size, at.Origin, public)
	return c.sayf("%s", signed)
}

// signNow signs a checkpoint beside whoever has the ledger open.
func signNow(ctx context.Context, config ledger.Config) (signed []byte, at ledger.Checkpoint, err error) {
	config.Beside = true
	l, err := ledger.Open(ctx, config)
	if err != nil {
		return nil, at, err
	}
	signed, err = l.Checkpoint(ctx)
	if err == nil {
		at, err = ledger.ParseCheckpoint(signed, nil)
	}
	return signed, at, errors.Join(err, l.Close())
}

// verifier reads a public key, as text or in a file.
func verifier(key string) (note.Verifier, error) {
	text := key
	if data, err := os.ReadFile(key); err == nil { //nolint:gosec // the caller's own file
		text = strings.TrimSpace(string(data))
	}
	v, err := note.NewVerifier(text)
	if err != nil {
		return nil, misuse{fmt.Errorf("%q is neither a public key nor a file of one; it is what node.pub holds, such as bavet.kh+0a1b2c3d+AZ…", key)}
	}
	return v, nil
}

// counting returns what tells on standard error how many entries were read: on
// a terminal in one line, elsewhere in a line now and then.
func (c console) counting() (tell func(entries int64), done func()) {
	every := 10 * time.Second
	form := "%d entries read\n"
	if c.terminal {
		every, form = time.Second/2, "\r%d entries read"
	}
	told := time.Now()
	shown := false
	return func(entries int64) {
			if time.Since(told) >= every {
				c.notef(form, entries)
				told, shown = time.Now(), true
			}
		}, func() {
			if shown && c.terminal {
				c.notef("\r\x1b[K")
			}
		}
}
