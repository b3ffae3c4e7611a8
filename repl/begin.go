package repl

// What a prompt begins with: aliases from a file, in the manner of ~/.iris_init.

import (
	"fmt"
	"os"
	"strings"

	"cos/lang"
)

// begin reads the first file that exists. A line is "alias name commands", with or without
// a colon; blank lines and lines from #, ; or // on say nothing. Everything else is told
// and left out.
func (r *Prompt) begin() {
	for _, path := range r.Begin {
		b, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			r.tell(err.Error())
			return
		}
		for i, line := range strings.Split(string(b), "\n") {
			if wrong := r.beginLine(strings.TrimSpace(line)); wrong != "" {
				r.tell(fmt.Sprintf("%s:%d: %s", path, i+1, wrong))
			}
		}
		return
	}
}

// tell shows a line before the first prompt.
func (r *Prompt) tell(text string) {
	r.write(lang.Visible(text) + "\n")
	_ = r.flush()
}

// beginLine acts on a line and says what is wrong with it.
func (r *Prompt) beginLine(line string) string {
	if line == "" || line[0] == '#' || line[0] == ';' || strings.HasPrefix(line, "//") {
		return ""
	}
	word, rest, _ := strings.Cut(strings.TrimPrefix(line, ":"), " ")
	name, body, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if !strings.EqualFold(word, "alias") {
		return fmt.Sprintf("%q is not \"alias name commands\"", line)
	}
	if body = strings.TrimSpace(body); name == "" || body == "" {
		return "alias needs a name and commands: alias name commands"
	}
	r.setAlias(name, body)
	return ""
}
