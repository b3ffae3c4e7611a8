$DEVICE
> SET $DEVICE="1,0,busy" WRITE $DEVICE
1,0,busy

$ECODE
> SET $ECODE=""
> WRITE 1/0
<DIVIDE>
> WRITE $ECODE
,M9,

$ESTACK
| top() NEW $ESTACK WRITE $STACK,"/",$ESTACK DO below QUIT
| below WRITE " ",$STACK,"/",$ESTACK QUIT
> DO top^ex
1/0 2/1

$ETRAP
| top() NEW $ETRAP SET $ETRAP="WRITE ""trapped "",$ECODE SET $ECODE="""" QUIT"
|  WRITE 1/0
|  QUIT
> DO top^ex
trapped ,M9,

$HALT
> WRITE $LENGTH($HALT)
0
~ A halt trap cannot be set.

$HOROLOG
> WRITE $HOROLOG," is ",$ZDATETIME($HOROLOG,3)
66899,47109 is 2024-02-29 13:05:09

$IO
> WRITE $IO=$PRINCIPAL
1

$JOB
> WRITE $JOB?1.N
1
~ The number of a job ends with the process id of its cos and has up to 18 digits.

$KEY
< Ann
> READ name WRITE name," ",$LENGTH($KEY)
Ann 1

$NAMESPACE
> WRITE $NAMESPACE SET $NAMESPACE="%SYS" WRITE " ",$NAMESPACE
USER %SYS
~ A namespace exists as soon as it is named; Caché raises <NAMESPACE> for one that nobody made.

$PRINCIPAL
> WRITE $PRINCIPAL
00
~ The name is that of the terminal or, as here, 00 for anything else.

$QUIT
| f() QUIT:$QUIT "called by $$" WRITE "called by DO" QUIT
> WRITE $$f^ex() DO f^ex()
called by $$called by DO

$REFERENCE
> SET ^g(1,2)="x" WRITE $REFERENCE
^g(1,2)

$ROLES
> WRITE $ROLES
%All
~ There is no user management: everybody has all roles.

$STACK
> WRITE $STACK
0

$STORAGE
> WRITE $STORAGE>1000000
1

$SYSTEM
> WRITE $LENGTH($SYSTEM,":")," ",$PIECE($SYSTEM,":",2)
2 COS

$TEST
> IF 1=2
> WRITE $TEST OPEN "none.txt":"R":0 WRITE $TEST
00

$THIS
> WRITE $LENGTH($THIS)
0
~ Always "": there are no classes of your own.

$TLEVEL
> TSTART  TSTART  WRITE $TLEVEL TROLLBACK  WRITE $TLEVEL
20

$TRESTART
> WRITE $TRESTART
0
~ Always 0: transactions are not restarted.

$USERNAME
> WRITE $USERNAME'=""
1
~ The user of the operating system.

$X
> WRITE "abc",$X,?8,$X
abc3    8

$Y
> WRITE !,!,$Y
\
\
2

$ZA
> WRITE $ZA
0

$ZB
< Ann
> READ name#2 WRITE name," ",$ZB
An n

$ZCHILD
| child WRITE "child" QUIT
> JOB child^ex WRITE $ZCHILD>0
1

$ZCMDLINE
> WRITE "[",$ZCMDLINE,"]"
[]
~ The words behind the program on the command line of cos.

$ZEOF
> DO $SYSTEM.Process.SetZEOF(1) OPEN "a.txt":"WNS" CLOSE "a.txt"
> OPEN "a.txt":"R" USE "a.txt" READ x USE 0 WRITE "[",x,"]" USE "a.txt" READ x SET end=$ZEOF USE 0 WRITE end
[]-1

$ZEOS
> WRITE $ZEOS
0

$ZERROR
> SET $ZERROR=""
> WRITE none
<UNDEFINED> *none
> WRITE $ZERROR
<UNDEFINED> *none

$ZHOROLOG
> SET start=$ZHOROLOG WRITE $ZHOROLOG-start<60
1

$ZIO
> OPEN "a.txt":"WN" USE "a.txt" SET path=$ZIO USE 0 WRITE path?1"/".E1"/a.txt"
1

$ZJOB
> WRITE $ZJOB
5

$ZMODE
> OPEN "a.txt":"WNS" USE "a.txt" SET mode=$ZMODE USE 0 WRITE mode
WNSK\UTF8\

$ZNAME
| top() WRITE $ZNAME QUIT
> DO top^ex
ex

$ZNSPACE
> WRITE $ZNSPACE
USER

$ZORDER
> SET ^g(1)="one",^g(2)="two" IF $DATA(^g(1)) WRITE $ZORDER
two

$ZPARENT
> WRITE $ZPARENT
0

$ZPI
> WRITE $ZPI
3.141592653589793238

$ZPOS
> OPEN "a.txt":"WNS" USE "a.txt" WRITE "abc" SET at=$ZPOS USE 0 WRITE at
3

$ZREFERENCE
> SET ^g("a")=1 WRITE $ZREFERENCE
^g("a")

$ZSTORAGE
> SET $ZSTORAGE=65536 WRITE $ZSTORAGE
65536

$ZTIMESTAMP
> WRITE $ZTIMESTAMP
66899,47109.123456789

$ZTIMEZONE
> WRITE $ZTIMEZONE
0

$ZTRAP
| top() SET $ZTRAP="failed"
|  WRITE 1/0
|  QUIT
| failed SET $ZTRAP="" WRITE $ZERROR QUIT
> DO top^ex
<DIVIDE>top+1^ex

$ZVERSION
> WRITE $ZVERSION["Cache"
1

^$JOB
> WRITE $DATA(^$JOB($JOB))
1

^$LOCK
> LOCK ^a(1) WRITE ^$LOCK("^a(1)","OWNER")=$JOB
1

^$GLOBAL
> SET ^a=1,^b=2 WRITE $ORDER(^$GLOBAL(""))," ",$ORDER(^$GLOBAL("^a"))
^a ^b

^$ROUTINE
| top QUIT
> WRITE $DATA(^$ROUTINE("ex"))
1
