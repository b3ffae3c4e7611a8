package runtime

// Globals as tools see them, outside any program: which there are, how large they are,
// whether they are sound. Their text formats are written by exchange_write.go and read by
// exchange_read.go.

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"
	"time"

	"cos/runtime/globals"
)

// Globals is a data directory opened for a tool, in one namespace. % globals are those of
// %SYS, as for programs. It is used by one goroutine at a time.
type Globals struct {
	store     store
	session   *globals.Session
	namespace string
	now       func() time.Time
}

// OpenGlobals opens the data directory of cfg; of the configuration only Namespace,
// DataDir, Durability and Now matter. Errors: an invalid namespace as *UsageError, and
// those of globals.Open.
func OpenGlobals(cfg Config) (*Globals, error) {
	g := &Globals{namespace: upper(cfg.Namespace), now: cfg.Now}
	if g.namespace == "" {
		g.namespace = "USER"
	}
	cfg.Namespace = g.namespace
	if err := cfg.checkNamespaces(); err != nil {
		return nil, err
	}
	if g.now == nil {
		g.now = time.Now
	}
	db, err := g.store.open(&cfg)
	if err != nil {
		return nil, err
	}
	if g.session, err = db.NewSession(); err != nil {
		g.store.close()
		return nil, err
	}
	return g, nil
}

// Close makes all changes durable as Config.Durability says and closes the directory.
func (g *Globals) Close() error {
	err := g.session.Barrier()
	if e := g.session.Close(); err == nil {
		err = e
	}
	g.store.close()
	return err
}

// Namespace is the namespace, in capitals.
func (g *Globals) Namespace() string { return g.namespace }

// Subtree is a node with its descendants.
type Subtree struct {
	Name      string // as $NAME writes it: ^a, ^a(1,"x")
	Namespace string // of the database that holds it
	key       []byte
}

// Count is how much work was done.
type Count struct {
	Globals int   `json:"globals"` // different ones
	Nodes   int64 `json:"nodes"`   // with a value
	Bytes   int64 `json:"bytes"`   // of the text on an export or import, otherwise of keys and values as stored
	Escaped int64 `json:"-"`       // values of an export to %GO that only cos reads back
}

// Progress is told now and then how far the work is; its error ends the work. It may be
// nil.
type Progress func(Count) error

// progressEvery is how many nodes pass between two calls of Progress.
const progressEvery = 1024

func (f Progress) tell(c *Count) error {
	if f == nil || c.Nodes%progressEvery != 0 {
		return nil
	}
	return f(*c)
}

// Select lists what patterns name, in collation order, each node once: a global's name,
// in which * stands for any characters and ? for one, or a reference with subscripts,
// which stands for that node and its descendants. The ^ may be missing. No patterns are
// all globals of the namespace. A pattern that matches nothing, or is none, is a
// *UsageError.
func (g *Globals) Select(patterns ...string) ([]Subtree, error) {
	if len(patterns) == 0 {
		return g.match(g.namespace, "*")
	}
	var all []Subtree
	for _, p := range patterns {
		found, err := g.find(p)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, &UsageError{fmt.Sprintf("nothing in namespace %s matches %s", g.space(strings.TrimPrefix(p, "^")), p)}
		}
		all = append(all, found...)
	}
	return distinct(all), nil
}

func (g *Globals) find(pattern string) ([]Subtree, error) {
	text := "^" + strings.TrimPrefix(pattern, "^")
	if name := text[1:]; !strings.Contains(name, "(") && strings.ContainsAny(name, "*?") {
		return g.match(g.space(name), name)
	}
	r := zwrText{s: text}
	key, err := r.reference(nil)
	if err == nil && r.at < len(text) {
		err = r.fail("the end of the reference is expected")
	}
	if err != nil {
		return nil, &UsageError{fmt.Sprintf("%s is neither a reference to a global nor a pattern: %v", pattern, err)}
	}
	s := g.subtree(key)
	d, err := g.session.Data(s.Namespace, s.key)
	if err != nil || d == 0 {
		return nil, err
	}
	return []Subtree{s}, nil
}

// match lists the globals whose names match a pattern.
func (g *Globals) match(space, pattern string) (list []Subtree, err error) {
	names, err := g.session.Names(space)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if ok, err := path.Match(pattern, name); err != nil {
			return nil, &UsageError{pattern + " is no pattern"}
		} else if ok {
			list = append(list, Subtree{Name: "^" + name, Namespace: space, key: globals.AppendName(nil, name)})
		}
	}
	return list, nil
}

func (g *Globals) subtree(key []byte) Subtree {
	name, _ := globals.SplitName(key)
	ref, _ := appendReference(nil, key, charsetUTF8)
	return Subtree{Name: string(ref), Namespace: g.space(string(name)), key: key}
}

// space is the namespace whose database holds a global.
func (g *Globals) space(name string) string {
	if strings.HasPrefix(name, "%") {
		return "%SYS"
	}
	return g.namespace
}

// distinct sorts subtrees and drops those within others.
func distinct(list []Subtree) []Subtree {
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if a.Namespace != b.Namespace {
			return a.Namespace < b.Namespace
		}
		return bytes.Compare(a.key, b.key) < 0
	})
	out := list[:0]
	for _, s := range list {
		if n := len(out); n == 0 || out[n-1].Namespace != s.Namespace || !bytes.HasPrefix(s.key, out[n-1].key) {
			out = append(out, s)
		}
	}
	return out
}

// Size counts the nodes of a subtree and their bytes, those of keys and values before
// the store compresses them.
func (g *Globals) Size(s Subtree, tell Progress) (Count, error) {
	c := Count{Globals: 1}
	err := g.session.Walk(s.Namespace, s.key, func(key, val []byte) error {
		c.Nodes++
		c.Bytes += int64(len(key) + len(val))
		return tell.tell(&c)
	})
	return c, err
}

// Kill removes a subtree.
func (g *Globals) Kill(s Subtree) error { return g.session.Kill(s.Namespace, s.key) }

// Compact gives back the room on the disk that removed and replaced nodes take: of the
// globals that the subtrees belong to, or with none of the whole data directory. Programs
// may go on. tell hears that done of total parts are finished.
func (g *Globals) Compact(ctx context.Context, list []Subtree, tell func(done, total int)) (globals.Footprint, error) {
	var names []globals.Global
	for _, s := range list {
		name, _ := globals.SplitName(s.key)
		if n := (globals.Global{NS: s.Namespace, Name: string(name)}); !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return g.store.db.Compact(ctx, names, tell)
}

// Verify walks a subtree forwards and backwards and reports every node that is not sound:
// keys that are malformed or out of order, values that are malformed, nodes that a direct
// look-up does not find or finds with another value, and walks that do not meet the same
// number of nodes. Count.Bytes is as for Size. Others may not change the subtree
// meanwhile.
func (g *Globals) Verify(s Subtree, tell Progress, report func(problem string)) (Count, error) {
	v := verifier{g: g, s: s, report: report}
	c := Count{Globals: 1}
	err := g.session.Walk(s.Namespace, s.key, func(key, val []byte) error {
		c.Nodes++
		c.Bytes += int64(len(key) + len(val))
		if err := v.node(key, val); err != nil {
			return err
		}
		return tell.tell(&c)
	})
	if err == nil {
		err = v.backwards(c.Nodes)
	}
	return c, err
}

type verifier struct {
	g       *Globals
	s       Subtree
	report  func(string)
	last    []byte // the key before
	scratch []byte
	data    []byte
}

func (v *verifier) bad(key []byte, format string, args ...any) {
	ref, err := appendReference(nil, key, charsetUTF8)
	if err != nil {
		ref = fmt.Appendf(nil, "%s, key %x", v.s.Name, key)
	}
	v.report(fmt.Sprintf("%s: %s", ref, fmt.Sprintf(format, args...)))
}

// node checks one node; its error is the store's.
func (v *verifier) node(key, val []byte) error {
	if v.last != nil && bytes.Compare(v.last, key) >= 0 {
		v.bad(key, "out of order")
	}
	v.last = append(v.last[:0], key...)
	var err error
	if v.scratch, err = reencode(v.scratch[:0], key); err != nil {
		v.bad(key, "malformed key")
	} else if !bytes.Equal(v.scratch, key) {
		v.bad(key, "the key is not in canonical form")
	}
	if problem := malformed(val); problem != "" {
		v.bad(key, "malformed value: %s", problem)
	}
	got, found, err := v.g.session.Get(v.s.Namespace, key, v.data[:0])
	if err != nil {
		return err
	}
	v.data = got
	if !found || !bytes.Equal(got, val) {
		v.bad(key, "a look-up does not find what the walk found")
	}
	return nil
}

// backwards counts the nodes from the last to the first.
func (v *verifier) backwards(want int64) error {
	var n int64
	at, next := append(bytes.Clone(v.s.key), 0xff), []byte(nil) // after all descendants
	for {
		var found bool
		var err error
		next, v.data, found, err = v.g.session.Query(v.s.Namespace, at, -1, next[:0], v.data[:0])
		if err != nil {
			return err
		}
		if !found || !bytes.HasPrefix(next, v.s.key) {
			break
		}
		n++
		at, next = next, at
	}
	if n != want {
		v.report(fmt.Sprintf("%s: %d nodes forwards, %d backwards", v.s.Name, want, n))
	}
	return nil
}

// reencode takes a key apart and puts it together again.
func reencode(dst, key []byte) ([]byte, error) {
	name, rest := globals.SplitName(key)
	dst = globals.AppendName(dst, string(name))
	for len(rest) > 0 {
		s, more, err := globals.NextSubscript(rest)
		if err != nil {
			return dst, err
		}
		dst = appendKeyPart(dst, subscriptValue(s))
		rest = more
	}
	return dst, nil
}

// malformed says what is wrong with a stored value, "" when nothing is.
func malformed(val []byte) string {
	v := decodeValue(val)
	switch {
	case len(val) == 0:
		return "no tag"
	case !bytes.Equal(encodeValue(nil, v), val):
		return fmt.Sprintf("tag %q with %d bytes", val[0], len(val)-1)
	case v.kind == kindWide && len(v.text)%2 != 0:
		return "half a wide character"
	case v.length() > maxString:
		return fmt.Sprintf("%d characters", v.length())
	}
	return ""
}
