# One case for each function of values: that its name, its abbreviation and its
# arguments arrive. What each does in detail is tested beside its code.

# strings
WRITE $ASCII("AB",2)," ",$A("") ,!
	66 -1

WRITE $CHAR(72,105)," ",$C(8364),!
	Hi €

SET x="ABCD" WRITE $EXTRACT(x,2,3)," ",$E(x,*)," ",$E(x,*-1),!
	BC D C

SET x="AB" SET $EXTRACT(x,5)="Z" WRITE x,!
	AB  Z

WRITE $FIND("ABCDEFG","BCD")," ",$F("aba","a",2),!
	5 4

WRITE $JUSTIFY("abc",5),"|",$J(3.14159,8,2),"|",!
	  abc|    3.14|

WRITE $LENGTH("a,b,c",",")," ",$L("abc"),!
	3 3

SET x="a,b,c" WRITE $PIECE(x,",",2)," ",$P(x,",",2,3)," ",$P(x,",",*),!
	b b,c c

SET x="a,b,c" SET $PIECE(x,",",5)="e",$P(x,",")="A" WRITE x,!
	A,b,c,,e

WRITE $REPLACE("aXbX","X","--",1,1)," ",$REVERSE("abc")," ",$RE("xy"),!
	a--bX cba yx

WRITE $TRANSLATE("lazy","ly","LY")," ",$TR("a.b.c","."),!
	LazY abc

WRITE "ab12"?2A2N,"ab"?1.N,"2024-02-29"?4N1"-"2N1"-"2N,!
	101

# numbers
WRITE $FNUMBER(1234567.891,",",2)," ",$FN(-5,"P")," ",$INUMBER("1,234.5-","")," ",$IN("x","","bad"),!
	1,234,567.89 (5) -1234.5 bad

WRITE $NUMBER("1,234.5")," ",$NUM("x"),"|",$ISVALIDNUM("1.5"),$ISVALIDNUM("1x"),$ISVALIDDOUBLE("NAN")," ",$NORMALIZE(2.345,2),!
	1234.5 |101 2.35

WRITE $DOUBLE(1)/3," ",$DECIMAL($DOUBLE(1)/4)," ",$RANDOM(1)," ",$R(1),!
	.33333333333333331483 .25 0 0

WRITE $ZABS(-2)," ",$ZSQR(2)," ",$ZPOWER(2,10)," ",$ZEXP(1)," ",$ZLN(10)," ",$ZLOG(1000),!
	2 1.414213562373095049 1024 2.718281828459045235 2.302585092994045684 3

WRITE $ZSIN(1)," ",$ZCOS(1)," ",$ZTAN(1)," ",$ZSEC(1)," ",$ZCSC(1)," ",$ZCOT(1),!
	.8414709848078965067 .5403023058681397174 1.557407724654902231 1.850815717680925618 1.188395105778121216 .642092615934330703

WRITE $ZARCSIN(1)," ",$ZARCCOS(1)," ",$ZARCTAN(1),!
	1.570796326794896619 0 .7853981633974483096

# lists
SET x=$LISTBUILD("a",,3) WRITE $LISTLENGTH(x)," ",$LIST(x,1)," ",$LISTGET(x,2,"?")," ",$LISTFIND(x,3)," ",$LISTVALID(x),$LV("x"),!
	3 a ? 3 10

SET x=$LB(1,2,3) WRITE $LISTTOSTRING(x,"-")," ",$LTS($LI(x,2,3))," ",$LL(x),$LF(x,2)," ",$LG(x,*)," ",$LISTSAME(x,$LFS("1,2,3")),!
	1-2-3 2,3 32 3 1

SET x=$LISTFROMSTRING("a^b","^") WRITE $LTS($LISTUPDATE(x,2,"B","C"))," ",$LTS($LU(x,1,"A"))," ",$LS(x,x),!
	a,B,C A,b 1

SET x=$LB("a","b","c") SET $LIST(x,2)="B",$LI(x,*+1)="d" WRITE $LTS(x),!
	a,B,c,d

# Expect: <NULL VALUE>
WRITE $LIST($LB("a"),2)

# Expect: <LIST>
WRITE $LISTLENGTH("abc")

# bits
SET $BIT(b,3)=1,$BIT(b,5)=0 WRITE $BIT(b,3),$BIT(b,4)," ",$BITCOUNT(b),$BITCOUNT(b,1)," ",$BITFIND(b,1),!
	10 51 3

WRITE $BITCOUNT($FACTOR(11744),1)," ",$BITCOUNT($BITLOGIC($FACTOR(7)))," ",$ZBOOLEAN(5,3,1)," ",$ZB(5,3,7),!
	7 32 1 7

# conversions
WRITE $ZCONVERT("Hello","U")," ",$ZCVT("a b&c","O","URL")," ",$ZSTRIP("  x y ","<>W"),"|",!
	HELLO a%20b%26c x y|

WRITE $ZHEX(255)," ",$ZHEX("FF")," ",$ZH("10")," ",$ZCRC("123456789",7)," ",$ZCYC("ABC")," ",$ZC("A"),!
	FF 255 16 3421780262 64 65

WRITE $ZWCHAR(25185)," ",$ZWASCII("ab")," ",$ZLCHAR(1684234849)," ",$ZLASCII("abcd")," ",$ZQASCII("abcdefgh")," ",$ZQCHAR(7523094288207667809),!
	ab 25185 abcd 1684234849 7523094288207667809 abcdefgh

WRITE $ZWC(25185),$ZWA("ab"),$ZLC(1684234849),$ZLA("abcd"),$ZQA("x"),$LENGTH($ZQC(1)),$LENGTH($ZWPACK("abcd")),$ZWUNPACK($ZWPACK("ab")),!
	ab25185abcd1684234849-182ab

WRITE $MATCH("abc","[a-c]+"),$MATCH("abd","[a-c]+")," ",$LOCATE("abcdef","d.f"),!
	10 4

# Expect: <REGULAR EXPRESSION>
WRITE $MATCH("a","(")

# dates and times
WRITE $ZDATE(60000,3)," ",$ZD(60000)," ",$ZDATEH("2005-04-10",3)," ",$ZDH("04/10/2005"),!
	2005-04-10 04/10/2005 60000 60000

WRITE $ZTIME(50111)," ",$ZT(50111,4)," ",$ZTIMEH("13:55:11")," ",$ZTH("13:55"),!
	13:55:11 01:55PM 50111 50100

WRITE $ZDATETIME("60000,50111",3)," ",$ZDT("60000,50111",8,2)," ",$ZDATETIMEH("2005-04-10 13:55:11",3)," ",$ZDTH("20050410",8),!
	2005-04-10 13:55:11 20050410 13:55 60000,50111 60000,0

# Expect: <ILLEGAL VALUE>
WRITE $ZDATEH("02/30/2005")

# functions with output arguments
SET l=$LISTBUILD("a",,"c") WRITE $LISTDATA(l,2),$LISTDATA(l,3,v),v,!
	01c

SET l=$LISTBUILD("a",,"c"),p=0 WHILE $LISTNEXT(l,p,v) { WRITE $GET(v,"none")," " }
	a none c 

WRITE $LOCATE("abc123","[0-9]+",1,e,m)," ",e," ",m,!
	4 7 123

SET h="",x=$ZCONVERT($CHAR(195),"I","UTF8",h) WRITE $LENGTH(x),$LENGTH(h) SET x=$ZCONVERT($CHAR(169),"I","UTF8",h) WRITE $ASCII(x),$LENGTH(h),!
	012330

SET a="",$BIT(a,1)=1,$BIT(a,2)=1,b="",$BIT(b,2)=1,c=$BITLOGIC(a&b) WRITE $BIT(c,1),$BIT(c,2),!
	01

SET a(1)="",a(2)="",a("x")="" WRITE $NEXT(a(-1)),$NEXT(a(1)),$N(a(2)),$N(a("x")),$NEXT(b(-1)),!
	12x-1-1

SET a="",$BIT(a,1)=1,$BIT(a,2)=0,b="",$BIT(b,1)=1,$BIT(b,3)=1
FOR e="a&b","a|b","a^b","~a","~a&b","a&(~b)","(a|b)^~b","a|b,5" SET n=1 XECUTE "SET c=$BITLOGIC("_e_")" FOR  WRITE $BIT(c,n) SET n=n+1 IF n>5 WRITE " " QUIT
SET y="r" WRITE !,$BITCOUNT($BITLOGIC(a^b),1)
	10000 10100 00100 01000 00000 00000 11100 10100 
	1

WRITE $TRESTART,$TR,!
	00

TRY { WRITE 1/0 } CATCH e { WRITE $GET(e.Name),$GET(e.Code,5),! }
	<DIVIDE>18

SET l=$LISTBUILD("a","b","c"),no=0 WRITE $LISTTOSTRING($LISTUPDATE(l,1,1:"A",no:1/0,,0:"D",1=1:"E"),",",1),!
	A,b,c,,E

ROUTINE t
t WRITE 1 IF 1 DO  SET $ECODE="" WRITE ! XECUTE "SET x=1 DO p^t" QUIT
 . DO p
p FOR i=$STACK:-1:1 WRITE " ",$STACK(i,"PLACE")
 QUIT
	1 p^t +2 t+1^t +1 t^t +3
	 p^t +2 @ t^t +6

LOCK +^b ZALLOCATE ^a,^a WRITE $DATA(^$LOCK("^b"))>0,^$LOCK("^a","COUNT") ZDEALLOCATE ^a WRITE ^$LOCK("^a","COUNT") SET x="^a" ZDEALLOCATE @x WRITE $DATA(^$LOCK("^a"))
	1210

# SET $LISTBUILD and SET $LISTGET: variables get the elements of a list
SET x(2)="old",$LISTBUILD(a,x(2),,^zzl(1),$PIECE(q,"^",2),r)=$LISTBUILD(1,,3,"four","five") WRITE a,x(2),^zzl(1),q,$DATA(r),!
SET $LB(a,b)="" WRITE a,$DATA(b),! SET $LG(a,b)=$LB(7) WRITE a,"[",b,"]",! SET $LISTBUILD(a)=$LISTBUILD(8,9) WRITE a,! KILL ^zzl
SET (c,$LISTBUILD(a,b))=$LISTBUILD(5,6) WRITE a,b,$LISTLENGTH(c),!
	1oldfour^five0
	10
	7[]
	8
	562

# Expect: <LIST>
SET $LISTBUILD(a,b)="abc"

WRITE $LISTLENGTH($LISTBUILD()),$LENGTH($LB())," ",$ASCII($LB())," ",$LISTDATA($LB(),1),!
	11 1 0

SET n=2 WRITE $ZINCREMENT(n)," ",$ZINCREMENT(n,-5),!
	3 -2

# "" is found where one begins to look, at the end of the string at the latest (RCOS_ffind)
WRITE $FIND("abc",""),$FIND("abc","",0),$FIND("abc","",3),$FIND("abc","",4),$FIND("abc","",9),$FIND("","",1),!
	113401

# $LISTBUILD() is one element without a value (RCOS_flistbuild)
WRITE $ASCII($LISTBUILD()),$LENGTH($LISTBUILD()),$LISTLENGTH($LISTBUILD()),$LISTDATA($LISTBUILD()),$LISTBUILD()=$LISTBUILD(,),($LISTBUILD()_$LISTBUILD())=$LISTBUILD(,),!
	111001

# "" as the last subscript of a local or process-private variable has no value; of a global it is an error (RCPF_NULLSUBSCRIPTS)
WRITE $DATA(a(1,"")),$GET(a(1,""),3),$GET(^||a(""),4),$DATA(^a("")),!
	0340

# Expect: <SUBSCRIPT> ^a() Subscript 1 is ""
WRITE $GET(^a(""),3)

# Expect: <SUBSCRIPT> *a() Subscript 1 is ""
WRITE $GET(a("",1),3)
