#!/bin/sh
# Work at the prompt for the picture in docs/prompt.md: cos in tmux, which knows what a
# terminal shows, and the screen as a page for a browser to photograph.
#
#	prompt.sh COS PAGE

set -eu
cos=$1 page=$2
docs=$(cd "$(dirname "$0")" && pwd)
home=$(mktemp -d)
server="cos-picture-$$"
tm() { tmux -L "$server" -f /dev/null "$@"; }
trap 'tm kill-server 2>/dev/null || :; rm -rf "$home"' EXIT

# shown waits until a text stands on the screen.
shown() {
	n=0
	until tm capture-pane -p | grep -qF "$1"; do
		n=$((n + 1))
		[ $n -lt 200 ] || { tm capture-pane -p >&2; echo "prompt.sh: the screen never showed $1" >&2; exit 1; }
		sleep 0.05
	done
}
types() { tm send-keys -l "$1"; }
enters() { types "$1"; tm send-keys Enter; shown "$2"; }

tm new-session -d -x 92 -y 40 "cd '$docs' && env HOME='$home' XDG_STATE_HOME='$home' COS_DATA='$home/data' TERM=xterm-256color NO_COLOR= '$(realpath "$cos")'"
shown 'USER>'
enters 'set list=$listbuild(3,5,10) write $$average^prompt(list),!' 'USER 2e3>'
enters 'zwrite sum,i' 'i=3'
enters 'set count=i goto average+3^prompt' '6'
enters 'for i=1:1:3 {' '....>'
enters '  set ^squares(i)=i**2  ; kept' ''
enters '}' ''
enters 'zwrite ^squares' '=9'
enters 'set io="|TCP|1" open io:(:0:"ACE":/KEEPALIVE=60):5 write $test' '1'
enters ':devices' 'listening'
enters '?$piece' 'PIECE('
types 'write $zc'
tm send-keys Tab
shown 'zconvert('

{
	cat <<'HEAD'
<!DOCTYPE html><meta charset="utf-8"><title>cos</title><style>
body { margin: 0; padding: 18px 22px; background: #16181d; color: #d8dce3; font: 15px/1.35 "DejaVu Sans Mono", monospace; white-space: pre }
</style>
HEAD
	tm capture-pane -e -p | awk '
BEGIN { split("#5c6370 #e06c75 #8cc570 #e0b060 #61aeee #c678dd #56b6c2 #d8dce3", palette, " ") }
{
	gsub(/&/, "\\&amp;"); gsub(/</, "\\&lt;"); gsub(/>/, "\\&gt;")
	while (match($0, /\033\[[0-9;]*m/)) {
		n = split(substr($0, RSTART + 2, RLENGTH - 3), code, ";")
		for (i = 1; i <= n || i == 1; i++) {
			c = code[i] + 0
			if (c == 0) { bold = 0; colour = "" }
			else if (c == 1) bold = 1
			else if (c >= 30 && c <= 37) colour = palette[c - 29]
			else if (c >= 90 && c <= 97) colour = palette[1]
			else if (c == 39) colour = ""
		}
		style = (colour == "" ? "" : "color:" colour ";") (bold ? "font-weight:bold" : "")
		$0 = substr($0, 1, RSTART - 1) "</span><span style=\"" style "\">" substr($0, RSTART + RLENGTH)
	}
	line[NR] = $0
	if ($0 != "") last = NR
}
END { for (i = 1; i <= last; i++) print line[i] }'
} > "$page"
