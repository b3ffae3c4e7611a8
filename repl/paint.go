package repl

// Colours of a line while it is typed. What is what the lexer of lang decides.

import (
	"os"
	"strings"
	"sync"
	"unicode/utf8"

	"cos/lang"
	"cos/runtime"
)

// theme is a colour for each class of which there is one, as terminals take it.
var theme = map[lang.SpanClass]string{
	lang.CommandWord:   "1;34",
	lang.UnknownWord:   "31",
	lang.EntryName:     "33",
	lang.RoutineName:   "33",
	lang.GlobalName:    "36",
	lang.DollarCall:    "35",
	lang.DollarName:    "35",
	lang.MacroName:     "35",
	lang.ClassName:     "36",
	lang.MemberName:    "36",
	lang.KeywordName:   "35",
	lang.StringLiteral: "32",
	lang.OpenString:    "32",
	lang.NumberLiteral: "36",
	lang.PatternCode:   "32",
	lang.Comment:       "90",
	lang.Directive:     "90",
	lang.Misplaced:     "31",
}

// painted is how long a line may be that is coloured.
const painted = 1 << 14

// Colours tells whether a person wants them (https://no-color.org) and the terminal has
// them.
func Colours() bool {
	kind := os.Getenv("TERM")
	return os.Getenv("NO_COLOR") == "" && kind != "" && kind != "dumb"
}

// paint gives each character its colour, nil for none. A word that is still being typed, up
// to the cursor at, is no unknown command yet.
func paint(text []rune, at int) []string {
	if len(text) == 0 || len(text) > painted {
		return nil
	}
	colours := make([]string, len(text))
	source := string(text)
	if strings.ContainsRune(":!?", text[0]) { // a line for the prompt itself
		word := len([]rune(strings.SplitN(source, " ", 2)[0]))
		if text[0] != ':' {
			word = 1
		}
		for i := range word {
			colours[i] = theme[lang.CommandWord]
		}
		return colours
	}
	char, offset := 0, 0 // a character and the byte it begins at
	for _, s := range lang.Spans(source) {
		for ; offset < s.From; char++ {
			offset += utf8.RuneLen(text[char])
		}
		from := char
		for ; offset < s.To; char++ {
			offset += utf8.RuneLen(text[char])
		}
		colour := theme[s.Class]
		switch word := source[s.From:s.To]; s.Class {
		case lang.UnknownWord:
			if char == at {
				colour = ""
			}
		case lang.DollarCall, lang.DollarName:
			if word != "$$" && !strings.HasPrefix(word, "$&") && char != at && !knownName(word) {
				colour = theme[lang.UnknownWord]
			}
		}
		for i := from; i < char; i++ {
			colours[i] = colour
		}
	}
	return colours
}

// names are the names of functions and special variables with their $, for knownName.
var names = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, list := range [][]runtime.Doc{runtime.FunctionDocs(), runtime.SpecialDocs()} {
		for _, d := range list {
			m["$"+d.Name], m["$"+d.Abbr] = true, true
		}
	}
	return m
})

// knownName tells whether a $NAME means something; of $SYSTEM.Name the first part.
func knownName(word string) bool {
	name, _, _ := strings.Cut(strings.ToUpper(word), ".")
	return names()[name] || name == "$SYSTEM"
}
