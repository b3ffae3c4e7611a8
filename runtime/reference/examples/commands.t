BREAK
> BREAK 0 WRITE "interrupts are off"
interrupts are off

CATCH
| top TRY { WRITE 1/0 } CATCH e { WRITE e.Name," at ",e.Location }
|  QUIT
> DO top^ex
<DIVIDE> at top^ex

CLOSE
> OPEN "a.txt":"WN" CLOSE "a.txt" USE "a.txt"
<NOTOPEN>

CONTINUE
> FOR i=1:1:5 { CONTINUE:i#2  WRITE i," " }
2 4 

DO
| show(x) WRITE "x=",x,!
|  QUIT
> DO show^ex(5)
x=5
> SET n=0 DO { SET n=n+1 WRITE n } WHILE n<3
123

ELSE
> SET n=2 IF n=1 { WRITE "one" } ELSE { WRITE "other" }
other
> IF n=1 WRITE "one"
> ELSE  WRITE "$TEST is ",$TEST
$TEST is 0

ELSEIF
> SET n=2 IF n=1 { WRITE "one" } ELSEIF n=2 { WRITE "two" } ELSE { WRITE "many" }
two

FOR
> FOR i=1:2:7 WRITE i," "
1 3 5 7 
> FOR x="red","green",10:-5:0 { WRITE x," " }
red green 10 5 0 
> SET n=0 FOR  { SET n=n+1 QUIT:n>3 } WRITE n
4

GOTO
| top WRITE "top " GOTO end
|  WRITE "never"
| end WRITE "end" QUIT
> DO top^ex
top end

HALT
| child WRITE "child" HALT  WRITE "never"
> DO child^ex
child

HANG
> SET start=$ZHOROLOG HANG .01 WRITE "waited"
waited

IF
> SET n=5 IF n>1,n<9 { WRITE "between" }
between
> IF n=5 WRITE "five, $TEST is ",$TEST
five, $TEST is 1

JOB
| child(x) SET ^answer=x*2
|  QUIT
> JOB child^ex(21):(::"/dev/null"):5 WRITE $TEST
1
> FOR  QUIT:$DATA(^answer)  HANG .01
> WRITE ^answer
42

KILL
> SET a=1,a(1)=2,b=3 KILL a WRITE $DATA(a),$DATA(b)
01
> SET c=4 KILL (b) WRITE $DATA(b),$DATA(c)
10

LOCK
> LOCK +^a(1):0 WRITE $TEST LOCK -^a(1)
1
> LOCK +^a(1)#"S":0,+^b:0 LOCK  WRITE $DATA(^$LOCK("^b"))
0

MERGE
> SET a(1)="x",a(1,2)="y" MERGE b("new")=a(1) ZWRITE b
b("new")="x"
b("new",2)="y"

NEW
| top SET x=1 DO sub WRITE x QUIT
| sub NEW x SET x=2 WRITE x QUIT
> DO top^ex
21

OPEN
> OPEN "a.txt":"WN":1 WRITE $TEST OPEN "none.txt":"R":0 WRITE $TEST
10

PRINT
| top WRITE "hello"
|  QUIT
> ZLOAD ex PRINT top
top WRITE "hello"

QUIT
| sum(a,b) QUIT a+b
> WRITE $$sum^ex(2,3)
5
> FOR i=1:1 QUIT:i>3

READ
< Ann
< xyz
> READ "Name: ",name WRITE !,"Hello ",name
Name: 
Hello Ann
> READ *code,two#2 WRITE code," ",two
120 yz

RETURN
| find(x) FOR i=1:1:9 { IF i*i=x { RETURN i } }
|  RETURN 0
> WRITE $$find^ex(49)," ",$$find^ex(50)
7 0

SET
> SET x=5,(y,z)=x+1 WRITE x,y,z
566
> SET $PIECE(p,"/",2)="b",a(1,"k")=7 WRITE p," ",a(1,"k")
/b 7

TCOMMIT
> TSTART  SET ^a=1 TCOMMIT  WRITE ^a," ",$TLEVEL
1 0
> TCOMMIT
<COMMAND> *NoTransaction

THROW
> TRY { THROW ##class(%Exception.General).%New("Mine",1001,,"data") } CATCH e { WRITE e.Name," ",e.Code," ",e.Data }
Mine 1001 data

TROLLBACK
> SET ^a=1 TSTART  SET ^a=2 TROLLBACK  WRITE ^a
1

TRY
> TRY { SET x=1/0 WRITE "never" } CATCH { WRITE "caught ",$ZERROR }
caught <DIVIDE>
~ Caché does not let $ZTRAP and $ETRAP be set within TRY. Here they are set, and the TRY block comes first, as before those that were set outside.

TSTART
> TSTART  TSTART  WRITE $TLEVEL TCOMMIT  WRITE $TLEVEL TROLLBACK
21
~ Caché's takes no arguments. Those of the standard are accepted, and nothing restarts a transaction.

USE
> OPEN "a.txt":"WN" USE "a.txt" WRITE "line",! CLOSE "a.txt"
> OPEN "a.txt":"R" USE "a.txt" READ x USE 0 WRITE x
line

VIEW
> VIEW 0:1:2:3
<COMMAND> *VIEW with these arguments is not supported
~ There are no memory blocks to read or change.

WHILE
> SET n=3 WHILE n>0 { WRITE n SET n=n-1 }
321

WRITE
> WRITE "a",?5,"b",!,*99,1+1
a    b
c2
> SET x=1,y="two" WRITE
x=1
y="two"

XECUTE
> XECUTE "SET x=3 WRITE x*x"
9
> XECUTE ("(a,b) WRITE a+b",2,3):1
5

ZALLOCATE
> ZALLOCATE ^a WRITE $DATA(^$LOCK("^a"))>0
1

ZBREAK
| top SET x=1
|  SET x=2
|  QUIT
> ZBREAK top+1^ex:"N"::"WRITE ""x is "",x" DO top^ex
x is 1

ZDEALLOCATE
> ZALLOCATE ^a ZDEALLOCATE ^a WRITE $DATA(^$LOCK("^a"))
0

ZINSERT
> ZREMOVE  ZINSERT "hi WRITE ""hello""" ZINSERT " QUIT" ZPRINT
hi WRITE "hello"
 QUIT

ZKILL
> SET a=1,a(1)=2 ZKILL a WRITE $DATA(a)," ",a(1)
10 2

ZLOAD
| top QUIT
> ZLOAD ex WRITE $ZNAME
ex

ZNSPACE
> ZNSPACE "%SYS" WRITE $NAMESPACE
%SYS
~ A namespace exists as soon as it is named; Caché raises <NAMESPACE> for one that nobody made.

ZPRINT
| top WRITE "hello"
|  QUIT
> ZLOAD ex ZPRINT top:top+1
top WRITE "hello"
 QUIT

ZQUIT
> ZQUIT
<UNIMPLEMENTED> ZQUIT is not built
~ Not built: QUIT n leaves levels of the debug prompt.

ZREMOVE
| top WRITE "hello"
|  QUIT
> ZLOAD ex ZREMOVE top ZPRINT
 QUIT

ZSAVE
> ZREMOVE  ZINSERT "hi WRITE ""saved""" ZSAVE made
> ZREMOVE  DO hi^made
saved

ZSYNC
> SET ^a=1 ZSYNC  WRITE ^a
1

ZTRAP
> ZTRAP "MINE"
<ZMINE>
> WRITE $ECODE
,ZZMINE,

ZWRITE
> SET a=1,a(1,"x")="two"_$CHAR(9) ZWRITE a
a=1
a(1,"x")="two"_$c(9)

ZZDUMP
> ZZDUMP "Hi!"_$CHAR(10)
\
0000: 48 69 21 0A                                             Hi!.

ZZWRITE
> ZZWRITE $LISTBUILD(1,"a"_$CHAR(10))
%val=$lb(1,"a"_$c(10))
