package repl

// Completion of lines that are for the prompt itself: :commands, ?topics, !shell.

import "strings"

// own completes such a line; ok is false for any other.
func (p *place) own() (word string, words []string, ok bool) {
	line := strings.TrimLeft(p.before, " \t")
	switch {
	case strings.HasPrefix(line, "?"):
		if words = memberTopics(line[1:]); words == nil {
			words = inCase(line[1:], distinct(Topics()))
		}
		return line[1:], words, true
	case strings.HasPrefix(line, "!"):
		word = line[strings.LastIndexAny(line, " !")+1:]
		return word, files(word, ""), true
	case !strings.HasPrefix(line, ":"):
		return "", nil, false
	}
	name, rest, given := strings.Cut(line[1:], " ")
	if !given {
		for _, s := range shortcuts {
			words = append(words, ":"+s.name)
		}
		for name := range p.r.aliases {
			words = append(words, ":"+name)
		}
		return line, distinct(words), true
	}
	word = rest[strings.LastIndexByte(rest, ' ')+1:]
	if row := findShortcut(name); row != nil && row.words != nil {
		words = row.words(p.r, word)
	}
	return word, words, true
}

// Words that may stand behind a shortcut.
func (r *Prompt) aliasNames(string) (names []string) {
	for name := range r.aliases {
		names = append(names, name)
	}
	return distinct(names)
}

func filesOf(_ *Prompt, word string) []string { return files(word, "") }

func (r *Prompt) routinesAndFiles(word string) []string {
	if strings.HasPrefix(word, "^") {
		var names []string
		for _, name := range r.Process.System().Routines() {
			names = append(names, "^"+name)
		}
		return names
	}
	return append(files(word, ""), r.Process.System().Routines()...)
}

func traceWords(_ *Prompt, word string) []string {
	return append([]string{"off", "on"}, files(word, "")...)
}
