package golden

// How far a run is: one line on a terminal, redrawn as files begin and end.

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"cos/lang"
)

type progress struct {
	to io.Writer // nil: nobody looks

	mu     sync.Mutex
	total  int
	done   int
	failed int
	now    []string // files being played
	drawn  bool
}

// progressWidth is what a narrow terminal shows on one line.
const progressWidth = 79

func (p *progress) begin(total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total, p.done, p.failed = total, 0, 0
	p.draw()
}

func (p *progress) starts(path string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = append(p.now, path)
	p.draw()
}

func (p *progress) ends(r *Report) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.now, r.Path); i >= 0 {
		p.now = slices.Delete(p.now, i, i+1)
	}
	p.done++
	if r.Err != nil {
		p.failed++
	}
	p.draw()
}

// aside takes the line away while something else is written.
func (p *progress) aside(write func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	write()
	p.draw()
}

func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	p.total = 0
}

func (p *progress) draw() {
	if p.to == nil || p.total == 0 {
		return
	}
	line := fmt.Sprintf("%d/%d", p.done, p.total)
	if p.failed > 0 {
		line += fmt.Sprintf(", %d failed", p.failed)
	}
	var names []string
	for _, path := range p.now {
		names = append(names, lang.Visible(strings.TrimSuffix(filepath.Base(path), ".session")))
	}
	line = strings.TrimRight(line+"  "+strings.Join(names, " "), " ")
	if r := []rune(line); len(r) > progressWidth {
		line = string(r[:progressWidth-1]) + "…"
	}
	fmt.Fprint(p.to, "\r\x1b[K", line)
	p.drawn = true
}

func (p *progress) erase() {
	if p.drawn {
		fmt.Fprint(p.to, "\r\x1b[K")
		p.drawn = false
	}
}
