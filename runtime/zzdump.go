package runtime

// ZZDUMP and ZZWRITE: values for people who look at single characters.

import (
	"fmt"
	"strings"

	"cos/devices"
	"cos/lang"
)

// ZZDUMP expression
//
// zzdumpCmd writes an empty line and then 16 characters a line: position, codes in
// hexadecimal, and the characters, a dot for those that cannot be shown. A string with
// wide characters has 8 a line, with four digits each (spec §6.5).
type zzdumpCmd struct{ x expr }

func (n *zzdumpCmd) exec(p *Process) flow {
	v := n.x.eval(p).asText()
	p.writeLine("")
	per, digits := 16, 2
	if v.kind == kindWide {
		per, digits = 8, 4
	}
	for at := 0; at < v.length(); at += per {
		var codes, shown strings.Builder
		for i := at; i < min(at+per, v.length()); i++ {
			c := v.char(i)
			fmt.Fprintf(&codes, "%0*X ", digits, c)
			if c < ' ' || c == 127 || c > 127 && c < 160 {
				c = '.'
			}
			shown.WriteRune(rune(c))
		}
		p.writeLine(fmt.Sprintf("%04X: %-*s        %s", at, per*(digits+1), codes.String(), shown.String()))
	}
	if v.length() == 0 {
		p.writeLine("")
	}
	return p.flushWritten()
}

// ZZWRITE expression: %val= and the value as ZWRITE shows it
type zzwriteCmd struct{ x expr }

func (n *zzwriteCmd) exec(p *Process) flow {
	v := n.x.eval(p)
	p.writeLine("%val=" + quoteValue(v))
	return p.flushWritten()
}

// zzwrite compiles ZZWRITE; without an argument it lists the local variables, as ZWRITE.
func (c *compiler) zzwrite(a *lang.ExprArg) command {
	if a == nil {
		return &zwriteCmd{}
	}
	return &zzwriteCmd{c.expr(a.X.X)}
}

// flushWritten ends a command that wrote.
func (p *Process) flushWritten() flow {
	if err := p.io.current.Flush(devices.AtWriteEnd); err != nil {
		p.ioError(err, errWrite)
	}
	return flowNext
}
