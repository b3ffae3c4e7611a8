#def1arg
| #def1arg say(%list) WRITE %list
| top $$$say("a","b") QUIT
> DO top^ex
ab

#define
| #define limit 3
| #define twice(%x) (%x*2)
| top WRITE $$$limit," ",$$$twice(21) QUIT
> DO top^ex
3 42

#dim
| top
|  #dim name As %String = "Ann"
|  WRITE name QUIT
> DO top^ex
Ann

#elif
| #define v 2
| top
| #if $$$v=1
|  WRITE "one"
| #elif $$$v=2
|  WRITE "two"
| #endif
|  QUIT
> DO top^ex
two

#else #if #endif
| top
| #if 1=2
|  WRITE "never"
| #else
|  WRITE "else"
| #endif
|  QUIT
> DO top^ex
else

#elseif
| top
| #if 0
|  WRITE "never"
| #elseif 1
|  WRITE "elseif"
| #endif
|  QUIT
> DO top^ex
elseif

#execute
| #execute SET x=1
| top QUIT
> DO top^ex
~ No commands run while a routine is compiled: it is an error.

#ifdef #undef
| #define debug
| #undef debug
| top
| #ifdef debug
|  WRITE "debug"
| #else
|  WRITE "plain"
| #endif
|  QUIT
> DO top^ex
plain

#ifndef
| #ifndef debug
| #define debug 0
| #endif
| top WRITE $$$debug QUIT
> DO top^ex
0

#ifundef
| #ifundef debug
| #define debug 0
| #endif
| top WRITE $$$debug QUIT
> DO top^ex
0

#import
| #import User
| top WRITE "no SQL here" QUIT
> DO top^ex
no SQL here
~ There is no SQL: it is ignored.

#include
| #include %occStatus
| top WRITE $$$ISOK($$$OK) QUIT
> DO top^ex
1

#noshow #show
| #show
| #noshow
| top WRITE "ignored" QUIT
> DO top^ex
ignored

#sqlcompile
| #sqlcompile select=display
| top WRITE "ignored" QUIT
> DO top^ex
ignored
~ There is no SQL: it is ignored.

##beginquote
| top WRITE ##beginquote say "hi" ##endquote QUIT
> DO top^ex
say "hi" 

##expression
| top WRITE ##expression(60*60*24) QUIT
> DO top^ex
86400

##function
| top WRITE ##function($LENGTH("abc")) QUIT
> DO top^ex
3

##lit
| top WRITE ##lit("$$$name stays") QUIT
> DO top^ex
$$$name stays

##quote
| #define show(%x) WRITE ##quote(%x)," is ",%x
| top SET n=2 $$$show(n+1) QUIT
> DO top^ex
n+1 is 3

##quoteexp
| top WRITE ##quoteexp("a"_"b") QUIT
> DO top^ex
ab

##sql
| top ##sql(SELECT 1) QUIT
> DO top^ex
<SYNTAX>top^ex
~ There is no SQL: the line raises <SYNTAX>.

##stripq
| #define var ##stripq("count")
| top SET $$$var=7 WRITE count QUIT
> DO top^ex
7

##unique
| #define swap(%a,%b) SET ##unique(new)=%a,%a=%b,%b=##unique(old)
| top SET x=1,y=2 $$$swap(x,y) WRITE x,y QUIT
> DO top^ex
21
