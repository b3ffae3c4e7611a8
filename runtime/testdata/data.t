# Variables, arrays, globals: $DATA $GET $ORDER $QUERY $NAME $INCREMENT (spec §6.4)

WRITE $DATA(x),$GET(x),$GET(x,5),!
	05

SET x=1,x(1)=2,y(1)=3 WRITE $DATA(x),$DATA(y),$DATA(x(1)),!
	11101

# Expect: <SUBSCRIPT> *a() Subscript 1 is ""
SET a(1)=1,a("")=5

# M collation: canonical numbers first, then strings by code
SET a(10)=1,a(9)=1,a(-1)=1,a(1.5)=1,a("B")=1,a("a")=1,a("01")=1
SET k="" FOR  SET k=$ORDER(a(k)) QUIT:k=""  WRITE k," "
	-1 1.5 9 10 01 B a 

SET a(10)=1,a(9)=1,a(-1)=1,a(1.5)=1,a("B")=1
SET k="" FOR  SET k=$ORDER(a(k),-1) QUIT:k=""  WRITE k," "
	B 10 9 1.5 -1 

# a string that is a canonical number is that number
SET a("1")=2,a("1.0")=3 WRITE a(1)," ",$ORDER(a(1)),!
	2 1.0

SET a(1)="v" WRITE $ORDER(a(""),1,x),x,!
	1v

SET a(1)=1,a(1,2)=2,a(3)=3
SET q="a" FOR  SET q=$QUERY(@q) QUIT:q=""  WRITE q," "
	a(1) a(1,2) a(3) 

SET a(1)=1,a(1,2)=2,a(3)=3
SET q="a(9)" FOR  SET q=$QUERY(@q,-1) QUIT:q=""  WRITE q," "
	a(3) a(1,2) a(1) 

WRITE $NAME(a(1,"x")),$NAME(^g(1,2),1),!
	a(1,"x")^g(1)

WRITE $QLENGTH("a(1,2,3)"),$QSUBSCRIPT("^a(1,""x"")",2),$QSUBSCRIPT("^a(1)",0),!
	3x^a

WRITE $INCREMENT(x),$INCREMENT(x,5),$INCREMENT(^c),x,!
	1616

SET x="3abc" WRITE $INCREMENT(x),!
	4

# globals
SET ^g(1)="a",^g(1,2)="b",^g("x")="c" WRITE ^g(1),^g(1,2),$DATA(^g),$ORDER(^g(1)),!
	ab10x

# naked references
SET ^g(1,1)="a" SET ^(2)="b" WRITE ^g(1,2),$DATA(^(1)),!
	b1

SET ^g(1,1)=1,^(2)=^(1)+1 WRITE ^(2),!
	2

# Expect: <NAKED>
WRITE ^(1)

SET ^g(1)=1,^g(2)=2 KILL ^g(1) WRITE $DATA(^g(1)),$DATA(^g(2)),!
	01

SET ^g(1)=1,^g(1,2)=2 ZKILL ^g(1) WRITE $DATA(^g(1)),!
	10

SET a(1)="x",a(1,2)="y" MERGE ^g("m")=a MERGE b=^g("m") WRITE b(1),b(1,2),!
	xy

SET q="^g(9)",^g(9)=1,^g(9,1)=2 SET q=$QUERY(@q) WRITE q,!
	^g(9,1)

# values keep their text
SET ^g=1.50,^h="1.50",^i=$CHAR(8364)_"x" WRITE ^g,^h,$LENGTH(^i),^i,!
	1.51.502€x

# extended references and namespaces
SET ^|"OTHER"|g=5 WRITE $DATA(^g),^|"OTHER"|g,!
	05

NEW $NAMESPACE SET $NAMESPACE="other" SET ^z=1 WRITE $NAMESPACE,^|"OTHER"|z,!
	OTHER1

SET ^%z=7 WRITE ^|"%SYS"|%z,!
	7

# process-private globals
SET ^||p(1)=2 WRITE ^||p(1),$DATA(^p),!
	20

# Expect: <UNDEFINED> ^||p(2)
WRITE ^||p(2)

# ZWRITE
SET x=1,y="a""b",z(1)="c"_$CHAR(13,10) ZWRITE
	x=1
	y="a""b"
	z(1)="c"_$c(13,10)

SET a(1)=1,a(2)="x" ZWRITE a
	a(1)=1
	a(2)="x"

SET ^g(1)=1 ZWRITE ^g
	^g(1)=1

# transactions
SET ^t=1 TSTART  SET ^t=2 WRITE $TLEVEL TROLLBACK  WRITE ^t,$TLEVEL,!
	110

TSTART  SET ^t=2 TSTART  SET ^t=3 WRITE $TLEVEL TROLLBACK 1 WRITE ^t TCOMMIT  WRITE $TLEVEL,!
	220

# Expect: <COMMAND> *NoTransaction
TCOMMIT

LOCK ^a:0 WRITE $TEST LOCK  LOCK +^a:0 WRITE $TEST,!
	11

SET x=$TEXT(+1) WRITE "[",x,"]",!
	[]

ROUTINE t
t ;first line
 WRITE $TEXT(t),! WRITE $TEXT(data+1),! WRITE $TEXT(+0),!
 QUIT
data ;
 ;;one;two
	t ;first line
	 ;;one;two
	t

# structured system variables
SET ^a(1)=1,^b=2 WRITE $DATA(^$GLOBAL("^a")),$DATA(^$GLOBAL("^none")),$ORDER(^$GLOBAL("")),$ORDER(^$GLOBAL("^a")),!
	100^a^b

WRITE $DATA(^$JOB($JOB)),$ORDER(^$JOB(""))=$JOB,$DATA(^$JOB(1)),!
	110

SET n=0 WRITE $DATA(^$JOB($INCREMENT(n))),n,$DATA(^$JOB($JOB_"")),$DATA(^$JOB("0"_$JOB)),$DATA(^$JOB($JOB),x),$DATA(x),$DATA(^$JOB($JOB,1)),!
	0110110

LOCK +^x(1),+^x(1),+y WRITE $DATA(^$LOCK("^x(1)")),^$LOCK("^x(1)","COUNT"),^$LOCK("^x(1)","MODE"),$DATA(^$LOCK("y")),$DATA(^$LOCK("^z")),!
	112X110

LOCK +^x(1) WRITE ^$LOCK("^x(1)","OWNER")=$JOB,!
	1

LOCK +^x(1) LOCK  WRITE $DATA(^$LOCK("^x(1)")),!
	0

ROUTINE t
t WRITE $DATA(^$ROUTINE("t")),$DATA(^$ROUTINE("none")),! QUIT
	10

# Expect: <PROTECT> ^$JOB
SET ^$JOB(1)=2

# Expect: <SYNTAX>
XECUTE "WRITE $DATA(^$NOSUCH(1))"

# integers beyond 64 bits have their place among the others
FOR k=1,7,1E20,9223372036854775807,-1E20,-5,1.5 SET a(k)=""
SET k="" FOR  SET k=$ORDER(a(k)) QUIT:k=""  WRITE k," "
WRITE ! FOR  SET k=$ORDER(a(k),-1) QUIT:k=""  WRITE k," "
	-100000000000000000000 -5 1 1.5 7 9223372036854775807 100000000000000000000 
	100000000000000000000 9223372036854775807 7 1.5 1 -5 -100000000000000000000 

# Expect: <MAXNUMBER>
SET ^big=9223372036854775807E127 SET x=$INCREMENT(^big,9E145)

# $ZINCREMENT is $INCREMENT

KILL ^z WRITE $ZINCREMENT(n)," ",$ZINCREMENT(n,5)," ",$ZINCREMENT(^z,-1)," ",n,!
	1 6 -1 6
