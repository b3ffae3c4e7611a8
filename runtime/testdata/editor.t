# Routines as data: ZLOAD, ZINSERT, ZREMOVE, ZPRINT, ZSAVE (editor.go)

ZREMOVE
ZINSERT "lab(x) ; a label"," WRITE x,!"," QUIT"
ZINSERT "t ; first":+0
ZINSERT " WRITE ""top"",!":t
ZPRINT
WRITE $TEXT(+1),"|",$TEXT(lab+1),"|",$TEXT(+0),"|",$ZNAME,"|",!
DO lab(5)
ZSAVE t
WRITE $TEXT(lab+1^t),"|",$TEXT(+0),!
DO lab^t(6),^t
	t ; first
	 WRITE "top",!
	lab(x) ; a label
	 WRITE x,!
	 QUIT
	t ; first| WRITE x,!|||
	5
	 WRITE x,!|t
	6
	top

# the edit pointer: behind what was inserted or printed, where something was removed
ZREMOVE
ZINSERT "a ; 1","b ; 2","c ; 3","d ; 4"
ZREMOVE b:+3
ZINSERT "e ; 5"
PRINT +1
ZINSERT "f ; 6"
P
ZREMOVE a+1
PRINT d:d+7
	a ; 1
	a ; 1
	f ; 6
	e ; 5
	d ; 4
	d ; 4

# Expect: <NOLINE>
ZREMOVE
ZINSERT "a ; 1":+1

# Expect: <NOLINE>
ZREMOVE
ZREMOVE nowhere

# Expect: <NOROUTINE> *nowhere
ZREMOVE  ZLOAD nowhere

# Expect: <COMMAND> *NoCurrentRoutine
ZREMOVE
ZSAVE

# a routine that writes a routine, as old utilities do
ROUTINE gen
gen NEW a,n,x
 SET a(1)="made ; by gen",a(2)=" WRITE ""made "",$TEXT(+0),!",a(3)=" QUIT"
 SET x="made",n=""
 XECUTE "ZR  X ""F  S n=$O(a(n)) Q:n=""""""""  ZI a(n)"" ZS @x"
 WRITE $TEXT(+1),!
 DO ^made
 XECUTE "ZL @x S n=$T(+1) ZI "" ; more"":+1 ZS copy"
 WRITE n,!,$TEXT(+2^copy),!,$TEXT(+2^made),!
 XECUTE "ZP +1"
	gen NEW a,n,x
	made made
	made ; by gen
	 ; more
	 WRITE "made ",$TEXT(+0),!
	gen NEW a,n,x

# they cannot stand in a routine
# Expect: <SYNTAX>t^t
ROUTINE t
t ZLOAD x

# ZPRINT names a routine, whole or by lines
ROUTINE t
t WRITE "t",! ZPRINT t+1:+3 ZPRINT ^t
 ; one
~
 ; two
	t
	 ; one
	 ; two
	t WRITE "t",! ZPRINT t+1:+3 ZPRINT ^t
	 ; one
	 ; two

# what is loaded of a routine with macros is its code
ROUTINE t
#define Two 2
t WRITE $$$Two,!
 XECUTE "ZL t ZP"
	2
	t WRITE 2,!
	 XECUTE "ZL t ZP"

# XECUTE with parameters
SET c="(a,b) SET a=a+b WRITE a,!",x=1
XECUTE (c,x,2)
XECUTE (c,.x,2):1,(c,1,1):0
WRITE x,!
XECUTE ("(&y,z=5) S y=z",.x) WRITE x,!
XECUTE "(a) WRITE $DATA(a),!"
WRITE $XECUTE("(a,.b) SET b=a*2 QUIT a+1",3,.x),x,!
WRITE $XECUTE("QUIT 7"),!
	3
	3
	3
	5
	0
	46
	7

# Expect: <PARAMETER>
XECUTE ("(a) WRITE a",1,2)

# Expect: <PARAMETER>
XECUTE ("WRITE 1",1)

# Expect: <SYNTAX>
XECUTE ("(a WRITE a",1)

ZZDUMP "hello","Hello World, all",""
ZZDUMP $CHAR(960,10)_"x"
	
	0000: 68 65 6C 6C 6F                                          hello
	
	0000: 48 65 6C 6C 6F 20 57 6F 72 6C 64 2C 20 61 6C 6C         Hello World, all
	
	
	
	0000: 03C0 000A 0078                                  π.x

ZZWRITE 1+1,"a"_$CHAR(10)
	%val=2
	%val="a"_$c(10)
