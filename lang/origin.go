package lang

// Where preprocessed text comes from: every position in the tree and in errors is one in
// the source that the user wrote.

import (
	"sort"
	"unicode/utf8"

	"cos/lang/preprocess"
)

// ParseSource is ParseRoutine with what the preprocessor may ask of the outside.
func ParseSource(name, source string, cfg preprocess.Config) *Routine {
	if !preprocess.Needed(source) {
		return parseRoutine(name, source, source, nil)
	}
	if cfg.Nearest == nil {
		cfg.Nearest = Nearest
	}
	made := preprocess.Expand(source, cfg)
	r := parseRoutine(name, source, made.Text, newOrigin(source, made))
	r.Hidden = made.Hidden
	return r
}

// origin maps preprocessed text to its source.
type origin struct {
	source string
	pieces []preprocess.Piece
	errs   []preprocess.Error
	macros map[int]string // by source offset: what is expanded there
	starts []int          // of the source's lines

	piece int // the piece asked for last
	off   int // a source offset, on line, in front of which are chars characters
	line  int
	chars int
}

func newOrigin(source string, made *preprocess.Result) *origin {
	o := &origin{source: source, pieces: made.Pieces, errs: made.Errors, macros: map[int]string{}, starts: []int{0}, line: 1}
	for _, p := range made.Pieces {
		if p.Macro != "" {
			o.macros[p.From] = p.Macro
		}
	}
	for i := 0; i < len(source); i++ {
		if source[i] == '\n' {
			o.starts = append(o.starts, i+1)
		}
	}
	return o
}

// position is where in the source what stands at an offset of the text comes from.
func (o *origin) position(file string, off int) Position {
	if o.pieces[o.piece].At > off {
		o.piece = sort.Search(len(o.pieces), func(i int) bool { return o.pieces[i].At > off }) - 1
	}
	for o.piece+1 < len(o.pieces) && o.pieces[o.piece+1].At <= off {
		o.piece++
	}
	p := &o.pieces[o.piece]
	at := p.From
	if p.Macro == "" {
		at += off - p.At
	}
	if at < o.off || o.line < len(o.starts) && o.starts[o.line] <= at {
		o.line = sort.Search(len(o.starts), func(i int) bool { return o.starts[i] > at })
		o.off, o.chars = o.starts[o.line-1], 0
	}
	o.chars += utf8.RuneCountInString(o.source[o.off:at])
	o.off = at
	return Position{Filename: file, Offset: at, Line: o.line, Column: o.chars + 1}
}

// errors are what the preprocessor found.
func (o *origin) errors(name string) (all []*SyntaxError) {
	for _, e := range o.errs {
		s := &SyntaxError{Msg: e.Msg, Source: e.Source}
		s.Pos = Position{Filename: name, Offset: e.From, Line: e.Line, Column: e.Column}
		if e.Path != "" {
			s.Pos.Filename, s.Included = e.Path, true
		}
		all = append(all, s)
	}
	return all
}

// report adds an error, unless the preprocessor has told what is wrong at its place.
func (p *parser) report(e *SyntaxError) {
	if p.scan.origin == nil {
		p.errs = append(p.errs, e)
		return
	}
	for _, known := range p.scan.origin.errs {
		if known.From == e.Pos.Offset {
			return
		}
	}
	if macro := p.scan.origin.macros[e.Pos.Offset]; macro != "" {
		e.Msg += within(macro)
	}
	p.errs = append(p.errs, e)
}

// within says that an error lies in what a macro stands for.
func within(macro string) string { return ", in the expansion of " + macro }

// Within says that an error at an offset of the source lies in the expansion of a macro,
// "" when it does not.
func (r *Routine) Within(offset int) string {
	if macro := r.macros[offset]; macro != "" {
		return within(macro)
	}
	return ""
}

// sortErrors puts the preprocessor's errors and the parser's in the order of the source.
func (p *parser) sortErrors() {
	sort.SliceStable(p.errs, func(i, j int) bool { return p.errs[i].Pos.Offset < p.errs[j].Pos.Offset })
}

// parseRoutine parses text that comes from a source, or is it.
func parseRoutine(name, source, text string, o *origin) *Routine {
	p := newParser(name, text, startRoutine, o)
	defer p.release()
	r := &Routine{Name: name, Source: splitLines(source)}
	p.text = r.Source
	if o != nil {
		p.errs = o.errors(name)
		r.macros = o.macros
	}
	r.Lines = p.lines(true)
	if o != nil {
		p.sortErrors()
	}
	r.Errors = p.errs
	return r
}
