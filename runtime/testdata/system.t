# Functions of the world around the program, and old ones (fn_system.go, fn_zf.go, fn_zbit.go, fn_wide.go, fn_binary.go)

# the older bit strings: the first byte counts the unused bits of the last one
ZZDUMP $ZBITSTR(10,1),$ZBITSTR(8)
	
	0000: 06 FF C0                                                .ÿÀ
	
	0000: 00 00                                                   ..

SET b=$ZBITSET($ZBITSET($ZBITSTR(5,0),3,1),4,1)
FOR i=1:1:$ZBITLEN(b) WRITE $ZBITGET(b,i)
WRITE " ",$ZBITCOUNT(b)," ",$ZBITFIND(b,1)," ",$ZBITFIND(b,1,4)," ",$ZBITFIND(b,1,5)," ",$ZBITCOUNT($ZBITNOT(b)),!
	00110 2 4 5 0 3

# [0,0,1,1,0] with [0,1,1,0]
SET a=$ZBITSET($ZBITSET($ZBITSTR(5),3,1),4,1),b=$ZBITSET($ZBITSET($ZBITSTR(4),2,1),3,1)
SET x=$ZBITXOR(a,b),y=$ZBITAND(a,b),z=$ZBITOR(a,b)
FOR i=1:1:$ZBITLEN(x) WRITE $ZBITGET(x,i)
WRITE " "
FOR i=1:1:$ZBITLEN(y) WRITE $ZBITGET(y,i)
WRITE " "
FOR i=1:1:$ZBITLEN(z) WRITE $ZBITGET(z,i)
	0101 0010 01110

# Expect: <FUNCTION>
WRITE $ZBITGET($ZBITSTR(5),6)

# Expect: <FUNCTION> *not a bit string of the $ZBIT family
WRITE $ZBITLEN("abc")

# Expect: <FUNCTION>
WRITE $ZBITSTR(262129)

# surrogate pairs as one character
SET s="x"_$WCHAR(128512)_"b" WRITE $LENGTH(s)," ",$WLENGTH(s)," ",$WASCII(s,2)," ",$WEXTRACT(s,3)," ",$WFIND(s,"b")," ",$WISWIDE(s)," ",$WISWIDE($CHAR(8364)),!
WRITE $WEXTRACT(s,2)=$WCHAR(128512)," ",$WREVERSE(s)=("b"_$WCHAR(128512)_"x")," ",$WREVERSE("abc")," ",$WASCII("a",2)," ",$WFIND(s,"q")," ",$WEXTRACT(s,0,1),!
WRITE $ZISWIDE("abcd"),$ZISWIDE($CHAR(71,83,77)),$ZISWIDE($CHAR(71,300,77)),!
	4 3 128512 b 4 1 0
	1 1 cba -1 0 x
	001

ZZDUMP $ZWBPACK("ABCD"),$ZWPACK("ABCD"),$ZWBUNPACK($ZWBPACK("ABCD"))
	
	0000: 4142 4344                                       䅂䍄
	
	0000: 4241 4443                                       䉁䑃
	
	0000: 41 42 43 44                                             ABCD

# Expect: <FUNCTION>
WRITE $ZWPACK("ABC")

# Expect: <WIDE CHAR>
WRITE $ZWBPACK($CHAR(8364,65))

WRITE $ZWIDTH("ab"_$CHAR(12354),1.5)," ",$ZWIDTH($CHAR(12354))," ",$ZPOSITION("ab"_$CHAR(12354),3,1.5)," ",$ZPOSITION($CHAR(12354)_"ab",3,1.5)," ",$ZPOSITION("abc",3,1.5),!
	3.5 2 2.666666666666666667 2.5 3

# Expect: <FUNCTION>
WRITE $ZWIDTH("a",3)

ZZDUMP $ZZENKAKU($CHAR(65383,65426,65432,65398),1),$ZZENKAKU($CHAR(65383,65426,65432,65398)),$ZZENKAKU("A1"_$CHAR(65398,65438)),$ZZENKAKU($CHAR(65418,65439,65398,65438),1,0)
	
	0000: 30A1 30E1 30EA 30AB                             ァメリカ
	
	0000: 3041 3081 308A 304B                             ぁめりか
	
	0000: FF21 FF11 304C                                  Ａ１が
	
	0000: 30CF 309C 30AB 309B                             ハ゜カ゛

# numbers as bytes
WRITE $ASCII($NCONVERT(258,"U2")),$ASCII($NCONVERT(258,"U2",1)),$SCONVERT($NCONVERT(-3.6,"S4",1),"S4",1)," ",$SCONVERT("ab"_$NCONVERT(4294967295,"U4"),"U4",0,3)," ",$SCONVERT($NCONVERT(2.5,"F4"),"F4")," ",$SCONVERT($NCONVERT(.1,"F8",1),"F8",1)," ",$SCONVERT($NCONVERT(-1,"S8"),"S8"),!
	21-4 4294967295 2.5 .10000000000000000556 -1

# Expect: <VALUE OUT OF RANGE>
WRITE $NCONVERT(-1,"U2")

# Expect: <VALUE OUT OF RANGE>
WRITE $NCONVERT(128,"S1")

# Expect: <VALUE OUT OF RANGE>
WRITE $SCONVERT("abc","S4")

# Expect: <FUNCTION>
WRITE $NCONVERT(1,"U3")

WRITE $ZDASCII($ZDCHAR(2.5))," ",$LENGTH($ZDCHAR(1))," ",$ZDASCII("abc"),!
	2.5 8 -1

WRITE $ZNAME("a%"),$ZNAME("%ab1"),$ZNAME("1a")," ",$ZNAME("a.b",1),$ZNAME("a.b"),$ZNAME("1a",2),$ZNAME("a..b",3),$ZNAME("%Library.File",4),$ZNAME("Open",5),!
	010 101011

SET ^zp(1)=1,^zp(5)=1 WRITE $ZPREVIOUS(^zp(5)),$ZP(^zp(1)),$ZP(^zp("")),! KILL ^zp
	15

WRITE $SORTBEGIN(^zp),$SORTEND(^zp),$SORTEND(),$PREFETCHON(^zp),$PREFETCHOFF(),!
	00000

WRITE +$NOW()=+$HOROLOG," ",$NOW(0)-$ZTIMESTAMP<1," ",$LENGTH($NOW(),","),!
	1 1 2

# Expect: <ILLEGAL VALUE>
WRITE $NOW(2000)

# what a process is
WRITE $PIECE($VIEW(-1,$JOB),"^")=$JOB,$PIECE($VIEW(-1,-3),"^",14)=$NAMESPACE,$LISTGET($VIEW(-1,$JOB,2),1)=$JOB,$VIEW(-1,999999999)="",!
	1111

# Expect: <FUNCTION> *$VIEW shows processes, $VIEW(-1,pid), and no memory
WRITE $VIEW(0)

# a file by its position, and files by wildcards
SET dir=##class(%File).TempFilename() KILL:##class(%File).Delete(dir) x IF ##class(%File).CreateDirectory(dir)
FOR n="a1.txt","a2.txt","b.dat",".a3.txt" SET f=dir_"/"_n OPEN f:"WN" USE f WRITE "abcdef" CLOSE f
WRITE $ZSEARCH(dir_"/a*.txt")=(dir_"/a1.txt"),$ZSEARCH("")=(dir_"/a2.txt"),$ZSEARCH("")="",$ZSE(dir_"/?.d*")=(dir_"/b.dat"),$ZSE("")="",$ZSE(dir_"/nosuch")="",$ZSE(dir)=dir,$ZSE(dir_"/.a*")=(dir_"/.a3.txt"),$ZSE("/nosuch/*")="",!
SET f=dir_"/b.dat" OPEN f:"R" USE f SET at=$ZSEEK(2) READ x#2 SET at=at_$ZSEEK(-1,2) READ y CLOSE f USE 0 WRITE at,x,y,$ZSEEK(0),!
IF ##class(%File).RemoveDirectoryTree(dir)
	111111111
	25cdf

# programs
SET x=$ZF(-1,"exit 3") WRITE x," ",$ZF(-1,"true")," ",$ZF(-1,"kill -9 $$"),!
	3 0 137

WRITE "first " SET x=$ZF(-100,"","echo","a b","""c""") WRITE x,!
	first a b "c"
	0

SET args=2,args(1)="x  y",args(2)="*" SET x=$ZF(-100,"/SHELL","echo",.args) KILL args
SET args(1)="1",args(2)="$((1+1))" SET x=$ZF(-100,"/shell/noquote","echo",.args,2)
	x  y *
	1 2 2

SET f=##class(%File).TempFilename(),x=$ZF(-100,"/SHELL /STDOUT="""_f_""" /STDERR = "_f,"echo out; echo err >&2"),x=$ZF(-100,"/STDOUT+="_f,"echo","more"),x=$ZF(-100,"/STDIN="_f,"cat") IF ##class(%File).Delete(f)
	out
	err
	more

WRITE $ZF(-100,"","no such program"),$ZF(-100,"/STDIN=/nosuch/file","cat"),!
	-1-1

SET x=$ZF(-100,"/ASYNC","true") WRITE x,$ZCHILD>0,$ZF(-2,"true"),!
	010

# Expect: <FUNCTION> */BAD is no flag of $ZF(-100), or has no file
WRITE $ZF(-100,"/BAD","true")

# Expect: <FUNCTION> */STDIN is no flag of $ZF(-100), or has no file
WRITE $ZF(-100,"/STDIN","true")

# Expect: <FUNCTION>
WRITE $ZF(-100,"")

# Expect: <FUNCTION>
WRITE $ZF(-1,"true","x")

# Expect: <FUNCTION> *callout libraries are not supported: $ZF takes -1, -2 and -100
WRITE $ZF("name",1)
