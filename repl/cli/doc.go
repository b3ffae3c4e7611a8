package cli

// cos doc: the reference in the terminal. It is the pager's sibling of cos help: the same
// words for one topic, and whole sections besides.

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"

	"cos/lang"
	"cos/repl"
)

type docVerb struct {
	Topic []string `arg:"" optional:"" predictor:"topic" help:"A command, function, variable, operator, class, keyword or error (OPEN, $PIECE, %SYSTEM.Process, /ACCEPT, <READ>), a section such as Commands, or all; what there is when none is given."`
}

func (*docVerb) Help() string {
	return `On a terminal the text goes through $PAGER (less when it is not set; none when it is empty). A shell
wants $ quoted: cos doc '$PIECE'. docs/language.md is the same text.`
}

func (v *docVerb) run(a *app) int {
	topic := strings.Join(v.Topic, " ")
	text, err := reference(topic)
	if err != nil {
		return a.usage("%v", err)
	}
	return a.page(text + "\n")
}

// reference is the text of a topic, of a section, or of all.
func reference(topic string) (string, error) {
	switch {
	case topic == "":
		return repl.Help("") + "\nSections: " + strings.Join(repl.Sections(), ", ") + ", all.", nil
	case strings.EqualFold(topic, "all"):
		var all []string
		for _, title := range repl.Sections() {
			text, _ := repl.Section(title)
			all = append(all, text)
		}
		return strings.Join(all, "\n\n"), nil
	}
	if text, ok := repl.Section(topic); ok {
		return text, nil
	}
	return explained(topic, repl.Sections())
}

// explained is what is known of a topic of the language. others are the names that are
// topics too where it is asked.
func explained(topic string, others []string) (string, error) {
	if text, ok := repl.Explain(topic); ok {
		return text, nil
	}
	return "", fmt.Errorf("nothing is known of %s%s", topic, nearby(topic, append(others, repl.Topics()...)))
}

// mostNear is how many names a miss shows.
const mostNear = 6

// nearby names what was probably meant: the nearest name, and those that hold the word.
func nearby(word string, known []string) string {
	var near []string
	for _, w := range []string{word, strings.ToUpper(word)} {
		if one := lang.Nearest(w, known); one != "" && !slices.Contains(near, one) {
			near = append(near, one)
		}
	}
	for _, k := range known {
		if len(word) > 2 && len(near) < mostNear && strings.Contains(strings.ToUpper(k), strings.ToUpper(word)) && !slices.Contains(near, k) {
			near = append(near, k)
		}
	}
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, ", ") + "?"
}

// page shows text: through a pager on a terminal, plain otherwise.
func (a *app) page(text string) int {
	pager, set := os.LookupEnv("PAGER")
	if !set {
		pager = "less"
		if _, err := exec.LookPath(pager); err != nil {
			pager = ""
		}
	}
	if pager == "" || !repl.IsTerminal(a.stdout) {
		if _, err := io.WriteString(a.stdout, text); err != nil {
			return exitError
		}
		return 0
	}
	c := exec.Command("/bin/sh", "-c", pager)
	if comspec := os.Getenv("ComSpec"); comspec != "" {
		c = exec.Command(comspec, "/c", pager)
	}
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(text), a.stdout, a.stderr
	if _, set := os.LookupEnv("LESS"); !set {
		c.Env = append(os.Environ(), "LESS=FRX")
	}
	var exit *exec.ExitError
	if err := c.Run(); err != nil && !errors.As(err, &exit) { // a pager may end before the text does
		return a.fail(err)
	}
	return 0
}
