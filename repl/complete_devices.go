package repl

// Completion: the parameters of devices, and what stands in strings.

import (
	"os"
	"path/filepath"
	"strings"

	"cos/devices"
	"cos/lang"
)

// drivers are the devices with parameters.
var drivers = []string{"|TCP|", "0", "file"}

// argument is the argument of OPEN or USE that the cursor stands in.
type argument struct {
	driver     string // as Keywords takes it, "" when nobody knows
	position   int    // of the parameter, from 0; -1 outside of the parameters
	parameters bool
}

// deviceArgument looks back from the span i for the device and counts what stands between.
func (p *place) deviceArgument(i int) (a argument, ok bool) {
	a.position = -1
	depth, colons := 0, 0
	for i--; i >= 0; i-- {
		word := p.before[p.spans[i].From:p.spans[i].To]
		switch c := p.spans[i].Class; {
		case c == lang.Closing:
			depth++
		case c == lang.Opening && depth > 0:
			depth--
		case c == lang.Opening: // of the parameters
			a.parameters, a.position, colons = true, colons, 0
		case c == lang.Colon && depth == 0:
			colons++
		case c == lang.Comma && depth == 0 && !a.parameters:
			return a, false // another argument: OPEN has but one list
		case c == lang.CommandWord && depth == 0:
			word = strings.ToUpper(word)
			if !strings.HasPrefix("OPEN", word) && !strings.HasPrefix("USE", word) && !strings.HasPrefix("CLOSE", word) {
				return a, false
			}
			if !a.parameters && colons == 1 {
				a.position = 0 // OPEN file:"R"
			}
			a.driver = p.driver(i + 1)
			return a, colons > 0
		}
	}
	return a, false
}

// driver is the kind of the device that the span i names: text, a variable or a number.
func (p *place) driver(i int) string {
	if i >= len(p.spans) {
		return ""
	}
	word, name := p.before[p.spans[i].From:p.spans[i].To], ""
	switch p.spans[i].Class {
	case lang.StringLiteral:
		name = strings.Trim(word, `"`)
	case lang.VariableName:
		name, _ = p.r.Process.Local(word)
	case lang.NumberLiteral, lang.DollarName:
		name = word
	}
	switch {
	case name == "":
		return ""
	case name == "0" || strings.HasPrefix(strings.ToUpper(name), "$P"):
		return "0"
	case strings.HasPrefix(strings.ToUpper(name), "|TCP|"):
		return "|TCP|"
	case strings.HasPrefix(name, "|"):
		return name
	}
	return "file"
}

// device tells that the cursor stands among the parameters of a device.
func (p *place) device() bool {
	_, ok := p.deviceArgument(len(p.spans))
	return ok
}

// keywords are those of the device, of every one when nobody knows which it is.
func (p *place) keywords() (words []string) {
	a, _ := p.deviceArgument(len(p.spans))
	kinds := drivers
	if a.driver != "" {
		kinds = []string{a.driver}
	}
	for _, d := range kinds {
		for _, k := range devices.Keywords(d) {
			words = append(words, k.Name)
		}
	}
	return inCase(p.match[1], distinct(words))
}

// inString completes in a string that is not closed: the mode letters of a device, the
// namespaces behind ZN, and otherwise files.
func (p *place) inString(span lang.Span) completion {
	text := p.before[span.From+1:]
	i := len(p.spans) - 1
	if letters, ok := p.modeLetters(i, text); ok {
		return completion{from: len([]rune(p.before)), words: letters}
	}
	if i > 0 && p.spans[i-1].Class == lang.CommandWord {
		if word := strings.ToUpper(p.before[p.spans[i-1].From:p.spans[i-1].To]); word == "ZN" || word == "ZNSPACE" {
			return p.completion(text, distinct([]string{"%SYS\"", "USER\"", p.r.Process.Namespace() + "\""}), false)
		}
	}
	return p.completion(text, files(text, `"`), false)
}

// modeLetters are the letters that a mode string does not have yet; ok is false where no
// mode string stands.
func (p *place) modeLetters(i int, text string) (letters []string, ok bool) {
	a, ok := p.deviceArgument(i)
	if !ok || a.driver == "" {
		return nil, false
	}
	named := i > 0 && p.spans[i-1].Class == lang.Operator // /KEYWORD=
	for _, k := range devices.Keywords(a.driver) {
		if !strings.Contains(k.Doc, "mode string") {
			continue
		}
		keyword := ""
		if named && i > 1 {
			keyword = strings.ToUpper(p.before[p.spans[i-2].From:p.spans[i-2].To])
		}
		if named && keyword != k.Name && !contains(k.Abbrs, keyword) || !named && k.Position != a.position+1 {
			continue
		}
		for _, l := range devices.ModeLetters(a.driver) {
			if !strings.Contains(strings.ToUpper(text), string(rune(l.Letter))) {
				letters = append(letters, string(rune(l.Letter)))
			}
		}
		return letters, true
	}
	return nil, false
}

// files are the files that a path may become; closed is put behind one that is no folder.
func files(path, closed string) (out []string) {
	dir, base := filepath.Split(path)
	where := dir
	if where == "" {
		where = "."
	}
	if rest, ok := strings.CutPrefix(where, "~/"); ok && closed == "" {
		if home, err := os.UserHomeDir(); err == nil {
			where = filepath.Join(home, rest)
		}
	}
	f, err := os.Open(where)
	if err != nil {
		return nil
	}
	defer f.Close()
	for {
		entries, err := f.ReadDir(1000)
		for _, e := range entries {
			name := e.Name()
			if !strings.HasPrefix(name, base) || strings.HasPrefix(name, ".") && base == "" {
				continue
			}
			info, failed := os.Stat(filepath.Join(where, name))
			if failed == nil && info.IsDir() {
				out = append(out, dir+name+"/")
			} else {
				out = append(out, dir+name+closed)
			}
		}
		if err != nil || len(entries) == 0 {
			return distinct(out)
		}
	}
}
