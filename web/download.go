package web

import (
	"mime"
	"net/http"
	"path"
)

// kinds are those of the files that pages hand out, by the ends of their names.
var kinds = map[string]string{
	".csv":  "text/csv; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".json": "application/json",
}

// download hands out a file to keep.
func download(w http.ResponseWriter, name string, data []byte) {
	w.Header().Set("Content-Type", kinds[path.Ext(name)])
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(data) // the caller may be gone
}
