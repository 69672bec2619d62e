// Package ledger is the durable log of what happened: one sequence of entries
// per node, on SQLite or PostgreSQL, with a Merkle tree over it. It knows
// nothing of borders but their time.
//
// It promises:
//   - An entry whose Write returned without error is on disk, once, and stays.
//     When a commit's outcome is unknown, Write says so, and Outcome settles it.
//   - Sequence numbers are 1, 2, 3 … without gaps, in the order of commits,
//     over all processes that share a database; recorded times never go back.
//   - Entries are stored and hashed as given. Every entry read is checked
//     against its hash; damage is refused and named, never cut away.
//   - A checkpoint, once outside, binds the past: Verify and the proofs find any
//     entry before it that was altered, lost or moved. Without a checkpoint
//     outside, whoever owns the database and the key can sign another history.
//   - Personal values are in no entry, only commitments to them; erasing a value
//     leaves every proof intact.
//
// Callers decide what an entry means; they hand in valid JSON, commit to
// personal values with Batch.Personal and to nothing else, and throw their
// state away when Write fails. docs/ledger.md gives the format.
package ledger
