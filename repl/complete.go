package repl

// Completion: the word before the cursor is completed from the tables of commands,
// functions, special variables and device keywords.

import (
	"sort"
	"strings"

	"cos/devices"
	"cos/lang"
	"cos/runtime"
)

// completer implements readline.AutoCompleter.
type completer struct{}

// Do gives the endings of the word before pos, and the length of that word.
func (completer) Do(line []rune, pos int) (endings [][]rune, length int) {
	start := pos
	for start > 0 && isWord(line[start-1]) {
		start--
	}
	word := string(line[start:pos])
	for _, full := range Complete(word) {
		endings = append(endings, []rune(full)[len([]rune(word)):])
	}
	return endings, pos - start
}

func isWord(c rune) bool {
	return c == '$' || c == '/' || c == '%' || c >= '0' && c <= '9' || c < 128 && isLetter(byte(c))
}

// Complete returns the words that word may become, in the case it is written in:
// $words are functions (with their parenthesis) and special variables, /words device
// keywords, others commands.
func Complete(word string) []string {
	var known []string
	switch {
	case strings.HasPrefix(word, "$"):
		for _, f := range runtime.FunctionDocs() {
			known = append(known, "$"+f.Name+"(")
		}
		for _, v := range runtime.SpecialDocs() {
			known = append(known, "$"+v.Name)
		}
	case strings.HasPrefix(word, "/"):
		for _, d := range drivers {
			for _, k := range devices.Keywords(d) {
				known = append(known, k.Name)
			}
		}
	case word != "":
		for _, c := range lang.Commands() {
			if !lang.Foreign(c.Name) {
				known = append(known, c.Name)
			}
		}
	}
	return matching(word, known)
}

// drivers are the devices with parameters.
var drivers = []string{"|TCP|", "0", "file"}

// matching are the known words that begin with word, each once.
func matching(word string, known []string) (out []string) {
	sort.Strings(known)
	lower := word == strings.ToLower(word)
	for i, k := range known {
		if k == "" || i > 0 && k == known[i-1] || !strings.HasPrefix(k, strings.ToUpper(word)) {
			continue
		}
		rest := k[len(word):]
		if lower {
			rest = strings.ToLower(rest)
		}
		out = append(out, word+rest)
	}
	return out
}
