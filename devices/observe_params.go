package devices

// Parameter lists as an observer may see them.

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// secretive are the keywords whose value holds a password between bars: cfg|password|host
// (manual, "TLS Keyword").
var secretive = []string{"/TLS", "/SSL"}

// hidden stands where a password stood.
const hidden = "***"

// String shows the list as a program would write it, (a:"b":/KEY=c), with passwords
// hidden. Characters that do not print are left as they are.
func (p Params) String() string {
	if len(p) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteByte('(')
	for i, a := range p {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(a.Key)
		if !a.Set {
			continue
		}
		if a.Key != "" {
			b.WriteByte('=')
		}
		v := a.Value.UTF8()
		if slices.Contains(secretive, a.Key) {
			v = withoutPassword(v)
		}
		if _, err := strconv.ParseInt(v, 10, 64); err != nil {
			v = `"` + strings.ReplaceAll(v, `"`, `""`) + `"`
		}
		b.WriteString(v)
	}
	b.WriteByte(')')
	return b.String()
}

// withoutPassword hides the second part of cfg|password|host.
func withoutPassword(v string) string {
	parts := strings.Split(v, "|")
	if len(parts) > 1 && parts[1] != "" {
		parts[1] = hidden
	}
	if len(parts) > 3 { // a password with a bar in it is no reason to show its rest
		parts = []string{parts[0], hidden}
	}
	return strings.Join(parts, "|")
}

// UTF8 returns the text in UTF-8.
func (t Text) UTF8() string {
	if !t.Wide {
		r := make([]rune, len(t.S))
		for i := range len(t.S) {
			r[i] = rune(t.S[i])
		}
		return string(r)
	}
	units := make([]uint16, len(t.S)/2)
	for i := range units {
		units[i] = uint16(t.S[2*i]) | uint16(t.S[2*i+1])<<8
	}
	return string(utf16.Decode(units))
}
