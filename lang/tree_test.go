package lang

// The golden trees of testdata/*.t. The first line of a file tells what its sources
// are. A case is a routine, or one line of anything else with ⏎ for a line end; the tree
// and the errors follow behind tabs. go test -update rewrites what stands behind them.

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestTrees(t *testing.T) {
	files, err := filepath.Glob("testdata/*.t")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { checkGolden(t, file) })
	}
}

// checkGolden runs the cases of one file.
func checkGolden(t *testing.T, file string) {
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
	kind, ok := strings.CutPrefix(lines[0], "# sources: ")
	require.True(t, ok, "the first line must be # sources: routine, commands, expressions or entryrefs")
	out := lines[:1:1]
	cases := 0
	for i := 1; i < len(lines); {
		if lines[i] == "" || strings.HasPrefix(lines[i], "# ") {
			out = append(out, lines[i])
			i++
			continue
		}
		var source, want []string
		for ; i < len(lines) && lines[i] != "" && !strings.HasPrefix(lines[i], "\t"); i++ {
			source = append(source, lines[i])
			if kind != "routine" {
				i++
				break
			}
		}
		for ; i < len(lines) && strings.HasPrefix(lines[i], "\t"); i++ {
			want = append(want, lines[i])
		}
		got := treeOf(kind, strings.ReplaceAll(strings.Join(source, "\n"), "⏎", "\n"))
		out = append(append(out, source...), got...)
		cases++
		if !*update {
			assert.Equal(t, strings.Join(want, "\n"), strings.Join(got, "\n"), "%s", strings.Join(source, "\n"))
		}
	}
	require.Positive(t, cases)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(strings.Join(out, "\n")+"\n"), 0o644))
	}
}

// treeOf parses a source and prints its tree and its errors behind tabs.
func treeOf(kind, source string) []string {
	d := &dumper{}
	switch kind {
	case "routine":
		d.routine(ParseRoutine("", source))
	case "commands":
		r, _ := ParseCommands(source)
		d.routine(r)
	case "expressions":
		x, err := ParseExpr(source)
		if err != nil {
			return []string{"\t" + err.Error()}
		}
		d.add("%s", show(x))
	case "entryrefs":
		a, err := ParseEntryref(source)
		if err != nil {
			return []string{"\t" + err.Error()}
		}
		d.value("Entry", reflect.ValueOf(a))
	}
	return d.out
}

// dumper prints commands by reflection, leaving out what is zero.
type dumper struct {
	out    []string
	indent int
}

func (d *dumper) add(format string, args ...any) {
	d.out = append(d.out, strings.Repeat("\t", d.indent+1)+fmt.Sprintf(format, args...))
}

func (d *dumper) routine(r *Routine) {
	d.lines(r.Lines)
	for _, e := range r.Errors {
		d.add("%s", e.Error())
	}
}

func (d *dumper) lines(lines []*Line) {
	for _, l := range lines {
		head := fmt.Sprintf("line %d", l.Number)
		if l.Level > 0 {
			head += fmt.Sprintf(" level %d", l.Level)
		}
		d.add("%s", head)
		d.indent++
		if l.Label != nil {
			d.value("Label", reflect.ValueOf(l.Label))
		}
		for _, c := range l.Commands {
			d.command(c)
		}
		d.indent--
	}
}

func (d *dumper) command(c Command) {
	h := c.Start()
	head := h.Verb
	if h.Post != nil {
		head += ":" + show(h.Post.X)
	}
	if b, ok := c.(*Bad); ok {
		d.add("Bad %s %d:%d", head, b.Err.Pos.Line, b.Err.Pos.Column)
		return
	}
	d.add("%s", head)
	d.indent++
	d.fields(reflect.ValueOf(c).Elem())
	d.indent--
}

func (d *dumper) fields(v reflect.Value) {
	for i := 0; i < v.NumField(); i++ {
		if f := v.Type().Field(i); f.Name != "Head" && f.Name != "Pos" && f.Name != "End" && !v.Field(i).IsZero() {
			d.value(f.Name, v.Field(i))
		}
	}
}

func (d *dumper) value(name string, v reflect.Value) {
	switch x := v.Interface().(type) {
	case *Expr:
		if x == nil { // left out between commas
			d.add("%s", name)
			return
		}
		d.add("%s %s", name, show(x.X))
		return
	case Node:
		d.add("%s %s", name, show(x))
		return
	case *Entryref:
		d.add("%s %s", name, showEntry(x))
		return
	case *Block:
		d.add("%s %d:%d to %d:%d", name, x.Pos.Line, x.Pos.Column, x.End.Line, x.End.Column)
		d.indent++
		d.lines(x.Lines)
		d.indent--
		return
	case []*Actual:
		d.add("%s %s", name, showActuals(x))
		return
	case *string:
		d.add("%s %q", name, *x)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		d.add("%s", name)
		d.indent++
		d.fields(v.Elem())
		d.indent--
	case reflect.Slice:
		for i := 0; i < v.Len(); i++ {
			d.value(strings.TrimSuffix(name, "s"), v.Index(i))
		}
	default:
		d.add("%s %v", name, v.Interface())
	}
}

// show prints an expression as a list with its operator first.
func show(n Node) string {
	switch n := n.(type) {
	case nil:
		return "-"
	case *Num:
		return n.Text
	case *Str:
		return fmt.Sprintf("%q", n.Value)
	case *Var:
		return n.Name + showNodes(n.Subs, "()")
	case *Global:
		env := ""
		if n.Env != nil {
			env = "|" + strings.Trim(showNodes(n.Env, "  "), " ") + "|"
		}
		if n.Private {
			env = "||"
		}
		return "^" + env + n.Name + showNodes(n.Subs, "()")
	case *Naked:
		return "^" + showNodes(n.Subs, "()")
	case *Indirect:
		s := "(@ " + show(n.Of)
		for _, subs := range n.Subs {
			s += " " + showNodes(subs, "()")
		}
		return s + ")"
	case *Unary:
		return "(" + n.Op + " " + show(n.X) + ")"
	case *Binary:
		return "(" + n.Op + " " + show(n.L) + " " + show(n.R) + ")"
	case *Pattern:
		op, pat := "?", n.Pattern
		if n.Not {
			op = "'?"
		}
		if n.Indirect != nil {
			pat = "@" + show(n.Indirect)
		}
		return "(" + op + " " + show(n.X) + " " + pat + ")"
	case *Call:
		return "$" + n.Name + "(" + strings.Trim(showNodes(n.Args, "  "), " ") + ")"
	case *Pair:
		return show(n.L) + ":" + show(n.R)
	case *Last:
		if n.X == nil {
			return "*"
		}
		return "*" + show(n.X)
	case *EntryNode:
		return "entry " + showEntry(n.Entry)
	case *Special:
		return "$" + n.Name
	case *Extrinsic:
		s := "$$ " + showEntry(n.Entry)
		if n.Parens {
			s += showActuals(n.Actual)
		}
		return s
	case *Macro:
		return "$$$" + n.Name
	case *Class:
		return "##class(" + n.Name + ")"
	case *This:
		return "."
	case *System:
		return "$SYSTEM." + n.Name
	case *Member:
		s := show(n.Of) + "." + n.Name
		if n.Parens {
			s += showActuals(n.Actual)
		}
		return s
	case *ByRef:
		return "." + show(n.X)
	case *Spread:
		return show(n.X) + "..."
	case *JSONWord:
		return n.Word
	case *JSON:
		if n.Array {
			return showNodes(n.Vals, "[]")
		}
		parts := make([]string, len(n.Vals))
		for i, v := range n.Vals {
			parts[i] = fmt.Sprintf("%q:%s", n.Keys[i], show(v))
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
	return fmt.Sprintf("%T?", n)
}

func showNodes(nodes []Node, around string) string {
	if nodes == nil && around != "[]" {
		return ""
	}
	parts := make([]string, len(nodes))
	for i, n := range nodes {
		parts[i] = show(n)
	}
	return around[:1] + strings.Join(parts, ",") + around[1:]
}

func showActuals(list []*Actual) string {
	parts := make([]string, len(list))
	for i, a := range list {
		parts[i] = show(a.X)
		if a.ByRef {
			parts[i] = "." + parts[i]
		}
		if a.Variadic {
			parts[i] += "..."
		}
	}
	return "(" + strings.Join(parts, ",") + ")"
}

func showEntry(e *Entryref) string {
	s := e.Label
	if e.LabelAt != nil {
		s += show(e.LabelAt)
	}
	if e.Offset != nil {
		s += "+" + show(e.Offset)
	}
	if e.Caret {
		s += "^" + e.Routine
	}
	if e.RoutineAt != nil {
		s += show(e.RoutineAt)
	}
	if e.Namespace != nil {
		s += " in " + show(e.Namespace)
	}
	if e.System != nil {
		s += " on " + show(e.System)
	}
	return s
}
