package ledger

// kindRecovered is the kind of an epoch's first entry.
const kindRecovered = "ledger.recovered"

// recovered is its data.
type recovered struct {
	Epoch int `json:"epoch"`
}
