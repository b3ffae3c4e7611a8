// Package golden runs session files: whole programs and several processes at once,
// written down as what is typed and what must come out, in the order in which it
// happens, as the manual prints its "Process A / Process B" examples.
//
// A session file (*.session) begins with the line "cos session 1". Blank lines and
// lines that begin with # are comments. Every other line is one step, taken in order:
//
//	limit 10s                        how long the whole file may take
//	port NAME                        a free port; $NAME stands for it below
//	host larry = 127.0.0.1           a host name that cos resolves so
//	service daytime = $port          a service name that cos resolves so
//	clock 2026-01-31 12:00           the clock of programs stands there in processes that
//	                                 start below; seed N does the same to $RANDOM
//	file in.txt                      a file in $tmp, its text in the lines "| text" below
//	process NAME: run FLAGS FILE     starts cos with these arguments, in the folder of the file
//	prompt NAME: USER                starts a cos prompt in a namespace
//	raw NAME: connect $port          a peer that is no cos: connects to 127.0.0.1
//	raw NAME: listen $port           the same, takes one connection
//	NAME> text                       types a line at NAME; a raw peer sends the text as it is
//	NAME< text                       the next line NAME prints; the next bytes a raw peer gets
//	NAME<~ regexp                    the same by pattern; (?P<x>…) defines $x
//	NAME! <READ>                     the error NAME raises next: its report begins so, * is
//	                                 anything; also "file:line:col: …" and "cos: …"
//	NAME closes                      a raw peer closes; a process's input ends
//	NAME half-closes                 a raw peer sends FIN and still receives
//	NAME resets                      a raw peer breaks the connection off
//	NAME sees the end                the connection of a raw peer is closed by the other side
//	NAME exits N                     NAME ends, with this exit code
//	interrupt NAME, terminate NAME   SIGINT, SIGTERM
//	until NAME waits in READ [DEVICE]        a state of %SYSTEM.Process.State()
//	until NAME's job waits in READ [DEVICE]  the same of a job that NAME started
//	until NAME is at its prompt
//	hold NAME's next transmission until OTHER prints        also second, third, …; or
//	hold NAME's second transmission until OTHER waits in READ
//	repeat N … end                   the steps between, N times
//
// Nothing sleeps: each step waits for output or for a state. Blank lines of output are
// skipped where none is expected. In send and expect texts of raw peers, \r \n \t \e
// \\ and \xHH are escapes. Whatever a process prints and no step expects is a failure,
// and so is an error report that no step expects.
package golden
