// Package border is the vocabulary every room of Landport shares: time and
// hours, countries and agencies, formalities, the axes that describe traffic,
// codes with their check digits, units of measure and money.
//
// It promises that a value it has parsed is well formed and that two spellings
// of one thing compare equal. It reads no clock, does no I/O and imports no
// other room.
package border
