package runtime

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/lang"
)

// corpus is all transcripts and the tests' programs, in upper case: what rows must
// appear in.
func corpus(t *testing.T) string {
	var b strings.Builder
	for _, pattern := range []string{"testdata/*.t", "*_test.go", "../scripts/manual/*", "../scripts/net/*", "../scripts/devices/*", "../scripts/library/*", "../scripts/cft/*", "../repl/cli/*_test.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, f := range files {
			text, err := os.ReadFile(f)
			require.NoError(t, err)
			b.Write(text)
		}
	}
	return strings.ToUpper(b.String())
}

// TestTablesAreHonest: every row is documented, its name is its own, and some test uses
// it. A row without a test fails here.
func TestTablesAreHonest(t *testing.T) {
	text := corpus(t)
	used := func(pattern string) bool { return regexp.MustCompile(pattern).MatchString(text) }
	seen := map[string]bool{}
	for _, table := range functionTables() {
		for _, f := range table {
			assert.NotEmpty(t, f.Doc, f.Name)
			assert.Contains(t, f.Syntax, "$"+f.Name, f.Name)
			assert.Falsef(t, seen[f.Name], "function $%s has two rows", f.Name)
			seen[f.Name] = true
			assert.Truef(t, f.Fn != nil || f.compile != nil, "$%s does nothing", f.Name)
			assert.Truef(t, used(`\$(`+f.Name+`|`+f.Abbr+`)\(`), "no test uses $%s", f.Name)
		}
	}
	seen = map[string]bool{}
	for _, s := range specials {
		assert.NotEmpty(t, s.Doc, s.Name)
		assert.Falsef(t, seen[s.Name], "special variable $%s has two rows", s.Name)
		seen[s.Name] = true
		assert.Truef(t, used(`\$(`+s.Name+`|`+s.Abbr+`)\b[^(]`), "no test uses $%s", s.Name)
	}
	for _, c := range classIndex {
		if strings.HasPrefix(c.Name, "%Test.") {
			continue
		}
		assert.NotEmpty(t, c.Doc, c.Name)
		for _, m := range c.Methods {
			assert.NotEmpty(t, m.Doc, c.Name+"."+m.Name)
			assert.Truef(t, used(`\.`+strings.ToUpper(m.Name)+`\b`), "no test uses %s.%s", c.Name, m.Name)
		}
		for _, r := range c.Properties {
			assert.NotEmpty(t, r.Doc, c.Name+"."+r.Name)
			assert.Truef(t, used(`\.`+strings.ToUpper(r.Name)+`\b`), "no test uses %s.%s", c.Name, r.Name)
		}
		for _, r := range c.Parameters {
			assert.NotEmpty(t, r.Doc, c.Name+"."+r.Name)
			assert.Truef(t, used(`"`+strings.ToUpper(r.Name)+`"`), "no test uses %s.%s", c.Name, r.Name)
		}
	}
	for _, k := range ErrorKinds() {
		assert.NotEmpty(t, k.Doc, k.Name)
	}
	for _, c := range lang.Commands() {
		if c.Origin == "M" || c.Origin == "Caché" {
			assert.NotEmpty(t, c.Doc, c.Name)
		}
	}
	for name := range simpleCommands {
		_, ok := lang.LookupCommand(name)
		assert.Truef(t, ok, "command %s has no row in lang", name)
	}
}

// TestZutilTable: every row of $ZUTIL is documented and used by a test, and no row hides
// behind another.
func TestZutilTable(t *testing.T) {
	text := corpus(t)
	seen := map[string]bool{}
	for i, r := range zutils {
		name := strings.FieldsFunc(r.Syntax, func(c rune) bool { return c == '[' || c == ')' || c == '…' })[0]
		assert.NotEmpty(t, r.Doc, name)
		assert.Falsef(t, seen[r.Syntax], "%s has two rows", r.Syntax)
		seen[r.Syntax] = true
		call := regexp.QuoteMeta(strings.TrimPrefix(strings.Split(name, ",name")[0], "$ZUTIL("))
		call = strings.ReplaceAll(strings.TrimSuffix(call, ","), ",n$", "")
		call = regexp.MustCompile(`,(n|pid)$`).ReplaceAllString(call, "")
		assert.Truef(t, regexp.MustCompile(`\$ZU(TIL)?\(`+call+`[,)]`).MatchString(text), "no test uses %s", r.Syntax)
		for _, later := range zutils[i+1:] {
			assert.Falsef(t, later.Number == r.Number && (r.Sub < 0 || later.Sub == r.Sub), "%s hides %s", r.Syntax, later.Syntax)
		}
	}
	assert.Equal(t, []bool{true, true, true, false, false, false}, known(t, [2]int{68, 55}, [2]int{68, 54}, [2]int{999, 0}))
}

func known(t *testing.T, calls ...[2]int) (out []bool) {
	t.Helper()
	for _, c := range calls {
		function, code := ZutilKnown(c[0], c[1])
		out = append(out, function, code)
	}
	return out
}
