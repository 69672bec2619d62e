// Package survey holds time release studies that people do on paper: sheets
// that recorders fill in at the roadside, and what is made of them.
//
// Import reads a sheet, CSV or XLSX, in the words people use for its columns.
// A row that cannot be read is kept aside with the reason; nothing is dropped
// silently: the records and the rows aside are all rows. New joins the two
// posts' halves of a crossing by number plate and then forgets the plates.
// Study sums up, with outliers and then without them. A Protocol says
// how a survey is done and is printed to be taken to the roadside. A Plan is
// an assessment before and after a measure, frozen before the change.
//
// The room is pure: it takes bytes and values and returns the same for the
// same. docs/survey.md gives the rules for those who read the results.
package survey
