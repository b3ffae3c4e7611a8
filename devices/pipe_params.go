package devices

// THE PIPE PARAMETER TABLE: OPEN "|CPIPE|n":(command:mode:::closetimeout) (device guide,
// chapter 4). A pipe is a sequential file in all else.

import (
	"slices"
	"time"
)

// pipeParams is the table: its own rows, and those of files that mean something for
// pipes.
var pipeParams = append(table[fileOptions]{
	{KeywordRow{"", nil, 1, 0, InOpen, "command, which a shell runs"}, 0, func(o *fileOptions, v value) error { return setProgram(o, v, o.direct) }},
	{KeywordRow{"/COMMAND", nil, 0, 0, InOpen, "program to run without a shell"}, 0, func(o *fileOptions, v value) error { return setProgram(o, v, true) }},
	{KeywordRow{"/PARAMS", []string{"/PAR"}, 2, 0, InOpen, `mode string: letters R W S F U I, K\table\ for the character set`}, 0, setFileMode},
	{KeywordRow{"/ARGS", nil, 0, 0, InOpen, "arguments of the program, which then runs without a shell: /ARGS=a,b or /ARGS=array..."}, 0, setArguments},
	{KeywordRow{"/ENV", nil, 0, 0, InOpen, "environment variables for the program: /ENV=(name:value,…) or /ENV=array..."}, 0, setEnvironment},
	{KeywordRow{"", nil, 5, 0, InOpen, "seconds that CLOSE waits for the program to end, 30 unless told"}, 0, setCloseLimit},
}, sharedWithFiles()...)

// sharedWithFiles are the rows of files that pipes have too.
func sharedWithFiles() (rows table[fileOptions]) {
	for _, r := range fileParams {
		if slices.Contains([]string{
			"/READ", "/WRITE", "/STREAM", "/FIXED", "/UNDEFINED", "/IGNOREEOF", "/RECORDSIZE", "/TERMINATOR",
			"/IOTABLE", "/TRANSLATE", "/XYTABLE", "/NOXY", "/OBUFSIZE",
		}, r.Name) {
			r.Position = 0
			rows = append(rows, r)
		}
	}
	return rows
}

// setProgram is the command; "" leaves what another parameter said.
func setProgram(o *fileOptions, v value, direct bool) error {
	if v.text.S != "" {
		o.program = v.text.utf8()
	}
	o.direct = direct
	return nil
}

func setArguments(o *fileOptions, v value) error {
	o.direct = true
	if v.list == nil && v.given {
		o.args = []string{v.text.utf8()}
	}
	for _, x := range v.list {
		o.args = append(o.args, x.Value.utf8())
	}
	return nil
}

func setEnvironment(o *fileOptions, v value) error {
	for _, x := range v.list {
		o.environ = append(o.environ, x.Name.utf8()+"="+x.Value.utf8())
	}
	return nil
}

func setCloseLimit(o *fileOptions, v value) error {
	if n := v.number(); n >= 0 && v.text.S != "" {
		o.closeLimit = time.Duration(min(n, 1<<30)) * time.Second
	}
	return nil
}
