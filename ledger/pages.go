package ledger

import (
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"os"
)

// pages reads the pages of a SQLite file one by one, past whatever of it is
// damaged: header, schema and inner pages are not needed, because the rows of a
// ledger are told by what they hold. The format is that of
// https://www.sqlite.org/fileformat2.html.
type pages struct {
	main, wal *os.File // wal is nil if there is none
	size      int64    // of a page
	count     int64
	logged    map[int64]int64 // page → where in the write-ahead log its latest committed state is
}

const (
	pageDefault = 4096
	headerSize  = 100 // of the file, ahead of what else is in page 1
)

func openPages(file string) (*pages, error) {
	main, err := os.Open(file) //nolint:gosec // the operator's own file
	if err != nil {
		return nil, err
	}
	p := &pages{main: main, size: pageDefault, logged: map[int64]int64{}}
	var header [headerSize]byte
	if _, err := main.ReadAt(header[:], 0); err == nil && string(header[:16]) == "SQLite format 3\x00" {
		if size := int64(binary.BigEndian.Uint16(header[16:])); size >= 512 && size&(size-1) == 0 {
			p.size = size
		}
	}
	info, err := main.Stat()
	if err != nil {
		return nil, err
	}
	p.count = (info.Size() + p.size - 1) / p.size
	if p.wal, err = os.Open(file + "-wal"); err != nil { //nolint:gosec // as above
		p.wal = nil
		return p, nil //nolint:nilerr // there need not be one
	}
	p.readLog()
	return p, nil
}

func (p *pages) close() {
	_ = p.main.Close() // they were only read
	if p.wal != nil {
		_ = p.wal.Close()
	}
}

// readLog finds the pages of transactions that are committed: those ahead of
// the first frame whose checksum does not fit.
func (p *pages) readLog() {
	header := make([]byte, 32)
	if _, err := io.ReadFull(p.wal, header); err != nil || int64(binary.BigEndian.Uint32(header[8:])) != p.size {
		return
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch binary.BigEndian.Uint32(header) {
	case 0x377f0682:
	case 0x377f0683:
		order = binary.BigEndian
	default:
		return
	}
	sum := [2]uint32{}
	add := func(b []byte) {
		for ; len(b) >= 8; b = b[8:] {
			sum[0] += order.Uint32(b) + sum[1]
			sum[1] += order.Uint32(b[4:]) + sum[0]
		}
	}
	fits := func(at []byte) bool {
		return sum[0] == binary.BigEndian.Uint32(at) && sum[1] == binary.BigEndian.Uint32(at[4:])
	}
	if add(header[:24]); !fits(header[24:]) {
		return
	}
	open := map[int64]int64{}
	frame := make([]byte, 24+p.size)
	for at := int64(len(header)); ; at += int64(len(frame)) {
		if _, err := io.ReadFull(p.wal, frame); err != nil || string(frame[8:16]) != string(header[16:24]) {
			return
		}
		add(frame[:8])
		if add(frame[24:]); !fits(frame[16:]) {
			return
		}
		open[int64(binary.BigEndian.Uint32(frame))] = at + 24
		if count := int64(binary.BigEndian.Uint32(frame[4:])); count > 0 { // a commit
			maps.Copy(p.logged, open)
			clear(open)
			p.count = max(p.count, count)
		}
	}
}

// read returns a page, of which the end may be missing.
func (p *pages) read(page int64) []byte {
	b := make([]byte, p.size)
	from, at := p.main, (page-1)*p.size
	if where, ok := p.logged[page]; ok {
		from, at = p.wal, where
	}
	n, _ := from.ReadAt(b, at) // a page of which nothing can be read is one of zeros
	clear(b[n:])
	return b
}

// Kinds of pages that hold rows.
const (
	pageIndexInner = 2
	pageIndexLeaf  = 10
	pageTableLeaf  = 13
)

// each yields the rows of all tables, in no order. rowid is 0 in tables
// without one. Values are nil, int64, string or []byte; what is a floating
// number comes as nil, since a ledger has none.
func (p *pages) each(yield func(rowid int64, row []any) error) error {
	for page := int64(1); page <= p.count; page++ {
		b, at := p.read(page), 0
		if page == 1 {
			at = headerSize
		}
		kind := b[at]
		cells := at + 8
		switch kind {
		case pageIndexInner:
			cells += 4
		case pageIndexLeaf, pageTableLeaf:
		default:
			continue
		}
		for n := range int(binary.BigEndian.Uint16(b[at+3:])) {
			if cells+2*n+2 > len(b) {
				break
			}
			rowid, row, ok := p.cell(b, int(binary.BigEndian.Uint16(b[cells+2*n:])), kind)
			if !ok {
				continue
			}
			if err := yield(rowid, row); err != nil {
				return err
			}
		}
	}
	return nil
}

// cell reads the row that stands at a place of a page; not ok if none does.
func (p *pages) cell(b []byte, at int, kind byte) (rowid int64, row []any, ok bool) {
	if kind == pageIndexInner {
		at += 4
	}
	length, at, ok := varint(b, at)
	if ok && kind == pageTableLeaf {
		rowid, at, ok = varint(b, at)
	}
	if !ok || length < 1 || length > p.count*p.size {
		return 0, nil, false
	}
	least, most := (p.size-12)*32/255-23, (p.size-12)*64/255-23
	if kind == pageTableLeaf {
		most = p.size - 35
	}
	here := length
	if length > most {
		if here = least + (length-least)%(p.size-4); here > most {
			here = least
		}
	}
	if int64(at)+here > int64(len(b)) {
		return 0, nil, false
	}
	payload := append(make([]byte, 0, length), b[at:int64(at)+here]...)
	if here < length {
		if int64(at)+here+4 > int64(len(b)) {
			return 0, nil, false
		}
		next := int64(binary.BigEndian.Uint32(b[int64(at)+here:]))
		for left := length - here; left > 0; {
			if next < 1 || next > p.count {
				return 0, nil, false
			}
			more := p.read(next)
			next = int64(binary.BigEndian.Uint32(more))
			n := min(left, p.size-4)
			payload = append(payload, more[4:4+n]...)
			left -= n
		}
	}
	row, ok = record(payload)
	return rowid, row, ok
}

// record reads the values of a row.
func record(b []byte) (row []any, ok bool) {
	end, at, ok := varint(b, 0)
	if !ok || end > int64(len(b)) {
		return nil, false
	}
	value := int(end)
	for at < int(end) {
		var serial int64
		if serial, at, ok = varint(b, at); !ok || serial < 0 {
			return nil, false
		}
		widths := [...]int64{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0}
		width := (serial - 12) / 2
		if serial < int64(len(widths)) {
			width = widths[serial]
		}
		if width > int64(len(b)-value) {
			return nil, false
		}
		field := b[value : value+int(width)]
		value += int(width)
		switch {
		case serial == 0 || serial == 7 || serial == 10 || serial == 11:
			row = append(row, nil)
		case serial == 8 || serial == 9:
			row = append(row, serial-8)
		case serial < 7:
			n := int64(int8(field[0])) // the first byte has the sign
			for _, c := range field[1:] {
				n = n<<8 | int64(c)
			}
			row = append(row, n)
		case serial%2 == 0:
			row = append(row, field)
		default:
			row = append(row, string(field))
		}
	}
	return row, true
}

// varint reads a number of up to nine bytes.
func varint(b []byte, at int) (n int64, after int, ok bool) {
	for i := range 9 {
		if at < 0 || at >= len(b) {
			return 0, at, false
		}
		c := b[at]
		at++
		if i == 8 {
			return n<<8 | int64(c), at, true
		}
		if n = n<<7 | int64(c&0x7f); c < 0x80 {
			break
		}
	}
	return n, at, true
}

// shape tells rows of a ledger's tables apart: n for NULL, i for a whole
// number, t for text, b for bytes.
func shape(row []any) string {
	b := make([]byte, len(row))
	for i, v := range row {
		switch v.(type) {
		case nil:
			b[i] = 'n'
		case int64:
			b[i] = 'i'
		case string:
			b[i] = 't'
		default:
			b[i] = 'b'
		}
	}
	return string(b)
}

// into puts the values of a row where they belong; the shape was looked at.
func into(row []any, fields ...any) {
	for i, field := range fields {
		switch field := field.(type) {
		case *int64:
			*field, _ = row[i].(int64)
		case *string:
			*field, _ = row[i].(string)
		case *[]byte:
			*field, _ = row[i].([]byte)
		default:
			panic(fmt.Sprintf("no value of a row is a %T", field))
		}
	}
}
