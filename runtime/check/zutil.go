package check

// $ZUTIL calls: numbers that raise <FUNCTION>, and sub-codes that do nothing.

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"unicode/utf8"

	"cos/lang"
	"cos/runtime"
)

// zutilCalls reports the $ZUTIL calls with a literal number that nothing is behind.
func zutilCalls(c *checker) {
	walk(reflect.ValueOf(c.routine.Lines), func(n any) {
		call, ok := n.(*lang.Call)
		if !ok || call.Name != "ZUTIL" && call.Name != "ZU" {
			return
		}
		number, ok := literal(call.Args, 0)
		if !ok {
			return
		}
		sub, hasSub := literal(call.Args, 1)
		line, column := place(c.routine.Source, call.Offset())
		function, code := runtime.ZutilKnown(number, sub)
		switch {
		case slices.Contains(runtime.ZutilQuiet, number):
			if hasSub && !code && !(number == 67 && len(call.Args) == 2) {
				c.warnAt("zutil", line, column, fmt.Sprintf("$ZUTIL(%d,%d) does nothing here", number, sub))
			}
		case !function:
			c.warnAt("zutil", line, column, fmt.Sprintf("there is no $ZUTIL(%d): it raises <FUNCTION>", number))
		}
	})
}

// literal is the integer that argument i is written as.
func literal(args []lang.Node, i int) (n int, ok bool) {
	if i >= len(args) {
		return 0, false
	}
	num, ok := args[i].(*lang.Num)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(num.Text)
	return n, err == nil
}

// place is the line and column of a byte offset in the source.
func place(source []string, offset int) (line, column int) {
	for i, text := range source {
		if offset <= len(text) {
			return i + 1, 1 + utf8.RuneCountInString(text[:offset])
		}
		offset -= len(text) + 1
	}
	return 0, 0
}
