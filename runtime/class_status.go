package runtime

// %SYSTEM.Status: making %Status values and taking them apart.

import (
	"slices"
	"strings"

	"cos/devices"
)

func init() {
	registerClasses(
		&class{Name: "%SYSTEM.Status", Doc: "makes status values and takes them apart", Abstract: true, Methods: []method{
			{Name: "OK", Min: 0, Max: 0, Fn: func(*Process, *object, []Value) Value { return statusOK }, Doc: "success: 1"},
			{Name: "Error", Min: 1, Max: 1 + statusParameters, Fn: statusMake, Doc: "a failure: Error(code,parameter,…)"},
			{Name: "IsOK", Min: 1, Max: 1, Fn: func(p *Process, _ *object, a []Value) Value { return Bool(p.in(a, 0).truth()) }, Doc: "1 for success"},
			{Name: "IsError", Min: 1, Max: 1, Fn: func(p *Process, _ *object, a []Value) Value { return Bool(!p.in(a, 0).truth()) }, Doc: "1 for a failure"},
			{Name: "GetErrorText", Min: 1, Max: 2, Fn: func(p *Process, _ *object, a []Value) Value { return FromUTF8(statusText(p.in(a, 0))) }, Doc: "the messages, separated by CR LF"},
			{Name: "GetOneErrorText", Min: 1, Max: 3, Fn: statusOne((*statusError).full), Doc: "one message, by its index"},
			{Name: "GetOneStatusText", Min: 1, Max: 3, Fn: statusOne((*statusError).text), Doc: "one message without its number"},
			{Name: "GetErrorCodes", Min: 1, Max: 1, Fn: statusCodes, Doc: "the codes, separated by commas"},
			{Name: "DisplayError", Min: 0, Max: 2, Fn: statusDisplay, Doc: "writes the messages to the current device"},
			{Name: "DecomposeStatus", Min: 2, Max: 4, Fn: statusDecompose, Doc: "DecomposeStatus(status,.err): err is how many errors, err(i) the message, err(i,\"code\"), err(i,\"param\",k), err(i,\"namespace\"), err(i,\"dcode\"); with flag d also writes them"},
			{Name: "AppendStatus", Min: 2, Max: 2, Fn: statusAppend, Doc: "the errors of both"},
			{Name: "EmbedStatus", Min: 2, Max: 2, Fn: statusEmbed, Doc: "the first failure with the second as its cause"},
			{Name: "Equals", Min: 2, Max: 4, Fn: statusEquals, Doc: "whether the status has one of the codes (separated by commas)"},
			{Name: "Help", Min: 0, Max: 1, Fn: classHelp("%SYSTEM.Status"), Doc: "lists the methods, or describes one"},
		}},
		&class{Name: "%Library.Status", Alias: []string{"%Status"}, Doc: "the data type of status values", Abstract: true, Methods: []method{
			{Name: "IsValid", Min: 1, Max: 1, Fn: statusValid, Doc: "success if the value is a status"},
		}},
	)
}

func statusMake(p *Process, _ *object, a []Value) Value {
	var params []Value
	for i := 1; i < len(a); i++ {
		params = append(params, p.in(a, i))
	}
	return p.status(p.in(a, 0), params...)
}

// statusOne gives one message of a status, "" beyond the last.
func statusOne(text func(*statusError) string) func(*Process, *object, []Value) Value {
	return func(p *Process, _ *object, a []Value) Value {
		list, i := statusErrors(p.in(a, 0)), p.inInt(a, 1, 1)
		if i < 1 || i > int64(len(list)) {
			return Empty
		}
		return FromUTF8(text(&list[i-1]))
	}
}

func statusCodeList(sc Value) []string {
	var out []string
	for _, e := range statusErrors(sc) {
		out = append(out, e.code.utf8())
	}
	return out
}

func statusCodes(p *Process, _ *object, a []Value) Value {
	return FromUTF8(strings.Join(statusCodeList(p.in(a, 0)), ","))
}

// statusDisplay writes each message on a line of its own; without an argument the
// status is %objlasterror.
func statusDisplay(p *Process, _ *object, a []Value) Value {
	sc := p.in(a, 0)
	if !sc.defined() {
		sc = statusOK
		if v := p.lookup(p.sys.symbols.slot("%objlasterror")); v != nil && v.defined() {
			sc = v.Value
		}
	}
	for _, e := range statusErrors(sc) {
		if err := p.io.current.Format(devices.Newline, 0); err != nil {
			p.ioError(err, errWrite)
		}
		if err := p.writeValue(FromUTF8(e.full())); err != nil {
			p.ioError(err, errWrite)
		}
	}
	if err := p.io.current.Flush(devices.AtWriteEnd); err != nil {
		p.ioError(err, errWrite)
	}
	return statusOK
}

func statusDecompose(p *Process, _ *object, a []Value) Value {
	list := statusErrors(p.in(a, 0))
	at := p.reference(a, 1)
	if at != nil {
		at.clear()
		at.Value = Int(int64(len(list)))
		for i := range list {
			list[i].into(at, Int(int64(i+1)))
		}
	}
	if strings.Contains(p.inText(a, 2, ""), "d") {
		statusDisplay(p, nil, a[:1])
	}
	return statusOK
}

// into sets the nodes that DecomposeStatus gives for one error.
func (e *statusError) into(v *Var, i Value) {
	set := func(x Value, path ...Value) { makeBelow(v, append([]Value{i}, path...)).Value = x }
	set(FromUTF8(e.full()))
	set(e.code, Text("code"))
	set(FromUTF8(e.text()), Text("dcode"))
	set(Int(int64(len(e.params))), Text("param"))
	for k := range e.params {
		set(e.params[k].orEmpty(), Text("param"), Int(int64(k+1)))
	}
	if len(e.frame) > 1 {
		set(e.frame[1].orEmpty(), Text("namespace"))
	}
	if len(e.frame) > 2 {
		set(e.frame[2].orEmpty(), Text("stack"))
	}
}

func statusLists(sc Value) []Value {
	var out []Value
	for _, e := range statusErrors(sc) {
		out = append(out, e.list.orEmpty())
	}
	return out
}

func statusAppend(p *Process, _ *object, a []Value) Value {
	return p.statusOfErrors(append(statusLists(p.in(a, 0)), statusLists(p.in(a, 1))...))
}

func statusEmbed(p *Process, _ *object, a []Value) Value {
	list, cause := statusErrors(p.in(a, 0)), p.in(a, 1)
	if len(list) == 0 || cause.truth() {
		return p.in(a, 0)
	}
	e := list[len(list)-1]
	items := make([]Value, frameElement+1)
	items[0] = e.code
	copy(items[1:], e.params)
	frame := make([]Value, 4)
	copy(frame, e.frame[:min(len(e.frame), 3)])
	frame[3] = cause
	items[frameElement] = listBuild(p, frame)
	out := statusLists(p.in(a, 0))
	out[len(out)-1] = listBuild(p, items)
	return p.statusOfErrors(out)
}

func statusEquals(p *Process, _ *object, a []Value) Value {
	have := statusCodeList(p.in(a, 0))
	for _, want := range strings.Split(p.inText(a, 1, ""), ",") {
		if slices.Contains(have, strings.TrimSpace(want)) {
			return Int(1)
		}
	}
	return Int(0)
}

// statusValid: a status is 1, or "0 " and a list.
func statusValid(p *Process, _ *object, a []Value) Value {
	v := p.in(a, 0)
	if v.truth() {
		return statusOK
	}
	if text, ok := strings.CutPrefix(v.str(), "0 "); ok && isList(Text(text)) {
		return statusOK
	}
	return p.failure(7206, v)
}
