# Errors: names, $ZERROR, TRY, $ZTRAP, $ETRAP (spec §4.3)

# Expect: <UNDEFINED> *y
WRITE y

# Expect: <UNDEFINED> *a(1,"x")
WRITE a(1,"x")

# Expect: <UNDEFINED> ^g(2)
WRITE ^g(2)

# Expect: <DIVIDE>
WRITE 1/0

# Expect: <NOROUTINE> *nothere
DO ^nothere

# Expect: <NOLINE>
ROUTINE t
t	DO nothere

# Expect: <NOTOPEN>
USE "nodevice"

# Expect: <SUBSCRIPT> *a() Subscript 1 is ""
SET a("")=1

# Expect: <SUBSCRIPT> *a(1,"x") Subscript 3 is ""
SET a(1,"x","",2)=1

# Expect: <SUBSCRIPT> ^g(2) Subscript 2 is ""
SET ^g(2,"")=1

# Expect: <SUBSCRIPT> ^g(2) Subscript 2 is ""
SET ^g(2,1)=1 WRITE $DATA(^("",1))

# Expect: <SUBSCRIPT> *a(1) Subscript 2 is ""
SET r="a(1)" WRITE $ORDER(@r@("",2))

# Expect: <UNDEFINED>sub+1^t *q
ROUTINE t
t	DO sub
 QUIT
sub	; comment
 WRITE q
 QUIT

# blank lines do not count
# Expect: <UNDEFINED>t+1^t *q
ROUTINE t
t	SET x=1
~
 WRITE q

TRY { WRITE 1/0 } CATCH e { WRITE e.Name," ",e.Code,! }
	<DIVIDE> 18

TRY { WRITE "a" } CATCH { WRITE "never" } WRITE "b",!
	ab

ROUTINE t
t	TRY {
   DO a
   WRITE "never"
 } CATCH err {
   WRITE err.DisplayString(),!
 }
 WRITE "on",!
 QUIT
a	DO b QUIT
b	SET x=nope QUIT
	<UNDEFINED> 9 b^t *nope
	on

# an error in CATCH goes out
# Expect: <DIVIDE>
TRY { WRITE q } CATCH { WRITE 1/0 }

TRY { TRY { WRITE q } CATCH { WRITE 1/0 } } CATCH e { WRITE e.Name,! }
	<DIVIDE>

TRY { THROW ##class(%Exception.General).%New("mine",5001,"","data") } CATCH e { WRITE e.Name,e.Code,e.Data,! }
	mine5001data

# Expect: <THROW> *%Exception.General mine 5001  data
THROW ##class(%Exception.General).%New("mine",5001,"","data")

# QUIT leaves the TRY block only
TRY { WRITE 1 QUIT  WRITE 2 } CATCH { }
WRITE 3,!
	13

# NEWs and frames are unwound
ROUTINE t
t	SET x=1
 TRY { DO s } CATCH { }
 WRITE x,$STACK,!
 QUIT
s	NEW x SET x=2 WRITE 1/0
	11

ROUTINE t
t	SET $ZTRAP="err"
 DO s
 WRITE "never"
 QUIT
s	NEW x WRITE nope QUIT
err	SET $ZTRAP="" WRITE $ZERROR,! QUIT
	<UNDEFINED>s^t *nope

# $ZTRAP="*label" does not unwind
ROUTINE t
t	SET x=1,$ZTRAP="*err"
 DO s
 WRITE "back",!
 QUIT
s	NEW x SET x=2 WRITE nope QUIT
err	WRITE x,$STACK,! QUIT
	22
	back

# the trap ends with its level
# Expect: <DIVIDE>t+1^t
ROUTINE t
t	DO s
 WRITE 1/0
s	SET $ZTRAP="e" QUIT
e	WRITE "never" QUIT

# an error in the code of $ETRAP ends the level; the $ETRAP below takes it
ROUTINE t
t	NEW $ETRAP SET $ETRAP="WRITE ""below "",$ECODE,! SET $ECODE="""" QUIT"
 DO sub
 WRITE "never"
 QUIT
sub	NEW $ETRAP SET $ETRAP="WRITE ""above "",! SET q=undefined"
 SET x=1/0
 QUIT
	above 
	below ,M9,M6,

# at every level, and caught by a TRY in between
# Expect: <UNDEFINED>t+1^t *undefined
ROUTINE t
t	SET $ETRAP="WRITE $STACK,! TRY { SET z=1/0 } CATCH { } SET q=undefined"
 DO sub
 QUIT
sub	SET x=1/0
 QUIT
	2
	1

# after SET $ECODE="" an error is a new one
ROUTINE t
t	NEW $ETRAP,n SET n=0,$ETRAP="GOTO err"
 SET x=1/0
err	SET $ECODE="",n=n+1
 WRITE "err ",n,!
 IF n<3 SET x=1/0
 QUIT
	err 1
	err 2
	err 3

# $ETRAP runs at the erring level, then its error goes on unless $ECODE is cleared
ROUTINE t
t	SET $ETRAP="WRITE ""trap:"",$ECODE,! SET $ECODE="""""
 DO s
 WRITE "back",!
 QUIT
s	WRITE 1/0
 WRITE "never"
	trap:,M9,
	back

ROUTINE t
t	NEW $ETRAP SET $ETRAP="GOTO err"
 DO s
 WRITE "never",!
 QUIT
err	WRITE "err at ",$STACK," ",$ECODE,! SET:$STACK=1 $ECODE="" QUIT
s	DO s2 QUIT
s2	WRITE nope QUIT
	err at 3 ,M6,
	err at 2 ,M6,
	err at 1 ,M6,

ROUTINE t
t	SET $ETRAP="SET $ECODE="""" QUIT:$QUIT 42 QUIT"
 WRITE $$f(),!
 QUIT
f()	QUIT 1/0
	42

# Expect: <ECODETRAP>
SET $ECODE=",Umine,"

# Expect: <ZOOPS>
ZTRAP "OOPS"

# Expect: <ZTRAP>
ZTRAP

WRITE $ECODE="",!
	1

TRY { WRITE 1/0 } CATCH { WRITE $ZERROR,"|",$ECODE,! }
	<DIVIDE>|,M9,

# Expect: <SYNTAX>
XECUTE "SET x="

# Expect: <SYNTAX>t+1^t
ROUTINE t
t	WRITE "before",!
 WRITE 1+
 WRITE "after"
	before

# Expect: <FRAMESTACK>
ROUTINE t
t	DO t

# $ZTRAP in a procedure finds the labels of the procedure only
# Expect: <NOLINE>p+1^t
ROUTINE t
t	DO p WRITE "never"
 QUIT
p()	{
 SET $ZTRAP="outside" SET x=1/0
 }
outside	WRITE "never"
 QUIT

ROUTINE t
t	DO p WRITE "done",!
 QUIT
p()	{
 SET $ZTRAP="inside" SET x=1/0
inside	WRITE $ZERROR," "
 }
	<DIVIDE>p+1^t done

# TRY comes before $ZTRAP and $ETRAP of its level, wherever they are set; a dotted block has a level of its own (RCOS_ctry)
ROUTINE t
t DO try(1),try(2),try(3),try(4) QUIT
try(n) NEW $ETRAP
 TRY {
   IF n=1 { SET $ZTRAP="h1" SET x=1/0 }
   IF n=2 { SET $ETRAP="WRITE ""etrap "",$ZERROR,! SET $ECODE="""" QUIT" SET x=1/0 }
   IF n=3 {
     DO
     . SET $ZTRAP="h1" SET x=1/0
     WRITE "behind DO",!
   }
   IF n=4 {
     DO
     . SET $ETRAP="WRITE ""etrap "",$ZERROR,! SET $ECODE="""" QUIT" SET x=1/0
     WRITE "behind DO",!
   }
 } CATCH ex { WRITE "caught ",n," ",ex.Name,! }
 QUIT
h1 WRITE "ztrap ",$ZERROR,! QUIT
	caught 1 <DIVIDE>
	caught 2 <DIVIDE>
	ztrap <DIVIDE>try+6^t
	behind DO
	etrap <DIVIDE>try+11^t
	behind DO

# A value leaves no XECUTE and no dotted block, but RETURN does
# Expect: <COMMAND>
XECUTE "QUIT 5"

ROUTINE t
t WRITE $$f(),$$g(),! DO h WRITE "not reached" QUIT
f() TRY { RETURN 5 } CATCH {}
 QUIT 1
g() DO
 . RETURN 6
 QUIT 2
h SET $ZTRAP="e" DO
 . QUIT 7
 QUIT
e WRITE $ZERROR,! HALT
	56
	<COMMAND>h+1^t
