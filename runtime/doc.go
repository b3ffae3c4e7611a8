// Package runtime executes ObjectScript: it compiles the syntax tree of package lang to
// small nodes, runs them in processes, and joins them to the devices of package devices
// and the store of package runtime/globals. It is the only room that knows both sides.
//
// # Who owns what
//
//   - System is what the processes of one operating-system process share: names (symbols),
//     routines, jobs, the store. Each part locks itself.
//   - Process is one M process. Exactly one goroutine runs it; it is never locked because
//     it is never shared. Another goroutine may only call Interrupt, Kill, State and ID,
//     which touch nothing but signals.
//   - A Device belongs to one process. It changes hands only by Inherit, in the parent,
//     before the child's goroutine starts.
//   - A Routine is immutable once compiled and shared by all. Reloading makes another one;
//     running frames keep theirs.
//
// # How code runs
//
// compile.go lowers a routine: names become slots (symbols.go), labels entries, commands
// and expressions nodes with exec and eval methods (commands*.go, nodes.go, calls.go).
// runSteps executes commands; before each it stores the place and polls the signals. QUIT,
// CONTINUE and GOTO travel as flow values; errors and HALT unwind by one panic to the
// guard that raise chose beforehand (trap.go). One weight per process counts everything
// that nests, far below the limit of Go's stack (process.go).
//
// # Where to add things
//
// A function: a row in value_functions.go (of values) or functions.go (of names). A special
// variable: a row in specials.go. A class or method: a row in class_*.go. A command: a row
// in package lang and one in simpleCommands, or a case in compiler.command. An error: a row
// in error.go. Rows carry arity, syntax and documentation.
package runtime
