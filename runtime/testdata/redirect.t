# I/O redirection: USE dev::("^routine"), ReDirectIO and the labels it calls (spec §5.3)

ROUTINE t
t SET out="" USE $IO::("^"_$ZNAME)
 SET old=##class(%Device).ReDirectIO(1)
 WRITE "text",12.5,!,*65,?20,"x",#
 SET new=##class(%Library.Device).ReDirectIO(0)
 WRITE "old ",old,", new ",new,", now ",##class(%Device).ReDirectIO(),!,out,!
 QUIT
wstr(s) SET out=out_"["_s_"]" QUIT
wchr(a) SET out=out_"<"_$CHAR(a)_">" QUIT
wnl SET out=out_"/" QUIT
wff SET out=out_"^" QUIT
wtab(n) SET out=out_"?"_n QUIT
	old 0, new 1, now 0
	[text][12.5]/<A>?20[x]^

# READ: what was not written is not passed; $TEST is what IODollarTest says, else 1
ROUTINE t
t USE $IO::("^t") DO ##class(%Device).ReDirectIO(1)
 READ a,b#5,c:2.5,d#7:0,*e,*f:3
 SET test=$TEST READ g:9 SET test=test_$TEST
 DO ##class(%Device).ReDirectIO(0)
 WRITE a,!,b,!,c,!,d,!,e," ",f," ",test," [",g,"]",!
 QUIT
rstr(n,to) IF $GET(to)=9 DO $SYSTEM.Process.IODollarTest(0) QUIT ""
 QUIT "rstr "_$GET(n,"-")_" "_$GET(to,"-")
rchr(to) QUIT $ASCII("A")+$GET(to)
	rstr - -
	rstr 5 -
	rstr - 2.5
	rstr 7 0
	65 68 10 []

# a label that writes reaches the device, and ends with the switch as it was
ROUTINE t
t USE 0::("^t") DO ##class(%Device).ReDirectIO(1)
 WRITE "one",! WRITE "two",!
 DO ##class(%Device).ReDirectIO(0)
 QUIT
wstr(s) WRITE "<",s,">" QUIT
wnl WRITE "|",! QUIT
	<one>|
	<two>|

# the switch belongs to the device; another one is not redirected, and it is on again after
ROUTINE t
t USE 0::("^t") DO ##class(%Device).ReDirectIO(1)
 WRITE "a" OPEN "/dev/null" USE "/dev/null" WRITE "nothing" SET other=##class(%Device).ReDirectIO() USE 0 WRITE "b"
 SET io=$IO,type=##class(%Device).GetType(),routine=##class(%Device).GetMnemonicRoutine()
 DO ##class(%Device).ReDirectIO(0) WRITE "|",other," ",io=$PRINCIPAL," ",type," ",routine,!
 QUIT
wstr(s) WRITE "<"_s_">" QUIT
	<a><b>|0 1 1 t

# an error in a label, and the labels it runs in: redirection goes on
ROUTINE t
t USE 0::("^t") DO ##class(%Device).ReDirectIO(1)
 TRY { WRITE "bad" } CATCH e { WRITE e.Name }
 DO ##class(%Device).ReDirectIO(0)
 QUIT
wstr(s) IF s="bad" SET x=1/0
 WRITE "<"_s_">" QUIT
	<<DIVIDE>>

# Expect: <NOLINE>
ROUTINE t
t USE 0::("^t") DO ##class(%Device).ReDirectIO(1) WRITE "x"
 QUIT

# Expect: <MNEMONICSPACE>
DO ##class(%Device).ReDirectIO(1)

# Expect: <FUNCTION>
DO $SYSTEM.Process.IODollarTest(1)

# without a routine of its own a terminal has that of its terminal type; to name it is to
# have none
WRITE ##class(%Device).GetMnemonicRoutine(),!
	%X364

USE 0::("^own") WRITE ##class(%Device).GetMnemonicRoutine() USE 0::("^%X364") WRITE " ",##class(%Device).GetMnemonicRoutine(),!
	own %X364

# what is no routine is passed over
USE 0::($CHAR(13)) WRITE ##class(%Device).GetMnemonicRoutine(),!
	%X364

# the other methods of %Device
WRITE ##class(%Device).GetRightMargin(),! USE 0:80 WRITE ##class(%Device).GetRightMargin(),!
	0
	80

ZWRITE ##class(%Device).GetReadTerminators(),##class(%Device).GetBackSpace(),##class(%Device).GetClearScreen()
	$c(13,10)
	$c(8)
	$c(27)_"[H"_$c(27)_"[J"

WRITE ##class(%Device).GetType(),##class(%Device).GetNullDevice(),##class(%Device).InstalledPrinters(),##class(%Device).Broadcast("/dev/pts/99","x"),##class(%Device).Broadcast("","to all"_$CHAR(10))
	to all
	1/dev/null001

# Expect: <FUNCTION>
WRITE ##class(%Device).InstalledPrinters(1)
