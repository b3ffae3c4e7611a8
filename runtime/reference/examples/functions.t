$ASCII
> WRITE $ASCII("ABC")," ",$ASCII("ABC",3)," ",$ASCII("")
65 67 -1

$BIT
> SET $BIT(b,3)=1 WRITE $BIT(b,3),$BIT(b,4)
10

$BITCOUNT
> WRITE $BITCOUNT($FACTOR(5),1)," of ",$BITCOUNT($FACTOR(5,0))
2 of 32

$BITFIND
> WRITE $BITFIND($FACTOR(4),1)
3

$BITLOGIC
> SET both=$BITLOGIC($FACTOR(6)&$FACTOR(3)) WRITE $BITFIND(both,1)," ",$BITCOUNT(both,1)
2 1

$CASE
> SET n=2 WRITE $CASE(n,1:"one",2:"two",:"many")
two

$CHAR
> WRITE $CHAR(72,105)," ",$LENGTH($CHAR(-1))," ",$ASCII($CHAR(8364))
Hi 0 8364

$CLASSMETHOD
> WRITE $CLASSMETHOD("%SYSTEM.Version","GetOS")
UNIX

$CLASSNAME
> WRITE $CLASSNAME({"a":1})," ",$CLASSNAME([])
%Library.DynamicObject %Library.DynamicArray

$DATA
> SET a=1,a(1,2)="x" WRITE $DATA(a)," ",$DATA(a(1))," ",$DATA(a(1,2))," ",$DATA(b)
11 10 1 0
> WRITE $DATA(a(1,2),value)," ",value
1 x

$DECIMAL
> WRITE $DECIMAL($DOUBLE(1)/3)," ",$DECIMAL($DOUBLE(1)/3,5)
.3333333333333333148 .33333

$DOUBLE
> WRITE $DOUBLE(1)/3," ",$DOUBLE("INF")," ",$DOUBLE(.1)+$DOUBLE(.2)
.33333333333333331483 INF .30000000000000004441

$EXTRACT
> WRITE $EXTRACT("Hello",2,4)," ",$EXTRACT("Hello",*)," ",$EXTRACT("Hello",*-1,*)
ell o lo
> SET s="Hello",$EXTRACT(s,1)="J",$EXTRACT(s,7)="!" WRITE s
Jello !

$FACTOR
> SET b=$FACTOR(10) WRITE $BIT(b,1),$BIT(b,2),$BIT(b,3),$BIT(b,4)
0101

$FIND
> WRITE $FIND("banana","an")," ",$FIND("banana","an",3)," ",$FIND("banana","x")
4 6 0
> WRITE $FIND("banana","")," ",$FIND("banana","",3)," ",$FIND("banana","",9)
1 3 0

$FNUMBER
> WRITE $FNUMBER(-1234567.895,",",2)," ",$FNUMBER(-5,"P")," ",$FNUMBER(5,"+")," ",$FNUMBER(-5,"T")
-1,234,567.90 (5) +5 5-
> WRITE $FNUMBER(.5,"",2)," ",$FNUMBER(0,"+")," ",$FNUMBER(1234.5,".")
0.50 +0 1.234,5

$GET
> SET a="x" WRITE $GET(a),"-",$GET(b),"-",$GET(b,"none")
x--none

$INCREMENT
> WRITE $INCREMENT(n)," ",$INCREMENT(n,5)," ",n
1 6 6

$INUMBER
> WRITE $INUMBER("1,234.50",",")," ",$INUMBER("(5)","P")," ",$INUMBER("x","","bad")
1234.5 -5 bad

$ISOBJECT
> WRITE $ISOBJECT({})," ",$ISOBJECT("text")
1 0

$ISVALIDDOUBLE
> WRITE $ISVALIDDOUBLE("1.5E300")," ",$ISVALIDDOUBLE("INF")," ",$ISVALIDDOUBLE("1x")
1 1 0

$ISVALIDNUM
> WRITE $ISVALIDNUM("-12.5E3")," ",$ISVALIDNUM("12x")," ",$ISVALIDNUM(7,0,1,5)
1 0 0

$JUSTIFY
> WRITE "[",$JUSTIFY("ab",5),"] [",$JUSTIFY(3.14159,8,2),"] [",$JUSTIFY(.5,0,2),"]"
[   ab] [    3.14] [0.50]

$LENGTH
> WRITE $LENGTH("a,b,c")," ",$LENGTH("a,b,c",",")," ",$LENGTH("",",")
5 3 1

$LIST
> SET l=$LISTBUILD("a","b","c") WRITE $LIST(l)," ",$LIST(l,2)," ",$LIST(l,*)
a b c
> SET $LIST(l,2)="B" ZWRITE l
l=$lb("a","B","c")
> WRITE $LIST(l,9)
<NULL VALUE>

$LISTBUILD
> SET l=$LISTBUILD("red",,3) ZWRITE l
l=$lb("red",,3)
> SET b="kept" SET $LISTBUILD(a,b,c)=l WRITE a," ",b," ",c
red kept 3

$LISTDATA
> WRITE $LISTDATA($LISTBUILD("a",,"c"),2),$LISTDATA($LISTBUILD("a",,"c"),3)
01

$LISTFIND
> WRITE $LISTFIND($LISTBUILD("a","b","a"),"a",1)," ",$LISTFIND($LISTBUILD("a"),"x")
3 0

$LISTFROMSTRING
> ZWRITE $LISTFROMSTRING("a,b,,d")
$lb("a","b","","d")

$LISTGET
> WRITE $LISTGET($LISTBUILD("a",,"c"),2,"none")," ",$LISTGET($LISTBUILD("a"),1)
none a
> SET b="old" SET $LISTGET(a,b)=$LISTBUILD("a",,"c") WRITE a,"|",b,"|"
a||

$LISTLENGTH
> WRITE $LISTLENGTH($LISTBUILD("a",,"c"))," ",$LISTLENGTH("")
3 0

$LISTNEXT
> SET l=$LISTBUILD("a","b"),at=0 WHILE $LISTNEXT(l,at,x) { WRITE x,";" }
a;b;

$LISTSAME
> WRITE $LISTSAME($LISTBUILD(1,"b"),$LISTBUILD("1","b"))
1

$LISTTOSTRING
> WRITE $LISTTOSTRING($LISTBUILD("a","b",3),"/")
a/b/3

$LISTUPDATE
> ZWRITE $LISTUPDATE($LISTBUILD("a","b","c"),2,"B",0:"C")
$lb("a","B","c")

$LISTVALID
> WRITE $LISTVALID($LISTBUILD(1))," ",$LISTVALID("abc")," ",$LISTVALID("")
1 0 1

$LOCATE
> WRITE $LOCATE("room 101","\d+",1,end,found)," ",end," ",found
6 9 101

$MATCH
> WRITE $MATCH("2024-02-29","\d{4}-\d\d-\d\d")," ",$MATCH("x1","\d")
1 0

$METHOD
> SET o={"a":1} WRITE $METHOD(o,"%Get","a")
1

$NAME
> SET i=2 WRITE $NAME(^g(i,"x"))," ",$NAME(^g(i,"x"),1)
^g(2,"x") ^g(2)

$NEXT
> SET a(1)="",a(5)="" WRITE $NEXT(a(-1))," ",$NEXT(a(1))," ",$NEXT(a(5))
1 5 -1

$NORMALIZE
> WRITE $NORMALIZE(1.2567,2)," ",$NORMALIZE("3.50",3)," ",$NORMALIZE(7.9,-1)
1.26 3.5 7

$NUMBER
> WRITE $NUMBER("1,234.5")," [",$NUMBER("12x"),"] ",$NUMBER(2.7,"I")," [",$NUMBER(50,,1,10),"]"
1234.5 []  []

$ORDER
> SET a(1)="one",a(5)="five",a("x")="" WRITE $ORDER(a(""))," ",$ORDER(a(""),-1)," ",$ORDER(a(1),1,value)," ",value
1 x 5 five
> SET k="" FOR { SET k=$ORDER(a(k)) QUIT:k=""  WRITE k,";" }
1;5;x;

$PARAMETER
> WRITE $PARAMETER("%Library.RegisteredObject","PROPERTYVALIDATION")
2

$PIECE
> WRITE $PIECE("a,b,c",",",2)," ",$PIECE("a,b,c",",",2,3)," ",$PIECE("a,b,c",",",*)
b b,c c
> SET s="a,b",$PIECE(s,",",4)="d" WRITE s
a,b,,d

$PROPERTY
> SET o={"name":"Ann"} SET $PROPERTY(o,"name")="Bea" WRITE $PROPERTY(o,"name")
Bea

$QLENGTH
> WRITE $QLENGTH("^g(1,""x"")")
2

$QSUBSCRIPT
> SET name="^g(1,""x"")" WRITE $QSUBSCRIPT(name,0)," ",$QSUBSCRIPT(name,2)
^g x

$QUERY
> SET a(1,2)="x",a(3)="y" WRITE $QUERY(a)," ",$QUERY(a(1,2))," ",$QUERY(a(""),-1)
a(1,2) a(3) a(3)

$RANDOM
> SET n=$RANDOM(10) WRITE n>=0&(n<10)
1

$REPLACE
> WRITE $REPLACE("banana","an","AN")," ",$REPLACE("banana","an","*",1,1)," ",$REPLACE("Banana","b","x",1,-1,1)
bANANa b*ana xanana

$REVERSE
> WRITE $REVERSE("stressed")
desserts

$SELECT
> SET n=0 WRITE $SELECT(n<0:"minus",n=0:"zero",1:"plus")
zero
> WRITE $SELECT(n:1)
<SELECT>

$SEQUENCE
> WRITE $SEQUENCE(^counter)," ",$SEQUENCE(^counter)
1 2

$STACK
| top() DO below QUIT
| below WRITE $STACK," ",$STACK(2,"PLACE")," ",$STACK(2,"MCODE") QUIT
> DO top^ex
2 below^ex +1 below WRITE $STACK," ",$STACK(2,"PLACE")," ",$STACK(2,"MCODE") QUIT

$TEXT
| start ; begins here
|  QUIT
> WRITE $TEXT(start^ex),"|",$TEXT(start+1^ex),"|",$TEXT(+0^ex)
start ; begins here| QUIT|ex

$TRANSLATE
> WRITE $TRANSLATE("hello","el","ip")," ",$TRANSLATE("hello","l")
hippo heo

$XECUTE
> WRITE $XECUTE("(a,b) QUIT a+b",2,3)
5

$ZABS
> WRITE $ZABS(-2.5)
2.5

$ZARCCOS
> WRITE $ZARCCOS(-1)," ",$ZARCCOS(1)
3.141592653589793238 0

$ZARCSIN
> WRITE $ZARCSIN(1)
1.570796326794896619

$ZARCTAN
> WRITE $ZARCTAN(1)*4
3.141592653589793238

$ZBOOLEAN
> WRITE $ZBOOLEAN(12,10,1)," ",$ZBOOLEAN(12,10,7)," ",$ZBOOLEAN(12,10,6)," ",$ZBOOLEAN(3,5,8)
8 14 6 -8

$ZCONVERT
> WRITE $ZCONVERT("Hello","U")," ",$ZCONVERT("a b&c","O","URL")," ",$ZCONVERT("a<b","O","HTML")," ",$LENGTH($ZCONVERT($CHAR(8364),"O","UTF8"))
HELLO a%20b%26c a&lt;b 3
> WRITE $ZCONVERT("a%20b","I","URL")," ",$ZCONVERT("say ""x""","O","JSON")
a b say \"x\"

$ZCOS
> WRITE $ZCOS($ZPI)," ",$ZCOS(0)
-1 1

$ZCOT
> WRITE $ZCOT(1)
.642092615934330703

$ZCRC
> WRITE $ZCRC("123456789",7)," ",$ZCRC("ABC",0)," ",$ZCRC("ABC",1)
3421780262 198 64
~ Mode 3, the CRC-16 of DataTree, is <UNIMPLEMENTED>: nothing public says what it computes.

$ZCSC
> WRITE $ZCSC(1)
1.188395105778121216

$ZCYC
> WRITE $ZCYC("ABC")
64

$ZDATE
> WRITE $ZDATE(66899)," ",$ZDATE(66899,3)," ",$ZDATE(66899,2)," ",$ZDATE(66899,12)
02/29/2024 2024-02-29 29 Feb 2024 Thursday
> WRITE $ZDATE(-1)
<VALUE OUT OF RANGE>

$ZDATEH
> WRITE $ZDATEH("02/29/2024")," ",$ZDATEH("2024-02-29",3)," ",$ZDATEH("29 Feb 2024",2)
66899 66899 66899
> WRITE $ZDATEH("02/30/2024")
<ILLEGAL VALUE>

$ZDATETIME
> WRITE $ZDATETIME("66899,47109")," ",$ZDATETIME("66899,47109.5",3,1,2)," ",$ZDATETIME("66899,47109",-2)
02/29/2024 13:05:09 2024-02-29 13:05:09.50 1709211909

$ZDATETIMEH
> WRITE $ZDATETIMEH("2024-02-29 13:05:09",3)," ",$ZDATETIMEH(0,-2)
66899,47109 47117,0

$ZEXP
> WRITE $ZEXP(1)," ",$ZEXP(0)
2.718281828459045235 1

$ZHEX
> WRITE $ZHEX(255)," ",$ZHEX("FF")," ",$ZHEX(-1)
FF 255 FFFFFFFFFFFFFFFF

$ZLASCII
> WRITE $ZLASCII($CHAR(1,2,0,0))
513

$ZLCHAR
> ZZDUMP $ZLCHAR(258)
\
0000: 02 01 00 00                                             ....

$ZLN
> WRITE $ZLN(10)
2.302585092994045684

$ZLOG
> WRITE $ZLOG(1000)
3

$ZPOWER
> WRITE $ZPOWER(2,10)," ",$ZPOWER(2,.5)
1024 1.414213562373095049

$ZQASCII
> WRITE $ZQASCII($CHAR(1,1,0,0,0,0,0,0))
257

$ZQCHAR
> WRITE $LENGTH($ZQCHAR(1))," ",$ZQASCII($ZQCHAR(1))
8 1

$ZSEC
> WRITE $ZSEC(0)
1

$ZSIN
> WRITE $ZSIN($ZPI/2)," ",$ZSIN(1)
1 .8414709848078965067

$ZSQR
> WRITE $ZSQR(2)," ",$ZSQR(16)
1.414213562373095049 4
> WRITE $ZSQR(-1)
<ILLEGAL VALUE>

$ZSTRIP
> WRITE $ZSTRIP("  a  b ","<>W"),"|",$ZSTRIP("a1b2","*N"),"|",$ZSTRIP("a--b","=P")
a  b|ab|a-b

$ZTAN
> WRITE $ZTAN(1)
1.557407724654902231

$ZTIME
> WRITE $ZTIME(47109)," ",$ZTIME(47109,2)," ",$ZTIME(47109,3)," ",$ZTIME(47109.5,1,2)
13:05:09 13:05 01:05:09PM 13:05:09.50

$ZTIMEH
> WRITE $ZTIMEH("13:05:09")," ",$ZTIMEH("1:05PM",4)
47109 47100

$ZUTIL
> WRITE $ZUTIL(5)
USER

$ZVERSION
> WRITE $ZVERSION(1)," ",$ZVERSION["Cache"&($ZVERSION["IRIS")
3 1
~ The text names Cache and IRIS, since old programs test for either, and then cos.

$ZWASCII
> WRITE $ZWASCII($CHAR(1,2))
513

$ZWCHAR
> ZZDUMP $ZWCHAR(258)
\
0000: 02 01                                                   ..

$ZWPACK
> WRITE $ASCII($ZWPACK($CHAR(172,32)))
8364

$ZWUNPACK
> ZZDUMP $ZWUNPACK($CHAR(8364))
\
0000: AC 20                                                   ¬ 

$NCONVERT
> ZZDUMP $NCONVERT(258,"S4")
\
0000: 02 01 00 00                                             ....

$SCONVERT
> WRITE $SCONVERT($CHAR(2,1,0,0),"S4")," ",$SCONVERT($CHAR(1,2),"U2",1)
258 258

$NOW
> WRITE $NOW()," ",$NOW(60)
66899,47109.123456789 66899,43509.123456789

$PREFETCHON
> WRITE $PREFETCHON(^a)
0
~ Nothing is fetched ahead.

$PREFETCHOFF
> WRITE $PREFETCHOFF()
0
~ Nothing is fetched ahead.

$SORTBEGIN
> WRITE $SORTBEGIN(^a) SET ^a(2)="",^a(1)="" WRITE $ORDER(^a(""))
01
~ Nothing is collected: each SET is stored at once.

$SORTEND
> WRITE $SORTEND(^a)
0
~ Nothing is collected.

$VIEW
> WRITE $VIEW(-1,$JOB)'=""," [",$VIEW(-1,1),"]"
1 []
~ Memory cannot be seen.

$WASCII
> WRITE $WASCII($WCHAR(128512))
128512

$WCHAR
> WRITE $LENGTH($WCHAR(128512))," ",$WCHAR(72,105)
2 Hi

$WEXTRACT
> WRITE $WASCII($WEXTRACT("a"_$WCHAR(128512)_"b",2))," ",$WEXTRACT("abc",2,3)
128512 bc

$WFIND
> WRITE $WFIND("a"_$WCHAR(128512)_"b","b")
4

$WISWIDE
> WRITE $WISWIDE($WCHAR(128512)),$WISWIDE("abc")
10

$WLENGTH
> WRITE $WLENGTH("a"_$WCHAR(128512))
2

$WREVERSE
> WRITE $WASCII($WREVERSE("a"_$WCHAR(128512)),1)
128512

$ZBITSTR
> SET b=$ZBITSTR(6,1) WRITE $ZBITLEN(b)," ",$ZBITCOUNT(b)
6 6

$ZBITSET
> SET b=$ZBITSET($ZBITSTR(6),3,1) WRITE $ZBITGET(b,3),$ZBITGET(b,4)
10

$ZBITGET
> WRITE $ZBITGET($ZBITSTR(4,1),4)
1
> WRITE $ZBITGET($ZBITSTR(4,1),5)
<FUNCTION>

$ZBITLEN
> WRITE $ZBITLEN($ZBITSTR(12))
12

$ZBITCOUNT
> WRITE $ZBITCOUNT($ZBITSET($ZBITSTR(8),2,1))
1

$ZBITFIND
> WRITE $ZBITFIND($ZBITSET($ZBITSTR(8),5,1),1)
6

$ZBITAND
> WRITE $ZBITCOUNT($ZBITAND($ZBITSTR(8,1),$ZBITSET($ZBITSTR(8),2,1)))
1

$ZBITOR
> WRITE $ZBITCOUNT($ZBITOR($ZBITSTR(8),$ZBITSTR(4,1)))
4

$ZBITXOR
> WRITE $ZBITCOUNT($ZBITXOR($ZBITSTR(8,1),$ZBITSET($ZBITSTR(8),2,1)))
7

$ZBITNOT
> WRITE $ZBITCOUNT($ZBITNOT($ZBITSTR(8)))
8

$ZDASCII
> WRITE $ZDASCII($ZDCHAR(1.5))
1.5

$ZDCHAR
> ZZDUMP $ZDCHAR(1)
\
0000: 00 00 00 00 00 00 F0 3F                                 ......ð?

$ZF
> WRITE $ZF(-100,"/SHELL","exit 3")," ",$ZF(-1,"exit 4")
3 4

$ZINCREMENT
> SET n=2 WRITE $ZINCREMENT(n)," ",$ZINCREMENT(n,-5)
3 -2

$ZISWIDE
> WRITE $ZISWIDE($CHAR(8364)),$ZISWIDE("abc")
10

$ZPOSITION
> WRITE $ZPOSITION("abcdef",4)," ",$ZPOSITION($CHAR(12354,12356),3)
4 1.5

$ZPREVIOUS
> SET a(1)="",a(5)="" WRITE $ZPREVIOUS(a(""))," ",$ZPREVIOUS(a(5))
5 1

$ZSEARCH
> OPEN "a1.txt":"WN" CLOSE "a1.txt" WRITE $ZSEARCH("a*.txt")?1"/".E1"/a1.txt"," [",$ZSEARCH(""),"]"
1 []

$ZSEEK
> OPEN "a.txt":"WN" USE "a.txt" WRITE "abcdef" CLOSE "a.txt" OPEN "a.txt":"R" USE "a.txt" SET at=$ZSEEK(3) READ x USE 0 WRITE at," ",x
3 def

$ZWBPACK
> WRITE $ASCII($ZWBPACK($CHAR(32,172)))
8364

$ZWBUNPACK
> ZZDUMP $ZWBUNPACK($CHAR(8364))
\
0000: 20 AC                                                    ¬

$ZWIDTH
> WRITE $ZWIDTH("abc")," ",$ZWIDTH($CHAR(12354))
3 2

$ZZENKAKU
> WRITE $ASCII($ZZENKAKU($CHAR(65393),1))
12450

$ZNEXT
> SET a(1,2)="x",a(3)="y" WRITE $ZNEXT(a(-1))," ",$ZNEXT(a(1,2))," ",$ZNEXT(a(3))
a(1,2) a(3) -1

$ZORDER
> SET a(1,2)="x",a(3)="y" WRITE $ZORDER(a(""))," ",$ZORDER(a(1,2))
a(1,2) a(3)
