package survey

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// render writes a page.
func render(w io.Writer, page templ.Component) error { return page.Render(context.Background(), w) }
