package runtime

// %Status values: 1 is success; a failure is "0 " and a list of errors, each a list of
// code, up to eight parameters, and where it was made, as Caché lays them out:
// "0 "_$LB($LB(5001,"text",,,,,,,,$LB(,"USER",$LB("e^label+1^routine^1")))).

import (
	"strings"
)

// The codes that the interpreter itself makes (Caché's error reference).
const (
	statusGeneral     = 5001
	statusSystem      = 5002
	statusCannotOpen  = 5005
	statusNoFile      = 5012
	statusNoDirectory = 5021
	statusException   = 5035
	statusNotFound    = 5810
	statusNoSocket    = 6059
	statusNotNumber   = 7207
)

// statusTexts is the text of each known code, %1 to %8 standing for its parameters.
var statusTexts = map[int64]string{
	statusGeneral:     "%1",
	statusSystem:      "Cache error: %1",
	statusCannotOpen:  "Cannot open file '%1'",
	5007:              "Directory name '%1' is invalid",
	statusNoFile:      "File '%1' does not exist",
	statusNoDirectory: "Directory '%1' does not exist",
	statusException:   "General exception Name '%1' Code '%2' Data '%3'",
	5659:              "Property '%1' required",
	5802:              "Datatype validation failed on property '%1', with value equal to \"%2\"",
	5809:              "Object to Load not found, class '%1', ID '%2'",
	statusNotFound:    "Item not found: '%1'",
	statusNoSocket:    "Unable to open TCP/IP socket to server %1",
	7201:              "Datatype value '%1' length longer than MAXLEN allowed of %2",
	7202:              "Datatype value '%1' length less than MINLEN allowed of %2",
	7203:              "Datatype value '%1' greater than MAXVAL allowed of %2",
	7204:              "Datatype value '%1' less than MINVAL allowed of %2",
	7205:              "Datatype value '%1' not in VALUELIST '%2'",
	7206:              "Datatype value '%1' is not a boolean",
	statusNotNumber:   "Datatype value '%1' is not a valid number",
}

// statusParameters is how many parameters an error can have; frameElement is where,
// from 0, its list tells the place it was made at.
const (
	statusParameters = 8
	frameElement     = statusParameters + 1
)

// statusOK is $$$OK.
var statusOK = Int(1)

// status makes a failure with one error.
func (p *Process) status(code Value, params ...Value) Value {
	items := make([]Value, frameElement, frameElement+1)
	items[0] = code
	copy(items[1:], params[:min(len(params), statusParameters)])
	stack := listBuild(p, []Value{FromUTF8("e^" + p.place() + "^" + itoa(p.stackLevel())), Text("e^^^0")})
	items = append(items, listBuild(p, []Value{{}, FromUTF8(p.namespace), stack}))
	return p.statusOfErrors([]Value{listBuild(p, items)})
}

// failure is status for a code of the interpreter's own.
func (p *Process) failure(code int64, params ...Value) Value { return p.status(Int(code), params...) }

// statusOfErrors makes a status of error lists, success of none.
func (p *Process) statusOfErrors(errors []Value) Value {
	if len(errors) == 0 {
		return statusOK
	}
	return p.concat(Text("0 "), listBuild(p, errors))
}

// statusError is one error of a status.
type statusError struct {
	code   Value
	params []Value
	list   Value // as it stands in the status
	frame  []Value
}

// statusErrors takes a status apart: no errors for success.
func statusErrors(sc Value) []statusError {
	if sc.truth() {
		return nil
	}
	text, ok := strings.CutPrefix(sc.str(), "0 ")
	list, valid := listElements(text)
	if !ok || !valid || len(list) == 0 {
		return []statusError{{code: Int(statusGeneral), params: []Value{sc.asText()}}}
	}
	out := make([]statusError, 0, len(list))
	for _, l := range list {
		items, valid := listElements(l.orEmpty().str())
		if !valid || len(items) == 0 {
			items = []Value{Int(statusGeneral), l.orEmpty()}
		}
		e := statusError{code: items[0].orEmpty(), list: l}
		e.params = items[1:min(len(items), frameElement)]
		for len(e.params) > 0 && !e.params[len(e.params)-1].defined() {
			e.params = e.params[:len(e.params)-1]
		}
		if len(items) > frameElement {
			e.frame, _ = listElements(items[frameElement].orEmpty().str())
		}
		out = append(out, e)
	}
	return out
}

// param is parameter i, from 0, as text.
func (e *statusError) param(i int) string {
	if i < len(e.params) {
		return e.params[i].orEmpty().utf8()
	}
	return ""
}

// text is the error's message without its number.
func (e *statusError) text() string {
	form, known := statusTexts[e.code.int64()]
	if !known {
		form = "Unknown status code: " + e.code.utf8()
		if len(e.params) > 0 {
			list := make([]string, len(e.params))
			for i := range list {
				list[i] = e.param(i)
			}
			form += " (" + strings.Join(list, ",") + ")"
		}
		return form
	}
	var b strings.Builder
	for i := 0; i < len(form); i++ {
		if form[i] == '%' && i+1 < len(form) && form[i+1] >= '1' && form[i+1] <= '8' {
			i++
			b.WriteString(e.param(int(form[i] - '1')))
			continue
		}
		b.WriteByte(form[i])
	}
	return b.String()
}

// full is the message as it is shown: ERROR #5001: text.
func (e *statusError) full() string {
	name := e.code.utf8()
	if !strings.HasPrefix(name, "<") {
		name = "#" + name
	}
	s := "ERROR " + name + ": " + e.text()
	if len(e.frame) > 3 && e.frame[3].defined() {
		s += " > " + statusText(e.frame[3])
	}
	return s
}

// statusText is the messages of a status, "" for success.
func statusText(sc Value) string {
	var lines []string
	for _, e := range statusErrors(sc) {
		lines = append(lines, e.full())
	}
	return strings.Join(lines, "\r\n")
}
