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

# Expect: <COMMAND> *VIEW with these arguments is not supported
VIEW "TRACE":1:"^x"

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
