package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"landport/node"
	"landport/survey"
)

type surveyFreezeCommand struct {
	Plan string `arg:"" name:"plan" help:"The plan of an assessment."`
}

func (surveyFreezeCommand) Help() string {
	return `Example:

  landport survey freeze plan.yaml

It writes plan.yaml.frozen with the plan's hash and the time, once; a plan that
no survey could fill is refused, as a direction that a post cannot have. Have both
working groups sign that file (landport survey sign) before the measure begins;
landport survey assess refuses any other plan. docs/survey.md has one to start
from.`
}

func (f surveyFreezeCommand) Run(c console) error {
	data, err := readText(f.Plan)
	if err != nil {
		return misuse{err}
	}
	plan, err := survey.DecodePlan(f.Plan, data)
	if err != nil {
		return misuse{err}
	}
	now := time.Now()
	if err := (survey.Frozen{SHA256: survey.Hash(data), At: now}).Admits(data, plan); err != nil {
		return misuse{err}
	}
	file, err := os.OpenFile(f.Plan+".frozen", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return misuse{fmt.Errorf("%s.frozen exists: the plan was frozen; a new plan has a file of its own", f.Plan)}
	} else if err != nil {
		return err
	}
	_, err = file.Write(survey.Freeze(data, now))
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return c.sayf("%s  %s\nFrozen in %s.frozen; keep the hash where nobody can change it.\n", survey.Hash(data), f.Plan, f.Plan)
}

type surveyAssessCommand struct {
	Plan             string   `arg:"" name:"plan" help:"The plan that was frozen."`
	Frozen           string   `placeholder:"FILE" help:"What landport survey freeze wrote (default PLAN.frozen)."`
	Before           []string `required:"" placeholder:"FILE" help:"Sheets of the posts of the measure, before it; several with commas."`
	After            []string `required:"" placeholder:"FILE" help:"And after it."`
	ComparisonBefore []string `placeholder:"FILE" help:"Sheets of the comparison's posts, before."`
	ComparisonAfter  []string `placeholder:"FILE" help:"And after."`
	Key              []string `sep:"none" placeholder:"PUBLICKEY" help:"Public key to check PLAN.frozen.sig with, beside those that the plan names; may be given again."`
	Outcomes         string   `placeholder:"FILE" help:"Detections, revenue and reservations, as YAML."`
	sheetFlags       `embed:""`
	Out              string `default:"assessment" placeholder:"NAME" help:"Writes NAME.json, the figures, and NAME.html, to be printed and signed (default assessment)."`
}

func (surveyAssessCommand) Help() string {
	return `Example:

  landport survey assess plan.yaml --before march-bavet.csv,march-moc-bai.csv --after june-bavet.csv,june-moc-bai.csv \
    --comparison-before march-densavanh.csv --comparison-after june-densavanh.csv --outcomes books.yaml

The same plan, sheets and signatures give the same bytes. The page says who signed
the frozen plan, or that nobody did. landport survey sign signs the figures for a
working group. docs/survey.md says how the change is judged.`
}

func (s surveyAssessCommand) Run(c console) error {
	data, err := readText(s.Plan)
	if err != nil {
		return misuse{err}
	}
	plan, err := survey.DecodePlan(s.Plan, data)
	if err != nil {
		return misuse{err}
	}
	if s.Frozen == "" {
		s.Frozen = s.Plan + ".frozen"
	}
	text, err := readText(s.Frozen)
	if err != nil {
		return misuse{fmt.Errorf("%w; freeze the plan before the measure begins: landport survey freeze %s", err, s.Plan)}
	}
	frozen, err := survey.ParseFrozen(text)
	if err != nil {
		return misuse{fmt.Errorf("%s: %w", s.Frozen, err)}
	}
	if frozen.Signed, err = signatories(s.Frozen, text, plan.Groups, s.Key); err != nil {
		return misuse{err}
	}
	var in survey.Surveys
	for _, part := range []struct {
		to    **survey.Survey
		files []string
	}{{&in.Before, s.Before}, {&in.After, s.After}, {&in.ComparisonBefore, s.ComparisonBefore}, {&in.ComparisonAfter, s.ComparisonAfter}} {
		if len(part.files) == 0 {
			continue
		}
		sheets, err := s.read(part.files...)
		if err != nil {
			return err
		}
		*part.to = survey.New(sheets...)
	}
	var outcomes *survey.Outcomes
	if s.Outcomes != "" {
		books, err := readText(s.Outcomes)
		if err != nil {
			return misuse{err}
		}
		if outcomes, err = survey.DecodeOutcomes(s.Outcomes, books); err != nil {
			return misuse{err}
		}
	}
	a, err := plan.Assess(data, frozen, in, outcomes)
	if err != nil {
		return misuse{err}
	}
	return s.write(c, a)
}

func (s surveyAssessCommand) write(c console, a *survey.Assessment) error {
	figures, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return err
	}
	figures = append(figures, '\n')
	if err := os.WriteFile(s.Out+".json", figures, 0o600); err != nil {
		return err
	}
	hash := survey.Hash(figures)
	if err := writeOut(c, s.Out+".html", func(w io.Writer) error { return a.WriteAssessment(w, hash) }); err != nil {
		return err
	}
	return c.sayf("%s\nPlan     %s\nFrozen   %s by the file. %s\nFigures  %s  %s.json\nTo sign  %s.html\n", a.Verdict(), a.PlanSHA256, a.FrozenAt.UTC().Format(time.RFC3339), a.FrozenWords(), hash, s.Out, s.Out)
}

type surveySignCommand struct {
	File string `arg:"" name:"file" help:"What is signed: a frozen plan, or the figures of an assessment."`
	Keys string `required:"" placeholder:"DIR" help:"Directory of the working group's key; made if there is none."`
	Name string `required:"" placeholder:"NAME" help:"Name of the working group's key, such as working-group.kh."`
}

func (surveySignCommand) Help() string {
	return `Examples:

  landport survey sign plan.yaml.frozen --keys kh-keys --name working-group.kh
  landport survey sign assessment.json --keys vn-keys --name working-group.vn

The signature is added to FILE.sig, beside those that are there: a signed note
of the file's hash (C2SP signed-note, Ed25519). Hand file and FILE.sig to the
other group. A name that ends in a country of which the plan has no group is
refused.`
}

// signedText is what signatures of a file are under.
func signedText(data []byte) string { return "landport survey\nsha256 " + survey.Hash(data) + "\n" }

// signatures reads a signature file; signatures by other keys than known are
// kept, unverified. A file that is not there has none.
func signatures(file, text string, known note.Verifiers) (*note.Note, error) {
	signed, err := readText(file)
	if errors.Is(err, fs.ErrNotExist) {
		return &note.Note{Text: text}, nil
	} else if err != nil {
		return nil, err
	}
	n, err := note.Open(signed, known)
	if other, ok := errors.AsType[*note.UnverifiedNoteError](err); ok {
		n, err = other.Note, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s holds no signatures: %w", file, err)
	}
	if n.Text != text {
		return nil, fmt.Errorf("%s is of another content: what was signed has changed since", file)
	}
	return n, nil
}

// verifiers reads public keys.
func verifiers(keys []string) (known []note.Verifier, err error) {
	for _, key := range keys {
		v, err := note.NewVerifier(strings.TrimSpace(key))
		if err != nil {
			return nil, fmt.Errorf("%q is no public key; one looks like working-group.kh+0a1b2c3d+AZ…", key)
		}
		known = append(known, v)
	}
	return known, nil
}

// signatories tells who signed a frozen plan: by the keys that its groups name
// and those given, and by others unchecked. Signatures of another content are an
// error: the file was changed after it was signed.
func signatories(file string, text []byte, groups []survey.Group, keys []string) (who []survey.Signatory, err error) {
	var all []string
	for _, key := range keys {
		all = append(all, strings.TrimSpace(key))
	}
	for _, g := range groups {
		if g.Key != "" {
			all = append(all, strings.TrimSpace(g.Key))
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	known, err := verifiers(all)
	if err != nil {
		return nil, err
	}
	n, err := signatures(file+".sig", signedText(text), note.VerifierList(known...))
	if err != nil {
		return nil, err
	}
	for i, v := range known {
		if signedBy(n, v) {
			who = append(who, survey.Signatory{Name: v.Name(), Key: all[i]})
		}
	}
	for _, s := range n.UnverifiedSigs {
		who = append(who, survey.Signatory{Name: s.Name})
	}
	return who, nil
}

// groupsOf returns the working groups that a file to be signed is about: a plan,
// a frozen one with its plan beside it, or the figures of an assessment. What is
// something else has none.
func groupsOf(file string, data []byte) []survey.Group {
	var figures struct {
		Plan struct {
			Groups []survey.Group `json:"groups"`
		} `json:"plan"`
	}
	if json.Unmarshal(data, &figures) == nil {
		return figures.Plan.Groups
	}
	if frozen, err := survey.ParseFrozen(data); err == nil {
		file = strings.TrimSuffix(file, ".frozen")
		if data, err = readText(file); err != nil || survey.Hash(data) != frozen.SHA256 {
			return nil
		}
	}
	plan, err := survey.DecodePlan(file, data)
	if err != nil {
		return nil
	}
	return plan.Groups
}

func (s surveySignCommand) Run(c console) error {
	data, err := readText(s.File)
	if err != nil {
		return misuse{err}
	}
	groups := groupsOf(s.File, data)
	if _, err := survey.MaySign(groups, s.Name, ""); err != nil { // before a key is made
		return misuse{err}
	}
	n, err := signatures(s.File+".sig", signedText(data), note.VerifierList())
	if err != nil {
		return misuse{err}
	}
	key, public, err := node.Key(s.Keys, s.Name)
	if err != nil {
		return misuse{err}
	}
	ofGroup, err := survey.MaySign(groups, s.Name, public)
	if err != nil {
		return misuse{err}
	}
	signer, err := note.NewSigner(key)
	if err != nil {
		return misuse{err}
	}
	signed, err := note.Sign(n, signer)
	if err != nil {
		return err
	}
	if err := os.WriteFile(s.File+".sig", signed, 0o600); err != nil {
		return err
	}
	whose := ""
	if !ofGroup {
		whose = " Nothing in the file says whose key that is; one of a group ends in its country, such as working-group.kh."
	}
	return c.sayf("Signed by %s in %s.sig.%s Its public key:\n%s\n", s.Name, s.File, whose, public)
}

type surveyVerifyCommand struct {
	File string   `arg:"" name:"file" help:"What was signed; its signatures are in FILE.sig."`
	Key  []string `required:"" sep:"none" placeholder:"PUBLICKEY" help:"Public key of a working group; once for each."`
}

func (surveyVerifyCommand) Help() string {
	return `Example:

  landport survey verify assessment.json --key working-group.kh+0a1b2c3d+AZ… --key working-group.vn+…

Exit codes: 0 every key has signed this content, 1 one has not, 2 wrong usage.`
}

func (s surveyVerifyCommand) Run(c console) error {
	data, err := readText(s.File)
	if err != nil {
		return misuse{err}
	}
	known, err := verifiers(s.Key)
	if err != nil {
		return misuse{err}
	}
	n, err := signatures(s.File+".sig", signedText(data), note.VerifierList(known...))
	if err != nil {
		return err
	}
	var said bytes.Buffer
	for _, v := range known {
		if !signedBy(n, v) {
			return fmt.Errorf("%s has not signed %s", v.Name(), s.File)
		}
		fmt.Fprintf(&said, "%s has signed %s\n", v.Name(), s.File)
	}
	return c.sayf("%s", &said)
}

func signedBy(n *note.Note, v note.Verifier) bool {
	for _, s := range n.Sigs {
		if s.Name == v.Name() && s.Hash == v.KeyHash() {
			return true
		}
	}
	return false
}
