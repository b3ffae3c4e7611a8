# Lines of other M systems load, and raise an error when they are reached (foreign.go)

ROUTINE t
t WRITE "loaded",!
 QUIT
 ZGOTO 1:lab^r
 ZSHOW "*":^g
 ZSYSTEM "ls"
 VIEW "TRACE":1:"^x"
 WRITE /LISTEN(5)
 OPEN "s":(LISTEN="1:TCP":attach="x"):5:"SOCKET"
 OPEN x:(newversion:stream:nowrap)
 OPEN x:(TCPCHAN,ADDRESS=ip,BLOCKSIZE=512):5
 USE x:(detach=y:exception="q")
 TSTART (a,b):serial
 TSTART *:t="BA"
 TRESTART
 ZESCAPE
 IF 0 ESTOP
 SET x=$ZTRNLNM("a"),$ZROUTINES="x",y=$&zlib.%spawn("ls",,1)_$&f
 JOB a^b(1)[uci,vol]::1
 ZBREAK /CLEAR
 ZBREAK -*,-t+1
 ZB /INTERRUPT:NORMAL
 ZB SEND^LOAPI:"N":1:"SET x=5",t+1:"B":y
 SET x=$ZC(%GETJPI,0,"PRCNAM"),x=$ZSEARCH("*.m",1),x=$ZJOB(1),x=$V(0,-3,4,2)
 SET x=$ORDER(^ (x))
 SET x=$VIEW(#46C,-3,4)
 ZWRITE ^x(1,*)
 KILL:$DATA(^$W("x")) ^$W("x")
	loaded

# Expect: <COMMAND> *ZGOTO is a command of GT.M
ZGOTO 1:lab^r

# Expect: <COMMAND> *VIEW "TRACE" is GT.M's
VIEW "TRACE":1:"^x"

# Expect: <COMMAND> *VIEW with these arguments is not supported
VIEW 1:-3:4:5

# What runs around such lines runs; each raises when it is reached, and says whose it is
ROUTINE t
t FOR i=1:1:12 DO one(i) CLOSE "/dev/null"
 QUIT
one(n) SET $ZTRAP="trapped" DO @("l"_n) QUIT
trapped USE 0 WRITE $PIECE($ZERROR,">",2,9),! QUIT
l1 WRITE "1 " ZSHOW "*":^g
 WRITE "not reached" QUIT
l2 WRITE "2 ",/LISTEN(5) QUIT
l3 WRITE "3 " OPEN "x":(LISTEN="7777:TCP":attach="h"):5:"SOCKET" QUIT
l4 WRITE "4 " ZGOTO 1:l1 QUIT
l5 WRITE "5 " VIEW "TRACE":1:"^x" QUIT
l6 WRITE "6 " USE 0:(width=80:nowrap) QUIT
l7 WRITE "7 " CLOSE "x":delete QUIT
l8 WRITE "8 " OPEN "x":(newversion:stream:exception="GOTO l1") QUIT
l9 WRITE "9 ",/PASS(,5,"h") QUIT
l10 WRITE "10 " OPEN "/dev/null" USE "/dev/null" WRITE /WAIT(5) QUIT
l11 WRITE "11 " JOB l1:(output="a":error="b") QUIT
l12 IF 0 ZGOTO 1 ZSHOW "*":^g WRITE /LISTEN(5) OPEN "x":(LISTEN="7777:TCP":attach="h"):5:"SOCKET" VIEW "TRACE":1:"^x"
 WRITE "12 nothing was reached",! QUIT
	1 l1^t *ZSHOW is a command of GT.M
	2 l2^t *WRITE /LISTEN is a control of GT.M's sockets
	3 l3^t *LISTEN= is a parameter of GT.M's
	4 l4^t *ZGOTO is a command of GT.M
	5 l5^t *VIEW "TRACE" is GT.M's
	6 l6^t *width= is a parameter of GT.M's
	7 l7^t *delete is a parameter of GT.M's
	8 l8^t *newversion is a parameter of GT.M's
	9 l9^t *WRITE /PASS is a control of GT.M's sockets
	10 l10^t *WRITE /WAIT is a control of GT.M's sockets
	11 l11^t *output= is a parameter of GT.M's
	12 nothing was reached

# Where there is such a variable, the parameter is Caché's: its value, or a comparison
SET width="x",WRAP=7 OPEN "a.txt":("NWR":width=80:WRAP) USE "a.txt" WRITE "b" USE 0 CLOSE "a.txt":"D" WRITE "closed",!
	closed

# What the standard's TSTART says of restarts changes nothing: there are none
TSTART (a,b):serial SET ^zzt=1 WRITE $TLEVEL,$TRESTART,! TSTART *:(t="BA":s) WRITE $TLEVEL TROLLBACK  WRITE $TLEVEL,$DATA(^zzt),!
	10
	200

# Expect: <FUNCTION> *$ZTRNLNM() is a function of GT.M
SET x=$SELECT(0:$ZTRNLNM("a"),1:5) WRITE x,! SET x=$ZTRNLNM("a")
	5

# Expect: <FUNCTION> *$ZROUTINES is a special variable of GT.M
SET $ZROUTINES="x"

# Expect: <FUNCTION> *$&zlib.%spawn() is a function of other M systems
WRITE $&zlib.%spawn("ls")

# Expect: <COMMAND> *device parameters between commas are those of DSM
OPEN "x":(TCPCHAN,BLOCKSIZE=512)

# Expect: <FUNCTION> *^$W is a variable of MWAPI
WRITE $DATA(^$W("x"))

WRITE $ORDER(^$J(0))=$JOB,!
	1

# Expect: <FUNCTION> *$ZC() with 3 arguments is a function of DSM
WRITE $ZC(%GETJPI,0,"PRCNAM")

# Expect: <COMMAND> *^ (name), the directory of routines, is a global of DSM
SET x=$ORDER(^ (1))

# Expect: <COMMAND> *#46C is a number of MSM
SET x=$VIEW(#46C,-3,4)

# Expect: <COMMAND> *ZWRITE with * among the subscripts is GT.M's
SET x(1)=2 ZWRITE x(*)
