package runtime

// ZWRITE and argumentless WRITE: variables as text that SET could read back.

import (
	"fmt"
	"sort"
	"strings"

	"cos/devices"
	"cos/lang"
)

// localNames lists the defined public variables, and the private ones that the
// running procedure sees, in ASCII order.
func (p *Process) localNames() []string {
	seen := map[string]bool{}
	for slot, v := range p.vars {
		if v.exists() {
			if name := p.sys.symbols.symbol(slot).name; name[0] != '^' {
				seen[name] = true
			}
		}
	}
	out := make([]string, 0, len(seen))
	for n := range seen {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// zwriteCmd is ZWRITE and argumentless WRITE, or ZWRITE of one variable or expression.
type zwriteCmd struct {
	v glvn
	x expr
}

func (c *compiler) zwrite(n lang.Node) command {
	switch n.(type) {
	case *lang.Var, *lang.Global, *lang.Naked, *lang.Indirect:
		return &zwriteCmd{v: c.glvn(n)}
	}
	return &zwriteCmd{x: c.expr(n)}
}

func (n *zwriteCmd) exec(p *Process) flow {
	switch {
	case n.x != nil:
		p.writeLine(quoteValue(n.x.eval(p)))
	case n.v != nil:
		r := n.v.resolve(p)
		p.zwriteReference(&r)
		r.drop(p)
	default:
		p.zwriteAll()
	}
	if err := p.io.current.Flush(devices.AtWriteEnd); err != nil {
		p.ioError(err, errWrite)
	}
	return flowNext
}

func (p *Process) zwriteAll() {
	private := false
	for _, which := range []bool{true, false} {
		slots := map[string]int{}
		var names []string
		for slot, v := range p.vars {
			if !v.exists() {
				continue
			}
			if s := p.sys.symbols.symbol(slot); s.private == which && s.name[0] != '^' {
				slots[s.name] = slot
				names = append(names, s.name)
			}
		}
		sort.Strings(names)
		if which && len(names) > 0 {
			private = true
			p.writeLine("<Private variables>")
		}
		if !which && private && len(names) > 0 {
			p.writeLine("<Public variables>")
		}
		for _, name := range names {
			p.zwriteTree(name, p.vars[slots[name]], nil)
		}
	}
}

// zwriteReference shows a variable and its descendants; an undefined one shows nothing.
func (p *Process) zwriteReference(r *reference) {
	if r.global != nil {
		p.zwriteGlobal(r)
		return
	}
	if v := p.findNode(r.slot, r.path); v != nil {
		p.zwriteTree(p.sys.symbols.symbol(r.slot).name, v, cloneValues(r.path))
	}
}

func (p *Process) zwriteTree(name string, v *Var, path []Value) {
	eachNode(name, v, path, p.writeLine)
}

// eachNode gives a variable and its descendants, a line each.
func eachNode(name string, v *Var, path []Value, line func(string)) {
	if v.kind != kindUndefined {
		line(formatName(name, path) + "=" + quoteValue(v.Value))
	}
	if v.nodes == nil {
		return
	}
	for k, ok := v.nodes.order(Empty, 1); ok; k, ok = v.nodes.order(k, 1) {
		eachNode(name, v.nodes.find(k), append(path[:len(path):len(path)], k), line)
	}
}

func (p *Process) writeLine(s string) {
	if err := p.io.current.Write(FromUTF8(s).device()); err != nil {
		p.ioError(err, errWrite)
	}
	if err := p.io.current.Format(devices.Newline, 0); err != nil {
		p.ioError(err, errWrite)
	}
}

// quoteValue is a value as ZWRITE shows it: numbers bare, strings quoted, control
// characters as $c(…), lists as $lb(…).
func quoteValue(v Value) string {
	switch v.kind {
	case kindNumber, kindDouble:
		return v.asText().text
	case kindObject:
		return quoteObject(v)
	}
	if v.kind == kindText && isCanonical(v.text) {
		return v.text
	}
	if isBitString(v) {
		return quoteBits(v)
	}
	if s, ok := quoteList(v); ok {
		return s
	}
	var b strings.Builder
	inQuotes, codes := false, []string(nil)
	flushCodes := func() {
		if len(codes) == 0 {
			return
		}
		if b.Len() > 0 {
			b.WriteByte('_')
		}
		fmt.Fprintf(&b, "$c(%s)", strings.Join(codes, ","))
		codes = nil
	}
	for _, r := range v.utf8() {
		if r < 32 || r == 127 {
			if inQuotes {
				b.WriteByte('"')
				inQuotes = false
			}
			codes = append(codes, itoa(int(r)))
			continue
		}
		flushCodes()
		if !inQuotes {
			if b.Len() > 0 {
				b.WriteByte('_')
			}
			b.WriteByte('"')
			inQuotes = true
		}
		if r == '"' {
			b.WriteByte('"')
		}
		b.WriteRune(r)
	}
	if inQuotes {
		b.WriteByte('"')
	}
	flushCodes()
	if b.Len() == 0 {
		return `""`
	}
	return b.String()
}

// quoteList shows a non-empty string that is a valid list as $lb(…).
func quoteList(v Value) (string, bool) {
	if v.kind != kindText || len(v.text) < 2 {
		return "", false
	}
	elements, ok := listElements(v.text)
	if !ok {
		return "", false
	}
	parts := make([]string, len(elements))
	for i, e := range elements {
		if e.defined() {
			parts[i] = quoteValue(e)
		}
	}
	return "$lb(" + strings.Join(parts, ",") + ")", true
}

// quoteBits shows a bit string as $zwc(…) with its positions as a comment.
func quoteBits(v Value) string {
	var b strings.Builder
	b.WriteString("$zwc(")
	for i := 0; i+1 < len(v.text); i += 2 {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(itoa(int(v.text[i]) | int(v.text[i+1])<<8))
	}
	b.WriteByte(')')
	if len(v.text)%2 == 1 {
		b.WriteString("_$c(" + itoa(int(v.text[len(v.text)-1])) + ")")
	}
	return b.String() + "/*$bit(" + (&Process{}).bitList(v) + ")*/"
}

// quoteObject is an object as ZWRITE shows it: a dynamic one as its JSON text, others
// with their class and oref.
func quoteObject(v Value) string {
	d, ok := v.object().state.(*dynamic)
	if !ok {
		return "<OBJECT REFERENCE>[" + orefText(v) + "]"
	}
	var b strings.Builder
	w := jsonWriter{flush: func(s []byte) error { b.Write(s); return nil }}
	if w.write(d) != nil {
		return "<OBJECT REFERENCE>[" + orefText(v) + "]"
	}
	return b.String() + "  ; <DYNAMIC " + upper(d.kindName()) + ">"
}
