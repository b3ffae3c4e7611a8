# Flow of control: IF, ELSE, FOR, WHILE, DO, GOTO, QUIT, blocks (spec §6.2)

SET x=5 WRITE x_" apples",!
	5 apples

IF 1 WRITE "yes",!
	yes

IF 0 WRITE "yes",!
ELSE  WRITE "no",!
	no

SET $TEST=1 IF 0 { WRITE "a" } ELSEIF 1 { WRITE "b" } ELSE { WRITE "c" } WRITE $TEST,!
	b1

IF 1,0 WRITE "both"
WRITE $TEST,!
	0

FOR i=1:1:3 WRITE i," "
	1 2 3 

FOR i=3:-1:1 WRITE i," "
	3 2 1 

FOR i="a","b",1:2:5,9 WRITE i," "
	a b 1 3 5 9 

FOR i=.1:.1:.5 WRITE i," "
	.1 .2 .3 .4 .5 

FOR i=1:1 QUIT:i>4  WRITE i
	1234

# the variable keeps its last value within the range
FOR i=1:1:3
WRITE i,!
	3

FOR i=1:1:0 WRITE "never"
WRITE i,!
	1

FOR i=1:1:5 { CONTINUE:i=3  WRITE i }
	1245

# the limit and step are evaluated once; the variable may change in the body
SET n=3 FOR i=1:1:n SET n=10 WRITE i
	123

FOR i=1:1:6 WRITE i SET i=i+1
	135

SET i=0 WHILE i<3 { WRITE i SET i=i+1 }
	012

SET i=5 DO { WRITE i SET i=i+1 } WHILE i<3
	5

ROUTINE t
t	DO a,b WRITE "end",!
 QUIT
a	WRITE "a" QUIT
b	WRITE "b" QUIT
	abend

# fall-through, but not into a label with a formal list
ROUTINE t
t	WRITE "t"
next	WRITE "next"
formal(x)	WRITE "formal"
 QUIT
	tnext

ROUTINE t
t	SET x=1 DO
 . WRITE x SET x=x+1
 . DO
 . . WRITE "in" QUIT
 . WRITE x
 WRITE "out",!
	1in2out

# QUIT leaves a dotted block only; $TEST is restored
ROUTINE t
t	IF 1 DO
 . IF 0
 . QUIT
 . WRITE "never"
 WRITE $TEST,!
	1

ROUTINE t
t	FOR i=1:1:3 DO
 . QUIT:i=2
 . WRITE i
 WRITE !
	13

# GOTO out of a dotted block and a FOR
ROUTINE t
t	FOR i=1:1:9 DO
 . IF i=3 GOTO out
 . WRITE i
 WRITE "never"
out	WRITE "out",!
	12out

# GOTO leaves brace blocks
ROUTINE t
t	SET n=0
loop	SET n=n+1
 IF n<3 {
   WRITE n
   GOTO loop
 }
 ELSE { WRITE "done",! }
	12done

ROUTINE t
t	DO s+1 QUIT
s	WRITE "s"
 WRITE "s+1",!
	s+1

# by reference, by value, omitted
ROUTINE t
t	SET a=1,b=2 DO s(.a,b) WRITE a,b,$DATA(c),! QUIT
s(x,y,c)	SET x=9,y=9 WRITE $DATA(c) QUIT
	0920

ROUTINE t
t	SET a(1)=5 DO s(.a) WRITE a(1),a(2),! QUIT
s(x)	SET x(1)=6,x(2)=7 QUIT
	67

# undefined by reference comes back defined
ROUTINE t
t	DO s(.new) WRITE new,! QUIT
s(x)	SET x="made" QUIT
	made

ROUTINE t
t	DO s(1,2,3) QUIT
s(x...)	WRITE x,x(1),x(3),! QUIT
	313

ROUTINE t
t	DO s() QUIT
s(x=7,y="d")	WRITE x,y,! QUIT
	7d

# Expect: <PARAMETER>t^t
ROUTINE t
t	DO s(1,2) QUIT
s(x)	QUIT

WRITE $SELECT(0:1,1:2),!
	2

# Expect: <SELECT>
WRITE $SELECT(0:1)

WRITE $CASE(2,1:"a",2:"b",:"c"),$CASE(5,1:"a",:"c"),!
	bc

# recursion
ROUTINE t
t	WRITE $$f(10),! QUIT
f(n)	QUIT:n<2 1 QUIT n*$$f(n-1)
	3628800

# NEW hides, the end of the frame brings back
ROUTINE t
t	SET x=1 DO s WRITE x,! QUIT
s	NEW x SET x=2 WRITE x QUIT
	21

ROUTINE t
t	SET x=1,y=2 DO s WRITE x,y,! QUIT
s	NEW (y) SET y=3 WRITE $DATA(x),y QUIT
	0313

# procedures: private variables, public list, % names
ROUTINE t
t	SET x=1,y=2 DO p(5) WRITE x,y,$DATA(z),%q,! QUIT
p(z) PUBLIC [y] {
 SET x=10,y=20,%q=30
 DO legacy
 QUIT
 }
legacy	WRITE "[",x,$DATA(z),"]" QUIT
	[10]120030

# a private label is not seen outside
# Expect: <NOLINE>t^t
ROUTINE t
t	DO inner QUIT
p() {
inner	WRITE "x"
 }

# RETURN leaves the routine level from within loops and blocks
ROUTINE t
t	WRITE $$f(),! QUIT
f()	FOR i=1:1:9 { IF i=4 { RETURN i } }
 QUIT 0
	4

# Expect: <COMMAND>t^t *Function must return a value at f+1^t
ROUTINE t
t	WRITE $$f()
f()	SET x=1
 QUIT

# XECUTE and its scope
SET x=1 XECUTE "SET x=x+1 WRITE x,!"
	2

ROUTINE t
t	XECUTE "DO s" WRITE "|",! QUIT
s	WRITE "s" QUIT
	s|

XECUTE "NEW x SET x=5" WRITE $DATA(x),!
	0

# a dotted line needs a DO before it
SET x=1 XECUTE ". SET x=2" XECUTE "DO",". SET x=3" WRITE x,!
	1

XECUTE:0 "WRITE 1" WRITE 2,!
	2

# indirection
SET n="x",@n=5 WRITE x,@n,!
	55

SET a="b(1)",@a=7 WRITE b(1),@a,!
	77

SET a="b",@a@(2)=8 WRITE b(2),@a@(2),!
	88

SET a="x=3,y=4" SET @a WRITE x,y,!
	34

SET e="""a"",!,b(1,2),$PIECE(""x,y"","","",2),?12,newname",b(1,2)="B",newname="N" WRITE @e,!
	a
	By          N

SET e="2+3*2" WRITE @e,!
	10

ROUTINE t
t	SET l="s" DO @l SET l="s+1^t" DO @l QUIT
s	WRITE "s"
 WRITE "+1" QUIT
	s+1+1

KILL  SET x=1,y=2 KILL x WRITE $DATA(x),$DATA(y),!
	01

SET x=1,y=2,z=3 KILL (y) WRITE $DATA(x),$DATA(y),$DATA(z),!
	010

SET x=1,x(1)=2 ZKILL x WRITE $DATA(x),!
	10

SET a(1)=1,a(1,2)=2,b(5)=9 MERGE b=a WRITE b(1),b(1,2),b(5),!
	129

# the subscripts of a target are evaluated before the value, its naked reference after it
SET i=1,a($INCREMENT(i))=i WRITE $ORDER(a("")),a(2),!
	22

SET ^a(2)="E",^b(1)=3,^(^(1))=^a(2) WRITE ^a(3),!
	E

SET n=1,$PIECE(s,",",$INCREMENT(n))=n,(x($INCREMENT(n)),y(n))=n WRITE s," ",$ORDER(x(""))," ",y(3),!
	,2 3 3

# SET $PIECE of no piece leaves the variable undefined
SET $PIECE(x,",",0)=1,$PIECE(y(1),",",3,2)=1 WRITE $DATA(x),$DATA(y),!
	00

# the control variable of a loop is found once
SET i=1,j(1)="" FOR j(i)=1:1:3 SET i=i+1 WRITE j(1)
	123

# each argument of IF sets $TEST; IF @x is arguments of its own
IF 0
IF 1,$TEST WRITE "yes",!
	yes

SET x="1=1,0" IF @x WRITE "no"
ELSE  WRITE $TEST,!
	0

# what is made after an argumentless or exclusive NEW ends with the frame
ROUTINE t
t	SET k=0 DO a,b WRITE $DATA(x),$DATA(%z),$DATA(y),k,! QUIT
a	NEW  SET x=1,%z=2 QUIT
b	NEW (k) SET y=1,k=k+1 QUIT
	0001

# naked references: what is evaluated last counts
SET ^a(1,"x")=1,^a(1,"y")=2,^b(1,1)=1,^b(1,2)="last" WRITE $ORDER(^a(1,""),^b(1,1)),^(2),!
	xlast

SET ^a(1)=5,^b(1,1)=6,^b(1,2)="last" WRITE $GET(^a(1),^b(1,1)),^(2),!
	5last

SET ^a(1)=1,^b(2,1)="m",^b(1)="" MERGE ^(1)=^b(2) WRITE ^b(1,1),!
	m

# Expect: <UNDEFINED> *none
SET x=1 WRITE $GET(x,none)

ROUTINE t
t	WRITE $$f(),! QUIT
f()	NEW v SET v=$QUIT DO  QUIT v_$QUIT
 . SET v=v_$QUIT
	101

SET ^||p(1)=1,^||p(2)="mine",^g(1)=5,^g(2)="other" SET (x,^||p(1))=^g(1) WRITE ^(2),!
	mine

# an indirect operand of an indirection takes the first @(subscripts)
SET x="a",a(1)="b(2)",@@x@(1)@(3)="v" WRITE b(2,3),!
	v

# the operand of an indirection is evaluated once
SET n=0,v(1)="one" SET x=@("v("_$INCREMENT(n)_")") WRITE @("v("_($INCREMENT(n)-1)_")"),x,n,!
	oneone2

# lists of arguments by indirection
SET a="@b,""-"",@c",b="d",c="!,e",d=1,e=2 WRITE @a
	1-
	2

SET x="y,z",y="SET v=1",z="SET v=v+1" XECUTE @x WRITE v,!
	2

SET a=1,b=2,c=3,x="a" KILL (@x,@("c"),x) WRITE $DATA(a),$DATA(b),$DATA(c),!
	101

# postconditionals on commands and arguments
SET x=1 SET:x=1 x=2 SET:x=1 x=3 WRITE x,!
	2

ROUTINE t
t	DO a:0,b:1 QUIT
a	WRITE "a"
b	WRITE "b",! QUIT
	b

HALT  WRITE "never"

# each part of an entryref may come from indirection, which gives its text
ROUTINE t
t SET x="lab",y="t",z="lab+1^t",n="lab+1"
 WRITE $TEXT(@x^t),!,$TEXT(lab+1^@y),!,$TEXT(@x+1^@y),!,$TEXT(@z),!
 DO @x,@x^t,@x^@y,lab^@y,@z,@n DO @n^t
 GOTO @x^@y
 QUIT
lab WRITE "in lab",!
 QUIT
	lab WRITE "in lab",!
	 QUIT
	 QUIT
	 QUIT
	in lab
	in lab
	in lab
	in lab
	in lab

# An indirection yields arguments, never further commands.
# Expect: <SYNTAX>
DO @"lab WRITE 1"

# Expect: <SYNTAX>
SET x="y WRITE 1" KILL @x

# Expect: <SYNTAX>
OPEN @"""/dev/null"":""WN"" WRITE 1"

SET x="a,b",a=1,b=2 KILL @x WRITE $DATA(a),$DATA(b),! WRITE @"1,!"
	00
	1

# Blocks within dotted lines: the dots of the line that begins the block stand before its lines
ROUTINE t
main DO
 . IF 1 {
 .   WRITE "if "
 .   DO
 .   . WRITE "inner "
 . }
 . ELSE {
 .   WRITE "else "
 . }
 . TRY {
 .   WRITE 1/0
 . }
 . CATCH e {
 .   WRITE e.Name," "
 . }
 . FOR i=1:1:2 {
     WRITE i," "
 . }
 . WRITE "end",!
 QUIT
	if inner <DIVIDE> 1 2 end

# a QUIT with a value leaves no XECUTE, except one that has a value: $XECUTE
# Expect: <COMMAND>
XECUTE "QUIT 5"

# Expect: <COMMAND>f+1^t
ROUTINE t
t	WRITE $$f()
f()	;
 XECUTE "QUIT 5"
 QUIT 6

ROUTINE t
t	WRITE $XECUTE("QUIT 5"),$XECUTE("(a) XECUTE ""QUIT:1"" QUIT a",6),$$f(),!
f()	XECUTE "QUIT"
 QUIT 7
	567

# blocks in dotted lines, and dotted lines in blocks in dotted lines
ROUTINE t
t	SET y=1 DO  WRITE "end",!
 . IF y=1 {
 .   WRITE "a"
 . DO
 . . WRITE "deep"
 . . IF 1 { QUIT }
 . . WRITE "never"
 .   WRITE "c"
 . } ELSE {
 .   WRITE "b"
 . }
 . WHILE y<3 {
 . SET y=y+1
 . CONTINUE:y=2
 . WRITE y
 . }
 QUIT
	adeepc3end
