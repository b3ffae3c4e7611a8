# sources: expressions

# Strictly left to right; signs bind to their operand.
1+2*3
	(* (+ 1 2) 3)
-2**2
	(** (- 2) 2)
x=1!y=0
	(= (! (= x 1) y) 0)
a_"b"_-c
	(_ (_ a "b") (- c))
'x&'(y!z)
	(& (' x) (' (! y z)))
(a+b)*(c-d)
	(* (+ a b) (- c d))

# Operators.
a'=b,c
	1:5: unexpected ",", expected an operator or the end of the expression
a'<b'>c'[d']e']]f'&g'!h
	('! ('& (']] ('] ('[ ('> ('< a b) c) d) e) f) g) h)
a<=b>=c'<=d'>=e
	('>= ('<= (>= (<= a b) c) d) e)
a]b]]c[d
	([ (]] (] a b) c) d)
a&&b||c
	(|| (&& a b) c)
a\b#c/d
	(/ (# (\ a b) c) d)
'''x
	(' (' (' x)))

# Literals.
.5+0.50+1E3+1.5e-3+007
	(+ (+ (+ (+ .5 0.50) 1E3) 1.5e-3) 007)
"say ""hi"""
	"say \"hi\""
""""""
	"\"\""

# Variables and globals.
x(1,"a",y(2))
	x(1,"a",y(2))
%a+Abc1
	(+ %a Abc1)
^g
	^g
^g(1,^("x"))
	^g(1,^("x"))
^%Lib.Name("a")
	^%Lib.Name("a")
^||p(1)
	^||p(1)
^|"NS"|g(1)
	^|"NS"|g(1)
^|x_"a"|g
	^|(_ x "a")|g
^["NS","sys"]g(1)
	^|"NS","sys"|g(1)
^$JOB(1)
	^$JOB(1)
^|"NS"|$JOB("")
	^|"NS"|$JOB("")
^$|"NS"|global("^a")
	^|"NS"|$GLOBAL("^a")
^$["NS"]LOCK(x)
	^|"NS"|$LOCK(x)
größe(1)
	größe(1)

# Indirection.
@x
	(@ x)
@x@(1,2)@(3)
	(@ x (1,2) (3))
@@x
	(@ (@ x))
@"a(1)"+@(b_"c")
	(+ (@ "a(1)") (@ (_ b "c")))
@+y
	(@ (+ y))
@$piece(x,",")
	(@ $PIECE(x,","))
x?@p
	(? x @p)
x'?@(p)
	('? x @p)

# Patterns.
x?1N.A1"-"2.3(1"a",.U)
	(? x 1N.A1"-"2.3(1"a",.U))
x'?.ANP
	('? x .ANP)
x?1U_1
	(_ (? x 1U) 1)
x?.E&y
	(& (? x .E) y)
x?.1"-"1.N=z
	(= (? x .1"-"1.N) z)

# Functions and special variables.
$e(x,*-1,*)
	$E(x,*(- 1),*)
$piece(x,"^",2,$length(x))
	$PIECE(x,"^",2,$LENGTH(x))
$select(a:1,b=2:"x",1:$s(c:d))
	$SELECT(a:1,(= b 2):"x",1:$S(c:d))
$case(x,1:"a",2:"b",:"c")
	$CASE(x,1:"a",2:"b",-:"c")
$text(+0)_$t(lab+1^rtn)_$t(^rtn)_$t(lab+x)_$t(@a^@b)_$t(@l+n^r)
	(_ (_ (_ (_ (_ $TEXT(entry +0) $T(entry lab+1^rtn)) $T(entry ^rtn)) $T(entry lab+x)) $T(entry (@ a)^(@ b))) $T(entry (@ l)+n^r))
$order(^x(""),-1,.v)
	$ORDER(^x(""),(- 1),.v)
$now()
	$NOW()
$p(x,,2)
	$P(x,-,2)
$h_$test_$zv
	(_ (_ $H $TEST) $ZV)
$classmethod("A","m",.x,args...)
	$CLASSMETHOD("A","m",.x,args...)
$system
	$SYSTEM
$ZU(5)
	$ZU(5)

# Extrinsics.
$$f
	$$ f
$$f()
	$$ f()
$$f(1,.x,,.@y,z...)
	$$ f(1,.x,-,.(@ y),z...)
$$f^r(1)
	$$ f^r(1)
$$^r
	$$ ^r
$$@x^@y(1)
	$$ (@ x)^(@ y(1))
$$1^r
	$$ 1^r

# Objects.
obj.prop
	obj.prop
obj.m(1).p.q(.x)
	obj.m(1).p.q(.x)
a(1).b
	a(1).b
..m(1)
	..m(1)
..prop
	..prop
..#PARM
	..#PARM
$SYSTEM.Process.State(1)
	$SYSTEM.Process.State(1)
##class(%Library.File).Exists("x")
	##class(%Library.File).Exists("x")
##class(A).#P
	##class(A).#P
##CLASS( A.B ).m()
	##class(A.B).m()
##class(A)obj.m()
	obj.m()
obj."odd name"(1)
	obj.odd name(1)
$$$macro(1,2)+1
	(+ $$$macro 1)
@x.y
	(@ x.y)

# JSON.
{}
	{}
[]
	[]
{"a":1,"b":[1,(x+1),-2.5,"s\"q"],"c":{"d":null},"e":true}
	{"a":1,"b":[1,(+ x 1),(- 2.5),"s\"q"],"c":{"d":null},"e":true}
{"a":1}.%ToJSON()
	{"a":1}.%ToJSON()
[1,2].%Size()
	[1,2].%Size()

# Blanks between an operand and an operator do not count, blanks within a name do.
a + b
	(+ a b)
a +b
	(+ a b)
( a , b )
	1:5: unexpected ",", expected an operator or ")"
x y
	1:3: unexpected "y", expected an operator or the end of the expression
x (1)
	1:3: unexpected "(", expected an operator or the end of the expression
x ^r
	1:3: unexpected "^r", expected an operator or the end of the expression
f("a" , "b")
	f("a","b")

# Errors.
1+
	1:3: unexpected end of input, expected an expression
(1
	1:3: unexpected end of input, expected an operator or ")"
1)
	1:2: unexpected ")", expected an operator or the end of the expression
x(
	1:3: unexpected end of input, expected an expression
x()
	1:3: unexpected ")", expected an expression
$f
	$F
$
	1:1: unexpected "$", expected an expression
$$
	1:3: unexpected end of input, expected a label or ^routine
$p(x
	1:5: unexpected end of input, expected an operator, "," or ")"
"abc
	1:1: string without a closing "
x?
	1:2: malformed pattern after ?
x?(
	1:2: malformed pattern after ?
x?1(
	1:2: malformed pattern after ?
x.
	1:2: unexpected ".", expected an operator or the end of the expression
@
	1:2: unexpected end of input, expected an expression
^
	1:1: unexpected "^", expected an expression
^|"a"|
	1:6: unexpected the end of the extended reference, expected a name after the extended reference
^|"a"
	1:6: unexpected end of input, expected the end of the extended reference
..
	1:1: unexpected ".", expected an expression
...
	1:1: unexpected ".", expected an expression
##class(A)
	1:11: unexpected end of input, expected a method or property
##class(
	1:1: unexpected "##", expected an expression
##super()
	1:1: ##super needs a class, and user-written classes are not supported
$s(a)
	1:5: unexpected ")", expected an operator or ":"
{"a"}
	1:5: unexpected "}", expected ":"
{a:1}
	1:2: unexpected "a", expected a quoted key
{"a":x}
	1:6: unexpected "x", expected a JSON value; expressions stand in parentheses
[1
	1:3: unexpected end of input, expected "," or "]"
[1}
	1:3: unexpected "}", expected "," or "]"
+
	1:2: unexpected end of input, expected an expression
a++
	1:4: unexpected end of input, expected an expression
a=
	1:3: unexpected end of input, expected an expression
a'b
	1:2: unexpected "'", expected an operator or the end of the expression
a b c
	1:3: unexpected "BREAK", expected an operator or the end of the expression
x.y.
	1:4: unexpected ".", expected an operator or the end of the expression
é
	é
€
	1:1: unexpected "€", expected an expression
#x
	1:1: unexpected "#", expected an expression
