package node

import (
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"

	"landport/ledger"
)

// CloudEvent is an entry as an event of CNCF CloudEvents 1.0 in JSON format.
// Its identity is that of the entry: origin, seq and what it says. After entries
// were lost others have their seq, in every epoch that begins behind the same
// backup; none has their hash.
type CloudEvent struct {
	SpecVersion     string          `json:"specversion"`
	ID              string          `json:"id"`                  // bavet.kh/1042/6a2da20943931e98: origin, seq and the beginning of the leaf's hash
	Source          string          `json:"source"`              // urn:landport:bavet.kh
	Type            string          `json:"type"`                // landport.gate.called
	Subject         string          `json:"subject,omitzero"`    // the post
	Time            string          `json:"time"`                // when it happened, as reported
	DataContentType string          `json:"datacontenttype"`     // application/json
	Data            json.RawMessage `json:"data"`                // as stored
	Seq             string          `json:"seq"`                 // extension; a string, because integers of CloudEvents end at 2³¹
	Recorded        string          `json:"recorded"`            // extension: when the ledger took it
	DataVersion     int             `json:"dataversion"`         // extension: version of the data
	Actor           string          `json:"actor,omitzero"`      // extension
	OnBehalfOf      string          `json:"onbehalfof,omitzero"` // extension
	Command         string          `json:"command,omitzero"`    // extension: idempotency key of the write it followed from
	Cause           string          `json:"cause,omitzero"`      // extension: seq of the entry that caused it
}

// eventTime is RFC 3339 to the microsecond.
const eventTime = "2006-01-02T15:04:05.000000Z"

// NewCloudEvent returns an entry of the ledger of origin as an event.
func NewCloudEvent(origin string, e *ledger.Entry) CloudEvent {
	seq, hash := strconv.FormatInt(e.Seq, 10), e.Hash()
	event := CloudEvent{
		SpecVersion: "1.0", ID: origin + "/" + seq + "/" + hex.EncodeToString(hash[:8]), Source: "urn:landport:" + origin, Type: "landport." + e.Kind, Subject: e.Post,
		Time: e.Occurred.Std(time.UTC).Format(eventTime), DataContentType: "application/json", Data: e.Data,
		Seq: seq, Recorded: e.Recorded.Std(time.UTC).Format(eventTime), DataVersion: e.Version,
		Actor: e.Actor, OnBehalfOf: e.OnBehalfOf, Command: e.Command,
	}
	if e.Cause != 0 {
		event.Cause = strconv.FormatInt(e.Cause, 10)
	}
	return event
}
