# Globals, LOCK and transactions as the language sees them (docs/globals.md)

# naked references: process-private globals take part, in all their spellings
SET ^||x(1)=1,^(2)=3 WRITE $ZREFERENCE,! ZWRITE ^||x
	^||x(2)
	^||x(1)=1
	^||x(2)=3

SET ^a(5)=1,^||x(2)=2,^(7)=1 WRITE $DATA(^a(7)),$DATA(^||x(7)),$DATA(^(7)),$ZREFERENCE,!
	011^||x(7)

SET ^a(1,1)="a",^(2)="b",^||x(1)=^a(1,1)_^(2),^(3)=^(1)_"!" WRITE ^||x(3),$ZREFERENCE,!
	ab!^||x(3)

SET ^|"^"|x(1)=5,^["^"]x(2)=6 WRITE ^||x(1),^||x(2),$DATA(^x),! KILL ^||x(1) WRITE $ZREFERENCE,$DATA(^(1)),$DATA(^(2)),!
	560
	^||x(1)01

SET ^||x(1)=1,^||x(4)=4 WRITE $ORDER(^||x(1)),$ORDER(^(9),-1),$QUERY(^(1)),$GET(^(5),"none"),$INCREMENT(^(4)),!
	44^||x(4)none5

SET ^||x(1)=1 KILL  WRITE ^||x(1),! KILL ^||x WRITE $DATA(^||x(1)),!
	1
	0

SET ^||x(1)=1,$ZREFERENCE="^||x(1)" WRITE ^(1),$ZREFERENCE,!
	1^||x(1)

# Backward, $QUERY starts behind "" as $ORDER does
SET ^a(1)=1,^a(2,3)=2,^a("x","y")=3 WRITE $QUERY(^a(""),-1),$QUERY(^a(2,""),-1),$QUERY(^a(""),-1,v),v,!
	^a("x","y")^a(2,3)^a("x","y")3

SET a(1)=1,a(2,3)=2,a("x","y")=3 WRITE $QUERY(a(""),-1),$QUERY(a(2,""),-1),!
	a("x","y")a(2,3)

# $ZORDER behind the last node tells the last one
# Expect: <UNDEFINED> ^||x(1,3)
SET ^||x(1)=1,^||x(1,3)=2,x=^||x(1) WRITE x,$ZORDER,!,$ZORDER
	12

# Expect: <UNDEFINED> ^x(1,3)
SET ^x(1)=1,^x(1,3)=2,x=^x(1) WRITE x,$ZORDER,!,$ZORDER
	12

# Expect: <UNDEFINED> ^||x(7)
WRITE ^||x(7)

# extended references
SET ^|"NS"|x=1,^["NS"]y=2,^["NS","sys"]z=3,^|"^^NS"|w=4 WRITE ^|"ns"|x,^|"NS"|y,^["NS"]z,^|"NS"|w,! WRITE $NAME(^["NS","sys"]z(1)),$DATA(^x),!
	1234
	^|"NS"|z(1)0

SET n="NS",^|n|x(1)=1,^(2)=2 WRITE ^|"NS"|x(2),$ZREFERENCE,$ORDER(^|n|x("")),$QUERY(^|n|x),!
	2^|"NS"|x(2)1^|"NS"|x(1)

SET ^|"NS"|%x=1 WRITE ^|"NS"|%x,$DATA(^%x),! SET ^%y=2 WRITE ^|"%SYS"|%y,!
	10
	2

# Expect: <DIRECTORY> */no/where/
SET ^["/no/where/","sys"]z=3

# Expect: <NAMESPACE> *1X
SET ^|"1x"|z=3

# ^$GLOBAL
SET ^x(1)=1,^y=1 WRITE $DATA(^$GLOBAL("^x")),$DATA(^$GLOBAL("^z")),$ORDER(^$GLOBAL("")),$ORDER(^$GLOBAL(""),-1),$ORDER(^$GLOBAL("^x")),!
	100^x^y^y

SET ^x=1 KILL ^x WRITE $DATA(^$GLOBAL("^x")),!
	0

# of another namespace
SET ^x=1,^|"OTHER"|y=1 LOCK +^|"OTHER"|l WRITE $ORDER(^$|"OTHER"|GLOBAL("")),$ORDER(^$["other"]G("^y")),$DATA(^$|"OTHER"|GLOBAL("^x")),$ORDER(^$|""|GLOBAL("")),$ORDER(^$LOCK("")),$ORDER(^$|"OTHER"|LOCK("")),!
	^y0^x^l

# Expect: <NAMESPACE> *A B
WRITE $DATA(^$|"a b"|GLOBAL("^x"))

# Expect: <PROTECT> ^$GLOBAL
SET ^$|"OTHER"|GLOBAL("^x")=1

# Expect: <PROTECT> ^$GLOBAL
SET ^$GLOBAL("^x")=1

# Expect: <PROTECT> ^$GLOBAL
KILL ^$GLOBAL("^x")

# Expect: <PROTECT> ^$LOCK
SET a=1 MERGE ^$LOCK=a

# $QUERY and $ORDER backwards, with data
SET ^q(1)=1,^q(1,2)=3,^q(5)=4,^q="r",x="^q(6)" FOR  SET x=$QUERY(@x,-1) QUIT:x=""  WRITE x," "
	^q(5) ^q(1,2) ^q(1) ^q 
SET ^q(1)=1,^q(5)=4,^q(6,1)=2 WRITE $ORDER(^q(""),-1,t),$DATA(t),$ORDER(^q(6),-1,t),t,$ORDER(^q(5),-1,t),t,"[",$ORDER(^q(1),-1,t),"]",t,!
	605411[]1

SET ^q(1)=1,^q(5)=4 WRITE $QUERY(^q(""),1,t),t,$QUERY(^q(9),-1,t),t,!
	^q(1)1^q(5)4

# MERGE
# Expect: <COMMAND>
SET ^q(1)=1 MERGE ^q(1,2)=^q(1)

# Expect: <COMMAND>
SET ^q(1)=1 MERGE ^q=^q(1)

SET ^q(1)=1,^q(1,"x")=2 MERGE ^q(2)=^q(1),^q=^q,^|"NS"|q=^q,^||q=^q(1) WRITE ^q(2,"x"),^|"NS"|q(2),^||q("x"),!
	212

# ZKILL
SET ^z=1,^z(1)=2 ZKILL ^z WRITE $DATA(^z),$DATA(^z(1)) ZK ^z(1) WRITE $DATA(^z),!
	1010

# limits
SET $PIECE(s,"x",507)="" SET ^a(s)=1,^b(s)=2 WRITE $LENGTH(s),$DATA(^a(s)),$ORDER(^b(""))=s,!
	50611

# Expect: <SUBSCRIPT> ^a() Subscript 1 is too long
SET $PIECE(s,"x",509)="" SET ^a(s)=1

# Expect: <SUBSCRIPT> ^a(1,2) Subscript 3 is too long
SET $PIECE(s,"x",507)="" WRITE $DATA(^a(1,2,s,4))

# Expect: <SUBSCRIPT> ^a() Subscript 1 is too long
SET $PIECE(s,"x",509)="" WRITE $ORDER(^a(s))

# Expect: <SUBSCRIPT> ^a() Subscript 1 is too long
SET $PIECE(s,"x",509)="" LOCK +^a(s)

# Expect: <SUBSCRIPT> ^a() Subscript 1 is too long
SET $PIECE(s,$CHAR(8364),171)="" SET ^a(s)=1

# Expect: <SUBSCRIPT> ^a() Subscript 1 is ""
SET ^a("")=1

# Expect: <SUBSCRIPT> ^a(1) Subscript 2 is ""
WRITE ^a(1,"")

# Expect: <SUBSCRIPT> ^a() Subscript 1 is ""
LOCK +^a("")

SET x="^a(1" FOR i=2:1:253 SET x=x_",1"
SET @(x_")")=1 WRITE $QLENGTH($QUERY(^a)),!
	253

# Expect: <SYNTAX>
SET x="^a(1" FOR i=2:1:254 SET x=x_",1"
SET @(x_")")=1

# Expect: <SYNTAX>
SET x="^a(1" FOR i=2:1:10000 SET x=x_",1"
WRITE $DATA(@(x_")"))

SET ^a(1E15)=1,^a("1E15")=2,^a(-.5)=3 WRITE ^a(1000000000000000),$ORDER(^a("")),!
	1-.5

SET ^a=$TRANSLATE($JUSTIFY("",3641144)," ","x") WRITE $LENGTH(^a),!
	3641144

# Expect: <MAXSTRING>
SET ^a=$TRANSLATE($JUSTIFY("",3641144)," ","x"),^a=^a_"y"

# a name's first 31 characters count
SET ^abcdefghijklmnopqrstuvwxyz0123456789=1 WRITE ^abcdefghijklmnopqrstuvwxyz01234,$NAME(^abcdefghijklmnopqrstuvwxyz0123456789),!
	1^abcdefghijklmnopqrstuvwxyz01234

# LOCK
LOCK (^a,^b(1)):1 WRITE $TEST SET x="" FOR  SET x=$ORDER(^$LOCK(x)) QUIT:x=""  WRITE " ",x,"=",^$LOCK(x,"MODE"),^$LOCK(x,"COUNT")
	1 ^a=X1 ^b(1)=X1
LOCK +^a(1)#"S",+(^b#"E",^c#"SE"):0,+^a(1)#"S" WRITE $TEST SET x="" FOR  SET x=$ORDER(^$LOCK(x)) QUIT:x=""  WRITE " ",x,"=",^$LOCK(x,"MODE"),^$LOCK(x,"COUNT")
	1 ^a(1)=S2 ^b=X1 ^c=S1
LOCK +^a,+^a,-^a,^b,-^nothing,+c(1) SET x="" FOR  SET x=$ORDER(^$LOCK(x)) QUIT:x=""  WRITE x,"=",^$LOCK(x,"COUNT")," "
	^b=1 c(1)=1 
LOCK +^a LOCK -^a#"I" WRITE $DATA(^$LOCK("^a")) LOCK +(^a,^b) LOCK -(^a,^b) WRITE $DATA(^$LOCK("^b")) LOCK +^a LOCK  WRITE $DATA(^$LOCK("^a")),!
	000

TSTART  LOCK +^a,+^b LOCK -^a#"I",-^b#"D" WRITE $DATA(^$LOCK("^a")),$DATA(^$LOCK("^b")) TCOMMIT  WRITE $DATA(^$LOCK("^b")),!
	0110

# Expect: <SYNTAX>
LOCK +^a#"X"

# transactions
TSTART  SET ^t=1 TSTART  SET ^t=2,^u(1)=1 WRITE $TLEVEL TROLLBACK 1 WRITE $TLEVEL,^t,$DATA(^u) TROLLBACK  WRITE $TLEVEL,$GET(^t,"gone"),!
	21100gone

TROLLBACK  WRITE $TLEVEL,!
	0

# Expect: <COMMAND> *NoTransaction
TCOMMIT

# Expect: <COMMAND> *NoTransaction
TROLLBACK 1

SET ^n=1 TSTART  WRITE $INCREMENT(^n) SET ^m=1 KILL ^n TROLLBACK  WRITE ^n,$DATA(^m),!
	220

# A reference that holds a line feed comes back through indirection
SET a("x"_$CHAR(10)_"y",1)=5,^a("x"_$CHAR(10)_"y",1)=6,r=$QUERY(a),q=$QUERY(^a) WRITE @r,@q,@$NAME(@r,1)@(1),$ASCII(r,5),! SET @r=7,@q@(2)=8 KILL @q WRITE @r,$DATA(@q),! XECUTE "WRITE "_r_",!"
	56510
	70
	7

# Older names of $QUERY, and a command that has nothing to wait for
SET ^g(1)=1,^g(1,2)=2,^g(-3)=3 WRITE $ZORDER(^g(1)),$ZO(^(3)),"|",$ZNEXT(^g(-1)),$ZNEXT(^g(1,2)),$ZNEXT(nosuch(-1)),! SET r="^g(-1)" FOR  SET r=$ZNEXT(@r) QUIT:r=-1  WRITE r," "
	^g(1,2)|^g(-3)-1-1
	^g(-3) ^g(1) ^g(1,2) 

ZSYNC  SET x=1 ZSYNC:x  WRITE x,!
	1

# Expect: <NAKED>
SET $ZREFERENCE="" WRITE $ZORDER(^(2))
