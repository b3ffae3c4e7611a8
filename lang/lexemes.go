package lang

// The tokens of a source as whoever rewrites or colours it needs them: where each stands in
// the text that the user wrote, and what it is.

import (
	"sort"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"cos/lang/preprocess"
)

// Role is what a lexeme is.
type Role int

// The roles that matter to layout; everything else is Other. Those from LineEnd to
// CloseBrace end the command before them.
const (
	Other Role = iota
	LineEnd
	LabelName
	Dots     // the dots of a line, with the blanks among them
	Word     // a command
	Embedded // a macro or embedded SQL in the place of a command
	OpenBrace
	CloseBrace
	FunctionName // $name before (
	SpecialName  // $name
	SystemClass  // $SYSTEM.class
)

// Lexeme is one token of a source.
type Lexeme struct {
	Role     Role
	From, To int    // byte offsets in the source
	Name     string // the full name of a command; of functions and variables, the name as written, in upper case
	First    bool   // the arguments of a command begin here
	Made     bool   // made by the preprocessor: From and To are where what it stands for begins
}

// Lexemes are the tokens of a routine. Blanks and comments are what lies between them.
func Lexemes(source string, cfg preprocess.Config) []Lexeme {
	text, place := source, func(from, to int) (int, int, bool) { return from, to, false }
	if preprocess.Needed(source) {
		made := preprocess.Expand(source, cfg)
		text, place = made.Text, placer(made)
	}
	s := newScanner("", text, startRoutine)
	var all []Lexeme
	command := -1 // the command whose arguments are awaited
	for {
		mode, dim := s.mode, len(s.pending) > 0
		t, ok := lexer.Token{}, true
		if dim {
			t, s.pending = s.pending[0], s.pending[1:]
		} else {
			t, ok = s.step()
		}
		if !ok {
			continue
		}
		if t.Type == lexer.EOF {
			return all
		}
		x := Lexeme{Role: roleOf(&t)}
		from, to := t.Pos.Offset, s.off
		switch x.Role {
		case Word:
			x.Name, to = t.Value, nameEnd(text, from)
		case Dots:
			to = from + strings.LastIndexByte(text[from:to], '.') + 1
		case FunctionName, SpecialName:
			x.Name = t.Value
		}
		x.From, x.To, x.Made = place(from, max(from, to))
		switch {
		case command >= 0 && mode == inArgs && !dim:
			x.First = true
			all[command].Name = argumented(all[command].Name)
			command = -1
		case x.Role >= LineEnd && x.Role <= CloseBrace:
			command = -1
		}
		if x.Role == Word {
			command = len(all)
		}
		all = append(all, x)
		if command == len(all)-1 && x.Name == hangOrHalt.Name {
			all[command].Name = "HALT" // until an argument follows
		}
	}
}

// argumented is a command's name when it has arguments.
func argumented(name string) string {
	if name == "HALT" {
		return "HANG"
	}
	return name
}

// placer maps stretches of preprocessed text to the source.
func placer(made *preprocess.Result) func(from, to int) (int, int, bool) {
	pieces := made.Pieces
	return func(from, to int) (int, int, bool) {
		i := sort.Search(len(pieces), func(i int) bool { return pieces[i].At > from }) - 1
		p := &pieces[i]
		switch {
		case p.Macro != "":
			return p.From, p.From, true
		case i+1 < len(pieces) && pieces[i+1].At < to:
			return p.From + from - p.At, p.From + from - p.At, true
		}
		return p.From + from - p.At, p.From + to - p.At, false
	}
}

func roleOf(t *lexer.Token) Role {
	switch k := t.Type; {
	case k == tEOL:
		return LineEnd
	case k == tLabel:
		return LabelName
	case k == tDots:
		return Dots
	case isCommand(k):
		return Word
	case k == tEmbedded:
		return Embedded
	case k == tLBrace:
		return OpenBrace
	case k == tRBrace:
		return CloseBrace
	case k == tSystem:
		return SystemClass
	case k == tFunc && t.Value[0] != '&':
		return FunctionName
	case k == tSpecial && t.Value[0] != '&':
		return SpecialName
	}
	return Other
}
