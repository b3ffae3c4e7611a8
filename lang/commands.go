package lang

// The command table: one row per command. The lexer looks words up in it, help and
// completion print it.

import (
	"sort"
	"strings"
)

// CommandRow is one command of the language.
type CommandRow struct {
	Name   string // canonical name, upper case
	Abbr   string // abbreviation, "" when there is none
	Kind   Kind   // the shape of its arguments
	Bare   bool   // may stand without arguments
	NoPost bool   // takes no postconditional
	Syntax string // its forms, one line
	Doc    string // what it does, one sentence
	Origin string // "M", "Caché", or the M system that a foreign command belongs to
}

// neverArgs tells that nothing that follows the word can be its argument.
func (r *CommandRow) neverArgs() bool {
	switch r.Name {
	case "CONTINUE", "HALT", "TCOMMIT", "ZSYNC":
		return true
	}
	return r.Kind == tElse || r.Kind == tTry
}

// opensBlock tells that a brace block may follow the command.
func (r *CommandRow) opensBlock() bool {
	switch r.Kind {
	case tIf, tElseIf, tElse, tFor, tWhile, tDo, tTry, tCatch:
		return true
	}
	return false
}

// touchesParen tells that the command's parenthesised argument needs no blank:
// IF(x), as IRIS allows.
func (r *CommandRow) touchesParen() bool {
	switch r.Kind {
	case tIf, tElseIf, tWhile, tCatch:
		return true
	}
	return false
}

var commandTable = []CommandRow{
	{"BREAK", "B", tExprs, true, false, "BREAK[:pc] [flag]", "stop for the debugger, or set break and interrupt handling", "M"},
	{"CATCH", "", tCatch, true, true, "CATCH [var] { commands }", "handle an error of the TRY block before it", "Caché"},
	{"CLOSE", "C", tDevice, false, false, "CLOSE[:pc] device[:(params)],…", "give a device back", "M"},
	{"CONTINUE", "", tExprs, true, false, "CONTINUE[:pc]", "go on with the next round of FOR, WHILE or DO WHILE", "Caché"},
	{"DO", "D", tDo, true, false, "DO[:pc] entryref[(actuals)][:pc],…  |  DO  |  DO { } WHILE condition,…", "call a subroutine or method, run the dotted lines below, or a block at least once", "M"},
	{"ELSE", "E", tElse, true, true, "ELSE { commands }  |  ELSE  commands", "the other branch of IF; on one line, run the rest of it when $TEST is 0", "M"},
	{"ELSEIF", "", tElseIf, false, true, "ELSEIF condition,… { commands }", "a further branch of a block IF", "Caché"},
	{"FOR", "F", tFor, true, true, "FOR [var=from[:step[:to]],…] { commands }  |  FOR [var=…] commands", "repeat a block or the rest of the line", "M"},
	{"GOTO", "G", tGoto, true, false, "GOTO[:pc] entryref[:pc],…", "continue at another line", "M"},
	{"HALT", "H", tExprs, true, false, "HALT[:pc]", "end the process", "M"},
	{"HANG", "H", tExprs, false, false, "HANG[:pc] seconds,…", "wait", "M"},
	{"IF", "I", tIf, true, true, "IF condition,… { commands }  |  IF [condition,…] commands", "run a block, or the rest of the line, when all conditions hold", "M"},
	{"JOB", "J", tJob, false, false, "JOB[:pc] entryref[(actuals)][:(nspace:switch:in:out:priority:dir:name)][:timeout],…", "start a process", "M"},
	{"KILL", "K", tVars, true, false, "KILL[:pc] [glvn,…|(keep,…)]", "delete variables with their descendants", "M"},
	{"LOCK", "L", tLock, true, false, "LOCK[:pc] [[+|-]name[#type],…|(name,…)][:timeout]", "claim or release names", "M"},
	{"MERGE", "M", tMerge, false, false, "MERGE[:pc] target=source,…", "copy a variable with its descendants", "M"},
	{"NEW", "N", tVars, true, false, "NEW[:pc] [name,…|(keep,…)]", "save variables until the frame ends", "M"},
	{"OPEN", "O", tDevice, false, false, "OPEN[:pc] device[:(params)[:timeout[:mnespace]]],…", "take ownership of a device", "M"},
	{"QUIT", "Q", tExprs, true, false, "QUIT[:pc] [value]", "leave a loop, a block or a routine level; a value leaves no TRY, CATCH, XECUTE or dotted block, but RETURN's does", "M"},
	{"READ", "R", tRead, false, false, `READ[:pc] format|"prompt"|[*]var[#length][:timeout],…`, "read from the current device", "M"},
	{"RETURN", "RET", tExprs, true, false, "RETURN[:pc] [value]", "leave the routine level from within loops and blocks", "Caché"},
	{"SET", "S", tSet, false, false, "SET[:pc] target=value,(target,…)=value,…", "assign", "M"},
	{"TCOMMIT", "TC", tExprs, true, false, "TCOMMIT[:pc]", "commit a transaction level", "M"},
	{"THROW", "", tExprs, true, false, "THROW[:pc] [exception]", "raise an exception object", "Caché"},
	{"TROLLBACK", "TRO", tExprs, true, false, "TROLLBACK[:pc] [1]", "roll the transaction, or one level of it, back", "M"},
	{"TRY", "", tTry, true, true, "TRY { commands } CATCH [var] { commands }", "run a block whose errors are handled", "Caché"},
	{"TSTART", "TS", tSkipped, true, false, `TSTART[:pc] [x|(x,…)|()|*][:SERIAL|:TRANSACTIONID=id|:(SERIAL:…)]`, "begin a transaction level; its arguments, of the standard, say what a restart does, and nothing restarts one", "M"},
	{"USE", "U", tDevice, false, false, "USE[:pc] device[:(params)[:mnespace]],…", "make a device the current one", "M"},
	{"VIEW", "V", tSkipped, false, false, "VIEW[:pc] offset:mode:length:value", "read and change memory blocks", "M"},
	{"WHILE", "", tWhile, false, true, "WHILE condition,… { commands }", "repeat a block while all conditions hold", "Caché"},
	{"WRITE", "W", tWrite, true, false, "WRITE[:pc] [expr|*code|format|/mnemonic[(args)],…]", "write to the current device, or list the local variables", "M"},
	{"XECUTE", "X", tExprs, false, false, `XECUTE[:pc] code[:pc]|(code,actuals)[:pc],…`, "run a string as commands", "M"},
	{"ZALLOCATE", "ZA", tLock, false, false, "ZALLOCATE[:pc] name,…[:timeout]", "LOCK + by an older name", "Caché"},
	{"ZBREAK", "ZB", tLines, true, false, "ZBREAK[:pc] [+|-|--]entryref|*var[:action[:condition[:code]]],…  |  /CLEAR  |  /TRACE:ON", "set a breakpoint or watchpoint, turn one off (-), on (+), remove it (--); alone, list them", "Caché"},
	{"ZDEALLOCATE", "ZD", tLock, true, false, "ZDEALLOCATE[:pc] [name,…]", "LOCK - by an older name", "Caché"},
	{"ZINSERT", "ZI", tInsert, false, false, `ZINSERT[:pc] "line"[:entryref],…`, "insert a line into the current routine", "Caché"},
	{"ZKILL", "ZK", tVars, false, false, "ZKILL[:pc] glvn,…", "delete nodes but not their descendants", "Caché"},
	{"ZLOAD", "ZL", tLines, true, false, "ZLOAD[:pc] [routine]", "make a routine the current one", "Caché"},
	{"ZNSPACE", "ZN", tExprs, false, false, "ZNSPACE[:pc] namespace", "change to another namespace", "Caché"},
	{"ZPRINT", "ZP", tLines, true, false, "ZPRINT[:pc] [entryref[:entryref]]", "print lines of the current routine", "Caché"},
	{"PRINT", "P", tLines, true, false, "PRINT[:pc] [entryref[:entryref]]", "print lines of the current routine", "Caché"},
	{"ZQUIT", "ZQ", tExprs, true, false, "ZQUIT[:pc] [levels]", "leave levels of the debug prompt", "Caché"},
	{"ZREMOVE", "ZR", tLines, true, false, "ZREMOVE[:pc] [entryref[:entryref]],…", "remove lines from the current routine, or all of it", "Caché"},
	{"ZSAVE", "ZS", tLines, true, false, "ZSAVE[:pc] [routine]", "save the current routine", "Caché"},
	{"ZSYNC", "", tExprs, true, false, "ZSYNC[:pc]", "wait for the network's changes of globals, an old command: SET and KILL are done when they return, and so is this", "Caché"},
	{"ZTRAP", "ZT", tExprs, true, false, "ZTRAP[:pc] [code]", "raise an error with a code of its own", "Caché"},
	{"ZWRITE", "ZW", tExprs, true, false, "ZWRITE[:pc] [expr,…]", "list variables with their descendants as SET arguments", "Caché"},
	{"ZZDUMP", "", tExprs, false, false, "ZZDUMP[:pc] expr,…", "dump a value in hexadecimal", "Caché"},
	{"ZZWRITE", "", tExprs, true, false, "ZZWRITE[:pc] [expr,…]", "write %val= and a value as ZWRITE does, or list the local variables", "Caché"},

	{"ABORT", "", tSkipped, true, false, "ABORT", "end a program with an error", "MSM"},
	{"ESTART", "", tSkipped, true, false, "ESTART", "process the events of windows", "MWAPI"},
	{"ESTOP", "", tSkipped, true, false, "ESTOP", "end ESTART", "MWAPI"},
	{"ETRIGGER", "", tSkipped, true, false, "ETRIGGER", "trigger an event of a window", "MWAPI"},
	{"ZESCAPE", "", tSkipped, true, false, "ZESCAPE", "go to the programmer's prompt", "DSM"},
	{"ZETRAP", "", tSkipped, true, false, "ZETRAP", "set an error trap", "DTM"},
	{"ZGETPAGE", "", tSkipped, true, false, "ZGETPAGE", "read a block of the database", "DTM"},
	{"ZITRAP", "", tSkipped, true, false, "ZITRAP", "set an interrupt trap", "DTM"},
	{"ZRELPAGE", "", tSkipped, true, false, "ZRELPAGE", "give back a block of the database", "DTM"},
	{"ZUSE", "ZU", tSkipped, true, false, "ZUSE", "write to another user's terminal", "DSM"},
	{"ZWR", "", tSkipped, true, false, "ZWR", "list variables: its abbreviation of ZWRITE", "GT.M"},
	{"TRESTART", "TRE", tSkipped, true, false, "TRESTART", "restart a transaction", "GT.M"},
	{"ZCOMPILE", "ZCOM", tSkipped, true, false, "ZCOMPILE", "compile source files", "GT.M"},
	{"ZCONTINUE", "ZC", tSkipped, true, false, "ZCONTINUE", "go on after a break", "GT.M"},
	{"ZEDIT", "ZED", tSkipped, true, false, "ZEDIT", "edit a source file", "GT.M"},
	{"ZGOTO", "ZG", tSkipped, true, false, "ZGOTO", "go to a line at another stack level", "GT.M"},
	{"ZHALT", "ZHA", tSkipped, true, false, "ZHALT", "end the process with a status", "GT.M"},
	{"ZHELP", "ZH", tSkipped, true, false, "ZHELP", "show help", "GT.M"},
	{"ZLINK", "ZLIN", tSkipped, true, false, "ZLINK", "load a routine", "GT.M"},
	{"ZMESSAGE", "ZM", tSkipped, true, false, "ZMESSAGE", "raise an error by number", "GT.M"},
	{"ZRUPDATE", "ZRUP", tSkipped, true, false, "ZRUPDATE", "refresh shared routines", "GT.M"},
	{"ZSHOW", "ZSH", tSkipped, true, false, "ZSHOW", "show the state of the process", "GT.M"},
	{"ZSTEP", "ZST", tSkipped, true, false, "ZSTEP", "step", "GT.M"},
	{"ZSYSTEM", "ZSY", tSkipped, true, false, "ZSYSTEM", "run an operating-system command", "GT.M"},
	{"ZTCOMMIT", "ZTC", tSkipped, true, false, "ZTCOMMIT", "commit a fenced transaction", "GT.M"},
	{"ZTRIGGER", "ZTR", tSkipped, true, false, "ZTRIGGER", "run triggers", "GT.M"},
	{"ZTSTART", "ZTS", tSkipped, true, false, "ZTSTART", "begin a fenced transaction", "GT.M"},
	{"ZWITHDRAW", "ZWI", tSkipped, true, false, "ZWITHDRAW", "delete a node but not its descendants", "GT.M"},
}

// foreign tells a command of another system, which must not stop a load.
func (r *CommandRow) foreign() bool { return r.Origin != "M" && r.Origin != "Caché" }

// hangOrHalt is what H means until its arguments are seen.
var hangOrHalt = CommandRow{Name: "H", Kind: tExprs, Bare: true}

// commandIndex finds a row by name and by abbreviation, in upper case.
var commandIndex = func() map[string]*CommandRow {
	m := make(map[string]*CommandRow, 2*len(commandTable))
	for i := range commandTable {
		r := &commandTable[i]
		m[r.Name] = r
		if r.Abbr != "" {
			m[r.Abbr] = r
		}
	}
	m["H"] = &hangOrHalt
	return m
}()

// Commands returns the command table sorted by name.
func Commands() []CommandRow {
	rows := append([]CommandRow(nil), commandTable...)
	sort.Slice(rows, func(i, j int) bool { return rows[i].Name < rows[j].Name })
	return rows
}

// LookupCommand finds a command by name or abbreviation in any case. H gives HANG,
// the form that takes arguments.
func LookupCommand(s string) (name string, ok bool) {
	r := findCommand(s)
	switch {
	case r == nil:
		return "", false
	case r == &hangOrHalt:
		return "HANG", true
	}
	return r.Name, true
}

// longestCommand bounds the words worth looking up.
const longestCommand = 16

// findCommand is LookupCommand for the lexer: it does not allocate.
func findCommand(s string) *CommandRow {
	if len(s) > longestCommand {
		return nil
	}
	var up [longestCommand]byte
	for i := 0; i < len(s); i++ {
		up[i] = s[i]
		if 'a' <= s[i] && s[i] <= 'z' {
			up[i] -= 'a' - 'A'
		}
	}
	return commandIndex[string(up[:len(s)])]
}

// nearestCommand is the command a mistyped word was most likely meant to be, "" when
// none is close.
func nearestCommand(word string) string {
	word = strings.ToUpper(word)
	if len(word) < 3 || len(word) > longestCommand {
		return ""
	}
	best, limit := "", 3
	if len(word) <= 4 {
		limit = 2
	}
	for i := range commandTable {
		if commandTable[i].foreign() {
			continue
		}
		if d := editDistance(word, commandTable[i].Name); d < limit {
			best, limit = commandTable[i].Name, d
		}
	}
	return best
}

// editDistance counts the letters to insert, delete, replace or swap with their
// neighbour to make a into b.
func editDistance(a, b string) int {
	var older, old []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		older, old, row = old, row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(old[j]+1, row[j-1]+1, old[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
