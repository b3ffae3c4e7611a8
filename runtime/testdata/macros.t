# Macros in routines (spec §6.1). What they expand to is tested in lang/preprocess.

ROUTINE m
#define Name "World"
#define Greet(%who) write "Hello "_%who,!
 $$$Greet($$$Name)
 IF 1 { $$$Greet("you") }
	Hello World
	Hello you

ROUTINE m
#define Multiline(%a,%b) ##continue
    SET line1="%a" ##continue
    SET line2="%b"
 $$$Multiline(Scarecrow,Lion)
 WRITE line1,line2,!
	ScarecrowLion

# expressions are computed while compiling
ROUTINE m
#define Million ##expression(10**6)
#if $LENGTH("abc")=3
 WRITE $$$Million,!
#elseif 1/0
 WRITE "no",!
#endif
#if $ZVERSION["Cache"
 WRITE ##quoteexp($REVERSE("edam")),!
#endif
	1000000
	made

# $TEXT shows what was written; lines of the preprocessor do not count in offsets
ROUTINE m
#define Two 2
m WRITE 1,!
#if 0
 WRITE "gone"
#endif
 WRITE $TEXT(+1),!,$TEXT(m+1),!
	1
	m WRITE 1,!
	 WRITE $TEXT(+1),!,$TEXT(m+1),!

# Expect: <DIVIDE>m+2^m
ROUTINE m
#define Two 2
m WRITE 1,!
#if 0
 WRITE "gone"
#endif
 WRITE 2,!
 WRITE $$$Two/0
	1
	2

# a macro that is not defined is an error when it is reached
# Expect: <SYNTAX>m+1^m
ROUTINE m
m WRITE 1,!
 WRITE $$$Nowhere
	1

# Expect: <SYNTAX>m+1^m
ROUTINE m
m WRITE 1,!
 $$$Nowhere(1) WRITE 2
	1

# the standard include files
ROUTINE m
#include %occStatus
#include %occConstant
#include %occUtility.inc
 WRITE $$$OK,$$$ISOK(1),$$$ISERR(1),$$$ISERR("0 x"),!
 WRITE $$$YES,$$$NO,$$$TRUE,$$$FALSE,$$$NULLOREF="",!
 WRITE $$$quote("a""b"),$$$comma,$$$upper("é"),$$$isUNIX,!
	1101
	10101
	"a""b",É1

ROUTINE m
#include %occInclude
 TRY { $$$assert(1=2) } CATCH e { WRITE e.Name," ",e.Data,! }
	<ASSERT> 1=2

# Macros belong to routines: XECUTE and the prompt have none.
# Expect: <SYNTAX>
XECUTE "WRITE $$$OK"
